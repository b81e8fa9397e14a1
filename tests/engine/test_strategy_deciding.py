"""One decision of a table: the row, why, and the nearest change that would flip it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from daihou.engine.basics.money import Money
from daihou.engine.rulebook.decision import Flip
from daihou.engine.strategy import deciding
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.table import Hit, Input, Kind, Output, Row, Table
from daihou.engine.strategy.words import words
from daihou.packs import strategies
from tests.parity.strategy_tables import facts, tables

ON = date(2026, 1, 5)
CUSTOMER: dict[str, Any] = {
    "held": False,
    "plan_state": "none",
    "promise_state": "none",
    "dpd": 12,
    "overdue_total": 123_456,
    "outstanding_total": 500_000,
    "new_late": False,
    "broken_promises": 0,
    "days_since_contact": None,
    "days_to_due": 10,
    "customer_kind": "person",
}


def consumer() -> Table:
    return strategies.shipped()["consumer"].table


def test_the_decision_names_the_row_what_it_asked_and_the_nearest_flip() -> None:
    found = deciding.decide(consumer(), CUSTOMER, ON, subject="C-1")
    assert found.answer == "M1-15"
    assert dict(found.inputs)["overdue_total"] == Money("CNY", 123_456)
    row, cell = found.path
    assert row.params == {"row": "M1-15", "place": 17}
    assert cell.params == {"input": "dpd", "value": 12, "cell": "4..15"}
    assert found.flips[0] == Flip("dpd", 12, 16, "M1-30")
    by_input = {(each.input, each.becomes): each.answer for each in found.flips}
    assert by_input["overdue_total", Money("CNY", 9_999)] == "SMALL-1"
    assert by_input["days_since_contact", 0] == "M1-RESTED"


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "如果逾期天数为 16（现为 12）"), ("en", "If days past due were 16")],
)
def test_it_is_said_in_both_languages(language: str, said: str) -> None:
    found = deciding.decide(consumer(), CUSTOMER, ON, subject="C-1")
    text = "\n".join(words(found, language))
    assert said in text
    assert "M1-15" in text and "{" not in text


def test_a_live_promise_or_a_hold_goes_before_the_days() -> None:
    table = consumer()
    for change, row in (
        ({"promise_state": "live"}, "PROMISE"),
        ({"held": True}, "HOLD"),
        ({"held": True, "dpd": 0}, "HOLD-0"),
        ({"plan_state": "at_risk"}, "PLAN-RISK"),
        ({"dpd": 200}, "LEGAL-OLD"),
        ({"dpd": 0, "days_to_due": 3}, "DUE-3"),
        ({"dpd": 0, "days_to_due": None}, "CURRENT"),
    ):
        assert deciding.decide(table, CUSTOMER | change, ON).answer == row


def test_facts_that_are_missing_or_of_another_kind_are_refused() -> None:
    table = consumer()
    with pytest.raises(StrategyError) as caught:
        deciding.decide(table, {"dpd": 1}, ON)
    assert caught.value.code == "missing_fact"
    for wrong in ({"dpd": "12"}, {"dpd": True}, {"held": 1}, {"promise_state": 3}):
        with pytest.raises(StrategyError) as caught:
            deciding.decide(table, CUSTOMER | wrong, ON)
        assert caught.value.code == "fact"


def test_several_answers_where_one_is_allowed_are_a_conflict() -> None:
    rows = (Row("A", ("> 1",), ("x",)), Row("B", ("> 2",), ("y",)))
    columns = (Input("dpd", Kind.INTEGER, least=0),)
    answers = (Output("segment", Kind.TEXT),)
    table = Table("t", {}, Hit.UNIQUE, columns, answers, rows)
    assert deciding.decide(table, {"dpd": 2}, ON).answer == "A"
    with pytest.raises(StrategyError, match="A, B"):
        deciding.decide(table, {"dpd": 3}, ON)
    collect = Table("t", {}, Hit.COLLECT, columns, answers, rows)
    assert deciding.decide(collect, {"dpd": 3}, ON).answer == "A, B"
    assert deciding.decide(collect, {"dpd": 0}, ON).answer is None


def test_shares_and_dates_are_shown_as_what_they_are() -> None:
    columns = (Input("share", Kind.RATE), Input("on", Kind.DATE))
    rows = (Row("A", (">= 25%", "< 2026-02-01"), ()),)
    table = Table("t", {}, Hit.FIRST, columns, (), rows)
    found = deciding.decide(table, {"share": 300_000, "on": ON}, ON)
    assert dict(found.inputs) == {"share": Decimal("0.3"), "on": ON}
    flips = {each.input: each.becomes for each in found.flips}
    assert flips == {"share": Decimal("0.249999"), "on": date(2026, 2, 1)}


@given(tables(), facts())
def test_every_flip_gives_the_answer_it_says(
    made: tuple[Table, Any], case: dict[str, Any]
) -> None:
    table = made[0]
    try:
        found = deciding.decide(table, case, ON)
    except StrategyError:
        return
    for flip in found.flips:
        assert flip.answer != found.answer
        changed = case | {flip.input: flip.becomes}
        assert deciding.decide(table, changed, ON).answer == flip.answer


@given(tables(hits=(Hit.FIRST,)), facts())
def test_no_nearer_number_flips_the_answer(
    made: tuple[Table, Any], case: dict[str, Any]
) -> None:
    table = made[0]
    found = deciding.decide(table, case, ON)
    numbers = {"number", "days"} & {each.name for each in table.inputs}
    for name in numbers:
        if case[name] is None:
            continue
        flips = [
            abs(each.becomes - case[name])
            for each in found.flips
            if each.input == name and each.becomes is not None
        ]
        near = range(max(0, case[name] - 8), case[name] + 9)
        others = [
            abs(at - case[name])
            for at in near
            if deciding.decide(table, case | {name: at}, ON).answer != found.answer
        ]
        assert min(flips, default=None) == min(others, default=None)
