"""Observation of restructured loans 重组观察期: when it ends, what starts it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.dates import add_period
from daihou.engine.classification.codes import Event
from daihou.engine.classification.facts import Happened, Period
from daihou.engine.classification.rules import Observing


@dataclass(frozen=True, slots=True)
class Watch:
    """A loan in observation: since when it counts, its earliest end, how often.

    `began_with` is what the count began with last: the restructuring, or what
    started it again. `times` counts the restructurings of this observation.
    """

    since: date
    until: date
    times: int
    began_with: Event
    period: Period


def end_of(since: date, period: Period, rules: Observing) -> date:
    """Return the first day on which an observation counted from `since` may end.

    At least the months of the rule and, where payments come in periods, at least
    its number of periods in a row (办法 art. 20).
    """
    least = add_period(since, rules.months.value, "months")
    spanned = None
    if rules.periods is not None:
        spanned = period.after(since, rules.periods.value)
    return least if spanned is None else max(least, spanned)


def observe(
    events: Iterable[Happened], rules: Observing | None, *, as_of: date
) -> Watch | None:
    """Return the observation a loan is in at the end of `as_of`; None for none.

    It begins with the change of terms and counts from the first payment date after
    it. A missed payment, a class that became bad, and an assessment at its end that
    the difficulty is not over start it again on their day; a second restructuring
    from its own first payment date. Only an assessment, on or after its earliest
    end, that the difficulty is over ends it.
    """
    if rules is None:
        return None
    watch: Watch | None = None
    for each in sorted(events, key=lambda one: (one.on, one.event)):
        if each.on <= as_of:
            watch = _after(watch, each, rules)
    return watch


def _after(watch: Watch | None, happened: Happened, rules: Observing) -> Watch | None:
    event, on = happened.event, happened.on
    if event is Event.RESTRUCTURED:
        first = happened.first_due_on
        assert first is not None
        times = 1 if watch is None else watch.times + 1
        until = end_of(first, happened.period, rules)
        return Watch(first, until, times, event, happened.period)
    if watch is None:
        return None
    if event is Event.SOLVED:
        return None if on >= watch.until else watch
    if event is Event.UNSOLVED and on < watch.until:
        return watch
    if on <= watch.since:
        return watch
    until = end_of(on, watch.period, rules)
    return Watch(on, until, watch.times, event, watch.period)
