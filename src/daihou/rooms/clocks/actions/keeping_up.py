"""Bringing rows to what the plain text of the law says of them, and the alarms due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from daihou.engine.clocks.values import Clock as Reckoned
from daihou.engine.clocks.values import State
from daihou.rooms.clocks import queries, reckoning
from daihou.rooms.clocks.models import Clock
from daihou.rooms.clocks.queries import ClockLine
from daihou.rooms.clocks.reckoning import Book
from daihou.rooms.clocks.states import OF_THE_BOOK, PASSED, Closed, Kind

_UPDATE = """
update clocks_clock c set begins_on = n.begins_on, state = n.state,
  counted_to = n.counted_to, ends_on = n.ends_on, rule = n.rule,
  rule_since = n.rule_since, unverified = n.unverified, reckoned_on = %s,
  told = n.told, closed_on = n.closed_on, closed_because = n.closed_because
from unnest(%s::bigint[], %s::date[], %s::text[], %s::date[], %s::date[], %s::text[],
  %s::date[], %s::boolean[], %s::boolean[], %s::date[], %s::text[])
  as n (id, begins_on, state, counted_to, ends_on, rule, rule_since, unverified, told,
        closed_on, closed_because)
where c.id = n.id and c.closed_on is null
  and (c.begins_on, c.state, c.counted_to, c.ends_on, c.rule, c.rule_since,
       c.unverified, c.told, c.closed_on, c.closed_because) is distinct from
      (n.begins_on, n.state, n.counted_to, n.ends_on, n.rule, n.rule_since,
       n.unverified, n.told, n.closed_on, n.closed_because)
"""


def bring_up(lines: Sequence[ClockLine], book: Book) -> int:
    """Reckon these clocks anew and write the rows that differ; return how many.

    One that is done, or whose loan is observed no more, is closed.
    """
    if not lines:
        return 0
    subjects = queries.subjects_of(lines, as_of=book.as_of)
    rows = []
    for line in lines:
        subject = subjects[line.id]
        clock = reckoning.clock_of(subject, book)
        rows.append((line.id, *_columns(line, subject, clock)))
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [book.as_of, *columns])
        return int(cursor.rowcount)


def _columns(
    line: ClockLine, subject: reckoning.Subject, clock: Reckoned
) -> tuple[Any, ...]:
    rule, since, doubted = reckoning.rests_on(clock)
    closed_on, because = _ending(line, clock)
    told = bool(subject.events) and line.kind in OF_THE_BOOK and _is_told(subject)
    return (
        clock.begins_on or line.begins_on,
        clock.state.value,
        clock.counted_to,
        clock.ends_on,
        rule,
        since,
        doubted,
        told,
        closed_on,
        because,
    )


def _is_told(subject: reckoning.Subject) -> bool:
    """Whether somebody told an event; payments come from the ledger by themselves."""
    return any(each.id.startswith("event ") for each in subject.events)


def _ending(line: ClockLine, clock: Reckoned) -> tuple[date | None, str]:
    """When a clock is looked at no longer, and why; a claim's the book itself ends."""
    if line.kind in OF_THE_BOOK:
        return None, ""
    if clock.state in (State.MET, State.LATE):
        done = [each.event.on for each in clock.events if each.counts]
        if done and not clock.restarts:
            return max(done), Closed.DONE
    return None, ""


@dataclass(frozen=True, slots=True)
class Raised:
    """A step of the ladder that a clock has reached; PASSED once its end has passed."""

    id: int
    kind: str
    loan_id: int | None
    customer_id: int | None
    name: str
    branch: str
    product: str
    officer: str
    step: int
    ends_on: date
    rule: str


# The nearest step that is reached; nothing while the clock is stopped or met.
_STEPS = """
with ladder as (select * from unnest(%(kinds)s::text[], %(days)s::int[]) as l (kind, days)),
now_at as (
  select c.id, c.alarm as was,
    case when c.state not in ('running', 'expired', 'due') then null
         when c.ends_on < %(on)s then 0
         else (select min(l.days) from ladder l where l.kind = c.kind
               and c.counted_to - l.days <= %(on)s) end as step
  from clocks_clock c where c.closed_on is null)
update clocks_clock c set alarm = n.step from now_at n
where n.id = c.id and n.step is distinct from n.was
returning c.id, c.kind, c.loan_id, c.customer_id, c.name, c.branch, c.product,
  c.officer, n.step,
  c.ends_on, c.rule, n.was
"""


def raise_steps(ladders: Mapping[str, Sequence[int]], *, on: date) -> list[Raised]:
    """Move every clock's alarm to the step it has reached; return those newly reached.

    A step is raised once: the same day again returns nothing, and a clock that began
    anew has its ladder before it again.
    """
    pairs = [(kind, days) for kind, steps in ladders.items() for days in steps]
    told = {
        "kinds": [kind for kind, _days in pairs],
        "days": [days for _kind, days in pairs],
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, told)
        rows = cursor.fetchall()
    raised = []
    for *row, was in rows:
        step = row[8]
        if step is not None and (was is None or step < was):
            raised.append(Raised(*row))
    return sorted(raised, key=lambda each: (each.ends_on, each.id))


def ladders(book: Book) -> dict[str, Sequence[int]]:
    """The steps of each kind of clock, in days before its end."""
    return {kind.value: book.rules.ladder(reckoning.ladder_of(kind)) for kind in Kind}


def passed(raised: Raised) -> bool:
    """Whether the end itself has passed."""
    return raised.step == PASSED


def refresh(clock_ids: Sequence[int], *, as_of: date) -> None:
    """Reckon a few clocks at once, in the transaction of what was told of them."""
    bring_up(queries.open_lines(clock_ids), queries.book(as_of))


def open_again(clock_ids: Sequence[int], *, as_of: date) -> Sequence[ClockLine]:
    """Open clocks that were done by something which counts no more; return those.

    What is done all the same stays closed. The nearest step is raised once more.
    """
    rows = Clock.objects.filter(pk__in=list(clock_ids), closed_because=Closed.DONE)
    was_done = list(rows.select_for_update().values_list("pk", flat=True))
    Clock.objects.filter(pk__in=was_done).update(closed_on=None, closed_because="")
    refresh(was_done, as_of=as_of)
    again = queries.open_lines(was_done)
    Clock.objects.filter(pk__in=[each.id for each in again]).update(alarm=None)
    return again


# A clock is seen by who sees its loan now, not by who saw it when it began.
_MOVE = """
update clocks_clock c set branch = l.branch, product = l.product, officer = l.officer
from ledger_loan l
where l.id = c.loan_id and c.closed_on is null
  and (c.branch, c.product, c.officer) is distinct from (l.branch, l.product, l.officer)
"""


def move_with_loans() -> int:
    """Give every open clock the branch, product and officer of its loan."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE)
        return int(cursor.rowcount)


def of_claim(loan_id: int) -> list[int]:
    """The open clocks that hear what is told of a loan."""
    rows = Clock.objects.filter(loan_id=loan_id, closed_on=None)
    return list(rows.values_list("pk", flat=True))
