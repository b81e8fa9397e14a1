"""Rows that a restructuring opens on a day: no earlier money, principal counted once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import Demand, Loan, Payment, Waiver
from daihou.engine.rulebook.policy import Advance, CostCap, DpdMethod, Mode, Policy

ON = date(2026, 2, 20)
POLICY = Policy(
    product="moved",
    begins_on=date(2000, 1, 1),
    mode=Mode.OWN,
    dpd=DpdMethod("DPD-CN-01"),
    cost_caps=(CostCap("CN-INT-02", date(2017, 8, 4), Decimal("0.24")),),
)
OLD = Demand(1, 1, date(2026, 2, 5), principal=100_000, interest=1_000, fee=3_900)
NEW = Demand(
    *(2, 2, date(2026, 3, 20)),
    principal=80_000,
    interest=1_000,
    begins_on=ON,
    opens_on=ON,
)
KEPT = Loan(
    loan_id=1,
    currency="CNY",
    principal=100_000,
    disbursed_on=date(2026, 1, 5),
    demands=(OLD,),
    payments=(Payment(1, date(2026, 2, 10), 23_900),),
)
MOVED = replace(
    KEPT,
    demands=(OLD, NEW),
    waivers=(
        Waiver(1, ON, "principal", 80_000, demand_id=1, moved=True),
        Waiver(2, ON, "interest", 1_000, demand_id=1, moved=True),
    ),
)
PRINCIPAL_FIRST = replace(POLICY, order=(POLICY.order[0], *reversed(POLICY.order[1:])))


@pytest.mark.parametrize("advance", Advance)
def test_no_money_of_a_day_before_goes_to_a_row_opened_later(advance: Advance) -> None:
    policy = replace(PRINCIPAL_FIRST, advance=advance)
    rich = replace(MOVED, payments=(Payment(1, date(2026, 2, 10), 123_900),))
    before, after = settle(KEPT, policy, as_of=ON), settle(rich, policy, as_of=ON)
    assert [sum(each.paid.values()) for each in after.demands] == [104_900, 0]
    assert after.unapplied_credit == 19_000
    assert before.allocations == settle(MOVED, policy, as_of=ON).allocations


def test_moved_amounts_are_owed_on_and_nothing_is_late() -> None:
    before = settle(KEPT, PRINCIPAL_FIRST, as_of=ON)
    after = settle(MOVED, PRINCIPAL_FIRST, as_of=ON)
    assert (before.dpd, after.dpd, after.worst_dpd) == (15, 0, 14)
    assert before.outstanding_principal == after.outstanding_principal == 80_000
    assert after.next_due_amount == 81_000


def test_a_moved_row_makes_and_takes_no_room_under_the_cap() -> None:
    """Its principal counts from its day on, its cost once, where it is owed now."""
    on = date(2026, 3, 20)
    kept = settle(KEPT, PRINCIPAL_FIRST, as_of=on)
    moved = settle(MOVED, PRINCIPAL_FIRST, as_of=on)
    # 1,000.00 for 35 days and 800.00 for 40 at 24 % a year allow 44.66 of 49.00.
    assert kept.over_cap == moved.over_cap
    assert moved.over_cap["interest"] == sum(moved.over_cap.values()) == 434
