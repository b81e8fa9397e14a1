"""Two people at once: the database decides, and both get the truth."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend.models import Request
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Loan, Payment, Position
from tests.rooms.cast import AT, HAND, TODAY, make_loan, pay

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """Run all at the same moment, each on a connection of its own; what each got."""
    got: list[object] = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(place: int, deed: Deed) -> None:
        gate.wait(10)
        try:
            got[place] = deed()
        except Refused as refused:
            got[place] = refused
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, deed))
        for place, deed in enumerate(deeds)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert all(each is not None for each in got), got
    return got


def assert_position_is_true(loan: Loan) -> None:
    facts, policy = ledger.reading.load_loan(loan.pk, as_of=TODAY)
    state = settle(facts, policy, as_of=TODAY)
    position = Position.objects.get(loan=loan)
    assert position.overdue_total == state.overdue_total
    assert position.outstanding_total == state.outstanding_total
    assert position.dpd == state.dpd


def test_the_same_payment_from_two_sides_counts_once() -> None:
    loan = make_loan("L1")
    got = at_once(*[lambda: pay(loan, "P1")] * 4)
    assert sorted(posted.new for posted in got) == [False, False, False, True]
    assert len({posted.payment_id for posted in got}) == 1
    assert Payment.objects.count() == Change.objects.count() == 1
    assert len(audit.timeline(subject_type="loan", subject_id=loan.pk)) == 1
    assert_position_is_true(loan)


def test_the_same_id_for_two_loans_counts_for_one() -> None:
    first, second = make_loan("L1"), make_loan("L2")
    got = at_once(lambda: pay(first, "P1"), lambda: pay(second, "P1"))
    refused = [each for each in got if isinstance(each, ledger.posting.PaymentConflict)]
    assert len(refused) == 1
    assert Payment.objects.count() == Position.objects.count() == 1


def test_different_payments_of_one_loan_all_count() -> None:
    loan = make_loan("L1")
    at_once(
        *[lambda n=number: pay(loan, f"P{n}", amount=20_000) for number in range(5)]
    )
    assert Payment.objects.count() == 5
    assert_position_is_true(loan)


def test_a_payment_while_another_is_reversed() -> None:
    loan = make_loan("L1")
    posted = pay(loan, "P1", paid_on=date(2026, 3, 2))

    def reverse() -> ledger.posting.Posted:
        return ledger.posting.reverse_payment(
            payment_id=posted.payment_id,
            reversed_on=TODAY,
            reason="bounced",
            by=HAND,
            at=AT,
            business_date=TODAY,
        )

    got = at_once(reverse, reverse, lambda: pay(loan, "P2", amount=30_000))
    assert sorted(each.new for each in got) == [False, True, True]
    assert Payment.objects.filter(kind="reversal").count() == 1
    assert_position_is_true(loan)


def test_two_requests_for_a_day_end_are_one() -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    got = at_once(*[lambda: dayend.request_run(by=HAND, at=AT)] * 3)
    assert len({request.id for request in got}) == 1
    assert Request.objects.count() == 1
