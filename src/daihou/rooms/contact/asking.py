"""A question to the gate made from the ledger: who is reached, as what, by which law."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.deciding import Window, may_contact, windows
from daihou.engine.gate.values import Actor, Answer, Channel, Request, Role
from daihou.kit.refusal import Refused
from daihou.packs.law_fields import zone_named
from daihou.rooms.contact.queries import history, points
from daihou.rooms.contact.queries.history import Known, Rules, Who
from daihou.rooms.contact.states import GOOD_FOR, PointState
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

__all__ = [
    "GOOD_FOR",
    "Asked",
    "Wish",
    "actor_of",
    "answer",
    "asked",
    "check_in_use",
    "facts_of",
    "open_times",
    "rules_of",
    "who_is",
    "zone_of",
]
# Where everybody lives by one clock: that of a person of whom nobody told another.
_ONE_CLOCK: Final = {
    "cn": "Asia/Shanghai",
    "in": "Asia/Kolkata",
    "uk": "Europe/London",
}
_OWNERS: Final = frozenset({"", "self"})
_KINDS: Final = {
    Channel.CALL: ("mobile", "phone"),
    Channel.ROBOT_CALL: ("mobile", "phone"),
    Channel.SMS: ("mobile",),
    Channel.WECHAT: ("wechat", "mobile"),
    Channel.EMAIL: ("email",),
    Channel.LETTER: ("address", ""),
    Channel.VISIT: ("address", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One contact somebody wants to make.

    `customer_id` None is the borrower; `point_id` 0 the registered address, for
    letters and visits alone.
    """

    loan_id: int
    channel: str
    purpose: str
    customer_id: int | None = None
    point_id: int = 0
    staff_count: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all it rests on."""

    wish: Wish
    facts: ledger.reaching.Reached
    who: Who
    request: Request
    known: Known
    book: GateBook
    at: datetime


def facts_of(wish: Wish, *, by: people.Person) -> ledger.reaching.Reached:
    """Who would be reached about what; NotFound outside the scope of `by`."""
    facts = ledger.reaching.reached(
        wish.loan_id,
        customer_id=wish.customer_id,
        point_id=wish.point_id,
        scope=by.scope,
    )
    _check_point(wish, facts)
    return facts


def asked(wish: Wish, facts: ledger.reaching.Reached, *, at: datetime) -> Asked:
    """Gather what the gate must know: two queries, of the law and of the past."""
    book = history.gate_book()
    rules = rules_of(facts)
    who = who_is(facts)
    known = history.known(who, book=book, on_rules=rules, at=at)
    request = Request(
        jurisdiction=rules.jurisdiction,
        licence=rules.licence,
        purpose=wish.purpose,
        channel=wish.channel,
        role=_role(facts, who),
        person=who.person,
        contact_point=who.point or who.person,
        debt=str(facts.loan_id),
        zone=zone_named(zone_of(facts, rules)),
        staff_count=wish.staff_count,
        refused=known.refused,
        debtor_unreachable=known.unreachable,
    )
    return Asked(wish, facts, who, request, known, book, at)


def answer(question: Asked, *, at: datetime) -> Answer:
    """What the gate says."""
    known = question.known
    return may_contact(
        question.request,
        history=known.history,
        consents=known.consents,
        flags=known.flags,
        rulebook=question.book,
        at=at,
    )


def open_times(question: Asked, *, at: datetime, days: int = 7) -> tuple[Window, ...]:
    """When the gate would allow in the next days, nothing else happening."""
    known = question.known
    return windows(
        question.request,
        history=known.history,
        consents=known.consents,
        flags=known.flags,
        rulebook=question.book,
        at=at,
        days=days,
    )


def rules_of(facts: ledger.reaching.Reached) -> Rules:
    """By whose rules a loan is collected: its own licence, else the lender's.

    A licence of the loan that the rules do not know stays as it is: the gate denies.
    """
    return Rules(rulebooks.jurisdiction(), facts.licence or rulebooks.licence())


def who_is(facts: ledger.reaching.Reached) -> Who:
    """Who answers there: the customer, or somebody else behind a number of theirs."""
    person = f"p{facts.customer_id}"
    if facts.point_owner not in _OWNERS:
        person = f"{person}.{facts.point_id}"
    return Who(person, facts.customer_id, facts.point_id, facts.digest, facts.debtor_id)


def zone_of(facts: ledger.reaching.Reached, rules: Rules) -> str:
    """The name of the time zone told of the person, else that of a country with one.

    '' where nobody told and there are several, which denies; so does an unknown name.
    """
    return facts.zone or _ONE_CLOCK.get(rules.jurisdiction, "")


def _role(facts: ledger.reaching.Reached, who: Who) -> str:
    """What the one contacted is to the debt; a word the gate must know."""
    if who.is_other:
        return facts.point_owner
    return facts.role or Role.UNRELATED.value


def check_in_use(facts: ledger.reaching.Reached) -> None:
    """Refused for a number that was removed: it reaches nobody, or a stranger."""
    gone = points.removed(facts.digest, facts.customer_id)
    if gone is None:
        return
    words = {
        PointState.INVALID.value: _("This number does not exist."),
        PointState.WRONG.value: _("Somebody else answers at this number."),
    }
    way_out = _(
        "It was removed. Choose another, or let a supervisor bring it back on evidence."
    )
    said = f"{words.get(gone, '')} {way_out}".strip()
    raise Refused("contact_point_removed", said, contact_point=facts.point_id)


def _check_point(wish: Wish, facts: ledger.reaching.Reached) -> None:
    known = _KINDS.get(Channel(wish.channel)) if wish.channel in set(Channel) else None
    if known is not None and facts.point_kind not in known:
        raise Refused(
            "contact_point_kind",
            _("This way to reach them does not fit the channel; choose another."),
            contact_point=wish.point_id,
        )


def actor_of(person: people.Person) -> str:
    """As whom a person acts: for an agency, or as the lender's own."""
    is_agency = person.role == people.Role.AGENCY.value
    return (Actor.AGENCY if is_agency else Actor.STAFF).value
