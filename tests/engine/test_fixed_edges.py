"""Loans with given rows on the very day something begins, ends or falls due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from daihou.engine.basics.money import Money
from daihou.engine.ledger.fixed.history import history
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.standing import given_status
from daihou.engine.ledger.fixed.whatif import cost_of_a_day, payoff, what_would_change
from daihou.engine.ledger.values import Demand, Loan, Payment, RateStep, Waiver
from daihou.engine.rulebook.policy import (
    Anchor,
    DpdMethod,
    Mode,
    PauseEffect,
    PenaltyTerms,
    Policy,
)

PAID_OUT = date(2026, 1, 1)
DUE = date(2026, 1, 10)
ROW = Demand(1, 1, DUE, 100_000, 0)
A_TENTH = 360_000_000  # 36 % a year of 360 days: a thousandth a day
OWN = Policy("ours", PAID_OUT, Mode.OWN, DpdMethod("DPD-CN-01"))
PENAL = replace(OWN, penalty=PenaltyTerms(on_principal=True, grace_days=3))
MIRROR = replace(OWN, mode=Mode.MIRROR)


def january(day: int) -> date:
    """Return a day of the month in which the rows fall due."""
    return date(2026, 1, day)


def loan(*demands: Demand, **facts: object) -> Loan:
    """Return a loan of 1,000.00 that owes these rows."""
    known = Loan(1, "CNY", 100_000, PAID_OUT, demands, penalty_rate_nano=A_TENTH)
    return replace(known, **facts)  # type: ignore[arg-type]


def method(**changes: object) -> Policy:
    """Return the plain policy with lateness counted in another way."""
    return replace(OWN, dpd=replace(OWN.dpd, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "owed"), [(13, 0), (14, 400)])
def test_paid_on_the_last_day_of_grace_a_row_owes_no_penalty(
    day: int, owed: int
) -> None:
    paid = loan(ROW, payments=(Payment(1, january(day), 100_000),))
    # On the 14th the grace of three days is over: four days of 1.00.
    assert settle(paid, PENAL, as_of=january(day)).outstanding_total == owed


def test_the_day_after_grace_nothing_grows_on_a_row_paid_within_it() -> None:
    paid = loan(ROW, payments=(Payment(1, january(13), 100_000),))
    assert settle(paid, PENAL, as_of=january(20)).outstanding_total == 0


def test_of_two_rows_of_one_day_the_one_still_late_is_told() -> None:
    two = loan(
        *(Demand(1, 1, DUE, 1_000, 0), Demand(2, 2, DUE, 2_000, 0)),
        payments=(Payment(1, january(20), 1_000),),
    )
    lines = settle(two, OWN, as_of=january(25)).derivation
    assert [each.value for each in lines[:3]] == [2, DUE, Money("CNY", 2_000)]


def test_the_first_row_of_a_loan_has_none_before_it() -> None:
    lines = settle(loan(ROW), OWN, as_of=january(11)).derivation
    assert lines[0].code == "anchor_oldest_first"


def test_a_breach_goes_on_from_a_row_paid_down_to_the_tolerance() -> None:
    policy = method(anchor=Anchor.FIRST_MATERIAL_BREACH, tolerance_minor=10)
    two = loan(
        *(Demand(1, 1, DUE, 1_000, 0), Demand(2, 2, january(20), 1_000, 0)),
        payments=(Payment(1, january(25), 990),),
    )
    state = settle(two, policy, as_of=january(30))
    assert state.dpd == 20
    assert "tolerance_later" in [each.code for each in state.derivation]


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (PauseEffect.INSIDE_OVERDUE, "pauses_inside"),
        (PauseEffect.ALL_SO_FAR, "pauses_all"),
    ],
)
def test_the_reason_says_which_paused_days_are_taken_off(
    effect: PauseEffect, code: str
) -> None:
    paused = loan(ROW, pauses=((january(15), january(18)),))
    state = settle(paused, method(pause_effect=effect), as_of=january(20))
    assert state.dpd == 7
    assert code in [each.code for each in state.derivation]


def test_a_month_that_has_just_begun_has_its_one_day() -> None:
    late = loan(replace(ROW, due_on=date(2026, 2, 28)))
    result = settle(late, OWN, as_of=date(2026, 3, 1)).derivation[-1]
    assert result.params["months"] == ((date(2026, 3, 1), 1),)


@pytest.mark.parametrize(("day", "code"), [(10, "not_yet_late"), (11, None)])
def test_too_little_to_be_late_is_told_from_the_first_day_it_could_be(
    day: int, code: str | None
) -> None:
    little = loan(replace(ROW, principal=5))
    state = settle(little, method(tolerance_minor=10), as_of=january(day))
    assert (code or "tolerance_within") in [each.code for each in state.derivation]


def test_a_mirrored_loan_is_one_day_later_each_day_from_the_first() -> None:
    days = history(loan(ROW), MIRROR, first=DUE, last=january(12))
    assert list(days.values()) == [0, 1, 2]


def test_what_came_in_by_the_day_of_the_write_off_was_reported_already() -> None:
    off = loan(
        replace(ROW, principal=1_000),
        status="written_off",
        status_on=january(20),
        payments=(Payment(1, january(20), 400), Payment(2, january(22), 100)),
    )
    assert settle(off, MIRROR, as_of=january(23)).overdue["principal"] == 900


def test_a_former_status_holds_from_its_own_day() -> None:
    former = (("written_off", january(15)),)
    closed = loan(ROW, status="settled", status_on=january(20), former=former)
    days = (january(14), january(15), january(19), january(20))
    held = [given_status(closed, day) for day in days]
    assert held == [None, "written_off", "written_off", "settled"]


def test_a_charge_in_between_does_not_begin_a_period_of_interest() -> None:
    row = Demand(1, 1, date(2026, 2, 1), 31_000, 310)
    charged = loan(row, Demand(2, 0, january(6), 0, 0, 50))
    quote = payoff(charged, replace(OWN, day_count="ACT/365F"), on=january(16))
    assert quote.running_interest == 150  # 15 of 31 days


def test_one_more_late_day_costs_the_rate_of_that_day() -> None:
    stepped = loan(ROW, rate_steps=(RateStep(january(20), A_TENTH // 2),))
    costs = []
    for day in (19, 20):
        state = settle(stepped, PENAL, as_of=january(day))
        costs.append(cost_of_a_day(stepped, PENAL, state))
    assert costs == [100, 50]


def test_with_one_row_late_to_pay_it_is_to_pay_all() -> None:
    lines = what_would_change(loan(ROW), OWN, as_of=january(11))
    assert [each.code for each in lines] == ["change_pay_all", "change_wait"]


def test_late_on_its_due_date_a_row_is_cleared_that_day() -> None:
    policy = method(due_date_counts=1)
    line = what_would_change(loan(ROW), policy, as_of=DUE)[0]
    assert line.params["amount"] == Money("CNY", 100_000)


@pytest.mark.parametrize(("days", "codes"), [(399, ["change_wait"]), (400, [])])
def test_waiting_looks_400_days_ahead(days: int, codes: list[str]) -> None:
    far = loan(replace(ROW, due_on=DUE + timedelta(days=days)))
    lines = what_would_change(far, OWN, as_of=DUE)
    assert [each.code for each in lines] == codes


TODAY = january(20)
SOON = Demand(1, 1, january(25), 1_000, 0)
IN_MARCH = Demand(2, 2, date(2026, 3, 1), 1_000, 0)
PAID = Payment(1, january(12), 1_000)
WAIVED = Waiver(1, january(12), "principal", 1_000, demand_id=1)


@pytest.mark.parametrize(
    ("known", "late_on"),
    [
        (loan(replace(SOON, begins_on=TODAY), IN_MARCH), january(26)),
        (loan(replace(SOON, ends_on=TODAY), IN_MARCH), date(2026, 3, 2)),
        (
            loan(SOON, IN_MARCH, payments=(replace(PAID, paid_on=TODAY),)),
            date(2026, 3, 2),
        ),
        (
            loan(SOON, IN_MARCH, payments=(replace(PAID, ends_on=TODAY),)),
            january(26),
        ),
        (
            loan(SOON, IN_MARCH, waivers=(replace(WAIVED, on=TODAY),)),
            date(2026, 3, 2),
        ),
        (
            loan(SOON, IN_MARCH, waivers=(replace(WAIVED, ends_on=TODAY),)),
            january(26),
        ),
    ],
    ids=[
        *("a row begun today", "a row ended today", "money of today"),
        *("a reversal of today", "a waiver of today", "a waiver ended today"),
    ],
)
def test_waiting_starts_from_what_is_known_today(known: Loan, late_on: date) -> None:
    (line,) = what_would_change(known, OWN, as_of=TODAY)
    assert line.params["on"] == late_on
