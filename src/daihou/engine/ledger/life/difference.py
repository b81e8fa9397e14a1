"""Two histories of one loan, as known then and as known now, and what differs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.line import Line
from daihou.engine.basics.money import Money
from daihou.engine.delinquency.buckets import bucket
from daihou.engine.ledger.fixed.replay import Calendar
from daihou.engine.ledger.life.events import Event, kind_of, place_of
from daihou.engine.ledger.life.front import Contract, LifeState, dpd_path, settle_life
from daihou.engine.ledger.values import DemandState
from daihou.engine.rulebook.policy import Component

PENAL = (Component.PENALTY, Component.COMPOUND)
Path = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """Both histories at the end of a day, and a line for each thing that differs.

    `days` holds every day on which days past due differ: (before, after).
    """

    before: LifeState
    after: LifeState
    days: Mapping[date, tuple[int, int]]
    lines: tuple[Line, ...]


def difference(
    contract: Contract,
    events: Iterable[Event],
    *,
    as_of: date,
    known_at: datetime,
    known_now: datetime | None = None,
    calendar: Calendar | None = None,
) -> Difference:
    """Return how the loan at `as_of` changed by what was recorded after `known_at`.

    `known_now` None: all there is. Raises LifeError as `settle_life` does.
    """
    events = tuple(events)
    moments = (known_at, known_now)
    before, after = (
        settle_life(contract, events, as_of=as_of, known_at=moment, calendar=calendar)
        for moment in moments
    )
    first = contract.terms.disbursed_on
    old, new = (
        dpd_path(
            *(contract, events),
            first=first,
            last=as_of,
            known_at=moment,
            calendar=calendar,
        )
        for moment in moments
    )
    arrived = sorted(
        (
            each
            for each in events
            if each.recorded_at > known_at
            and (known_now is None or each.recorded_at <= known_now)
            and each.happened_on <= as_of
        ),
        key=place_of,
    )
    currency = contract.terms.currency
    lines = (
        *(_arrived(each, currency) for each in arrived),
        *_rows(before, after, currency),
        *_days(old, new),
        *_buckets(old, new, contract.policy.bucket_set),
        *_sums(before, after, currency),
    )
    return Difference(
        before=before,
        after=after,
        days={day: (old[day], new[day]) for day in old if old[day] != new[day]},
        lines=lines or (Line("diff_none", {"on": as_of}),),
    )


def _arrived(event: Event, currency: str) -> Line:
    params: dict[str, object] = {
        "event": event.event_id,
        "kind": kind_of(event),
        "on": event.happened_on,
        "recorded": event.recorded_at.date(),
    }
    amount = getattr(event, "amount", None)
    if amount:
        params["amount"] = Money(currency, amount)
        return Line("diff_arrived_amount", params)
    return Line("diff_arrived", params)


def rows_owed(life: LifeState) -> dict[int, DemandState]:
    """Return the demands that owe or owed something themselves, by id.

    A row whose remains were moved to other rows before anything was paid on it is
    no instalment any more.
    """
    moved: dict[int | None, int] = {}
    for each in life.loan.waivers:
        if each.moved:
            moved[each.demand_id] = moved.get(each.demand_id, 0) + each.amount
    return {
        each.demand.demand_id: each
        for each in life.state.demands
        if each.demand.principal + each.demand.interest + each.demand.fee
        > moved.get(each.demand.demand_id, 0)
        or any(each.paid.values())
    }


def _rows(before: LifeState, after: LifeState, currency: str) -> Iterator[Line]:
    old, new = rows_owed(before), rows_owed(after)
    for number in sorted(
        old.keys() | new.keys(), key=lambda each: _key((new | old)[each])
    ):
        was, now = old.get(number), new.get(number)
        if was is not None and now is not None and _same(was, now):
            continue
        each = now or was
        assert each is not None
        params: dict[str, object] = {"seq": each.demand.seq, "due": each.due_on}
        for name, state in (("was", was), ("now", now)):
            paid = sum(state.paid.values()) if state else 0
            left = sum(state.unpaid.values()) if state else 0
            params[f"paid_{name}"] = Money(currency, paid)
            params[f"left_{name}"] = Money(currency, left)
        code = "diff_row_new" if was is None else "diff_row_gone"
        yield Line("diff_row" if was and now else code, params)


def _key(each: DemandState) -> tuple[date, int, int]:
    return (each.due_on, each.demand.seq, each.demand.demand_id)


def _same(was: DemandState, now: DemandState) -> bool:
    return was.paid == now.paid and was.unpaid == now.unpaid


def _days(old: Path, new: Path) -> Iterator[Line]:
    """Say where days past due differ, one line for each run that moves alike."""
    differing = [day for day in old if old[day] != new[day]]
    for first, last in _runs(differing, lambda day: _steps(old, new, day)):
        yield Line(
            "diff_days",
            {
                "first": first,
                "last": last,
                "was": _span(old[first], old[last]),
                "now": _span(new[first], new[last]),
            },
        )


def _steps(old: Path, new: Path, day: date) -> tuple[int, int]:
    """How both paths go on to the next day."""
    after = day + DAY
    return (
        old.get(after, old[day]) - old[day],
        new.get(after, new[day]) - new[day],
    )


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _buckets(old: Path, new: Path, bucket_set: str) -> Iterator[Line]:
    was = {day: bucket(dpd, bucket_set) for day, dpd in old.items()}
    now = {day: bucket(dpd, bucket_set) for day, dpd in new.items()}
    differing = [day for day in old if was[day] != now[day]]
    begin: date | None = None
    for place, day in enumerate(differing):
        begin = begin or day
        following = differing[place + 1] if place + 1 < len(differing) else None
        goes_on = following == day + DAY and (was[day], now[day]) == (
            was[day + DAY],
            now[day + DAY],
        )
        if not goes_on:
            params = {"first": begin, "last": day, "from": was[day], "bucket": now[day]}
            yield Line("diff_bucket", params)
            begin = None


def _runs(
    days: list[date], steps: Callable[[date], tuple[int, int]]
) -> Iterator[tuple[date, date]]:
    """Yield runs of consecutive days over which both paths go on alike.

    Alike: each stands still or moves by one a day; a jump ends the run.
    """
    begin = 0
    for place, day in enumerate(days):
        goes_on = (
            place + 1 < len(days)
            and days[place + 1] == day + DAY
            and max(map(abs, steps(day))) <= 1
            and steps(day) == steps(days[begin])
        )
        if not goes_on:
            yield days[begin], day
            begin = place + 1


def _sums(before: LifeState, after: LifeState, currency: str) -> Iterator[Line]:
    for code, was, now in (
        ("diff_penalty", _penalty(before), _penalty(after)),
        (
            "diff_outstanding",
            before.state.outstanding_total,
            after.state.outstanding_total,
        ),
        (
            "diff_credit",
            before.state.unapplied_credit,
            after.state.unapplied_credit,
        ),
    ):
        if was != now:
            yield Line(code, {"was": Money(currency, was), "now": Money(currency, now)})


def _penalty(life: LifeState) -> int:
    """Penalty and compound claimed so far: paid, or left to be paid."""
    return sum(
        each.paid[part] + each.unpaid[part]
        for each in life.state.demands
        for part in PENAL
    )
