"""A payment is posted once, settles its loan at once, and leaves its traces."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import NotFound, Refused
from daihou.kit.scope import EVERYTHING, branches
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Loan, Payment, Position
from tests.rooms.cast import AT, HAND, TODAY, make_loan, pay

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def loan() -> Loan:
    return make_loan("L1")


def test_a_payment_settles_its_loan_at_once(loan: Loan) -> None:
    posted = pay(loan, "P1", amount=101_000 + 5_000)
    # First due 1 February: 47 days late on 20 March, then 19 since 1 March.
    assert (posted.before.dpd, posted.after.dpd) == (46, 19)
    position = Position.objects.get(loan=loan)
    assert (position.dpd, position.bucket) == (19, "M1")
    assert position.overdue_total == posted.after.overdue_total
    assert position.changed_on == TODAY
    assert sum(posted.shares.values()) == 106_000
    assert posted.shares["penalty"] > 0


def test_the_position_is_what_the_reference_says(loan: Loan) -> None:
    pay(loan, "P1", amount=60_000)
    facts, policy = ledger.reading.load_loan(loan.pk, as_of=TODAY)
    state = settle(facts, policy, as_of=TODAY)
    position = Position.objects.get(loan=loan)
    assert position.overdue_total == state.overdue_total
    assert position.overdue_penalty == state.overdue["penalty"]
    assert position.outstanding_total == state.outstanding_total
    assert position.oldest_unpaid_due_on == state.oldest_unpaid_due_on
    assert position.overdue_loan_balance == state.outstanding_principal
    assert position.dpd_method == policy.dpd.id


def test_the_same_payment_again_changes_nothing(loan: Loan) -> None:
    first = pay(loan, "P1")
    again = pay(loan, "P1")
    assert first.new and not again.new
    assert again.payment_id == first.payment_id
    assert again.shares == first.shares
    assert Payment.objects.count() == Change.objects.count() == 1
    assert len(audit.timeline(subject_type="loan", subject_id=loan.pk)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 100_001},
        {"paid_on": YESTERDAY},
        {"kind": "refund"},
        {"channel": "cash"},
        {"payer": "someone else"},
    ],
)
def test_the_same_id_with_another_content_is_refused(
    loan: Loan, other: dict[str, object]
) -> None:
    pay(loan, "P1")
    before = Position.objects.values().get()
    with pytest.raises(ledger.posting.PaymentConflict, match="P1") as refused:
        pay(loan, "P1", **other)
    assert refused.value.code == "payment_differs"
    assert Payment.objects.count() == 1
    assert Position.objects.values().get() == before


def test_the_same_id_on_another_loan_is_refused(loan: Loan) -> None:
    pay(loan, "P1")
    with pytest.raises(ledger.posting.PaymentConflict):
        pay(make_loan("L2"), "P1")
    assert pay(make_loan("L3"), "P1", source="counter").new


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"amount": 0}, "payment_amount"),
        ({"amount": -5}, "payment_amount"),
        ({"amount": -5, "kind": "refund"}, "payment_amount"),
        ({"amount": 10**15 + 1}, "payment_too_large"),
        ({"amount": 10**15}, "payment_far_beyond"),
        ({"paid_on": TODAY + timedelta(days=1)}, "payment_in_future"),
        ({"paid_on": date(2025, 12, 31)}, "payment_before_loan"),
        ({"currency": "USD"}, "payment_currency"),
        ({"kind": "gift"}, "payment_kind"),
        ({"external_id": ""}, "payment_id_missing"),
        ({"loan_id": 10**9}, "loan_unknown"),
        ({"by": replace(HAND, scope=branches("south"))}, "loan_unknown"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_leaves_nothing(
    loan: Loan, wish: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        pay(loan, **({"external_id": "P1"} | wish))
    assert refused.value.code == code and str(refused.value)
    assert not Payment.objects.exists() and not Change.objects.exists()
    assert not Position.objects.exists()
    assert not audit.timeline(subject_type="loan", subject_id=loan.pk)


def test_a_late_payment_is_noted_for_the_night_and_stands_yesterday(
    loan: Loan,
) -> None:
    paid_on = date(2026, 2, 10)
    posted = pay(loan, "P1", paid_on=paid_on, amount=110_000)
    change = Change.objects.get()
    assert (change.happened_on, change.loan_id) == (paid_on, loan.pk)
    assert change.consumed_by is None and change.kind == "payment.received"
    # Nothing happened on the open day, so the loan stands with the whole book.
    assert posted.after.as_of == YESTERDAY
    assert posted.after.dpd == (YESTERDAY - date(2026, 3, 1)).days


def test_a_late_payment_after_one_of_today_keeps_today(loan: Loan) -> None:
    pay(loan, "P1", amount=1_000)
    posted = pay(loan, "P2", paid_on=YESTERDAY, amount=1_000)
    assert posted.after.as_of == TODAY


def test_the_event_tells_before_after_and_where_it_went(loan: Loan) -> None:
    posted = pay(loan, "P1", channel="counter")
    (entry,) = audit.timeline(subject_type="loan", subject_id=loan.pk)
    assert (entry.type, entry.by) == ("payment.received", "test")
    assert (entry.happened_on, entry.business_date) == (TODAY, TODAY)
    assert entry.payload["amount"] == 100_000
    assert entry.payload["shares"] == dict(posted.shares)
    assert entry.payload["before"]["overdue_total"] == posted.before.overdue_total
    assert entry.payload["after"]["overdue_total"] == posted.after.overdue_total


def test_money_back_counts_against_the_borrower(loan: Loan) -> None:
    paid = pay(loan, "P1", amount=50_000)
    back = pay(loan, "R1", amount=50_000, kind="chargeback")
    assert Payment.objects.get(pk=back.payment_id).amount == -50_000
    assert back.after.outstanding_total == paid.before.outstanding_total + (
        back.after.overdue_total - paid.before.overdue_total
    )
    assert back.after.unapplied_credit == 0


def test_money_in_advance_is_held_to_the_cent(loan: Loan) -> None:
    posted = pay(loan, "P1", amount=1_000_000, keep_credit=True)
    assert posted.after.overdue_total == 0 and posted.after.dpd == 0
    held = posted.after.unapplied_credit
    assert held + sum(posted.shares.values()) == 1_000_000 and held > 0


def test_posting_takes_few_statements(
    loan: Loan, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(16):
        pay(loan, "P1")


def test_a_position_that_reads_the_same_keeps_its_date(loan: Loan) -> None:
    posted = pay(loan, "P1")
    Position.objects.update(changed_on=date(2026, 1, 5))
    pay(loan, "P2", amount=1)
    assert Position.objects.get().changed_on == TODAY
    from daihou.rooms.ledger.actions import standing

    Position.objects.update(changed_on=date(2026, 1, 5))
    standing.settle_at_once(loan, business_date=TODAY)
    assert Position.objects.get().changed_on == date(2026, 1, 5)
    assert posted.new


def test_a_preview_keeps_nothing(loan: Loan) -> None:
    preview = ledger.reading.preview_payment(
        loan.pk, amount=100_000, on=TODAY, scope=EVERYTHING
    )
    posted = pay(loan, "P1", amount=100_000)
    assert preview.after.dpd == posted.after.dpd
    shares = {part: amount for part, amount in preview.split.items() if amount}
    assert shares == posted.shares
    with pytest.raises(NotFound):
        ledger.reading.preview_payment(
            loan.pk, amount=1, on=TODAY, scope=branches("south")
        )
    assert AT.tzinfo is not None
