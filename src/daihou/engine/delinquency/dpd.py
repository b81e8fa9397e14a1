"""Days past due: which demands are late on which day-ends, and for how long."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from daihou.engine.basics.dates import DAY
from daihou.engine.rulebook.policy import Anchor, DpdMethod, PauseEffect

Span = tuple[date, date]  # both days included
Pauses = Sequence[tuple[date, date]]  # half-open


@dataclass(frozen=True, slots=True)
class Arrears:
    """One demand that was late at least once: when it fell due, when it was late."""

    demand_id: int
    due: date
    spans: tuple[Span, ...]

    def late_on(self, day: date) -> bool:
        """Tell whether the demand was late at the end of `day`."""
        return any(first <= day <= last for first, last in self.spans)


def first_late_day(due: date, method: DpdMethod) -> date:
    """Return the first day-end at which a demand due on `due` can be late.

    The day after the due date (民法典 201), or the due date itself where it counts,
    and then the grace days of the instalment.
    """
    lag = 0 if method.due_date_counts else 1
    return due + timedelta(days=lag + method.grace_days_instalment)


def is_material(unpaid: int, *, owed: int, method: DpdMethod) -> bool:
    """Tell whether `unpaid` of `owed` minor units exceeds both tolerances."""
    part, whole = method.tolerance_share.as_integer_ratio()
    return unpaid > method.tolerance_minor and unpaid * whole > part * owed


def late_spans(
    due: date,
    steps: Sequence[tuple[date, int]],
    *,
    owed: int,
    method: DpdMethod,
    until: date,
) -> tuple[Span, ...]:
    """Return the spans of day-ends, up to `until`, at which a demand was late.

    `steps` says what was unpaid from the end of each day on; the first holds from
    the beginning of time.
    """
    first_day = first_late_day(due, method)
    spans: list[Span] = []
    for place, (day, unpaid) in enumerate(steps):
        begin, end = max(day, first_day), until
        if place + 1 < len(steps):
            end = min(end, steps[place + 1][0] - DAY)
        if begin > end or not is_material(unpaid, owed=owed, method=method):
            continue
        if spans and spans[-1][1] + DAY == begin:
            begin = spans.pop()[0]
        spans.append((begin, end))
    return tuple(spans)


def anchor_of(arrears: Iterable[Arrears], method: DpdMethod, *, on: date) -> date:
    """Return the due date from which the days count on a day with late demands."""
    arrears = tuple(arrears)
    late = [each.due for each in arrears if each.late_on(on)]
    assert late, on
    if method.anchor is Anchor.OLDEST_UNPAID:
        return min(late)
    if method.anchor is Anchor.LAST_LATE:
        return max(late)
    return _breach(arrears, on)


def _breach(arrears: tuple[Arrears, ...], on: date) -> date:
    """Return the due date that began the unbroken run of late day-ends to `on`."""
    begin = on
    spans = [span for each in arrears for span in each.spans]
    for first, last in sorted(spans, reverse=True, key=lambda span: span[1]):
        if last + DAY < begin:
            break
        begin = min(begin, first)
    return min(each.due for each in arrears if each.late_on(begin))


def paused_days(pauses: Pauses, *, begin: date, end: date) -> int:
    """Count the days of [begin, end) that lie in any pause, each day once."""
    days, reached = 0, begin
    for first, past in sorted(pauses):
        first, past = max(first, reached), min(past, end)
        days += max(0, (past - first).days)
        reached = max(reached, past)
    return days


def days_off(
    anchor: date, method: DpdMethod, *, pauses: Pauses, on: date
) -> tuple[int, int]:
    """Return raw days past due counted from `anchor`, and the paused days in them."""
    raw = (on - anchor).days + method.due_date_counts
    if method.pause_effect is PauseEffect.ALL_SO_FAR:
        return raw, paused_days(pauses, begin=date.min, end=on + DAY)
    return raw, paused_days(pauses, begin=anchor, end=on)


def days_past_due(
    arrears: Sequence[Arrears],
    method: DpdMethod,
    *,
    pauses: Pauses = (),
    on: date,
) -> int:
    """Return days past due at the end of `on` by `method`; 0 with nothing late.

    Raw days from the anchor, less the loan's grace days, less paused days, never
    below zero.
    """
    if not any(each.late_on(on) for each in arrears):
        return 0
    anchor = anchor_of(arrears, method, on=on)
    raw, paused = days_off(anchor, method, pauses=pauses, on=on)
    return max(0, raw - method.grace_days_loan - paused)


def _turns(arrears: Sequence[Arrears], until: date) -> list[date]:
    """Return `until` and the day-ends before some demand starts or stops being late.

    Up to each of them the same demands are late, so the count never falls.
    """
    turns = {until}
    for each in arrears:
        for first, last in each.spans:
            turns |= {first - DAY, last}
    return sorted(day for day in turns if day <= until)


def worst(
    arrears: Sequence[Arrears],
    method: DpdMethod,
    *,
    pauses: Pauses = (),
    until: date,
) -> int:
    """Return the highest days past due at any day-end up to `until`."""
    return max(
        days_past_due(arrears, method, pauses=pauses, on=day)
        for day in _turns(arrears, until)
    )


def first_over(
    limit: int,
    arrears: Sequence[Arrears],
    method: DpdMethod,
    *,
    pauses: Pauses = (),
    on: date,
) -> date | None:
    """Return the first day-end above `limit` days past due of the run late on `on`.

    A run is an unbroken row of day-ends with something late; None without one, and
    where it never came above the limit.
    """
    since: date | None = None
    for before, turn in pairwise(_turns(arrears, on)):
        if not any(each.late_on(turn) for each in arrears):
            since = None
        elif since is None:
            days = range(before.toordinal() + 1, turn.toordinal() + 1)
            place = bisect_right(
                days,
                limit,
                key=lambda number: days_past_due(
                    arrears, method, pauses=pauses, on=date.fromordinal(number)
                ),
            )
            since = date.fromordinal(days[place]) if place < len(days) else None
    return since
