"""The repayment plan: published figures, month ends, and what no plan may break."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.basics.dates import DAY_COUNTS, UNITS, add_period
from daihou.engine.ledger.schedule import METHODS, due_dates, schedule
from daihou.engine.ledger.values import LoanTerms, Row

COMPUTED = METHODS[:5]
TERMS = LoanTerms(
    currency="CNY",
    principal_minor=12_000_000,
    annual_rate=Decimal("0.144"),
    method="equal_instalment",
    periods=24,
    period_unit="months",
    disbursed_on=date(2025, 6, 4),
    first_due_on=date(2025, 7, 4),
)


@st.composite
def terms(draw: st.DrawFn) -> LoanTerms:
    """Draw terms with small amounts, month ends and stubs."""
    disbursed = draw(
        st.sampled_from([date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 29)])
    )
    unit = draw(st.sampled_from(UNITS))
    stub = draw(st.sampled_from([-3, 0, 5]))
    regular = add_period(disbursed, 1, unit)
    first = max(add_period(regular, stub, "days"), add_period(disbursed, 1, "days"))
    return LoanTerms(
        currency="CNY",
        principal_minor=draw(st.integers(1, 40) | st.just(1_000_003)),
        annual_rate=draw(st.sampled_from([Decimal(0), Decimal("0.24"), Decimal(9)])),
        method=draw(st.sampled_from(COMPUTED)),
        periods=draw(st.integers(1, 14)),
        period_unit=unit,
        disbursed_on=disbursed,
        first_due_on=first,
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        rounding=draw(st.sampled_from(["half_even", "half_up", "up", "down"])),
    )


@given(terms())
def test_the_principal_adds_up_and_nothing_is_negative(given_terms: LoanTerms) -> None:
    rows = schedule(given_terms)
    assert sum(row.principal for row in rows) == given_terms.principal_minor
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    dates = [row.due_on for row in rows]
    assert dates == sorted(set(dates))
    single = given_terms.method == "bullet"
    assert len(rows) == (1 if single else given_terms.periods)


@given(terms(), st.sampled_from(["30/360", "period"]))
def test_equal_instalments_are_the_textbook_annuity(
    given_terms: LoanTerms, day_count: str
) -> None:
    """P i (1+i)^n / ((1+i)^n - 1), rounded half even, for whole monthly periods."""
    whole = replace(
        given_terms,
        method="equal_instalment",
        period_unit="months",
        first_due_on=add_period(given_terms.disbursed_on, 1, "months"),
        principal_minor=1_000_003,
        rounding="half_even",
        day_count=day_count,
    )
    rate, count = Fraction(whole.annual_rate) / 12, whole.periods
    growth = (1 + rate) ** count
    exact = (
        whole.principal_minor * rate * growth / (growth - 1)
        if rate
        else Fraction(whole.principal_minor, count)
    )
    first = schedule(whole)[0]
    if count > 1:
        assert first.principal + first.interest == round(exact)


def test_the_business_loan_of_the_design_picture() -> None:
    rows = schedule(TERMS)
    assert [(row.principal, row.interest) for row in rows[12:17]] == [
        (501_281, 77_144),
        (507_296, 71_129),
        (513_384, 65_041),
        (519_544, 58_881),
        (525_779, 52_646),
    ]
    assert rows[20] == Row(21, date(2027, 3, 4), 551_474, 26_951)


@pytest.mark.parametrize(
    ("method", "first", "last"),
    [
        ("equal_principal", (500_000, 144_000), (500_000, 6_000)),
        ("interest_only", (0, 144_000), (12_000_000, 144_000)),
        ("flat", (500_000, 144_000), (500_000, 144_000)),
        ("bullet", (12_000_000, 3_456_000), (12_000_000, 3_456_000)),
    ],
)
def test_the_other_methods_by_hand(
    method: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    rows = schedule(replace(TERMS, method=method))
    assert (rows[0].principal, rows[0].interest) == first
    assert (rows[-1].principal, rows[-1].interest) == last
    assert rows[-1].due_on == date(2027, 6, 4)


def test_a_month_end_is_kept() -> None:
    from_january = replace(
        TERMS, disbursed_on=date(2024, 1, 31), first_due_on=date(2024, 2, 29), periods=4
    )
    assert due_dates(from_january) == [
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
        date(2024, 5, 31),
    ]
    shares = {row.interest for row in schedule(replace(from_january, method="flat"))}
    assert len(shares) == 1, "whole months count the same under 30/360"


def test_a_first_period_of_its_own_length_bears_its_own_interest() -> None:
    """35 days at 14.4 % on 120,000.00 over 360: 1,680.00 instead of 1,440.00."""
    stub = replace(TERMS, method="interest_only", first_due_on=date(2025, 7, 9))
    rows = schedule(stub)
    assert [row.interest for row in rows[:2]] == [168_000, 144_000]
    assert rows[1].due_on == date(2025, 8, 9)
    equal = schedule(replace(stub, method="equal_instalment"))
    totals = {row.principal + row.interest for row in equal[:-1]}
    assert len(totals) == 1, "equal instalments are equal, the first included"
    assert abs(equal[-1].principal + equal[-1].interest - totals.pop()) < 24


def test_interest_by_actual_days() -> None:
    """31 days of July to August at 14.4 %: over 360 and over 365."""
    rows = {
        day_count: schedule(
            replace(TERMS, method="interest_only", day_count=day_count)
        )[1].interest
        for day_count in ("ACT/360", "ACT/365F", "ACT/ACT")
    }
    assert rows == {"ACT/360": 148_800, "ACT/365F": 146_762, "ACT/ACT": 146_762}


def test_a_stated_instalment_is_kept_and_the_last_row_takes_the_rest() -> None:
    rows = schedule(replace(TERMS, instalment_minor=580_000))
    assert {row.principal + row.interest for row in rows[:-1]} == {580_000}
    assert sum(row.principal for row in rows) == TERMS.principal_minor


def test_given_rows_are_taken_as_they_are() -> None:
    rows = (Row(1, date(2025, 7, 4), 5, 1), Row(2, date(2025, 8, 4), 7, 0, 2))
    custom = replace(TERMS, method="custom", principal_minor=12, rows=rows)
    assert schedule(custom) == rows
    bills = replace(custom, method="statement", principal_minor=100)
    assert schedule(bills) == rows
