"""The page of one loan: everything on it comes from one set of facts."""

from datetime import date

import pytest

from daihou.engine.ledger.errors import LoanError
from daihou.kit.refusal import Refused
from daihou.kit.scope import EVERYTHING, branches
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from tests.rooms.cast import AT, HAND, TODAY, deed, make_loan, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan() -> Loan:
    return make_loan("L1")


def page_of(loan: Loan, *, as_of: date = TODAY) -> ledger.LoanPage:
    return ledger.loan_page(loan.pk, as_of=as_of, scope=EVERYTHING)


def test_the_page_adds_up(loan: Loan) -> None:
    pay(loan, "P1", amount=110_000)
    page = page_of(loan)
    assert page.terms.number == "L1" and page.terms.principal == 300_000
    unpaid = sum(sum(each.unpaid.values()) for each in page.state.demands if each.late)
    assert unpaid == page.state.overdue_total
    (payment,) = page.payments
    assert sum(payment.shares.values()) + payment.held == 110_000
    assert page.months[-1] == (date(2026, 3, 1), 46)
    assert page.months[-4] == (date(2025, 12, 1), None)
    assert len(page.months) == 24
    assert page.payoff.total >= page.state.outstanding_total
    assert page.per_day > 0
    assert page.state.derivation and page.changes


def test_a_page_of_the_past_knows_what_was_true_then(loan: Loan) -> None:
    posted = pay(loan, "P1", paid_on=date(2026, 3, 2), amount=110_000)
    ledger.reverse_payment(
        payment_id=posted.payment_id,
        reversed_on=date(2026, 3, 10),
        reason="bounced",
        by=HAND,
        at=AT,
        business_date=TODAY,
    )
    before, between, after = (
        page_of(loan, as_of=day)
        for day in (date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 15))
    )
    assert before.payments[0].not_yet and before.payments[0].held == 0
    assert before.state.dpd == 28
    assert between.payments[0].reversed_on is None and between.state.dpd == 4
    assert after.payments[0].reversed_on == date(2026, 3, 10)
    assert after.state.dpd == 42 and after.payments[0].held == 0
    with pytest.raises(LoanError):
        page_of(loan, as_of=date(2025, 12, 31))


def test_charges_and_schedule_versions_are_named(loan: Loan) -> None:
    ledger.record_charge(
        source="core",
        external_id="F1",
        loan_id=loan.pk,
        kind="late_fee",
        due_on=date(2026, 3, 3),
        amount=2_000,
        deed=deed(),
    )
    page = page_of(loan)
    assert page.schedule == 1
    assert sorted(page.kinds.values()) == ["", "", "", "late_fee"]
    assert page.state.overdue["fee"] == 2_000


def test_the_customer_is_as_late_as_the_worst_loan(loan: Loan) -> None:
    pay(loan, "P1", amount=1)
    better = make_loan("L2", dues=(date(2026, 3, 15),))
    Loan.objects.filter(pk=better.pk).update(customer=loan.customer)
    pay(better, "P2", amount=1)
    page = ledger.customer_page(loan.customer_id, scope=EVERYTHING)
    assert [each.dpd for each in page.loans] == [47, 5]
    assert page.worst_dpd == 47


def test_search_puts_numbers_before_names_and_keeps_the_limit() -> None:
    for number in ("A1", "A2", "B1"):
        make_loan(number, name="A君")
    assert [hit.number for hit in ledger.search("A", scope=EVERYTHING)] == [
        "A1",
        "A2",
        "B1",
    ]
    assert len(ledger.search("A", scope=EVERYTHING, limit=2)) == 2
    assert ledger.search("  ", scope=EVERYTHING) == ()
    assert ledger.search("A%", scope=EVERYTHING) == ()


def test_a_number_used_by_two_senders_needs_its_source() -> None:
    first = make_loan("A1")
    second = make_loan("A2")
    Loan.objects.filter(pk=second.pk).update(external_id="A1", source="other")
    with pytest.raises(Refused) as refused:
        ledger.loan_id_of("A1", scope=EVERYTHING)
    assert refused.value.code == "loan_number_shared"
    assert "core, other" in str(refused.value)
    north = branches("north")
    Loan.objects.filter(pk=second.pk).update(branch="south")
    assert ledger.loan_id_of("A1", scope=north) == first.pk
    assert ledger.loan_id_of("A1", source="core", scope=EVERYTHING) == first.pk


def test_an_empty_ledger_is_known() -> None:
    assert ledger.is_empty()
    make_loan("L1")
    assert not ledger.is_empty()
