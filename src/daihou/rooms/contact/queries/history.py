"""A person's past as the gate reads it: contacts, flags, consents, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.checks import Cap, Quiet
from daihou.engine.gate.values import Consent, Flags, Past
from daihou.engine.rulebook.law import Lawbook
from daihou.rooms.contact.states import OPENS, OwnFlag
from daihou.rooms.rulebooks import door as rulebooks

_OWN = frozenset(each.value for each in OwnFlag)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person at an instant.

    `refused`: they, at this number, once refused; `unreachable`: so is the debtor, as
    two people say. An answer that allowed counts as a contact that was answered, until
    what came of it is written down.
    """

    history: tuple[Past, ...]
    consents: tuple[Consent, ...]
    flags: Flags
    refused: bool
    unreachable: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Whose past: the person, the number they are reached by, and the debtor."""

    person: str
    customer_id: int
    point_id: int
    point: str
    debtor_id: int

    @property
    def is_other(self) -> bool:
        """Whether somebody else than the customer is behind the number."""
        return "." in self.person


# Everybody who is one person with a customer; joined by whole statements, never one by
# one. A contact counts under the person asked about, whichever customer it was with.
_SAME = """
select o.customer_id as id from contact_same_person s
join contact_same_person o on o.person_id = s.person_id where s.customer_id =
"""
_WHO = f"""
with who as materialized (
  select array(select %(customer)s::bigint union
               select m.id from ({_SAME} %(customer)s) m where not %(other)s) as mine,
         array(select %(person)s::text union
               select 'p' || m.id from ({_SAME} %(customer)s) m where not %(other)s)
           as keys,
         array(select %(debtor)s::bigint union
               select m.id from ({_SAME} %(debtor)s) m) as debtors)
"""
_MINE = "(select mine from who)::bigint[]"
_KEYS = "(select keys from who)::text[]"
_DEBTORS = "(select debtors from who)::bigint[]"
# One row each: what it is, then nine fields by kind.
_SQL = f"""{_WHO}
select 'a', at, case when person = any({_KEYS}) then %(person)s else person end, point,
       coalesce(loan_id, 0)::text, channel, actor, connected, conversation, failed,
       null::timestamptz
from contact_attempt
where at > %(since)s and at <= %(at)s
      and (person = any({_KEYS}) or (point <> '' and point = %(point)s))
union all
select 'a', asked_at,
       case when person = any({_KEYS}) then %(person)s else person end, point,
       loan_id::text, channel, actor, true, false, false, null
from contact_decision
where state = 'open' and verdict = 'allow' and asked_at > %(since)s
      and asked_at <= %(at)s
      and (person = any({_KEYS}) or (point <> '' and point = %(point)s))
union all
select case when customer_id = any({_MINE}) and point_id = %(about)s then 'f'
            else '' end
       || case when customer_id = any({_DEBTORS}) and point_id = 0 then 'd'
               else '' end,
       from_at, kind, '', '', '', '',
       (fact_id is not null and kind <> all(%(opens)s))
         or coalesce(confirmed_at <= %(at)s, false), false, false, until_at
from contact_flag
where customer_id = any({_MINE} || {_DEBTORS}) and from_at <= %(at)s
      and (until_at is null or until_at > %(at)s)
      and (lifted_at is null or lifted_at > %(at)s)
      and (point_id in (0, %(about)s))
union all
select 'c', given_at, kind, '', '', channel, '', false, false, false, withdrawn_at
from contact_consent c
where customer_id = any({_MINE}) and not %(other)s and given_at <= %(at)s
      and (fact_id is not null or confirmed_at <= %(at)s or withdrawn_at <= %(at)s
           or (kind = 'channel' and not exists (
                 select 1 from contact_consent w
                 where w.customer_id = any({_MINE}) and w.kind = 'channel'
                       and w.channel in (c.channel, '') and w.withdrawn_at <= %(at)s)))
"""


def known(who: Who, *, book: GateBook, on_rules: "Rules", at: datetime) -> Known:
    """What is known of a person at `at`, as far back as any rule looks."""
    about = who.point_id if who.is_other else 0
    values: dict[str, Any] = {
        "since": at - reach(book, on_rules),
        "at": at,
        "person": who.person,
        "point": who.point,
        "customer": who.customer_id,
        "debtor": who.debtor_id,
        "about": about,
        "other": who.is_other,
        "opens": sorted(OPENS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        rows = cursor.fetchall()
    person = {row[2] for row in rows if "f" in row[0]}
    debtor = {row[2] for row in rows if "d" in row[0]}
    sure = {row[2] for row in rows if "d" in row[0] and row[7]}
    return Known(
        history=_history(rows),
        consents=tuple(
            Consent(row[2], row[5] or None, row[1], row[10])
            for row in rows
            if row[0] == "c"
        ),
        flags=Flags(
            frozenset(person - _OWN),
            frozenset(debtor - _OWN),
            frozenset(debtor - sure - _OWN),
        ),
        refused=OwnFlag.REFUSED.value in person,
        unreachable=OwnFlag.UNREACHABLE.value in sure,
    )


def _history(rows: Sequence[Any]) -> tuple[Past, ...]:
    return tuple(
        Past(
            at=row[1],
            person=row[2],
            contact_point=row[3] or row[2],
            debt=row[4],
            channel=row[5],
            actor=row[6],
            connected=row[7],
            conversation=row[8],
            failed=row[9],
        )
        for row in rows
        if row[0] == "a"
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """Whose rules: a jurisdiction and a licence."""

    jurisdiction: str
    licence: str


def reach(book: GateBook, rules: Rules) -> timedelta:
    """How far back the rules of any version look, and two days for the clocks."""
    return _reach(book, rules)


@lru_cache(maxsize=64)
def _reach(book: GateBook, rules: Rules) -> timedelta:
    days = [1]
    for day in _days_of_change(book.law, rules.jurisdiction):
        for check in book.checks(day, rules.jurisdiction, rules.licence):
            if isinstance(check, Cap):
                days.append(
                    check.days if check.hours is None else check.hours // 24 + 1
                )
            elif isinstance(check, Quiet):
                days.append(check.days)
    return timedelta(days=max(days) + 2)


def _days_of_change(law: Lawbook, jurisdiction: str) -> Sequence[Any]:
    days = {
        version.begins_on
        for rule in law.rules.values()
        if rule.jurisdiction == jurisdiction
        for version in rule.versions
    }
    return sorted(days | {change.begins_on for change in law.changes})


_books: dict[str, GateBook] = {}
_MOST_BOOKS = 8  # a change of the rules makes another; the oldest goes


def gate_book() -> GateBook:
    """The gate's questions of the law book of this lender; one query."""
    law = rulebooks.lawbook()
    found = _books.get(law.digest)
    if found is None:
        for old in list(_books)[: max(0, len(_books) - _MOST_BOOKS + 1)]:
            del _books[old]
        found = _books[law.digest] = GateBook(law)
    return found
