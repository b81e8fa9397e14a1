"""Observation of restructured claims for the whole book, event by event in step."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from daihou.columnar.classification.book import NO_DAY, Array, EventRows, day
from daihou.columnar.classification.dates import later, plus_months, plus_periods
from daihou.engine.classification.codes import Event
from daihou.engine.classification.rules import Observing


@dataclass(frozen=True, slots=True)
class Watched:
    """For each claim the earliest end of its observation (NaT: none), and how often."""

    until: Array
    times: Array


def observe(
    rows: EventRows, size: int, rules: Observing | None, *, as_of: date
) -> Watched:
    """Return the observations that `size` claims are in at the end of a day.

    The claims' first events are looked at together, then their second ones, and so
    on: as many steps as the longest history has.
    """
    found = Watched(np.full(size, NO_DAY), np.zeros(size, np.int64))
    if rules is None or not len(rows.loan):
        return found
    known = np.flatnonzero(rows.happened_on <= day(as_of))
    order = np.lexsort((rows.event[known], rows.happened_on[known], rows.loan[known]))
    picked = known[order]
    loans, first = np.unique(rows.loan[picked], return_index=True)
    state = _State(len(loans))
    counts = np.diff(np.append(first, len(picked)))
    for place in range(int(counts.max(initial=0))):
        here = np.flatnonzero(counts > place)
        state.step(here, rows, picked[first[here] + place], rules)
    found.until[loans] = np.where(state.times > 0, state.until, NO_DAY)
    found.times[loans] = state.times
    return found


class _State:
    """Where each claim with events stands; `times` 0: not in observation."""

    def __init__(self, size: int) -> None:
        self.since = np.full(size, NO_DAY)
        self.until = np.full(size, NO_DAY)
        self.times = np.zeros(size, np.int64)
        self.months = np.zeros(size, np.int16)
        self.days = np.zeros(size, np.int16)

    def step(self, here: Array, rows: EventRows, at: Array, rules: Observing) -> None:
        """Let the events `at` happen to the claims `here`."""
        event, on = rows.event[at], rows.happened_on[at]
        inside = self.times[here] > 0
        begins = event == Event.RESTRUCTURED
        over = inside & (on >= self.until[here])
        ends = over & (event == Event.SOLVED)
        again = inside & (
            (event == Event.MISSED)
            | (event == Event.TURNED_BAD)
            | (over & (event == Event.UNSOLVED))
        )
        again &= on > self.since[here]
        self.months[here] = np.where(begins, rows.period_months[at], self.months[here])
        self.days[here] = np.where(begins, rows.period_days[at], self.days[here])
        since = np.where(begins, rows.first_due_on[at], self.since[here])
        self.since[here] = np.where(again, on, since)
        self.times[here] = np.where(ends, 0, self.times[here] + begins)
        moved = begins | again
        until = self._end(here, rules)
        self.until[here] = np.where(moved, until, self.until[here])

    def _end(self, here: Array, rules: Observing) -> Array:
        since = self.since[here]
        least = plus_months(since, rules.months.value)
        if rules.periods is None:
            return least
        times = rules.periods.value
        spanned = plus_periods(since, self.months[here], self.days[here], times)
        return later(least, spanned)
