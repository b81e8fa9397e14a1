"""Compiled tables, arms and journeys answer as the plain text does, and as zen-engine."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import zen
from hypothesis import given
from hypothesis import strategies as st

from daihou.columnar.strategy import CONFLICT, NO_ROW, compile_table
from daihou.columnar.strategy.arms import arms_of
from daihou.columnar.strategy.columns import column_of, value_at
from daihou.columnar.strategy.journeys import (
    ALARMS,
    ENDED,
    GONE,
    Stand,
    live,
)
from daihou.engine.strategy import deciding, journey
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.experiment import arm_of
from daihou.engine.strategy.inputs import INPUTS as BOOK
from daihou.engine.strategy.journey import Do, Journey, State, Step
from daihou.engine.strategy.strategy import Arm, Experiment
from daihou.engine.strategy.table import Hit, Row, Table
from tests.parity.strategy_tables import (
    INPUTS,
    OUTPUTS,
    facts,
    tables,
    zen_content,
)

ZEN = zen.ZenEngine()


def columns_of(cases: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        each.name: column_of([case[each.name] for case in cases], each.kind)
        for each in INPUTS
    }


def plain_row(table: Table, case: dict[str, Any]) -> int:
    try:
        rows = deciding.chosen(table, deciding.matching(table, case))
    except StrategyError as error:
        assert error.code == "conflict"
        return CONFLICT
    return table.rows.index(rows[0]) if rows else NO_ROW


@given(tables(), st.lists(facts(), min_size=1, max_size=12))
def test_a_compiled_table_answers_as_the_plain_one(
    made: tuple[Table, Any], cases: list[dict[str, Any]]
) -> None:
    table = made[0]
    compiled = compile_table(table)
    if table.hit is Hit.COLLECT:
        found = compiled.collect(columns_of(cases))
        for place, case in enumerate(cases):
            rows = deciding.matching(table, case)
            assert found[place].tolist() == [row in rows for row in table.rows]
        return
    found = compiled.run(columns_of(cases))
    assert found.tolist() == [plain_row(table, case) for case in cases]


@given(
    tables(hits=(Hit.FIRST, Hit.COLLECT), unknown=False),
    st.lists(facts(unknown=False), min_size=1, max_size=6),
)
def test_zen_engine_answers_as_we_do(
    made: tuple[Table, list[list[str]]], cases: list[dict[str, Any]]
) -> None:
    table, cells = made
    decision = ZEN.create_decision(zen_content(table, cells))
    compiled = compile_table(table)
    for place, case in enumerate(cases):
        theirs = decision.evaluate(case)["result"]
        if table.hit is Hit.COLLECT:
            found = compiled.collect(columns_of(cases))[place]
            ours = [row.id for row, hit in zip(table.rows, found, strict=True) if hit]
            assert [each["row"] for each in theirs] == ours
        else:
            at = int(compiled.run(columns_of(cases))[place])
            assert theirs.get("row") == (table.rows[at].id if at >= 0 else None)


def test_more_than_sixty_four_rows_are_told_apart() -> None:
    rows = tuple(Row(f"R{at}", (str(at),), ("a", at)) for at in range(200))
    for hit in (Hit.FIRST, Hit.UNIQUE, Hit.PRIORITY):
        table = Table("t", {}, hit, INPUTS[:1], OUTPUTS, rows)
        found = compile_table(table).run({"number": np.arange(201)})
        assert found.tolist() == [*range(200), NO_ROW]


def test_rows_that_say_the_same_may_share_a_case_under_any() -> None:
    def answered(*values: str) -> list[int]:
        rows = tuple(Row(v + str(n), ("-",), (v, 1)) for n, v in enumerate(values))
        table = Table("t", {}, Hit.ANY, INPUTS[:1], OUTPUTS, rows)
        found: list[int] = compile_table(table).run({"number": np.arange(1)}).tolist()
        return found

    assert answered("a", "a") == [0]
    assert answered("a", "a", "b") == [CONFLICT]


@given(st.lists(facts(), min_size=1, max_size=5))
def test_values_go_into_columns_and_come_back(cases: list[dict[str, Any]]) -> None:
    columns = columns_of(cases)
    for place, case in enumerate(cases):
        for each in INPUTS:
            assert value_at(columns[each.name], each, place) == case[each.name]


# -- arms --------------------------------------------------------------------------------


@given(
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.text(min_size=1, max_size=5),
    st.lists(st.integers(1, 2**40), min_size=1, max_size=20),
)
def test_arms_are_the_same_for_one_and_for_many(
    one: int, other: int, salt: str, customers: list[int]
) -> None:
    first, last = sorted((one, other))
    shares = (first, last - first, 1000 - last)
    arms = tuple(Arm(f"arm{at}", {}, share) for at, share in enumerate(shares))
    experiment = Experiment("e", {}, salt, arms)
    found = arms_of(np.array(customers), experiment)
    assert [arms[at] for at in found] == [arm_of(c, experiment) for c in customers]


# -- journeys ----------------------------------------------------------------------------

STEPS = ("a", "b", "c", "d")
TODAY = date(2026, 2, 27)  # a Friday; the month ends within the days that are waited


@st.composite
def steps(draw: st.DrawFn, id: str) -> Step:
    do = draw(st.sampled_from(list(Do)))
    aim = st.sampled_from(["", *STEPS])
    return Step(
        id=id,
        do=do,
        code=draw(st.sampled_from(["", "code"])),
        days=draw(st.integers(0, 3)),
        working=draw(st.booleans()),
        dpd=draw(st.integers(0, 3)),
        when=(("dpd", draw(st.sampled_from(["0", ">= 2", "1..2"]))),),
        then=draw(aim),
        otherwise=draw(aim),
        name=draw(st.sampled_from(["segment", "queue", "priority"])),
        value=draw(st.sampled_from(["1", "2"])),
    )


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    every = [draw(steps(each)) for each in STEPS]
    return Journey("j", {}, tuple(every))


def stand_of(journey: Journey, states: list[State | None]) -> Stand:
    stand = Stand.fresh(len(states))
    for place, state in enumerate(states):
        if state is None:
            continue
        at = journey.place(state.step)
        stand.step[place] = at if at >= 0 else (GONE if state.step else ENDED)
        stand.since[place] = np.datetime64(state.since, "D")
        stand.step_since[place] = np.datetime64(state.step_since, "D")
        stand.next_on[place] = (
            np.datetime64("NaT") if state.next_on is None else state.next_on
        )
        said = tuple(state.sets.items())
        if said not in stand.said:
            stand.said.append(said)
        stand.sets[place] = stand.said.index(said)
    return stand


@given(
    journeys(),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 1)), min_size=1, max_size=6),
)
def test_journeys_of_many_go_as_those_of_one(
    asked: Journey, people: list[tuple[int, int]], days: list[tuple[int, int]]
) -> None:
    states: list[State | None] = [None for _ in people]
    dpd = [each[0] for each in people]
    on = TODAY
    for wait, change in days:
        on += timedelta(days=wait)
        dpd = [max(0, each + change) for each in dpd]
        owed = [each[1] * 100 for each in people]
        stand = stand_of(asked, states)
        columns: dict[str, Any] = {
            "dpd": np.array(dpd),
            "overdue_total": np.array(owed),
        }
        lived = live(asked, stand, columns, on)
        for place, state in enumerate(states):
            case = {"dpd": dpd[place], "overdue_total": owed[place]}
            one = journey.next_step(asked, state, case, on)
            again = journey.next_step(asked, one.state, case, on)
            assert again == one or one.alarm == journey.GOES_ROUND
            states[place] = one.state
            act = int(lived.acts[place])
            assert ALARMS[int(lived.alarm[place])] == one.alarm
            assert (asked.steps[act].do.value if act >= 0 else "none") == one.action
            assert (asked.steps[act].code if act >= 0 else "") == one.code
            step = int(stand.step[place])
            assert (asked.steps[step].id if step >= 0 else "") == one.state.step
            assert dict(stand.said[int(stand.sets[place])]) == one.state.sets
            assert stand.step_since[place].item() == one.state.step_since
            assert stand.next_on[place].item() == one.state.next_on


def test_every_input_of_the_book_has_a_kind_that_columns_know() -> None:
    for name, asked in BOOK.items():
        assert asked.input.name == name
        column = column_of([None], asked.input.kind)
        assert value_at(column, asked.input, 0) is None
