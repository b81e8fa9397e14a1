"""Liquidation, the movement of NPL and what a default costs, by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.recovery import (
    Cash,
    Flow,
    Movement,
    Placement,
    after_write_off,
    cost_to_collect,
    days_to_recover,
    formation_rate,
    formed,
    liquidation,
    loss_given_default,
    net_recovery,
)


def test_a_curve_adds_what_came_since_and_is_blank_where_nobody_knows():
    placed = [Placement("a", 1, 600), Placement("b", 1, 400), Placement("c", 3, 500)]
    came = [
        *(Cash("a", 0, 999), Cash("a", 1, 100), Cash("b", 3, 50), Cash("a", 3, -20)),
        *(Cash("c", 4, 250), Cash("c", 5, 1), Cash("x", 3, 7)),
    ]
    found = liquidation(placed, came, last=4)
    assert (found.placed, found.accounts) == ((1, 3), (2, 1))
    assert found.balance == (1000, 500)
    assert found.cash == ((100, 100, 130, 130), (0, 250, None, None))
    assert found.rate[0][2] == Fraction(13, 100) and found.rate[1][2] is None


def test_money_counts_for_who_held_the_account_when_it_came():
    placed = [
        Placement("a", 1, 100, until=3, who="one"),
        Placement("a", 4, 80, who="two"),
    ]
    came = [Cash("a", period, 10) for period in range(6)]
    found = liquidation(placed, came, last=5)
    assert dict(zip(found.who, found.cash, strict=True)) == {
        "one": (10, 20, 20, 20, 20),
        "two": (10, 20, None, None, None),
    }


@pytest.mark.parametrize("until", [None, 3])
def test_an_account_is_with_one_at_a_time(until):
    placed = [Placement("a", 1, 100, until=until), Placement("a", 2, 100)]
    with pytest.raises(PanelError) as error:
        liquidation(placed, [], last=5)
    assert "with two at a time from period 2" in error.value.say("en")
    assert "同时委托" in error.value.say("zh")


def test_nothing_placed_is_an_empty_table():
    assert liquidation([], [Cash("a", 1, 5)], last=2).cash == ()


spans = st.tuples(st.integers(0, 5), st.integers(1, 3))


@given(
    accounts=st.lists(st.lists(spans, max_size=3), max_size=4),
    money=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 14), st.integers(1, 99))
    ),
)
def test_no_money_counts_twice(accounts, money):
    """METRICS identity 7: the sum of all lines is the cash of accounts while placed."""
    placed = []
    for number, several in enumerate(accounts):
        at = 0
        for n, (wait, length) in enumerate(several):
            at += wait
            placed.append(Placement(f"{number}", at, 10, at + length, who=str(n)))
            at += length
    came = [Cash(str(account), period, amount) for account, period, amount in money]
    found = liquidation(placed, came, last=30)
    expected = sum(
        cash.amount
        for cash in came
        if any(
            p.account == cash.account and p.placed <= cash.period < (p.until or 99)
            for p in placed
        )
    )
    ends = [[n for n in row if n is not None][-1] for row in found.cash]
    assert sum(ends) == expected
    for row in found.cash:
        seen = [n for n in row if n is not None]
        assert seen == sorted(seen)


@given(*(st.integers(0, 10**12) for _ in range(6)))
def test_what_formed_is_found_again_from_both_ends(opening, new, cash, up, off, sold):
    moved = Movement(opening, new, cash, up, off, sold)
    again = formed(
        opening=opening,
        closing=moved.closing,
        collected=cash,
        upgraded=up,
        written_off=off,
        transferred=sold,
    )
    assert again == new


def test_disposal_does_not_hide_what_formed():
    new = formed(
        opening=100, closing=90, collected=5, upgraded=0, written_off=40, transferred=15
    )
    assert new == 50
    assert formation_rate(new, opening_loans=2000) == Fraction(1, 40)
    assert formation_rate(new, opening_loans=0) is None


def test_the_wait_for_money_and_what_a_default_costs():
    flows = [Flow(0, 100), Flow(365, 220), Flow(730, -121), Flow(730, 121)]
    assert days_to_recover([Flow(10, 30), Flow(40, 10), Flow(5, -3)]) == Fraction(35, 2)
    assert days_to_recover([Flow(3, -1)]) is None
    loss = loss_given_default(flows, exposure=400, annual_rate=Decimal("0.1"))
    assert loss == Decimal("0.25")  # 100 + 220 / 1.1 of 400
    half = loss_given_default(
        [Flow(73, 100)], exposure=100, annual_rate=Decimal("0.21")
    )
    assert half == Decimal(1) - (1 / Decimal("1.21") ** Decimal("0.2")).quantize(
        Decimal("1e-12")
    )


def test_costs_are_told_of_what_came():
    net = net_recovery(cash=500, commission=100, legal_cost=450, placed=1000)
    assert net == Fraction(-1, 20)
    assert net_recovery(cash=0, commission=0, legal_cost=0, placed=0) is None
    spent = {"staff": 30, "telecom": 5, "agency": 15}
    assert cost_to_collect(spent, cash=400) == Fraction(1, 8)
    assert cost_to_collect(spent, cash=0) is None


def test_cash_after_a_write_off():
    came = [Cash("a", 3, 50), Cash("a", 4, 10), Cash("a", 6, 15), Cash("a", 9, 99)]
    found = after_write_off(100, came, written_off=4, last=7)
    assert found == (Fraction(1, 10), Fraction(1, 10), Fraction(1, 4), Fraction(1, 4))
