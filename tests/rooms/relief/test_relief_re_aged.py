"""A plan that re-ages keeps its rows and its promise; what is paid or waits is not moved."""

from datetime import timedelta

import pytest

from daihou.kit.refusal import Refused
from daihou.rooms.ledger.models import Demand, Waiver
from daihou.rooms.relief import actions, queries
from tests.rooms.cast import HAND, TODAY, Cast, pay
from tests.rooms.relieving import (
    Deciders,
    agreed,
    all_decide,
    bounce,
    deed,
    found,
    judge,
    late_loan,
    make_deciders,
    plan,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def deciders(cast: Cast) -> Deciders:
    """The levels of the policy."""
    return make_deciders()


def test_a_re_aged_plan_keeps_its_promise_and_its_rows(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders, re_age=True, interest_freeze=True, count=2)
    total = found(line).receive
    paid = pay(loan, "P1", amount=total)
    judge(TODAY)
    assert (found(line).state, "problem" in found(line).effect) == ("completed", False)
    given = Waiver.objects.filter(loan=loan, moved=False, ends_on=None)
    assert given.exists()
    paid_up = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    assert paid_up.owed["penalty"] == 0
    bounce(paid.payment_id)
    judge(TODAY)
    assert found(line).state == "active"
    assert not given.exists()
    after = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    assert after.state.dpd == 0  # lateness that began anew is not back
    assert Demand.objects.filter(loan=loan, opens_on=TODAY, ends_on=None).count() == 2


def test_rows_of_a_re_aged_plan_are_those_that_were_written(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = plan(loan, cast, re_age=True, count=3, unit="months")
    offered = all_decide(line, deciders)
    day = TODAY + DAY
    pay(loan, "P0", amount=40_000, paid_on=day, business_date=day)
    done = actions.accept(
        offered.id, evidence="paper", deed=deed(cast.mei, on=day + DAY)
    )
    rows = Demand.objects.filter(loan=loan, opens_on=day + DAY).order_by("due_on")
    whole = [row.principal + row.interest + row.fee for row in rows]
    assert [row.amount for row in queries.rows_of(line.id)] == whole
    assert done.receive == sum(whole) < line.receive


def test_a_re_aged_plan_has_no_first_payment_and_does_not_stand_still(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    with pytest.raises(Refused) as told:
        plan(loan, cast, re_age=True, first_payment=10_000)
    assert told.value.code == "plan_re_age_first"
    line = agreed(loan, cast, deciders, re_age=True)
    with pytest.raises(Refused) as told:
        actions.suspend(line.id, deed=deed(cast.mei, reason="in dispute"))
    assert told.value.code == "suspend_kind"


def test_a_first_payment_waits_as_long_as_its_plan_stood_still(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(
        loan, cast, deciders, first_payment=20_000, first_by=TODAY + DAY, total=80_000
    )
    actions.suspend(line.id, deed=deed(cast.mei, reason="in dispute"))
    back = actions.resume(line.id, deed=deed(cast.mei, on=TODAY + 30 * DAY))
    assert back.state == "accepted"
    assert back.terms["first_by"] == (TODAY + 31 * DAY).isoformat()
    judge(TODAY + 32 * DAY)
    assert found(line).state == "lapsed"


def test_an_instalment_that_is_paid_is_not_put_off(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders, total=90_000)
    pay(loan, "P1", amount=30_000)
    judge(TODAY)
    with pytest.raises(Refused) as told:
        actions.skip(line.id, 1, deed=deed(cast.mei))
    assert told.value.code == "relief_skip_past"
