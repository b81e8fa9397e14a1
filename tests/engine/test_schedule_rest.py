"""What is left of a plan made anew, and the rate of a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule import (
    anchor_day,
    annuity,
    due_dates,
    rate_on,
    remaining,
    schedule,
)
from daihou.engine.ledger.terms import LoanTerms, RateChange, Tranche
from tests.engine.test_schedule import TERMS

DUE = due_dates(TERMS)
NEW = RateChange(date(2025, 12, 10), Decimal("0.12"))
WAITS = replace(NEW, applies="next_due")  # until 4 January 2026


def rest(terms: LoanTerms, **change: object) -> tuple[tuple[date, int, int], ...]:
    """Twelve months of what is left after the sixth due date."""
    given = {
        "balance": 9_000_000,
        "from_on": DUE[5],
        "first_due_on": DUE[6],
        "periods": 12,
    }
    rows = remaining(terms, **given | change)  # type: ignore[arg-type]
    return tuple((row.due_on, row.principal, row.interest) for row in rows)


def test_the_rate_of_a_day_follows_what_was_agreed() -> None:
    old, new = TERMS.annual_rate, NEW.annual_rate
    at_once = replace(TERMS, rate_changes=(NEW,))
    assert rate_on(TERMS, NEW.on) == old
    assert rate_on(at_once, date(2025, 12, 9)) == old
    assert rate_on(at_once, NEW.on) == new
    waits = replace(TERMS, rate_changes=(WAITS,))
    assert rate_on(waits, date(2026, 1, 3)) == old
    assert rate_on(waits, date(2026, 1, 4)) == new


def test_a_later_change_takes_the_place_of_one_that_still_waits() -> None:
    sooner = RateChange(date(2025, 12, 20), Decimal("0.10"))
    both = replace(TERMS, rate_changes=(WAITS, sooner))
    assert rate_on(both, date(2025, 12, 20)) == sooner.annual_rate
    assert rate_on(both, date(2026, 6, 1)) == sooner.annual_rate
    assert schedule(both) == schedule(replace(TERMS, rate_changes=(sooner,)))


def test_a_change_that_waits_waits_for_the_first_new_row() -> None:
    """The change of 10 December waits for January; new rows begin on the 20th."""
    waits = replace(TERMS, rate_changes=(WAITS,))
    asked = {"from_on": date(2025, 12, 20), "first_due_on": date(2026, 1, 20)}
    rows = rest(waits, **asked)
    assert rows[0][2] == 108_000  # 9,000,000 x 14.4 % / 12
    assert rows[1][2] == round((9_000_000 - rows[0][1]) * Decimal("0.01"))


def test_a_rate_given_counts_from_the_day_and_later_changes_stay() -> None:
    later = replace(TERMS, rate_changes=(NEW,))
    rows = rest(later, from_on=DUE[4], first_due_on=DUE[5], annual_rate=Decimal("0.06"))
    # From 4 December on: 6 days at 6 % and 25 at 12 %.
    assert rows[0][2] == 45_000
    days = 6 * Decimal("0.06") + 25 * Decimal("0.12")
    balance = 9_000_000 - rows[0][1]
    assert rows[1][2] == round(balance * days / 31 / 12)


def test_payouts_to_come_are_on_top_of_the_balance() -> None:
    payouts = (Tranche(date(2025, 8, 1), 5), Tranche(date(2026, 3, 4), 1_000_000))
    rows = rest(replace(TERMS, tranches=payouts), method="interest_only")
    assert sum(row[1] for row in rows) == 10_000_000
    assert (rows[0][2], rows[3][2]) == (108_000, 120_000)


def test_what_the_contract_asked_at_its_start_does_not_come_back() -> None:
    started = replace(
        TERMS,
        down_payment_share=Decimal("0.25"),
        grace_principal=3,
        grace_interest=2,
        first_period="own_row",
    )
    assert rest(started) == rest(TERMS)
    assert rest(TERMS, grace_principal=2)[1][1] == 0


def test_a_balloon_stays_unless_said() -> None:
    kept = replace(TERMS, balloon_minor=4_000_000)
    assert rest(kept)[-1][1] > 4_000_000
    assert rest(kept, balloon_minor=0) == rest(TERMS)


def test_an_instalment_kept_makes_the_rest_shorter() -> None:
    level = schedule(TERMS)[6].principal + schedule(TERMS)[6].interest
    rows = rest(
        TERMS, balance=6_000_000, instalment_minor=level, last_row="when_paid",
        periods=18,
    )  # fmt: skip
    assert len(rows) == 12
    assert {row[1] + row[2] for row in rows[:-1]} == {level}


def test_a_change_that_keeps_the_term_keeps_the_one_there_is_now() -> None:
    """24 % from December makes 26 rows of 24; what comes later leaves them 26."""
    rise = replace(NEW, annual_rate=Decimal("0.24"), keeps="instalment")
    longer = schedule(replace(TERMS, rate_changes=(rise,)))
    assert len(longer) == 26
    back = RateChange(DUE[11], Decimal("0.144"))
    eased = schedule(replace(TERMS, rate_changes=(rise, back)))
    assert len(eased) == 26
    assert eased[:12] == longer[:12]
    level = {row.principal + row.interest for row in eased[12:25]}
    assert len(level) == 1
    assert level.pop() < longer[12].principal + longer[12].interest


def test_a_method_that_cannot_keep_the_instalment_keeps_the_term() -> None:
    keeps = replace(TERMS, rate_changes=(replace(NEW, keeps="instalment"),))
    rows = rest(keeps, from_on=DUE[3], first_due_on=DUE[4], method="equal_principal")
    assert len(rows) == 12
    assert {row[1] for row in rows} == {750_000}


@pytest.mark.parametrize(
    ("first", "due_day", "second"),
    [
        (date(2026, 2, 4), None, date(2026, 3, 4)),
        (date(2026, 2, 28), None, date(2026, 3, 28)),
        (date(2026, 2, 28), 31, date(2026, 3, 31)),
    ],
)
def test_the_day_of_the_month_is_the_contracts_or_the_one_asked_for(
    first: date, due_day: int | None, second: date
) -> None:
    rows = rest(TERMS, from_on=date(2026, 1, 4), first_due_on=first, due_day=due_day)
    assert rows[1][0] == second


def test_a_contract_of_month_ends_goes_on_at_month_ends() -> None:
    ends = replace(
        TERMS, disbursed_on=date(2025, 1, 31), first_due_on=date(2025, 2, 28)
    )
    assert anchor_day(ends) == 31
    rows = rest(ends, from_on=date(2025, 2, 28), first_due_on=date(2025, 3, 31))
    assert rows[0][2] == 108_000  # a whole month
    assert [row[0] for row in rows[:2]] == [date(2025, 3, 31), date(2025, 4, 30)]


def test_rows_are_numbered_on_and_the_cap_holds() -> None:
    rows = remaining(
        TERMS, balance=100, from_on=DUE[5], first_due_on=DUE[6], periods=2, first_seq=7
    )
    assert [row.seq for row in rows] == [7, 8]
    with pytest.raises(TermsError, match="above the cap"):
        rest(TERMS, cap=Decimal("0.1"))
    with pytest.raises(TermsError, match="not after"):
        rest(TERMS, first_due_on=DUE[5])


def test_the_annuity_with_a_balloon_and_in_multiples() -> None:
    """10 % a period, two periods: 1,000 needs 576.19; 300 left over, 433.33."""
    tenths = [(1, 10), (1, 10)]
    assert annuity(100_000, tenths, mode="half_even") == 57_619
    assert annuity(100_000, tenths, mode="half_even", balloon=30_000) == 43_333
    assert annuity(100_000, tenths, mode="up", multiple_of=100) == 57_700


def test_a_rate_that_changes_in_the_very_last_period_is_no_endless_loan() -> None:
    days = replace(
        TERMS, periods=1200, period_unit="days", first_due_on=date(2025, 6, 5)
    )
    last = due_dates(days)[-2]
    drop = RateChange(last, Decimal("0.01"), keeps="instalment")
    assert len(schedule(replace(days, rate_changes=(drop,)))) == 1200
