"""The outcome of a loan: repaid, defaulted or neither."""

from dataclasses import replace

from daihou.config.real_data.outcome import matches, outcome
from daihou.config.real_data.source import Month
from tests.real_data.cast import loan


def test_three_months_without_a_cent_are_a_default() -> None:
    assert outcome(loan([1, 0, 0, 0, 1])) == "D"


def test_two_are_not_nor_three_apart() -> None:
    assert outcome(loan([1, 0, 0, 1, 0])) == "C"


def test_month_0_is_the_first_of_a_run() -> None:
    assert outcome(loan([0, 0, 1], paid=0, principal_paid=0)) == "D"


def test_months_without_a_figure_do_not_end_a_run() -> None:
    assert outcome(loan([0, 0, None, 0])) == "D"


def test_repaid_wins_over_a_default_and_allows_ten_dollars() -> None:
    late = loan([0, 0, 0], closing=1_000_00, opening=1_000_00, principal_paid=0)
    last = Month(4, 0, 990_00, 1_005_00)
    assert outcome(replace(late, months=(*late.months, last))) == "R"
    one_cent_short = replace(last, principal=989_99)
    assert outcome(replace(late, months=(*late.months, one_cent_short))) == "D"


def test_the_smaller_balance_of_month_0_is_the_mark() -> None:
    grown = loan([], opening=500_00, closing=900_00, principal_paid=490_00)
    assert outcome(grown) == "R"


def test_a_match_needs_the_outcome_given() -> None:
    loans = (loan([1], outcome="C"), loan([1], outcome="R"), loan([1], outcome=""))
    assert matches(loans) == (1, 2)
