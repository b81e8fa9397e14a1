"""What stands beside the sum of a loan: above the cap, waived, memo, penalty rates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import Demand, Loan, RateStep, Waiver
from daihou.engine.rulebook.policy import CostCap, Policy
from daihou.packs import products
from daihou.rooms.ledger.pages.beside import notes
from daihou.rooms.ledger.pages.plan import plan_rows

PAID_OUT, DUE, AS_OF = date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 2)
POLICY = replace(
    products.policy("consumer_loan", on=PAID_OUT),
    cost_caps=(CostCap("CN-INT-02", date(2017, 8, 4), Decimal("0.24")),),
    non_accrual_after=60,
)
LOAN = Loan(
    loan_id=1,
    currency="CNY",
    principal=1_000_000,
    disbursed_on=PAID_OUT,
    demands=(Demand(1, 1, DUE, principal=1_000_000, interest=15_000),),
    penalty_rate_nano=270_000_000,
)


def told(loan: Loan, policy: Policy = POLICY, language: str = "en") -> dict[str, str]:
    with translation.override(language):
        found = notes(loan, policy, settle(loan, policy, as_of=AS_OF))
    return {note.label: f"{note.text} {note.reason}" for note in found}


def test_a_loan_like_any_other_has_nothing_beside() -> None:
    plain = replace(POLICY, cost_caps=(), non_accrual_after=None)
    assert told(LOAN, plain) == {}


def test_what_is_above_the_cap_names_its_rule_and_its_parts() -> None:
    state = settle(LOAN, POLICY, as_of=AS_OF)
    above = sum(state.over_cap.values())
    assert above > 0
    said = told(LOAN)["Above the cap, not claimed"]
    assert said.startswith(f"¥{above // 100:,}.{above % 100:02d} ")
    assert "cap of 24% a year (CN-INT-02): " in said and "penalty ¥" in said
    chinese = told(LOAN, language="zh-hans")
    assert "CN-INT-02" in chinese["超过成本上限，不主张"]


def test_what_was_waived_is_told_by_component() -> None:
    waiver = Waiver(1, date(2026, 3, 1), "interest", 5_000)
    said = told(replace(LOAN, waivers=(waiver,)))["Waived"]
    assert said == "¥50.00 interest ¥50.00"
    moved = replace(waiver, demand_id=1, moved=True)
    assert "Waived" not in told(replace(LOAN, waivers=(moved,)))


def test_a_row_that_was_waived_whole_was_not_paid() -> None:
    fee = Demand(2, 0, DUE, principal=0, interest=0, fee=2_000)
    loan = replace(LOAN, demands=(*LOAN.demands, fee))
    waived = replace(loan, waivers=(Waiver(1, DUE, "fee", 2_000),))
    with translation.override("en"):
        rows = plan_rows(settle(waived, POLICY, as_of=AS_OF), POLICY, {2: "late_fee"})
    (row,) = [row for row in rows if row.seq == "Late fee"]
    assert row.word == "Waived 1 Feb"


def test_off_the_balance_sheet_says_since_when_and_how_much() -> None:
    state = settle(LOAN, POLICY, as_of=AS_OF)
    assert state.non_accrual_since == date(2026, 4, 3)
    said = told(LOAN)["Off the balance sheet"]
    assert said.startswith("since 3 Apr 2026 kept as a memo: ¥")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), None),
        ((RateStep(date(2026, 6, 1), 0),), None),
        (
            (
                RateStep(date(2026, 3, 1), 216_000_000),
                RateStep(date(2026, 4, 1), 200_000_000),
            ),
            (
                "20% a year first 27% a year, from 1 Mar 2026 21.6% a year, "
                "from 1 Apr 2026 20% a year"
            ),
        ),
    ],
)
def test_penalty_rates_are_told_once_they_were_repriced(
    steps: tuple[RateStep, ...], words: str | None
) -> None:
    assert told(replace(LOAN, rate_steps=steps)).get("Penalty rate") == words
