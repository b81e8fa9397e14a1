"""Several debts, a customer, both histories of an event, two treatments compared."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.basics.rounding import in_proportion
from daihou.engine.delinquency.customer import Standing, customer_lateness
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.several import Claim, spread
from daihou.engine.ledger.life import difference as differences
from daihou.engine.ledger.life.compare import (
    Treatment,
    compare,
    present_value,
    to_pay,
    yearly_cost,
)
from daihou.engine.ledger.life.difference import difference
from daihou.engine.ledger.life.front import settle_life
from daihou.engine.ledger.life.words import say_life
from daihou.engine.ledger.values import Demand, Loan
from daihou.engine.rulebook.policy import DpdMethod, Mode, Policy
from tests.engine.test_life import PAYMENT, PAYMENT_2, contract, happens

ON = date(2026, 4, 1)
POLICY = Policy("ours", date(2000, 1, 1), Mode.OWN, DpdMethod("DPD-CN-01"))


# 31 days of 0.10 and of 0.005 on 210.00, then four on 5.26 and on 208.00.
HISTORIES = [
    (
        "Event 2: payment 210.00: happened 2026-03-10 (recorded 2026-04-15 only; "
        "everything after it was derived again)"
    ),
    "Instalment 2 (due 2026-03-10): left 5.27 → 0.00 (paid 208.00 → 210.00)",
    "Instalment 3 (due 2026-04-10): left 208.42 → 0.00 (paid 0.00 → 208.00)",
    "Days past due 2026-03-11 to 2026-04-14: 1–35 → 0 (day by day)",
    "Bucket 2026-03-11 to 2026-04-09: M1 → M0",
    "Bucket 2026-04-10 to 2026-04-14: M2 → M0",
    ("Penalty and compound interest so far: 3.69 → 0.00 (paid and unpaid together)"),
    "Outstanding: 813.69 → 600.00",
]


def claim(
    number: str,
    *dues: tuple[date, int],
    security: int = 0,
    burden: int = 0,
) -> Claim:
    """Return a loan of amounts due on days."""
    loan = Loan(
        loan_id=1,
        currency="CNY",
        principal=sum(amount for _, amount in dues),
        disbursed_on=date(2026, 1, 1),
        demands=tuple(
            Demand(seq, seq, due, amount, 0)
            for seq, (due, amount) in enumerate(dues, 1)
        ),
    )
    return Claim(number, loan, POLICY, security=security, burden=burden)


FEBRUARY, MARCH, MAY = date(2026, 2, 1), date(2026, 3, 1), date(2026, 5, 1)


def placed(amount: int, *claims: Claim, **asked: object) -> dict[str, int]:
    """Return what each loan gets, by number."""
    found = spread(claims, amount, on=ON, **asked)  # type: ignore[arg-type]
    assert sum(each.amount for each in found.shares) + found.held == amount
    return {each.number: each.amount for each in found.shares}


def test_560_what_is_due_goes_first_and_the_rest_is_held() -> None:
    found = spread([claim("A", (MAY, 500)), claim("B", (MARCH, 300))], 400, on=ON)
    assert [each.amount for each in found.shares] == [0, 300]
    assert found.held == 100
    assert [each.code for each in found.because] == ["several_last", "several_held"]


def test_560_the_least_secured_goes_first() -> None:
    secured = claim("A", (FEBRUARY, 300), security=200)
    better = claim("B", (FEBRUARY, 300), security=300)
    bare = claim("C", (MARCH, 300))
    assert placed(400, secured, better, bare) == {"A": 100, "B": 0, "C": 300}


def test_560_security_is_measured_against_the_debt() -> None:
    half = claim("A", (MARCH, 1000), security=500)
    whole = claim("B", (MARCH, 100), security=100)
    assert placed(100, half, whole) == {"A": 100, "B": 0}


def test_560_the_heavier_burden_goes_before_the_earlier_due() -> None:
    light = claim("A", (FEBRUARY, 300), burden=100)
    heavy = claim("B", (MARCH, 300), burden=200)
    found = spread([light, heavy], 400, on=ON)
    assert [each.amount for each in found.shares] == [100, 300]
    assert [each.code for each in found.because] == ["several_heavier", "several_last"]


def test_560_alike_in_all_else_the_earlier_due_goes_first() -> None:
    one = claim("A", (FEBRUARY, 100), (ON, 100))
    other = claim("B", (MARCH, 100))
    assert placed(250, one, other) == {"A": 150, "B": 100}


def test_560_alike_in_everything_in_proportion() -> None:
    assert placed(100, claim("A", (MARCH, 200)), claim("B", (MARCH, 100))) == {
        "A": 67,
        "B": 33,
    }


def test_560_an_agreement_goes_before_what_the_debtor_says() -> None:
    loans = [claim("A", (MARCH, 100)), claim("B", (MARCH, 100)), claim("C", (MARCH, 9))]
    found = spread(loans, 150, on=ON, agreed=["C"], designated=["B"])
    assert [each.amount for each in found.shares] == [41, 100, 9]
    assert [each.code for each in found.because] == [
        "several_agreed",
        "several_designated",
        "several_last",
    ]
    assert all("民法典 560" == each.source for each in found.because)


def test_560_each_share_shows_what_it_does() -> None:
    found = spread([claim("A", (MARCH, 100))], 100, on=ON)
    trial = found.shares[0].preview
    assert trial is not None
    assert (trial.before.dpd, trial.after.dpd) == (31, 0)
    with pytest.raises(LoanError):
        spread([claim("A", (MARCH, 100))], 0, on=ON)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(0, 30))
def test_a_split_in_proportion_is_whole_and_fair(
    amounts: list[int], total: int
) -> None:
    parts = in_proportion(amounts, total)
    whole = sum(amounts)
    assert sum(parts) == min(total, whole)
    for part, amount in zip(parts, amounts, strict=True):
        assert 0 <= part <= amount
        assert abs(part * whole - min(total, whole) * amount) < max(whole, 1)


def test_a_customer_is_as_late_as_the_worst_loan() -> None:
    found = customer_lateness(
        [Standing("A", 3), Standing("B", 40), Standing("C", 0), Standing("D", 40, ON)]
    )
    assert (found.dpd, found.loan, found.late_loans) == (40, "D", 3)
    assert "D" in str(say_life(found.derivation[0], "zh"))
    on_time = customer_lateness([Standing("B", 0), Standing("A", 0)])
    assert (on_time.dpd, on_time.loan, on_time.late_loans) == (0, "A", 0)
    assert on_time.derivation[0].code == "customer_on_time"


def test_both_histories_of_a_payment_recorded_late() -> None:
    late = replace(PAYMENT_2, recorded_at=datetime(2026, 4, 15, tzinfo=UTC))
    third = happens("payment", 3, date(2026, 4, 10), amount=20_800)
    found = difference(
        contract(),
        [PAYMENT, late, third],
        as_of=date(2026, 4, 14),
        known_at=datetime(2026, 4, 14, tzinfo=UTC),
    )
    said = [str(say_life(each, "en")) for each in found.lines]
    assert said == HISTORIES
    assert found.days[date(2026, 3, 20)] == (10, 0)
    assert date(2026, 3, 10) not in found.days


def test_a_jump_in_the_days_begins_another_line() -> None:
    """The payment of 20 March clears the oldest: 37 days late become 10, and go on."""
    small = happens("payment", 4, date(2026, 3, 20), amount=22_000)
    first = replace(PAYMENT, recorded_at=datetime(2026, 4, 15, tzinfo=UTC))
    found = difference(
        contract(),
        [first, small],
        as_of=date(2026, 3, 22),
        known_at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    days = [each.params for each in found.lines if each.code == "diff_days"]
    assert [(d["first"], d["last"], d["was"], d["now"]) for d in days] == [
        (date(2026, 2, 11), date(2026, 3, 10), "1–28", "0"),
        (date(2026, 3, 11), date(2026, 3, 19), "29–37", "1–9"),
        (date(2026, 3, 20), date(2026, 3, 22), "10–12", "0"),
    ]


def test_nothing_recorded_later_is_no_difference() -> None:
    found = difference(
        contract(), [PAYMENT], as_of=ON, known_at=datetime(2026, 4, 1, tzinfo=UTC)
    )
    assert [each.code for each in found.lines] == ["diff_none"]
    assert found.days == {}


def test_a_restructuring_recorded_late_shows_old_and_new_rows() -> None:
    aged = replace(
        happens("re_age", 5, date(2026, 3, 20), periods=3, first_due_on=ON),
        recorded_at=datetime(2026, 4, 15, tzinfo=UTC),
    )
    found = difference(
        contract(),
        [PAYMENT, aged],
        as_of=date(2026, 3, 25),
        known_at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    codes = [each.code for each in found.lines]
    assert codes.count("diff_row_new") == 3
    assert codes.count("diff_row_gone") == 5 - codes.count("diff_row")
    assert differences.rows_owed(found.after).keys().isdisjoint({4, 5, 6})


def test_extension_and_re_amortisation_side_by_side() -> None:
    events = [PAYMENT]
    day = date(2026, 4, 10)
    extend = Treatment("extend", (happens("extension", 8, day, periods=6),))
    spread_out = Treatment("spread", (happens("re_amortise", 9, day),))
    found = compare(
        *(contract(), events, extend, spread_out),
        as_of=day,
        discount_rate=Decimal("0.10"),
    )
    first, second = found.first, found.second
    assert first.total == sum(
        row.principal + row.interest + row.fee for row in first.instalments
    )
    assert first.total - first.cost == second.total - second.cost == 100_000
    # More months at the same rate cost the borrower more and the lender gives up less.
    assert first.cost > second.cost
    assert first.given_up == found.nothing.cost - first.cost < 0
    assert first.last_due_on == date(2027, 1, 10)
    assert second.last_due_on == date(2026, 7, 10)
    assert (first.life.state.dpd, second.life.state.dpd) == (31, 0)
    assert first.late_unpaid[0] == (0, 31, "M2")
    assert second.late_unpaid[1] == (30, 0, "M0")
    assert second.late_unpaid[2] == (60, 30, "M1")
    said = [str(say_life(each, "en")) for each in found.lines]
    assert any("extend / spread" in each for each in said)
    assert said[-1] == (
        "Days past due after it: 31 / 0 (by the rows before: still 31 days)"
    )


def test_what_is_due_is_paid_at_once_and_the_rest_on_its_day() -> None:
    life = settle_life(contract(), [PAYMENT], as_of=date(2026, 3, 20))
    rows = to_pay(life)
    # 10 days of penalty on 200.00 at 0.05 % a day is 1.00, on 10.00 of interest 0.05.
    assert [(row.seq, row.principal, row.interest, row.fee) for row in rows[:2]] == [
        (0, 20_000, 1_000, 105),
        (3, 20_000, 800, 0),
    ]
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("owed", "flows", "rate"),
    [
        (100_000, [(date(2027, 1, 1), 110_000)], "0.100000"),
        (100_000, [(date(2027, 1, 1), 100_000)], "0.000000"),
        (100_000, [(date(2027, 1, 1), 50_000)], "-0.500000"),
        (
            100_000,
            [(date(2027, 1, 1), 60_000), (date(2028, 1, 1), 60_000)],
            "0.130662",
        ),
    ],
)
def test_the_yearly_cost_is_the_rate_that_makes_them_equal(
    owed: int, flows: list[tuple[date, int]], rate: str
) -> None:
    found = yearly_cost(owed, flows, on=date(2026, 1, 1))
    assert found is not None
    assert abs(found - Decimal(rate)) <= Decimal("0.000001")
    assert abs(present_value(flows, on=date(2026, 1, 1), rate=found) - owed) <= 1


def test_there_is_no_yearly_cost_where_no_rate_fits() -> None:
    on = date(2026, 1, 1)
    assert yearly_cost(100, [(on, 100)], on=on) is None
    assert yearly_cost(0, [(date(2027, 1, 1), 100)], on=on) is None
    assert yearly_cost(100, [(date(2026, 1, 2), 100_000)], on=on) is None


def test_settling_a_share_pays_the_due_of_its_loan() -> None:
    one = claim("A", (MARCH, 100), (MAY, 100))
    found = spread([one], 100, on=ON)
    state = settle(one.loan, one.policy, as_of=ON)
    trial = found.shares[0].preview
    assert trial is not None and trial.before == state
