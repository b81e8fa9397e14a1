"""What others hear of relief: the class of a loan, and a case of another branch."""

import pytest

from daihou.rooms.casework import door as casework
from daihou.rooms.casework.models import Case
from daihou.rooms.dayend import door as dayend
from daihou.rooms.grading.models import ClassFact
from daihou.rooms.ledger.actions import standing
from daihou.rooms.relief import actions
from daihou.rooms.relief.models import Relief
from tests.rooms.cast import AT, HAND, TODAY, Cast
from tests.rooms.relief.test_relief_terms import _graded
from tests.rooms.relieving import (
    DAY,
    Deciders,
    agreed,
    decide,
    deed,
    judge,
    late_loan,
    make_deciders,
    plan,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def deciders(cast: Cast) -> Deciders:
    """The levels of the policy, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_deciders()


def test_a_plan_agreed_before_the_first_class_is_told_once_there_is_one(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    assert not Relief.objects.get(pk=line.id).class_told
    _graded(loan)
    judge(TODAY)
    fact = ClassFact.objects.get(kind="restructured")
    assert fact.content["first_due_on"] == (TODAY + 7 * DAY).isoformat()
    assert fact.begins_on == TODAY
    assert Relief.objects.get(pk=line.id).class_told
    judge(TODAY)
    assert ClassFact.objects.filter(kind="restructured").count() == 1


def test_a_case_of_another_branch_hears_what_is_agreed_here(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    standing.settle_at_once(loan, business_date=TODAY)
    by_house = casework.Deed(by=HAND, at=AT, business_date=TODAY)
    case = casework.open_case(loan.customer_id, deed=by_house)
    Case.objects.filter(pk=case.id).update(branch="south")
    line = decide(plan(loan, cast), deciders.lead)
    actions.accept(line.id, evidence="paper", deed=deed(cast.mei))
    assert Case.objects.get().resolution == "arrangement"
    actions.cancel(line.id, deed=deed(cast.mei))
    assert Case.objects.get().resolution == "none"
