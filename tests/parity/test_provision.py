"""Provisions of a book on arrays are those of the reference, loan by loan."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.columnar import provision as book
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.movement import Line, Position, movement
from daihou.engine.provision.required import Exposure, needed, totals
from daihou.engine.provision.rules import TABLES, ProvisionRules
from daihou.packs import law, question_cases
from daihou.packs.provision import exposures, positions, rules_of
from daihou.packs.questions import Fields

BOOK = law.known()
DAY = date(2026, 9, 30)
CASES = [each for each in question_cases.all_cases() if each.question == "provision"]
RIGHT = [each for each in CASES if "error" not in each.expect]


def rules(table: str) -> ProvisionRules:
    return ProvisionRules.of(BOOK, "microloan", DAY, table=table)


def columns(loans: list[Exposure]) -> tuple[book.Codes, book.Amounts]:
    classes = np.array([each.asset_class for each in loans], np.int8)
    balances = np.array([each.balance for each in loans], np.int64)
    return classes, balances


classes = st.sampled_from(list(AssetClass))
# Small amounts make ties of rounding common; huge ones need the wide path.
amounts = st.integers(0, 400) | st.integers(0, 10**12) | st.integers(10**18, 4 * 10**18)


@given(
    st.sampled_from(list(TABLES)),
    st.lists(st.tuples(classes, amounts), max_size=12),
)
def test_each_loan_needs_the_same(
    table: str, rows: list[tuple[AssetClass, int]]
) -> None:
    loans = [Exposure(str(n), *row) for n, row in enumerate(rows)]
    found = rules(table)
    fast = book.needed(*columns(loans), found)
    assert fast.tolist() == [needed(each, found).amount for each in loans]
    assert fast.dtype == np.int64


@given(
    st.sampled_from(list(TABLES)),
    st.lists(
        st.tuples(classes, st.integers(0, 10**9), st.integers(0, 10**9)), max_size=12
    ),
)
def test_the_totals_are_the_same_with_a_model_too(
    table: str, rows: list[tuple[AssetClass, int, int]]
) -> None:
    loans = [Exposure(str(n), *row) for n, row in enumerate(rows)]
    model = np.array([each.model for each in loans], np.int64)
    found = rules(table)
    assert book.totals(*columns(loans), found, model=model) == totals(loans, found)


positions_or_none = st.none() | st.builds(
    Position, classes, st.integers(0, 500), st.integers(0, 500)
)


def day(loans: dict[str, Position]) -> book.Day:
    names = list(loans)
    rows = [loans[name] for name in names]
    return book.Day(
        loans=np.array([int(name) for name in names], np.int64),
        classes=np.array([each.asset_class for each in rows], np.int8),
        balances=np.array([each.balance for each in rows], np.int64),
        allowances=np.array([each.allowance for each in rows], np.int64),
    )


def check_same(
    opening: dict[str, Position], closing: dict[str, Position], off: dict[str, int]
) -> None:
    slow = movement(opening, closing, written_off=off)
    ids = np.array([int(name) for name in off], np.int64)
    written = np.array(list(off.values()), np.int64)
    fast = book.movement(day(opening), day(closing), (ids, written))
    for at in AssetClass:
        for line in Line:
            assert fast.balances[at, line] == slow.balances[at, line], (at, line)
            assert fast.allowances[at, line] == slow.allowances[at, line], (at, line)
        for to in AssetClass:
            assert fast.moved[at, to] == slow.moved[at, to]
    assert fast.foots()


@given(st.data())
def test_the_movement_is_the_same(data: st.DataObject) -> None:
    opening, closing, off = {}, {}, {}
    for n in data.draw(st.permutations(range(6))):
        before, after = data.draw(positions_or_none), data.draw(positions_or_none)
        if before is not None:
            opening[str(n)] = before
        if after is not None:
            closing[str(n)] = after
        if (before or after) and data.draw(st.booleans()):
            most = before.balance if before else after.balance if after else 0
            off[str(n)] = data.draw(st.integers(0, most))
    check_same(opening, closing, off)


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name["en"])
def test_the_book_answers_the_cases_too(case: question_cases.Case) -> None:
    asked = Fields(dict(case.ask), "", tuple(case.ask))
    if case.ask["ask"] == "movement":
        named = {"opening": positions(asked, "opening", "CNY")}
        named["closing"] = positions(asked, "closing", "CNY")
        loans = sorted({*named["opening"], *named["closing"]})
        numbers = {name: str(n) for n, name in enumerate(loans)}
        opening, closing = (
            {numbers[name]: each for name, each in rows.items()}
            for rows in named.values()
        )
        off = {
            numbers[row.name("loan")]: row.amount("amount", "CNY")
            for row in asked.rows("written_off", ("loan", "amount"))
        }
        check_same(opening, closing, off)
        return
    found = rules_of(asked, BOOK)
    if case.ask["ask"] == "loan":
        rows = Fields({"loans": [dict(case.ask) | {"loan": "a"}]}, "", ("loans",))
        content = rows.content["loans"][0]
        kept = ("loan", "asset_class", "balance", "model")
        rows.content["loans"] = [{k: v for k, v in content.items() if k in kept}]
        loans_of_case = exposures(rows, "CNY")
    else:
        loans_of_case = exposures(asked, "CNY")
    model = np.array([each.model or 0 for each in loans_of_case], np.int64)
    fast = book.totals(*columns(loans_of_case), found, model=model)
    assert fast == totals(loans_of_case, found)
    if case.ask["ask"] == "loan":
        wanted = round(float(case.expect["needed"]) * 100)
        assert sum(each.needed for each in fast.values()) == wanted


def test_no_loans_need_nothing() -> None:
    fast = book.totals(*columns([]), rules("CN_MOF2012"))
    assert all(each.needed == each.loans == 0 for each in fast.values())
    check_same({}, {}, {})
