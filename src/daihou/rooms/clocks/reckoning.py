"""One clock reckoned by the plain text of the law from what is kept of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from daihou.engine.classification.facts import Happened as Changed
from daihou.engine.clocks import complaint as complaints
from daihou.engine.clocks.deadlines import (
    DEADLINES,
    EVALUATED,
    deadline,
    evaluation,
    transfer_pilot,
)
from daihou.engine.clocks.guarantee import Guarantee, guarantee
from daihou.engine.clocks.limitation import APPLIED, enforcement, limitation
from daihou.engine.clocks.observation import observation
from daihou.engine.clocks.rules import LIKE_A_SUIT, SAVED_BY, ClockRules
from daihou.engine.clocks.values import Calendar, Clock, Happened
from daihou.engine.clocks.weighing import DEMAND, OBSTACLE, SUIT
from daihou.rooms.clocks.states import Kind

# A suit that interrupts the claim against the debtor saves a general guarantee too.
_AGAINST_DEBTOR: Final = MappingProxyType({SUIT: "suit_against_debtor"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock runs on: its kind, beginning, facts, and everything it may hear."""

    kind: Kind
    name: str
    begins_on: date | None
    facts: Mapping[str, Any]
    events: Sequence[Happened] = ()
    changes: Sequence[Changed] = ()
    party_id: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """The rules in force for the lender, the days off, and the day."""

    rules: ClockRules
    calendar: Calendar | None
    as_of: date


def clock_of(subject: Subject, book: Book) -> Clock:
    """Return how a clock stands at the end of a day."""
    reader = _READERS.get(subject.kind, _deadline)
    return reader(subject, book)


def _common(subject: Subject, book: Book) -> dict[str, Any]:
    return {
        "subject": subject.name,
        "as_of": book.as_of,
        "calendar": book.calendar,
    }


def _begun(subject: Subject) -> date:
    assert subject.begins_on is not None, f"a clock {subject.kind} has a beginning"
    return subject.begins_on


def _limitation(subject: Subject, book: Book) -> Clock:
    """The limitation of a claim; acts against a guarantor are not heard by it."""
    events = _of_kinds(subject, claim_kinds(book.rules))
    return limitation(_begun(subject), events, book.rules, **_common(subject, book))


def _enforcement(subject: Subject, book: Book) -> Clock:
    events = _of_kinds(subject, (APPLIED, *claim_kinds(book.rules)))
    return enforcement(_begun(subject), events, book.rules, **_common(subject, book))


def _guarantee(subject: Subject, book: Book) -> Clock:
    """The period of a guarantee; what was told of a party is of that guarantor alone."""
    until = subject.facts.get("agreed_until")
    facts = Guarantee(
        guarantor=subject.name,
        due_on=_begun(subject),
        form=subject.facts.get("form"),
        agreed_until=date.fromisoformat(until) if until else None,
        agreed_months=subject.facts.get("agreed_months"),
        until_paid=bool(subject.facts.get("until_paid")),
    )
    kinds = (*guarantee_kinds(book.rules), *_AGAINST_DEBTOR)
    heard = [_for_guarantor(each) for each in _of_kinds(subject, kinds)]
    return guarantee(facts, heard, book.rules, as_of=book.as_of, calendar=book.calendar)


def _for_guarantor(event: Happened) -> Happened:
    kind = _AGAINST_DEBTOR.get(event.kind)
    if kind is None:
        return event
    return Happened(event.on, kind, evidence=event.evidence, id=event.id)


def _of_kinds(subject: Subject, kinds: Sequence[str]) -> list[Happened]:
    return [each for each in subject.events if each.kind in kinds]


def _observation(subject: Subject, book: Book) -> Clock:
    return observation(subject.changes, book.rules, **_common(subject, book))


def _complaint(subject: Subject, book: Book) -> Clock:
    events = _of_kinds(subject, complaints.KINDS)
    begun = _begun(subject)
    return complaints.complaint(begun, events, book.rules, **_common(subject, book))


def _evaluation(subject: Subject, book: Book) -> Clock:
    ends_on = subject.facts.get("contract_ends_on")
    return evaluation(
        _begun(subject),
        subject.events,
        book.rules,
        **_common(subject, book),
        contract_ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )


def _pilot(_subject: Subject, book: Book) -> Clock:
    return transfer_pilot(book.rules, as_of=book.as_of, calendar=book.calendar)


def _deadline(subject: Subject, book: Book) -> Clock:
    return deadline(
        subject.kind.value,
        _begun(subject),
        subject.events,
        book.rules,
        **_common(subject, book),
        asset=subject.facts.get("asset"),
    )


_READERS: Final[Mapping[Kind, Callable[[Subject, Book], Clock]]] = MappingProxyType(
    {
        Kind.LIMITATION: _limitation,
        Kind.GUARANTEE: _guarantee,
        Kind.ENFORCEMENT: _enforcement,
        Kind.OBSERVATION: _observation,
        Kind.COMPLAINT: _complaint,
        Kind.EVALUATION: _evaluation,
        Kind.TRANSFER_PILOT: _pilot,
    }
)


def claim_kinds(rules: ClockRules) -> tuple[str, ...]:
    """The events that a limitation hears, as the rules of the day name them."""
    like = rules.get(LIKE_A_SUIT)
    named: tuple[str, ...] = ()
    if like is not None:
        for name in ("acknowledged_by", "equals_suit", "reaching_notice"):
            named += like.names(name)
        named += like.names("waives_after_expiry")
    return (DEMAND, SUIT, OBSTACLE, *named)


def guarantee_kinds(rules: ClockRules) -> tuple[str, ...]:
    """The acts that save a guarantee."""
    saving = rules.get(SAVED_BY)
    if saving is None:
        return ()
    return saving.names("general_saved_by") + saving.names("joint_saved_by")


def event_kinds(kind: Kind, rules: ClockRules) -> tuple[str, ...]:
    """What may be told of a clock of a kind."""
    if kind is Kind.LIMITATION:
        return claim_kinds(rules)
    if kind is Kind.GUARANTEE:
        return guarantee_kinds(rules)
    if kind is Kind.ENFORCEMENT:
        return tuple(dict.fromkeys((APPLIED, *claim_kinds(rules))))
    if kind is Kind.COMPLAINT:
        return complaints.KINDS
    if kind is Kind.EVALUATION:
        return (EVALUATED,)
    return (DEADLINES[kind.value].done,) if kind.value in DEADLINES else ()


def ladder_of(kind: Kind) -> str:
    """The name of the ladder of alarms of a kind, as the rule names it."""
    known = DEADLINES.get(kind.value)
    return known.ladder if known is not None else kind.value


def rests_on(clock: Clock) -> tuple[str, date | None, bool]:
    """The rule a clock rests on with its version, and whether any step is unverified."""
    steps = [step for step in clock.decision.path if step.rule]
    doubted = any(step.unverified for step in steps)
    first = steps[0] if steps else None
    if first is None:
        return "", None, doubted
    return first.rule, first.version, doubted
