"""Provisions: a worse class never needs less, and every movement foots."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.errors import ProvisionError
from daihou.engine.provision.movement import Line, Position, movement
from daihou.engine.provision.required import (
    Exposure,
    Governs,
    assess,
    decide,
    needed,
    totals,
)
from daihou.engine.provision.rules import TABLES, ProvisionRules
from daihou.engine.provision.words import BOOK as BOOK_WORDS
from daihou.engine.provision.words import LOAN as LOAN_WORDS
from daihou.engine.rulebook.decision import words
from daihou.packs import decision_json, law

BOOK = law.known()
DAY = date(2026, 9, 30)


def rules(table: str = "CN_MOF2012", licence: str = "microloan") -> ProvisionRules:
    return ProvisionRules.of(BOOK, licence, DAY, table=table)


classes = st.sampled_from(list(AssetClass))
amounts = st.integers(0, 10**9)
exposures = st.lists(st.tuples(classes, amounts, st.none() | amounts), max_size=8).map(
    lambda rows: [Exposure(f"L{n}", *row) for n, row in enumerate(rows)]
)


@given(st.sampled_from(list(TABLES)), classes, classes, amounts, amounts)
def test_a_worse_class_or_a_larger_balance_never_needs_less(
    table: str, one: AssetClass, two: AssetClass, first: int, second: int
) -> None:
    found = rules(table)
    low = Exposure("L", min(one, two), min(first, second))
    high = Exposure("L", max(one, two), max(first, second))
    assert needed(low, found).amount <= needed(high, found).amount
    assert 0 <= needed(high, found).amount <= high.balance


@given(st.sampled_from(list(TABLES)), exposures)
def test_a_book_needs_what_its_loans_need(table: str, loans: list[Exposure]) -> None:
    found = rules(table)
    rows = totals(loans, found)
    for each in AssetClass:
        mine = [loan for loan in loans if loan.asset_class is each]
        assert rows[each].loans == len(mine)
        assert rows[each].balance == sum(loan.balance for loan in mine)
        assert rows[each].needed == sum(needed(loan, found).amount for loan in mine)


@given(exposures, amounts)
def test_the_higher_governs_and_is_enough(loans: list[Exposure], held: int) -> None:
    found = ProvisionRules.of(BOOK, "bank", date(2017, 12, 31))
    rows = totals(loans, found)
    said = assess(rows, found, held=held, as_of=DAY)
    assert said.by_ratio is not None and said.by_coverage is not None
    asked = {
        Governs.TABLE: said.by_table,
        Governs.PROVISION_RATIO: said.by_ratio,
        Governs.COVERAGE_RATIO: said.by_coverage,
    }
    assert said.required == max(asked.values()) == asked[said.by]
    assert said.shortfall == max(0, said.required - held)
    assert (said.decision.answer == "enough") == (held >= said.required)
    # 2.5 % of all loans and 150 % of the bad ones, not a fen less and no fen more
    assert 0 <= said.by_ratio - Fraction(25, 1000) * said.loans < 1
    assert 0 <= said.by_coverage - Fraction(150, 100) * said.bad < 1
    for language in ("zh", "en"):
        assert len(words(said.decision, language, BOOK_WORDS)) > 3
    again = decision_json.from_json(decision_json.to_json(said.decision))
    assert again == said.decision


@given(exposures)
def test_a_loan_s_flip_is_what_it_would_need(loans: list[Exposure]) -> None:
    found = rules("CN_PBC2002")
    for each in loans:
        decision = decide(each, found, as_of=DAY)
        for flip in decision.flips:
            worse = AssetClass[str(flip.becomes).upper()]
            then = Exposure(each.loan, worse, each.balance, each.model)
            assert flip.answer == decide(then, found, as_of=DAY).answer
        for language in ("zh", "en"):
            assert len(words(decision, language, LOAN_WORDS)) > 1


positions = st.none() | st.builds(Position, classes, amounts, amounts)


@st.composite
def periods(
    draw: st.DrawFn,
) -> tuple[dict[str, Position], dict[str, Position], dict[str, int]]:
    """Two days of a few loans, and what of them was written off between."""
    opening, closing, off = {}, {}, {}
    for n in range(draw(st.integers(0, 6))):
        before, after = draw(positions), draw(positions)
        loan = f"L{n}"
        if before is not None:
            opening[loan] = before
        if after is not None:
            closing[loan] = after
        most = before.balance if before else after.balance if after else 0
        if (before or after) and draw(st.booleans()):
            off[loan] = draw(st.integers(0, most))
    return opening, closing, off


@given(periods())
def test_a_movement_foots_in_every_class(
    period: tuple[dict[str, Position], dict[str, Position], dict[str, int]],
) -> None:
    opening, closing, off = period
    found = movement(opening, closing, written_off=off)
    assert found.foots()
    for at in AssetClass:
        began = [each for each in opening.values() if each.asset_class is at]
        ended = [each for each in closing.values() if each.asset_class is at]
        for sheet, field in (
            (found.balances, "balance"),
            (found.allowances, "allowance"),
        ):
            assert sheet[at, Line.OPENING] == sum(getattr(p, field) for p in began)
            assert sheet[at, Line.CLOSING] == sum(getattr(p, field) for p in ended)
    for sheet in (found.balances, found.allowances):
        moved = [
            sheet[at, Line.MOVED_IN] + sheet[at, Line.MOVED_OUT] for at in AssetClass
        ]
        assert sum(moved) == 0
        written = sum(sheet[at, Line.WRITTEN_OFF] for at in AssetClass)
        assert written == -sum(off.values())
    before = sum(each.allowance for each in opening.values())
    after = sum(each.allowance for each in closing.values())
    assert found.charge == after - before + sum(off.values())
    assert all(found.balances[at, Line.REMEASURED] == 0 for at in AssetClass)


@given(periods(), st.integers(0, 5))
def test_the_order_of_the_loans_is_no_matter(
    period: tuple[dict[str, Position], dict[str, Position], dict[str, int]], seed: int
) -> None:
    opening, closing, off = period

    def shuffled(rows: dict[str, Position]) -> dict[str, Position]:
        names = list(rows)
        random.Random(seed).shuffle(names)
        return {name: rows[name] for name in names}

    first = movement(opening, closing, written_off=off)
    then = movement(shuffled(opening), shuffled(closing), written_off=off)
    assert (first.balances, first.allowances) == (then.balances, then.allowances)


def test_the_three_tables_have_the_numbers_of_their_rules() -> None:
    shares = {table: rules(table).shares for table in TABLES}
    assert list(shares["CN_MOF2012"].values()) == [
        *(Decimal("0.015"), Decimal("0.03"), Decimal("0.30"), Decimal("0.60")),
        Decimal(1),
    ]
    assert list(shares["CN_PBC2002"].values()) == [
        *(Decimal("0.01"), Decimal("0.02"), Decimal("0.25"), Decimal("0.50")),
        Decimal(1),
    ]
    # what small lenders use lies between the two, class by class
    for at in AssetClass:
        least, most = rules("CN_MICRO").least[at], rules("CN_MICRO").most[at]
        assert least <= shares["CN_MICRO"][at] <= most
        assert least == shares["CN_PBC2002"][at]
        assert most <= max(shares["CN_MOF2012"][at], shares["CN_PBC2002"][at])


def test_the_swing_of_2002_is_a_fifth_of_two_classes() -> None:
    found = rules("CN_PBC2002")
    for at in AssetClass:
        floats = at in {AssetClass.SUBSTANDARD, AssetClass.DOUBTFUL}
        swing = found.shares[at] * Decimal("0.2") if floats else 0
        assert found.most[at] - found.shares[at] == swing
        assert found.shares[at] - found.least[at] == swing


@pytest.mark.parametrize(
    ("table", "licence", "code"),
    [("CN_XX", "bank", "table"), ("CN_MICRO", "bank", "not_for")],
)
def test_a_table_that_does_not_hold_is_refused(
    table: str, licence: str, code: str
) -> None:
    with pytest.raises(ProvisionError) as caught:
        ProvisionRules.of(BOOK, licence, DAY, table=table)
    assert caught.value.code == code and table in caught.value.say("zh")
