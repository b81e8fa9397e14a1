"""A reversal keeps both rows and counts from its own day on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import NotFound, Refused
from daihou.kit.scope import branches
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Loan, Payment, Position
from tests.rooms.cast import AT, HAND, TODAY, make_loan, pay

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 3, 2)


@pytest.fixture
def loan() -> Loan:
    return make_loan("L1")


def reverse(payment_id: int, **wish: object) -> ledger.posting.Posted:
    return ledger.posting.reverse_payment(
        **{
            "payment_id": payment_id,
            "reversed_on": TODAY,
            "reason": "debit returned by the bank",
            "by": HAND,
            "at": AT,
            "business_date": TODAY,
        }
        | wish
    )


def test_the_loan_is_as_if_it_had_never_been_paid(loan: Loan) -> None:
    never, policy = ledger.reading.load_loan(loan.pk, as_of=TODAY)
    posted = pay(loan, "P1", paid_on=PAID_ON, amount=150_000)
    reversal = reverse(posted.payment_id)
    state = settle(never, policy, as_of=TODAY)
    assert reversal.after.dpd == state.dpd == 47
    assert reversal.after.overdue_total == state.overdue_total
    assert Position.objects.get(loan=loan).overdue_total == state.overdue_total


def test_both_rows_stay_and_days_before_keep_the_money(loan: Loan) -> None:
    posted = pay(loan, "P1", paid_on=PAID_ON, amount=150_000)
    reverse(posted.payment_id)
    assert sorted(Payment.objects.values_list("kind", "amount")) == [
        ("payment", 150_000),
        ("reversal", -150_000),
    ]
    day = TODAY - timedelta(days=1)
    facts, policy = ledger.reading.load_loan(loan.pk, as_of=day)
    assert settle(facts, policy, as_of=day).dpd == 18


def test_a_reversal_again_changes_nothing(loan: Loan) -> None:
    posted = pay(loan, "P1", paid_on=PAID_ON)
    first, again = reverse(posted.payment_id), reverse(posted.payment_id)
    assert first.new and not again.new and first.payment_id == again.payment_id
    assert Payment.objects.count() == 2
    with pytest.raises(ledger.posting.PaymentConflict):
        reverse(posted.payment_id, reversed_on=TODAY - timedelta(days=1))


def test_the_event_and_the_note_tell_why_and_since_when(loan: Loan) -> None:
    posted = pay(loan, "P1", paid_on=PAID_ON)
    day = date(2026, 3, 10)
    reverse(posted.payment_id, reversed_on=day)
    entry = audit.timeline(subject_type="loan", subject_id=loan.pk)[0]
    assert (entry.type, entry.happened_on) == ("payment.reversed", day)
    assert entry.reason == "debit returned by the bank"
    assert entry.payload["reverses"] == posted.payment_id
    kinds = Change.objects.order_by("id").values_list("kind", "happened_on")
    assert list(kinds) == [("payment.received", PAID_ON), ("payment.reversed", day)]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"reversed_on": PAID_ON - timedelta(days=1)}, "reversal_date"),
        ({"reversed_on": TODAY + timedelta(days=1)}, "reversal_date"),
        ({"payment_id": 10**9}, "payment_unknown"),
        ({"by": replace(HAND, scope=branches("south"))}, "loan_unknown"),
    ],
)
def test_a_reversal_that_cannot_be_is_refused(
    loan: Loan, wish: dict[str, object], code: str
) -> None:
    posted = pay(loan, "P1", paid_on=PAID_ON)
    with pytest.raises(Refused) as refused:
        reverse(**({"payment_id": posted.payment_id} | wish))
    assert refused.value.code == code
    assert Payment.objects.count() == 1


def test_an_id_the_sender_used_itself_is_told(loan: Loan) -> None:
    posted = pay(loan, "P1", paid_on=PAID_ON)
    pay(loan, "P1/reversal", paid_on=PAID_ON)
    with pytest.raises(ledger.posting.PaymentConflict) as refused:
        reverse(posted.payment_id)
    assert refused.value.code == "reversal_id_taken"
    assert not Payment.objects.filter(kind="reversal").exists()


def test_the_longest_ids_can_be_reversed_each_by_itself(loan: Loan) -> None:
    ids = ["9" * 199 + end for end in "ab"]
    posted = [pay(loan, one, paid_on=PAID_ON, amount=100) for one in ids]
    made = {reverse(one.payment_id).payment_id for one in posted}
    numbers = Payment.objects.filter(pk__in=made).values_list("external_id", flat=True)
    assert len(set(numbers)) == 2 and all(len(number) == 200 for number in numbers)


def test_a_reversal_cannot_be_reversed(loan: Loan) -> None:
    reversal = reverse(pay(loan, "P1", paid_on=PAID_ON).payment_id)
    with pytest.raises(Refused) as refused:
        reverse(reversal.payment_id)
    assert refused.value.code == "reversal_of_reversal"
    assert not isinstance(refused.value, NotFound)
