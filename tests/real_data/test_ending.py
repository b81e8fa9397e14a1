"""How a loan left: repaid, charged off, taken out, or still there."""

from dataclasses import replace

from daihou.config.real_data.ending import Ending, ending
from daihou.config.real_data.source import Month
from tests.real_data.cast import loan


def and_then(*months: Month) -> Ending:
    """The ending of a loan that paid two months, then reported these."""
    before = loan([1, 1])
    return ending(replace(before, months=(*before.months, *months)))


def test_a_loan_with_a_balance_to_the_end_runs() -> None:
    assert ending(loan([1, 0, 1])) == Ending("active")


def test_a_gap_is_not_an_end() -> None:
    assert ending(loan([1, None, None, 1])) == Ending("active")


def test_balance_gone_for_principal_is_repaid() -> None:
    left = loan([1, 1]).months[-1].balance
    assert left is not None
    nothing = Month(4, None, None, None)
    assert and_then(Month(3, 0, left, left + 5_00), nothing) == Ending("settled", 3)
    assert and_then(Month(3, 0, left - 1_000, left)) == Ending("settled", 3)
    assert and_then(Month(3, 0, left - 1_001, left)) == Ending("written_off", 3)


def test_balance_gone_without_principal_is_charged_off() -> None:
    assert and_then(Month(3, 0, 0, 50_00, None, 3_000_00)) == Ending("written_off", 3)


def test_a_row_without_a_balance_goes_on_for_recoveries() -> None:
    assert and_then(Month(3, None, 0, None, 70_00)) == Ending("written_off", 3)


def test_no_row_any_more_is_taken_out_of_the_pool() -> None:
    assert and_then(Month(3, None, None, None)) == Ending("transferred", 3)


def test_an_overpaid_loan_ends_when_it_was_repaid() -> None:
    over = (Month(3, -600_00, 9_748_00, 9_800_00), Month(4, 0, -600_00, 0))
    assert and_then(*over) == Ending("settled", 3)


def test_a_loan_repaid_in_month_0_ends_there() -> None:
    gone = loan([None], closing=0, paid=9_650_00, principal_paid=9_600_00)
    assert ending(gone) == Ending("settled", 0)
