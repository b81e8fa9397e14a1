"""The page of one loan: everything on it comes from one set of facts."""

import re
from datetime import date

import pytest
from django.test import Client

from daihou.engine.ledger.errors import LoanError
from daihou.kit.refusal import Refused
from daihou.kit.scope import EVERYTHING, branches
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, HAND, TODAY, Cast, deed, make_loan, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan() -> Loan:
    return make_loan("L1")


def page_of(loan: Loan, *, as_of: date = TODAY) -> ledger.reading.LoanPage:
    return ledger.reading.loan_page(loan.pk, as_of=as_of, scope=EVERYTHING)


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
    ledger.posting.reverse_payment(
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
    ledger.posting.record_charge(
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
    page = ledger.reading.customer_page(loan.customer_id, scope=EVERYTHING)
    assert [each.dpd for each in page.loans] == [47, 5]
    assert page.worst_dpd == 47


def test_search_puts_numbers_before_names_and_keeps_the_limit() -> None:
    for number in ("A1", "A2", "B1"):
        make_loan(number, name="A君")
    assert [hit.number for hit in ledger.reading.search("A", scope=EVERYTHING)] == [
        "A1",
        "A2",
        "B1",
    ]
    assert len(ledger.reading.search("A", scope=EVERYTHING, limit=2)) == 2
    assert ledger.reading.search("  ", scope=EVERYTHING) == ()
    assert ledger.reading.search("A%", scope=EVERYTHING) == ()


def test_a_number_used_by_two_senders_needs_its_source() -> None:
    first = make_loan("A1")
    second = make_loan("A2")
    Loan.objects.filter(pk=second.pk).update(external_id="A1", source="other")
    with pytest.raises(Refused) as refused:
        ledger.reading.loan_id_of("A1", scope=EVERYTHING)
    assert refused.value.code == "loan_number_shared"
    assert "core, other" in str(refused.value)
    north = branches("north")
    Loan.objects.filter(pk=second.pk).update(branch="south")
    assert ledger.reading.loan_id_of("A1", scope=north) == first.pk
    assert ledger.reading.loan_id_of("A1", source="core", scope=EVERYTHING) == first.pk


def test_an_empty_ledger_is_known() -> None:
    assert ledger.book.is_empty()
    make_loan("L1")
    assert not ledger.book.is_empty()


def look(address: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username="sam"))
    client.cookies["django_language"] = "en"
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_payment_of_the_open_day_shows_at_once(cast: Cast) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loan = make_loan("L1")
    other = make_loan("L2")
    assert "as of 19 Mar 2026" in look(f"/loans/{loan.pk}/")
    pay(loan, "P1", amount=101_300)
    page = look(f"/loans/{loan.pk}/")
    assert "as of 20 Mar 2026" in page and "1 payment" in page
    position = loan.position
    assert f"{position.dpd} days" in page
    owed = f"{position.overdue_total / 100:,.2f}"
    shown = re.sub(r"<[^>]+>", "", page)
    assert owed in shown and owed in re.sub(r"<[^>]+>", "", look("/search/?q=甲"))
    assert "as of 19 Mar 2026" in look(f"/loans/{other.pk}/")
    assert "as of 19 Mar 2026" in look(f"/loans/{loan.pk}/?as_of=2026-03-19")
    assert "is no date; the latest, 20 Mar 2026" in look(f"/loans/{loan.pk}/?as_of=abc")


def test_a_loan_not_yet_paid_out_shows_its_terms(cast: Cast) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loan = make_loan("L1", dues=(date(2026, 5, 1),))
    Loan.objects.filter(pk=loan.pk).update(disbursed_on=date(2026, 3, 27))
    page = look(f"/loans/{loan.pk}/")
    assert "Paid out on 27 Mar 2026; nothing is owed yet" in page
    assert "L1" in page and "12% a year" in page
