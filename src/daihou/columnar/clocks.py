"""Ends of limitation and of guarantees for many claims at once, on arrays of days.

The reference text is `daihou.engine.clocks`; a parity test holds them together. Days
are `datetime64[D]`, NaT where there is none.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daihou.engine.clocks.counting import off_holidays
from daihou.engine.clocks.rules import GUARANTEE, LIMITATION, ClockRules
from daihou.engine.clocks.values import Calendar

Days = NDArray[np.datetime64]
Places = NDArray[np.int64]
DAY = np.dtype("datetime64[D]")
NO_DAY = np.datetime64("NaT", "D")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Ends:
    """The last day of each clock by the count alone, and moved off holidays."""

    counted_to: Days
    ends_on: Days


def later(days: Days, months: int) -> Days:
    """Return the same day so many months later, or the last one of a shorter month."""
    first = days.astype("datetime64[M]")
    then = first + np.timedelta64(months, "M")
    lengths = (then + np.timedelta64(1, "M")).astype(DAY) - then.astype(DAY)
    places = np.minimum(days - first.astype(DAY), lengths - np.timedelta64(1, "D"))
    found: Days = then.astype(DAY) + places
    return found


def moved(days: Days, calendar: Calendar | None) -> Days:
    """Return each day, or the next that is not off; each day is looked up once."""
    if calendar is None or not len(days):
        return days
    each, places = np.unique(days, return_inverse=True)
    put: Days = np.array(
        [
            NO_DAY
            if np.isnat(day)
            else np.datetime64(off_holidays(day.item(), calendar)[0], "D")
            for day in each
        ],
        DAY,
    )
    return put[places]


def limitation(
    begins_on: Days,
    places: Places,
    heard_on: Days,
    rules: ClockRules,
    *,
    calendar: Calendar | None,
) -> Ends | None:
    """Return when each claim's limitation ends, after the events that interrupt it.

    `heard_on` are days of events that count by themselves (part payments, agreed
    debits), each of the claim at `places`; in order of claim and day. One on a later
    day than the end does not bring it back, one before the beginning is of no matter.
    None where no rule sets it.
    """
    article = rules.get(LIMITATION)
    if article is None:
        return None
    months = _MONTHS * article.whole("years")
    most = later(begins_on, _MONTHS * article.whole("most_years"))
    off = calendar if article.flag("moves_off_holidays") else None
    to = later(begins_on, months)
    ends = moved(to, off)
    assert (np.diff(places) >= 0).all(), "events come in order of their claims"
    firsts = np.searchsorted(places, np.arange(len(begins_on)))
    nth = np.arange(len(places)) - firsts[places] if len(places) else places
    for turn in range(int(nth.max(initial=-1)) + 1):
        now = np.flatnonzero(nth == turn)
        at, on = places[now], heard_on[now]
        counts = (on >= begins_on[at]) & (on <= ends[at])
        at, on = at[counts], on[counts]
        to[at] = np.minimum(np.maximum(to[at], later(on, months)), most[at])
        ends[at] = moved(to[at], off)
    return Ends(to, ends)


def guarantees(
    due_on: Days, agreed_until: Days, rules: ClockRules, *, calendar: Calendar | None
) -> Ends | None:
    """Return when each guarantee ends that nothing has saved; None without a rule."""
    article = rules.get(GUARANTEE)
    if article is None:
        return None
    silent = later(due_on, article.whole("months_if_silent"))
    agreed: Any = ~np.isnat(agreed_until)
    if article.flag("silent_if_not_after_due"):
        agreed &= agreed_until > due_on
    to: Days = np.where(agreed, agreed_until, silent)
    off = calendar if article.flag("moves_off_holidays") else None
    return Ends(to, moved(to, off))
