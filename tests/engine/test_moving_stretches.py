"""Periods, stretches and rows of a moving plan, changed by hand."""

from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.moving.state import Row, State
from daihou.engine.ledger.moving.stretches import Period, Stretches
from daihou.engine.ledger.moving.terms import PlanTerms

START = date(2024, 1, 1)
FEB, MAR, APR = date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)


def plan(**given: object) -> Stretches:
    known: dict[str, object] = {
        "principal": 90_000,
        "yearly_percent": Decimal(12),
        "start_on": START,
        "periods": 2,
        "days_in_year": "360",
        "days_in_month": "actual",
    }
    terms = PlanTerms(**known | given)  # type: ignore[arg-type]
    return Stretches(terms, [Period(START, FEB), Period(FEB, MAR)])


@pytest.mark.parametrize(
    ("on", "place"),
    [(START, 0), (FEB, 0), (date(2024, 2, 2), 1), (MAR, 1), (date(2024, 3, 2), None)],
)
def test_a_due_date_is_the_last_day_of_its_period(on, place):
    periods = plan()
    found = periods.find(on)
    assert (None if found is None else periods.periods.index(found)) == place


def test_a_change_cuts_a_stretch_on_its_day_once():
    periods = plan()
    on = date(2024, 1, 11)
    periods.change(on, disbursed=60_000)
    periods.change(on, correction=-10_000)
    first = periods.periods[0].stretches
    assert [(each.begins, each.ends) for each in first] == [(START, on), (on, FEB)]
    assert (first[0].disbursed, first[0].correction) == (60_000, -10_000)
    assert (first[1].disbursed, first[1].correction) == (0, 0)
    periods.change(FEB, disbursed=5)  # of the period that ends that day
    assert len(first) == 2
    assert first[1].disbursed == 5


def test_a_row_is_met_on_the_day_its_last_cent_comes():
    row = Row(START, FEB)
    row.owed["principal"] = 10
    assert row.pay("principal", 4, date(2024, 1, 31)) == 4
    assert (row.early, row.late, row.met_on) == (4, 0, None)
    assert row.pay("principal", 9, date(2024, 2, 2)) == 6
    assert (row.early, row.late, row.met_on) == (4, 6, date(2024, 2, 2))
    assert row.unpay("principal", 7, date(2024, 2, 2)) == 7
    assert (row.early, row.late, row.met_on) == (4, 0, None)
    row.clear()
    assert (row.total, row.total_paid, row.early) == (0, 0, 0)


def test_an_extra_row_is_one_and_moves_later_only():
    state = State(PlanTerms(1, Decimal(0), START, 1), START, rows=[Row(START, FEB)])
    row = state.extra_row(MAR)
    assert (row.begins, row.due) == (FEB, MAR)
    assert state.extra_row(APR) is row
    assert state.extra_row(MAR).due == APR
    assert len(state.rows) == 2
