"""Money that goes back after the case was closed: its promise is judged again."""

import pytest

from daihou.rooms.audit.models import Event
from daihou.rooms.casework.actions.closing import close_case
from daihou.rooms.casework.actions.opening import open_case
from daihou.rooms.casework.models import Case, Verdict, WorkItem
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.casework.states import CloseCode
from daihou.rooms.ledger import door as ledger
from tests.rooms.casework.test_promises import judged, paid, state
from tests.rooms.cast import HAND, Cast
from tests.rooms.promising import DAY, NOON, Worked, deed, late_case, on, promised


@pytest.fixture
def worked(cast: Cast) -> Worked:
    """A late case of the north."""
    return late_case()


def closed_after_payment(cast: Cast, worked: Worked) -> tuple[int, int]:
    """A promise of all that is late, kept a day early, and its case closed as cured."""
    number = promised(cast.mei, worked, (3, 206_000))
    payment = paid(worked, "P1", 206_000, 1)
    assert judged(1) == {"kept": 1}
    morning = deed(worked.boss, at=NOON + DAY, day=on(1))
    close_case(worked.case.pk, code=CloseCode.CURED, reason="paid", deed=morning)
    return number, payment


def bounced(payment: int) -> None:
    ledger.posting.reverse_payment(
        payment_id=payment,
        reversed_on=on(2),
        reason="bounced",
        by=HAND,
        at=NOON + 2 * DAY,
        business_date=on(2),
    )


def test_money_taken_back_after_the_case_was_closed_opens_it_again(
    cast: Cast, worked: Worked
) -> None:
    number, payment = closed_after_payment(cast, worked)
    bounced(payment)
    assert judged(2) == {"active": 1}
    case = worked.case
    assert (case.lifecycle, case.resolution) == ("open", "promise")
    assert (case.reopened, case.overdue_total > 202_000) == (1, True)
    assert Event.objects.filter(type="case.reopened").count() == 1
    assert broken() == ()
    assert judged(5) == {"broken": 1}
    assert WorkItem.objects.get(kind="call").reason == "promise_broken"
    assert state(number) == "broken"
    assert broken() == ()


def test_a_promise_whose_money_goes_back_is_not_needed_where_a_later_case_is_open(
    cast: Cast, worked: Worked
) -> None:
    number, payment = closed_after_payment(cast, worked)
    first = worked.case.pk
    morning = deed(worked.boss, at=NOON + DAY, day=on(1))
    later = open_case(worked.loan.customer_id, deed=morning)
    bounced(payment)
    assert judged(2) == {"invalidated": 1}
    verdict = Verdict.objects.filter(promise=number).latest("pk")
    assert (verdict.before, verdict.because) == ("kept", "later_case")
    assert Case.objects.get(pk=first).lifecycle == "closed"
    assert Case.objects.get(pk=later.id).resolution == "none"
    assert broken() == ()
