"""Bad terms: each is refused with its field, and the way out in both languages."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.terms import LoanTerms, RateChange, Row, Tranche
from tests.engine.test_schedule import TERMS

FIRST, LAST = TERMS.first_due_on, date(2027, 6, 4)
ROW = Row(1, FIRST, 5, 0)
HALF = Decimal("0.5")
SOON = Tranche(date(2025, 7, 10), 1_000)
LATER = Tranche(date(2025, 9, 1), 1_000)
NEW = RateChange(date(2025, 9, 1), Decimal("0.1"))
KEEPS = replace(NEW, keeps="instalment")

# (what is changed in good terms, the field named, a word of the way out)
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"currency": "ZZZ"}, "currency", "use one of"),
    ({"currency": ""}, "currency", "CNY"),
    ({"principal_minor": 0}, "principal_minor", "more than zero"),
    ({"principal_minor": -1}, "principal_minor", "-1"),
    ({"principal_minor": 1.5}, "principal_minor", "whole number"),
    ({"principal_minor": float("nan")}, "principal_minor", "whole number"),
    ({"principal_minor": float("inf")}, "principal_minor", "whole number"),
    ({"principal_minor": Decimal(5)}, "principal_minor", "minor units"),
    ({"principal_minor": True}, "principal_minor", "whole number"),
    ({"annual_rate": Decimal("14.4")}, "annual_rate", "percentage"),
    ({"annual_rate": Decimal("-0.01")}, "annual_rate", "from 0"),
    ({"annual_rate": Decimal("NaN")}, "annual_rate", "not a number"),
    ({"annual_rate": Decimal("sNaN")}, "annual_rate", "not a number"),
    ({"annual_rate": Decimal("Infinity")}, "annual_rate", "not a number"),
    ({"annual_rate": 0.144}, "annual_rate", "exact decimal"),
    ({"annual_rate": float("nan")}, "annual_rate", "exact decimal"),
    ({"annual_rate": "14.4%"}, "annual_rate", "exact decimal"),
    ({"annual_rate": Decimal("1e-31")}, "annual_rate", "round it"),
    ({"annual_rate": Decimal("1e-999999")}, "annual_rate", "round it"),
    ({"periods": 0}, "periods", "1 to 1200"),
    ({"periods": -3}, "periods", "-3"),
    ({"periods": 1201}, "periods", "1 to 1200"),
    ({"periods": 12.0}, "periods", "whole number"),
    ({"periods": 1200, "every": 1200}, "periods", "shorten"),
    ({"every": 0}, "every", "at least one"),
    ({"every": 1201}, "every", "1201"),
    ({"method": "balloon"}, "method", "equal_instalment"),
    ({"period_unit": "years"}, "period_unit", "months"),
    ({"day_count": "30/365"}, "day_count", "30/360"),
    ({"rounding": "nearest"}, "rounding", "half_even"),
    ({"multiple_rounding": "nearest"}, "multiple_rounding", "half_even"),
    ({"grace_interest_to": "never"}, "grace_interest_to", "spread"),
    ({"first_period": "lost"}, "first_period", "own_row"),
    ({"level_by": "guess"}, "level_by", "counted"),
    ({"month_end": "first"}, "month_end", "keep"),
    ({"holidays": "skipped"}, "holidays", "following"),
    ({"interest_to": "never"}, "interest_to", "moved"),
    ({"last_row": "never"}, "last_row", "on_term"),
    ({"disbursed_on": "2025-06-04"}, "disbursed_on", "2026-01-31"),
    ({"disbursed_on": datetime(2025, 6, 4)}, "disbursed_on", "a date"),  # noqa: DTZ001
    ({"disbursed_on": date(1025, 6, 4)}, "disbursed_on", "1900"),
    ({"first_due_on": date(9999, 7, 4)}, "first_due_on", "9000"),
    ({"first_due_on": date(2025, 6, 4)}, "first_due_on", "not after"),
    ({"first_due_on": date(2024, 7, 4)}, "first_due_on", "not after"),
    ({"due_day": 32}, "due_day", "1 to 31"),
    ({"due_day": 0}, "due_day", "1 to 31"),
    ({"due_day": 5}, "due_day", "correct one"),
    ({"due_day": 4, "period_unit": "weeks"}, "due_day", "periods of months"),
    ({"month_end": "last_day"}, "due_day", "correct one"),
    ({"month_end": "last_day", "period_unit": "days"}, "month_end", "keep"),
    ({"instalment_minor": 144_000}, "instalment_minor", "first interest"),
    ({"instalment_minor": 6_500_000}, "instalment_minor", "pays the loan off"),
    ({"instalment_minor": -1}, "instalment_minor", "below zero"),
    ({"multiple_of": 0}, "multiple_of", "at least 1"),
    ({"multiple_of": 100_000_000}, "multiple_of", "smaller multiple"),
    (
        {"multiple_of": 400_000, "multiple_rounding": "up"},
        "multiple_of",
        "when_paid",
    ),
    (
        {"multiple_of": 400_000, "multiple_rounding": "up", "balloon_minor": 6_000_000},
        "multiple_of",
        "when_paid",
    ),
    (
        {
            "multiple_of": 6_000_000,
            "multiple_rounding": "up",
            "method": "equal_principal",
            "tranches": (SOON,),
        },
        "multiple_of",
        "in 2 of 24",
    ),
    (
        {"instalment_minor": 6_500_000, "tranches": (SOON,)},
        "instalment_minor",
        "in 2 of 24",
    ),
    (
        {"multiple_of": 2_000_000, "method": "equal_principal"},
        "multiple_of",
        "round up",
    ),
    (
        {"multiple_of": 600_000, "method": "flat", "multiple_rounding": "up"},
        "multiple_of",
        "24",
    ),
    ({"grace_principal": 24}, "grace_principal", "shorten"),
    ({"grace_principal": -1}, "grace_principal", "-1"),
    ({"grace_interest": 24}, "grace_interest", "shorten"),
    ({"balloon_minor": 12_000_001}, "balloon_minor", "lower it"),
    ({"balloon_minor": -1}, "balloon_minor", "below zero"),
    ({"balloon_minor": 6_000_001, "down_payment_share": HALF}, "balloon_minor", "6"),
    (
        {"balloon_minor": 9_000_001, "down_payment_minor": 3_000_000},
        "balloon_minor",
        "",
    ),
    ({"down_payment_minor": 12_000_000}, "down_payment_minor", "lower it"),
    ({"down_payment_minor": -1}, "down_payment_minor", "below zero"),
    ({"down_payment_share": Decimal(1)}, "down_payment_share", "below 1"),
    ({"down_payment_share": Decimal("-0.1")}, "down_payment_share", "from 0"),
    ({"down_payment_share": Decimal("NaN")}, "down_payment_share", "not a number"),
    ({"down_payment_share": 0.25}, "down_payment_share", "exact decimal"),
    (
        {"down_payment_share": HALF, "down_payment_minor": 1},
        "down_payment_share",
        "both",
    ),
    (
        {
            "down_payment_share": HALF,
            "multiple_of": 12_000_000,
            "multiple_rounding": "up",
        },
        "down_payment_minor",
        "leaves nothing",
    ),
    ({"tranches": (LATER, LATER)}, "tranches", "in order"),
    ({"tranches": (replace(LATER, on=TERMS.disbursed_on),)}, "tranches", "in order"),
    ({"tranches": (replace(LATER, amount_minor=0),)}, "tranches", "more than zero"),
    ({"tranches": (replace(LATER, amount_minor=0.5),)}, "tranches", "whole number"),
    ({"tranches": (replace(LATER, amount_minor=12_000_000),)}, "tranches", "first"),
    ({"tranches": (replace(LATER, on=LAST),)}, "tranches", "lengthen"),
    (
        {"tranches": (LATER,), "down_payment_minor": 11_999_000},
        "down_payment_minor",
        "lower it",
    ),
    ({"rate_changes": (NEW, NEW)}, "rate_changes", "in order"),
    ({"rate_changes": (replace(NEW, on=TERMS.disbursed_on),)}, "rate_changes", "order"),
    (
        {"rate_changes": (replace(NEW, annual_rate=Decimal(11)),)},
        "rate_changes",
        "0 to",
    ),
    ({"rate_changes": (replace(NEW, annual_rate=0.1),)}, "rate_changes", "exact"),
    ({"rate_changes": (replace(NEW, applies="soon"),)}, "rate_changes", "next_due"),
    ({"rate_changes": (replace(NEW, keeps="both"),)}, "rate_changes", "term"),
    ({"rate_changes": (KEEPS,), "method": "flat"}, "rate_changes", "keep the term"),
    ({"rate_changes": (KEEPS,), "balloon_minor": 5}, "rate_changes", "keep the term"),
    (
        {"rate_changes": (replace(KEEPS, annual_rate=Decimal("0.9")),)},
        "rate_changes",
        "does not pay",
    ),
    ({"last_row": "when_paid"}, "last_row", "stated instalment"),
    (
        {"last_row": "when_paid", "instalment_minor": 600_000, "balloon_minor": 5},
        "last_row",
        "leave one",
    ),
    ({"last_row": "when_paid", "method": "flat"}, "last_row", "another method"),
    ({"method": "bullet", "grace_principal": 1}, "grace_principal", "another method"),
    ({"method": "interest_only", "balloon_minor": 1}, "balloon_minor", "another"),
    ({"method": "interest_only", "multiple_of": 100}, "multiple_of", "another"),
    ({"method": "custom", "rows": (ROW,), "tranches": (LATER,)}, "tranches", "leave"),
    ({"method": "statement", "rows": (ROW,), "holidays": "following"}, "holidays", ""),
    ({"method": "custom"}, "rows", "send the rows"),
    ({"method": "custom", "rows": (ROW,)}, "rows", "adds up to 5"),
    ({"method": "custom", "rows": (replace(ROW, principal=-5),)}, "rows", "negative"),
    ({"method": "custom", "rows": (replace(ROW, fee=0.5),)}, "rows", "whole number"),
    (
        {"method": "statement", "rows": (ROW, replace(ROW, seq=2))},
        "rows",
        "not after",
    ),
]


@pytest.mark.parametrize(("change", "field", "way_out"), BAD)
def test_bad_terms_name_the_field_and_the_way_out(
    change: dict[str, Any], field: str, way_out: str
) -> None:
    with pytest.raises(TermsError) as caught:
        schedule(replace(TERMS, **change))
    error = caught.value
    assert error.field == field
    assert field in LoanTerms.__dataclass_fields__
    chinese, english = error.say("zh-hans"), error.say("en")
    assert english == str(error) != chinese
    assert way_out in english
    assert "{" not in chinese + english


def test_every_refusal_is_in_the_table() -> None:
    found = set()
    for change, _, _ in BAD:
        with pytest.raises(TermsError) as caught:
            schedule(replace(TERMS, **change))
        found.add(caught.value.code)
    # These need a cap or a calendar: see the tests below.
    assert found == TermsError.TEXTS.keys() - {"rate_cap", "holidays_first"}


def test_a_rate_above_the_cap_is_refused_now_or_later() -> None:
    """The cap of the rulebook on the day, given by the caller."""
    cap = Decimal("0.24")
    at_cap = replace(TERMS, annual_rate=cap)
    assert schedule(at_cap, cap=cap) == schedule(at_cap)
    above = replace(TERMS, annual_rate=Decimal("0.2401"))
    with pytest.raises(TermsError, match=r"above the cap of 0\.24") as caught:
        schedule(above, cap=cap)
    assert caught.value.field == "annual_rate"
    rise = replace(TERMS, rate_changes=(replace(NEW, annual_rate=Decimal("0.36")),))
    with pytest.raises(TermsError, match="lower the rate") as caught:
        schedule(rise, cap=cap)
    assert caught.value.field == "rate_changes"


def test_a_first_due_date_cannot_move_back_to_the_disbursement() -> None:
    early = replace(
        TERMS, first_due_on=date(2025, 6, 5), holidays="preceding", period_unit="days"
    )
    with pytest.raises(TermsError, match="move it later") as caught:
        schedule(early, closed={date(2025, 6, 5)})
    assert caught.value.field == "holidays"


def test_a_payout_cannot_follow_a_last_due_date_that_moved_back() -> None:
    back = replace(
        TERMS,
        tranches=(replace(LATER, on=date(2027, 6, 3)),),
        holidays="preceding",
        interest_to="moved",
    )
    assert sum(row.principal for row in schedule(back)) == back.principal_minor
    with pytest.raises(TermsError, match="lengthen"):
        schedule(back, closed={LAST})


def test_a_stated_instalment_need_not_cover_the_interest_of_later_payouts() -> None:
    """130,000 covers 120,000 at first; after the payout interest alone is more."""
    later = replace(
        TERMS,
        instalment_minor=130_000,
        tranches=(replace(LATER, amount_minor=2_000_000),),
    )
    rows = schedule(later)
    assert rows[0].principal == 10_000
    assert rows[5].principal == 0
    assert rows[5].interest > 130_000
    single = replace(TERMS, periods=1, instalment_minor=100)
    assert schedule(single) == (Row(1, FIRST, 12_000_000, 144_000),)
