"""Plans that stand just on an edge: each hand-reckoned, on the side it belongs to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule import due_dates, rate_on, remaining, schedule
from daihou.engine.ledger.terms import LoanTerms, RateChange, Row, Tranche
from tests.engine.test_schedule import TERMS

NOTHING, TENTH = Decimal(0), Decimal("0.1")
MONTH = 144_000  # 12,000,000 x 14.4 % / 12
JULY, AUGUST = date(2025, 7, 4), date(2025, 8, 4)
FREE = replace(TERMS, annual_rate=NOTHING, principal_minor=1_010, periods=12)
PAID_OUT = date(2025, 2, 28)
MONTH_END = replace(
    TERMS, disbursed_on=PAID_OUT, first_due_on=date(2025, 3, 31), periods=1
)
DUE = due_dates(TERMS)
DECEMBER = date(2025, 12, 20)
WAITS = RateChange(date(2025, 12, 10), Decimal("0.12"), applies="next_due")


def principals(terms: LoanTerms) -> list[int]:
    return [row.principal for row in schedule(terms)]


# What is paid first and what is kept for last


@pytest.mark.parametrize("kept", [6_000_000, 12_000_000])
def test_all_that_is_financed_may_wait_for_the_last_row(kept: int) -> None:
    rows = schedule(replace(TERMS, balloon_minor=kept, principal_minor=kept))
    month = kept * 12 // 1000
    assert [(row.principal, row.interest) for row in rows] == [(0, month)] * 23 + [
        (kept, month)
    ]


@pytest.mark.parametrize(
    "down", [{"down_payment_minor": 6_000_000}, {"down_payment_share": Decimal("0.5")}]
)
def test_half_may_be_paid_down_and_the_other_half_kept_for_last(
    down: dict[str, int | Decimal],
) -> None:
    rows = schedule(replace(TERMS, balloon_minor=6_000_000, **down))  # type: ignore[arg-type]
    assert rows[0] == Row(1, TERMS.disbursed_on, 6_000_000, 0)
    assert {row.interest for row in rows[1:]} == {72_000}
    assert [row.principal for row in rows[1:]] == [0] * 23 + [6_000_000]


@pytest.mark.parametrize("later", [0, 2_000_000])
def test_a_down_payment_of_all_but_one_of_the_first_payout_is_the_most(
    later: int,
) -> None:
    payouts = (Tranche(date(2025, 9, 1), later),) if later else ()
    most = replace(TERMS, tranches=payouts, down_payment_minor=11_999_999 - later)
    assert schedule(most)[0].principal == 11_999_999 - later
    with pytest.raises(TermsError) as caught:
        schedule(replace(most, down_payment_minor=12_000_000 - later))
    assert caught.value.field == "down_payment_minor"


# The first and the last of what can be stated


def test_the_calendar_of_loans_runs_from_1900_to_9998() -> None:
    first = replace(
        TERMS,
        periods=1,
        disbursed_on=date(1900, 1, 1),
        first_due_on=date(1900, 2, 1),
    )
    assert schedule(first) == (Row(1, date(1900, 2, 1), 12_000_000, MONTH),)
    last = replace(first, disbursed_on=date(9000, 1, 1), first_due_on=date(9000, 2, 1))
    assert schedule(last) == (Row(1, date(9000, 2, 1), 12_000_000, MONTH),)


def test_a_plan_may_end_in_the_last_year_of_the_calendar() -> None:
    """Eleven times a hundred years, from 8998 on."""
    centuries = replace(
        TERMS,
        method="interest_only",
        annual_rate=NOTHING,
        periods=11,
        every=1_200,
        disbursed_on=date(8898, 7, 4),
        first_due_on=date(8998, 7, 4),
    )
    rows = schedule(centuries)
    assert len(rows) == 11
    assert rows[-1] == Row(11, date(9998, 7, 4), 12_000_000, 0)
    with pytest.raises(TermsError, match="shorten"):
        schedule(replace(centuries, first_due_on=date(8999, 7, 4)))


def test_a_rate_may_be_ten_times_the_loan_a_year_or_have_thirty_decimals() -> None:
    single = replace(TERMS, periods=1)
    most = replace(single, annual_rate=Decimal(10))
    assert schedule(most) == (Row(1, JULY, 12_000_000, 10_000_000),)
    least = replace(single, annual_rate=Decimal("1e-30"))
    assert schedule(least) == (Row(1, JULY, 12_000_000, 0),)


def test_the_last_row_takes_all_even_with_a_stated_instalment_of_nothing() -> None:
    single = replace(TERMS, periods=1, instalment_minor=0)
    assert schedule(single) == (Row(1, JULY, 12_000_000, MONTH),)


# Whole first periods


def test_from_one_last_day_of_a_month_to_the_next_is_a_whole_month() -> None:
    by_name = replace(MONTH_END, month_end="last_day")
    assert [row.interest for row in schedule(by_name)] == [MONTH]
    # Not named, it counts by its days: 33 of 360.
    assert [row.interest for row in schedule(MONTH_END)] == [158_400]


@pytest.mark.parametrize("method", ["equal_instalment", "bullet"])
def test_no_days_stand_before_a_month_that_begins_with_the_payout(method: str) -> None:
    loan = replace(MONTH_END, method=method, first_period="on_first")
    assert [row.interest for row in schedule(loan)] == [MONTH]


# Small remainders, and parts of nothing


def test_a_remainder_of_as_many_fen_as_rows_is_a_row_of_its_own() -> None:
    """After ten rows of 100, ten are left of 1,010; nine would go with the tenth."""
    same = RateChange(date(2025, 6, 10), NOTHING, keeps="instalment")
    stated = replace(FREE, instalment_minor=100)
    for terms in (
        replace(stated, last_row="when_paid"),
        replace(stated, rate_changes=(same,)),
    ):
        assert principals(terms) == [100] * 10 + [10]
        less = replace(terms, principal_minor=1_009)
        assert principals(less) == [100] * 9 + [109]


def test_one_fen_in_even_parts_is_paid_with_the_last() -> None:
    one = replace(FREE, method="equal_principal", principal_minor=1, periods=3)
    assert principals(one) == [0, 0, 1]


def test_a_single_row_takes_less_than_the_multiple() -> None:
    small = replace(FREE, method="equal_principal", principal_minor=400, periods=1)
    assert principals(replace(small, multiple_of=1_000)) == [400]


def test_nothing_is_due_between_a_first_payout_paid_off_and_the_next() -> None:
    """250 a row, rounded up to 1,000, clears the first; 3,000 follow in August."""
    payouts = replace(
        FREE,
        method="equal_principal",
        principal_minor=4_000,
        periods=4,
        multiple_of=1_000,
        multiple_rounding="up",
        tranches=(Tranche(date(2025, 8, 10), 3_000),),
    )
    assert principals(payouts) == [1_000, 0, 2_000, 1_000]


# New rates


def test_a_rate_that_changes_on_a_due_date_is_not_known_before_it() -> None:
    """20,100 x 1.01^2 / 2.01 = 10,201 at 12 %; the second month bears 24 %."""
    terms = replace(
        TERMS,
        principal_minor=20_100,
        annual_rate=Decimal("0.12"),
        periods=2,
        rate_changes=(RateChange(JULY, Decimal("0.24")),),
    )
    assert schedule(terms) == (
        Row(1, JULY, 10_000, 201),
        Row(2, AUGUST, 10_100, 202),
    )


def test_a_change_from_the_next_due_date_made_on_one_counts_from_it() -> None:
    change = RateChange(JULY, TENTH, applies="next_due")
    terms = replace(TERMS, rate_changes=(change,))
    assert rate_on(terms, date(2025, 7, 3)) == TERMS.annual_rate
    assert rate_on(terms, JULY) == TENTH


def test_of_two_changes_from_one_day_only_the_later_says_what_it_keeps() -> None:
    """The first waits until August and would solve the instalment anew."""
    waits = RateChange(date(2025, 7, 10), NOTHING, applies="next_due")
    keeps = RateChange(AUGUST, NOTHING, keeps="instalment")
    terms = replace(FREE, instalment_minor=100)
    assert principals(replace(terms, rate_changes=(waits, keeps))) == [100] * 10 + [10]
    # Alone it leaves twelve rows: 810 over ten of them.
    alone = replace(terms, rate_changes=(waits,))
    assert principals(alone) == [100, 100] + [81] * 10


def test_an_instalment_kept_must_be_more_than_the_interest_of_a_month() -> None:
    """360,000 at 10 % are 100 a day: 3,100 from 4 July to 4 August."""
    rise = RateChange(JULY, TENTH, keeps="instalment")
    terms = replace(
        TERMS,
        principal_minor=363_100,
        annual_rate=NOTHING,
        day_count="ACT/360",
        periods=240,
        instalment_minor=3_100,
        rate_changes=(rise,),
    )
    with pytest.raises(TermsError) as caught:
        schedule(terms)
    assert caught.value.code == "rate_changes_endless"


# What is left of a plan


def rest(terms: LoanTerms, **change: object) -> tuple[Row, ...]:
    given = {"balance": 9_000_000, "from_on": DUE[5], "periods": 12}
    given |= {"first_due_on": DUE[6]}
    return remaining(terms, **given | change)  # type: ignore[arg-type]


def test_a_payout_of_the_day_the_rest_begins_is_in_the_balance() -> None:
    terms = replace(TERMS, tranches=(Tranche(DUE[5], 1_000_000),))
    assert sum(row.principal for row in rest(terms)) == 9_000_000


def test_a_change_of_the_day_the_rest_begins_gives_way_to_the_rate_given() -> None:
    terms = replace(TERMS, rate_changes=(RateChange(DUE[5], Decimal("0.12")),))
    rows = rest(terms, annual_rate=Decimal("0.06"), method="interest_only")
    assert {row.interest for row in rows} == {45_000}  # 9,000,000 / 200


def test_a_change_agreed_the_day_the_rest_begins_waits_for_its_first_row() -> None:
    terms = replace(TERMS, rate_changes=(WAITS,))
    rows = rest(
        terms,
        from_on=WAITS.on,
        first_due_on=date(2026, 1, 10),
        method="interest_only",
    )
    assert [row.interest for row in rows] == [108_000] + [90_000] * 11


def test_a_change_on_the_first_new_row_takes_the_place_of_one_that_waits() -> None:
    first = date(2026, 1, 20)
    terms = replace(TERMS, rate_changes=(WAITS, RateChange(first, TENTH)))
    rows = rest(terms, from_on=DECEMBER, first_due_on=first, method="interest_only")
    assert [row.interest for row in rows] == [108_000] + [75_000] * 11
