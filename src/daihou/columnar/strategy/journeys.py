"""A day of journeys for many customers, equal to `engine.strategy.journey`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from daihou.columnar.strategy.columns import MISSING, Column, coded, numbers
from daihou.engine.strategy import cells
from daihou.engine.strategy.inputs import INPUTS
from daihou.engine.strategy.journey import (
    DONE_ON_A_DAY,
    FINISHED_WITH_DEBT,
    GOES_ROUND,
    HOLDS,
    NO_STEP,
    Do,
    IsWorking,
    Journey,
    Step,
    after,
)
from daihou.engine.strategy.matching import Test, value_of
from daihou.engine.strategy.table import ORDERED

Array = np.ndarray[Any, Any]
DAY: Final = "datetime64[D]"
NOT_BEGUN: Final = -3
GONE: Final = -2  # the version that had the step is gone
ENDED: Final = -1
ALARMS: Final = ("", FINISHED_WITH_DEBT, GOES_ROUND, NO_STEP)
Sets = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Stand:
    """Where some customers of one journey stand; changed in place day by day.

    `step` is the place of a step, or NOT_BEGUN, GONE, ENDED. `sets` are places in
    `said`, what SET and ASSIGN have said so far. `next_on` is NaT where nothing waits.
    """

    step: Array
    since: Array
    step_since: Array
    next_on: Array
    sets: Array
    said: list[Sets]

    @classmethod
    def fresh(cls, size: int) -> "Stand":
        """Nobody has begun."""
        never = np.full(size, np.datetime64("NaT"), DAY)
        return cls(
            np.full(size, NOT_BEGUN, np.int64),
            never.copy(),
            never.copy(),
            never.copy(),
            np.zeros(size, np.int64),
            [()],
        )

    def __len__(self) -> int:
        """How many customers there are."""
        return len(self.step)


@dataclass(frozen=True, slots=True)
class Lived:
    """What a day came to: the step whose action counts (-1: none), and the alarm."""

    acts: Array
    alarm: Array


class _Day:
    """One day of one journey."""

    def __init__(
        self,
        journey: Journey,
        stand: Stand,
        columns: Mapping[str, Column],
        as_of: date,
        is_working: IsWorking,
    ) -> None:
        self.journey, self.stand, self.columns = journey, stand, columns
        self.as_of, self.is_working = as_of, is_working
        self.today = np.datetime64(as_of, "D")
        self.acts = np.full(len(stand), -1, np.int64)
        self.alarm = np.zeros(len(stand), np.int64)

    def live(self) -> Lived:
        """Go on from where everybody stands."""
        stand = self.stand
        new = np.flatnonzero(stand.step == NOT_BEGUN)
        stand.since[new] = self.today
        if not self.journey.steps:
            self._end(new)
        else:
            self._come_to(new, 0)
        self.alarm[stand.step == GONE] = ALARMS.index(NO_STEP)
        ended = np.flatnonzero(stand.step == ENDED)
        self.alarm[ended] = self._left(ended)
        going = np.flatnonzero(stand.step >= 0)
        for _ in range(2 * len(self.journey.steps) + 1):
            if not len(going):
                break
            going = self._one_step(going)
        self.alarm[going] = ALARMS.index(GOES_ROUND)
        return Lived(self.acts, self.alarm)

    def _one_step(self, going: Array) -> Array:
        """Everybody passes at most one step; return who goes on today."""
        at = self.stand.step[going]
        still = []
        for place in np.unique(at):
            here = going[at == place]
            step = self.journey.steps[int(place)]
            if step.do is Do.STOP:
                self.acts[here] = place
                continue
            stays = self._stays(step, here)
            if step.do in DONE_ON_A_DAY or step.do is Do.PAUSE:
                self.acts[here[stays]] = place
            still.append(self._pass(int(place), step, here[~stays]))
        return np.sort(np.concatenate(still)) if still else going[:0]

    def _stays(self, step: Step, here: Array) -> Array:
        if step.do in DONE_ON_A_DAY:
            return np.asarray(self.stand.step_since[here] >= self.today)
        if step.do in HOLDS:
            return np.asarray(self.stand.next_on[here] > self.today)  # NaT: no
        if step.do is Do.DEADLINE:
            return np.asarray(numbers(self.columns["dpd"])[here] < step.dpd)
        return np.zeros(len(here), np.bool_)

    def _pass(self, place: int, step: Step, here: Array) -> Array:
        """Leave a step; return who stands at another."""
        if step.do is Do.CONDITION:
            holds = self._holds(step, here)
            aims = [(here[holds], step.then), (here[~holds], step.otherwise)]
        else:
            aims = [(here, "")]
            if step.do in (Do.ASSIGN, Do.SET):
                self._say(step, here)
        gone_on = []
        for some, aim in aims:
            to = self.journey.place(aim) if aim else place + 1
            if to >= len(self.journey.steps):
                self._end(some)
            else:
                self._come_to(some, to)
                gone_on.append(some)
        return np.concatenate(gone_on) if gone_on else here[:0]

    def _holds(self, step: Step, here: Array) -> Array:
        found = np.ones(len(here), np.bool_)
        for name, text in step.when:
            column = INPUTS[name].input
            test = cells.read(text, column).test
            found &= _tested(test, self.columns[name], name, here)
        return found

    def _say(self, step: Step, here: Array) -> None:
        pair = (step.name, step.value)
        if step.do is Do.ASSIGN:
            pair = ("queue", step.code)
        said = self.stand.said
        for code in np.unique(self.stand.sets[here]):
            now = tuple({**dict(said[int(code)]), pair[0]: pair[1]}.items())
            if now not in said:
                said.append(now)
            some = here[self.stand.sets[here] == code]
            self.stand.sets[some] = said.index(now)

    def _come_to(self, some: Array, place: int) -> None:
        step, stand = self.journey.steps[place], self.stand
        next_on: Any = np.datetime64("NaT", "D")
        if step.do in HOLDS:
            working = self.is_working if step.working else None
            next_on = np.datetime64(after(self.as_of, step.days, working), "D")
        stand.step[some] = place
        stand.step_since[some] = self.today
        stand.next_on[some] = next_on

    def _end(self, some: Array) -> None:
        self.stand.step[some] = ENDED
        self.stand.step_since[some] = self.today
        self.stand.next_on[some] = np.datetime64("NaT", "D")
        self.alarm[some] = self._left(some)

    def _left(self, some: Array) -> Array:
        """The alarm of those who still owe what is overdue when nothing follows."""
        owes = numbers(self.columns["overdue_total"])[some] > 0
        return np.where(owes, ALARMS.index(FINISHED_WITH_DEBT), 0)


def _tested(test: Test, column: Column, name: str, here: Array) -> Array:
    """Whether the cell matches each of some customers, asked once a distinct value."""
    asked = INPUTS[name].input
    if asked.kind in ORDERED:
        values, places = np.unique(numbers(column)[here], return_inverse=True)
        plain = [
            None if each == MISSING else value_of(int(each), asked.kind)
            for each in values
        ]
    else:
        one = coded(column)
        codes, places = np.unique(one.codes[here], return_inverse=True)
        words = [None if code < 0 else one.words[int(code)] for code in codes]
        flag = asked.kind.value == "flag"
        plain = [each == "yes" if flag and each is not None else each for each in words]
    known = np.array([test.holds(each, asked.kind) for each in plain], np.bool_)
    return known[places] if len(known) else np.zeros(0, np.bool_)


def live(
    journey: Journey,
    stand: Stand,
    columns: Mapping[str, Column],
    as_of: date,
    *,
    is_working: IsWorking = lambda day: day.weekday() < 5,
) -> Lived:
    """Live one day for many customers; `columns` are theirs, `stand` is changed."""
    return _Day(journey, stand, columns, as_of, is_working).live()
