"""The next step of every customer: tables, arms of experiments and journeys together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np

from daihou.columnar.strategy.arms import arms_of
from daihou.columnar.strategy.columns import Coded, Columns
from daihou.columnar.strategy.compiled import CONFLICT, NO_ROW, compile_table
from daihou.columnar.strategy.facts import Customers
from daihou.columnar.strategy.journeys import (
    ALARMS,
    ENDED,
    GONE,
    Sets,
    Stand,
    live,
)
from daihou.engine.strategy.journey import SETTABLE, IsWorking, Journey
from daihou.engine.strategy.strategy import Arm, Strategy
from daihou.engine.strategy.table import Hit, Row, Value

Array = np.ndarray[Any, Any]
TEXTS: Final = (
    *("row_id", "arm", "segment", "queue", "action", "action_code", "journey"),
    *("journey_step", "journey_sets", "alarm", "because"),
)
DAYS: Final = ("journey_since", "step_since", "next_on")
NO_ALARM, HAS_CONFLICT, HAS_NO_ROW = "", "conflict", "no_row"


@dataclass(frozen=True, slots=True)
class Version:
    """A live version: its number and what it says."""

    id: int
    strategy: Strategy


@dataclass(slots=True)
class Lexicon:
    """Texts and their numbers; the empty text is 0."""

    texts: list[str] = field(default_factory=lambda: [""])
    places: dict[str, int] = field(default_factory=lambda: {"": 0})

    def place(self, text: str) -> int:
        """The number of a text, a new one if need be."""
        if text not in self.places:
            self.places[text] = len(self.texts)
            self.texts.append(text)
        return self.places[text]

    def places_of(self, texts: Sequence[str]) -> Array:
        """The numbers of some texts."""
        return np.array([self.place(each) for each in texts], np.int32)


@dataclass(frozen=True, slots=True)
class Before:
    """Where journeys stood after the last night, sorted by `customer_id`.

    Texts are coded; `sets` are the JSON of what SET and ASSIGN said.
    """

    customer_id: Array
    journey: Coded
    step: Coded
    sets: Coded
    since: Array
    step_since: Array
    next_on: Array

    @classmethod
    def none(cls) -> "Before":
        """Nobody is on a journey."""
        codes, days = np.zeros(0, np.int32), np.zeros(0, "datetime64[D]")
        words = Coded(("",), codes)
        return cls(np.zeros(0, np.int64), words, words, words, days, days, days)


@dataclass(slots=True)
class Steps:
    """What the night says of each customer, in the order of `customers`.

    `version` is a place among the versions (-1: none has a row), `row` one among the
    rows of its table. `texts` are numbers in `words`; `days` are NaT where nothing is.
    """

    customers: Customers
    versions: tuple[Version, ...]
    words: Lexicon
    version: Array
    row: Array
    priority: Array
    open_case: Array
    held_out: Array  # left alone by an experiment, or there would be something to do
    texts: dict[str, Array]
    days: dict[str, Array]

    @property
    def kept(self) -> Array:
        """The places of customers with anything to do, held out of it, or an alarm."""
        texts, nothing = self.texts, self.words.place("none")
        acts = (texts["action"] != nothing) & (texts["action"] != 0)
        more = (texts["journey"] != 0) | (texts["alarm"] != 0)
        return np.flatnonzero(acts | more | self.open_case | self.held_out)

    def text(self, name: str, places: Array) -> list[str]:
        """A column of texts at some places."""
        return [self.words.texts[code] for code in self.texts[name][places].tolist()]


def step_all(
    versions: Sequence[Version],
    customers: Customers,
    before: Before,
    *,
    as_of: date,
    is_working: IsWorking,
    words: Lexicon | None = None,
) -> Steps:
    """Ask the versions in their order; the first with a row for a customer has them.

    `words` is shared between two nights that are to be compared.
    """
    size = len(customers)
    steps = Steps(
        customers=customers,
        versions=tuple(versions),
        words=words or Lexicon(),
        version=np.full(size, -1, np.int16),
        row=np.full(size, NO_ROW, np.int16),
        priority=np.zeros(size, np.int64),
        open_case=np.zeros(size, np.bool_),
        held_out=np.zeros(size, np.bool_),
        texts={name: np.zeros(size, np.int32) for name in TEXTS},
        days={
            name: np.full(size, np.datetime64("NaT"), "datetime64[D]") for name in DAYS
        },
    )
    for place, version in enumerate(versions):
        _ask(steps, place, version)
    _nobody_has(steps)
    _Travelling(steps, before, as_of, is_working).travel()
    return steps


# -- tables and arms --------------------------------------------------------------------


def _ask(steps: Steps, place: int, version: Version) -> None:
    """Give a version the customers that none before it had a row for."""
    left = np.flatnonzero(steps.version < 0)
    if not len(left):
        return
    table = version.strategy.table
    if table.hit is Hit.COLLECT:  # one step a customer: the first row that matches
        table = replace(table, hit=Hit.FIRST)
    rows = compile_table(table).run(_taken(steps.customers.columns, table, left))
    some, rows = left[rows != NO_ROW], rows[rows != NO_ROW]
    steps.version[some] = place
    steps.row[some] = rows
    torn = some[rows == CONFLICT]
    steps.texts["alarm"][torn] = steps.words.place(HAS_CONFLICT)
    steps.texts["action"][torn] = steps.words.place("none")
    _answer(steps, version.strategy, some[rows >= 0], rows[rows >= 0])


def _taken(columns: Columns, table: Any, places: Array) -> Columns:
    found: dict[str, Any] = {}
    for each in table.inputs:
        column = columns[each.name]
        if isinstance(column, Coded):
            found[each.name] = column.take(places)
        else:
            found[each.name] = column[places]
    return found


def _answer(steps: Steps, strategy: Strategy, some: Array, rows: Array) -> None:
    """Write down what rows answer, as the arm of each customer has it."""
    arms: tuple[Arm | None, ...] = (None,)
    arm = np.zeros(len(some), np.int64)
    experiment = strategy.experiment
    if experiment is not None:
        arms = (None, *experiment.arms)
        ids = [each.id for each in strategy.table.rows]
        takes_part = np.array(
            [not experiment.rows or each in experiment.rows for each in ids], np.bool_
        )[rows]
        arm[takes_part] = (
            1 + arms_of(steps.customers.customer_id[some], experiment)[takes_part]
        )
    codes = rows.astype(np.int64) * len(arms) + arm
    known, at = np.unique(codes, return_inverse=True)
    answers = [
        _answered(
            strategy, strategy.table.rows[code // len(arms)], arms[code % len(arms)]
        )
        for code in known.tolist()
    ]
    for name in ("row_id", "arm", "segment", "queue", "action", "journey", "because"):
        numbers = steps.words.places_of([str(each[name]) for each in answers])
        steps.texts[name][some] = numbers[at] if len(answers) else 0
    if answers:
        steps.priority[some] = np.array([each["priority"] for each in answers])[at]
        steps.open_case[some] = np.array([each["open_case"] for each in answers])[at]
        steps.held_out[some] = np.array([each["held_out"] for each in answers])[at]


def _answered(strategy: Strategy, row: Row, arm: Arm | None) -> dict[str, Any]:
    """What one row answers in one arm; a hold-out is left alone."""
    answers = dict(strategy.table.answers(row))
    held_out = False
    if arm is not None:
        answers |= arm.changes.get(row.id, {})
        if arm.hold_out:
            held_out = _does_something(answers)
            nothing: dict[str, Value] = {
                "queue": "",
                "action": "none",
                "journey": "",
                "open_case": False,
            }
            answers |= nothing
    because = json.dumps(dict(row.because), ensure_ascii=False, sort_keys=True)
    return {
        "row_id": row.id,
        "arm": arm.code if arm else "",
        "segment": answers.get("segment") or "",
        "queue": answers.get("queue") or "",
        "action": answers.get("action") or "none",
        "journey": answers.get("journey") or "",
        "priority": answers.get("priority") or 0,
        "open_case": bool(answers.get("open_case")),
        "because": because,
        "held_out": held_out,
    }


def _does_something(answers: Mapping[str, Value]) -> bool:
    acts = answers.get("action") not in (None, "", "none")
    return acts or bool(answers.get("journey") or answers.get("open_case"))


def _nobody_has(steps: Steps) -> None:
    """Somebody who owes and for whom no row says anything must not be forgotten."""
    left = np.flatnonzero(steps.version < 0)
    steps.texts["action"][left] = steps.words.place("none")
    if not steps.versions:  # there is no strategy that could have forgotten anybody
        return
    owes = steps.customers.number("overdue_total")[left] > 0
    steps.texts["alarm"][left[owes]] = steps.words.place(HAS_NO_ROW)


# -- journeys ---------------------------------------------------------------------------


class _Travelling:
    """One day of all journeys."""

    def __init__(
        self, steps: Steps, before: Before, as_of: date, is_working: IsWorking
    ) -> None:
        self.steps, self.before = steps, before
        self.as_of, self.is_working = as_of, is_working
        ids = steps.customers.customer_id
        place = np.searchsorted(before.customer_id, ids)
        place = np.minimum(place, max(0, len(before.customer_id) - 1))
        self.stood = np.full(len(ids), -1, np.int64)  # the row of `before` of each
        if len(before.customer_id):
            here = before.customer_id[place] == ids
            self.stood[here] = place[here]

    def travel(self) -> None:
        """Let everybody on a journey live the day, and keep those that are paused."""
        for at, version in enumerate(self.steps.versions):
            for journey in version.strategy.journeys:
                code = self.steps.words.place(journey.id)
                on_it = self.steps.texts["journey"] == code
                some = np.flatnonzero(on_it & (self.steps.version == at))
                if len(some):
                    self._live(journey, some)
        self._keep_paused()

    def _stand(self, journey: Journey, some: Array) -> Stand:
        """Where they stood if they were on this journey, else at its beginning."""
        stand, before = Stand.fresh(len(some)), self.before
        stood = self.stood[some]
        words = before.journey.words
        if journey.id not in words:
            return stand
        mine = words.index(journey.id)
        on_it = np.flatnonzero(stood >= 0)
        on_it = on_it[before.journey.codes[stood[on_it]] == mine]
        rows = stood[on_it]
        stand.step[on_it] = np.array(
            [_place(journey, each) for each in before.step.words], np.int64
        )[before.step.codes[rows]]
        stand.since[on_it] = before.since[rows]
        stand.step_since[on_it] = before.step_since[rows]
        stand.next_on[on_it] = before.next_on[rows]
        said = [_read_sets(each) for each in before.sets.words]
        stand.said = list(dict.fromkeys([(), *said]))
        places = np.array([stand.said.index(each) for each in said], np.int64)
        stand.sets[on_it] = places[before.sets.codes[rows]]
        return stand

    def _live(self, journey: Journey, some: Array) -> None:
        steps, texts = self.steps, self.steps.texts
        stand = self._stand(journey, some)
        gone = stand.step == GONE
        columns = {
            name: column.take(some) if isinstance(column, Coded) else column[some]
            for name, column in steps.customers.columns.items()
        }
        lived = live(journey, stand, columns, self.as_of, is_working=self.is_working)
        words = steps.words
        actions = words.places_of(["none", *(each.do.value for each in journey.steps)])
        codes = words.places_of(["", *(each.code for each in journey.steps)])
        ids = words.places_of(["", *(each.id for each in journey.steps)])
        texts["action"][some] = actions[lived.acts + 1]
        texts["action_code"][some] = codes[lived.acts + 1]
        texts["journey_step"][some] = ids[np.maximum(stand.step, ENDED) + 1]
        texts["alarm"][some] = words.places_of(ALARMS)[lived.alarm]
        texts["journey_sets"][some] = words.places_of(
            [_written(each) for each in stand.said]
        )[stand.sets]
        steps.days["journey_since"][some] = stand.since
        steps.days["step_since"][some] = stand.step_since
        steps.days["next_on"][some] = stand.next_on
        self._override(stand, some)
        if gone.any():  # what it was called stays, so that somebody can see it
            told = [
                self.before.step.words[c] for c in range(len(self.before.step.words))
            ]
            rows = self.stood[some[gone]]
            texts["journey_step"][some[gone]] = words.places_of(told)[
                self.before.step.codes[rows]
            ]

    def _override(self, stand: Stand, some: Array) -> None:
        """What SET and ASSIGN said goes before what the row answers."""
        for code, said in enumerate(stand.said):
            here = some[stand.sets == code]
            for name, value in said:
                if name == "priority":
                    self.steps.priority[here] = int(value)
                elif name in SETTABLE:
                    self.steps.texts[name][here] = self.steps.words.place(value)

    def _keep_paused(self) -> None:
        """A row that only pauses keeps the journey where it stood."""
        steps, before = self.steps, self.before
        paused = steps.texts["action"] == steps.words.place("pause")
        idle = np.flatnonzero(
            paused & (steps.texts["journey"] == 0) & (self.stood >= 0)
        )
        rows = self.stood[idle]
        for name, column in (
            ("journey", before.journey),
            ("journey_step", before.step),
            ("journey_sets", before.sets),
        ):
            numbers = steps.words.places_of(column.words)
            steps.texts[name][idle] = numbers[column.codes[rows]]
        for name, days in (
            ("journey_since", before.since),
            ("step_since", before.step_since),
            ("next_on", before.next_on),
        ):
            steps.days[name][idle] = days[rows]


def _place(journey: Journey, step: str) -> int:
    if not step:
        return ENDED
    place = journey.place(step)
    return place if place >= 0 else GONE


def _read_sets(text: str) -> Sets:
    said: Mapping[str, str] = json.loads(text) if text else {}
    return tuple(said.items())


def _written(said: Sets) -> str:
    return json.dumps(dict(said), ensure_ascii=False) if said else ""
