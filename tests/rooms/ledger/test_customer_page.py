"""The page of a customer: who they are, all they owe, what money would do, on paper."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.actions.customer_notes import add_note
from daihou.rooms.ledger.models import (
    ContactPoint,
    Customer,
    CustomerNote,
    Loan,
    Party,
    SideFact,
)
from daihou.rooms.ledger.sealing import address_columns, contact_columns, id_columns
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, TODAY, Cast, deed, make_customer, make_loan, pay


@pytest.fixture
def customer(cast: Cast) -> Customer:
    """Two loans of the north, one of the south, a guarantor, contacts and flags."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    one, two = make_loan("N1", name="王小明"), make_loan("N2")
    south = make_loan("S1", branch="south")
    owner = one.customer
    Loan.objects.filter(pk__in=[two.pk, south.pk]).update(customer=owner)
    Customer.objects.filter(pk=owner.pk).update(
        gender="female",
        birth_on=date(1988, 4, 1),
        employer="清江机械厂",
        annual_income=12_000_000,
        attributes={"vip_level": 5},
        **id_columns("990000198804010023"),
        **address_columns("清江市城东区河滨路 8 号"),
    )
    for number, value, checked in (
        ("1", "13800000007", date(2026, 3, 1)),
        ("2", "13900000008", date(2024, 3, 1)),
        ("3", "13700000009", None),
    ):
        ContactPoint.objects.create(
            source="core",
            external_id=number,
            digest=b"",
            customer=owner,
            kind="mobile",
            verified_on=checked,
            **contact_columns(value),
        )
    Party.objects.create(
        source="core",
        external_id="1",
        digest=b"",
        loan=one,
        customer=make_customer("G1", name="保某"),
        role="guarantor",
    )
    for loan in (one, two, south):
        pay(loan, f"P{loan.pk}", amount=2_000, payer="王大明")
    owner.refresh_from_db()
    return owner


def fact(customer: Customer, table: str, on: date, **content: object) -> None:
    SideFact.objects.create(
        source="core",
        external_id=f"{table} {on}",
        digest=b"",
        table=table,
        customer=customer,
        on_date=on,
        content=content,
    )


def page_of(
    customer: Customer, who: str = "mei", *, query: str = "", language: str = "en"
) -> str:
    answer = signed_in(who, language=language).get(f"/customers/{customer.pk}/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def signed_in(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


def test_everything_about_a_customer_is_on_one_page(customer: Customer) -> None:
    fact(customer, "person_flags", date(2026, 3, 1), flag="hospital")
    over = {"flag": "flood", "until_on": "2026-03-19"}
    fact(customer, "person_flags", date(2026, 2, 1), **over)
    fact(customer, "contact_history", date(2026, 3, 2), connected=True)
    fact(customer, "contact_history", date(2026, 3, 9), connected=False)
    page = page_of(customer)
    for word in (
        "王小明",
        "47 days past due",
        "37 years old",
        "清江机械厂",
        "¥120,000.00 a year",
        "hospital",
        "2 attempts, 1 answered, last 9 Mar 2026",
        "保某",
        "guarantor",
        "vip_level",
        "王大明",
        "N1",
        "N2",
        "Payment posted",
        "Checked long ago",
        "Not checked",
    ):
        assert word in page, word
    assert "flood" not in page and ">S1<" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["mei", "arun", "sam"])
def test_it_opens_for_who_may_in_both_languages(
    customer: Customer, who: str, language: str
) -> None:
    page = page_of(customer, who, language=language)
    assert f'<html lang="{language}"' in page
    assert (">S1<" in page) == (who != "mei")  # arun and sam see the south too


def test_what_is_personal_is_masked(customer: Customer) -> None:
    page = page_of(customer)
    for whole in ("990000198804010023", "13800000007", "河滨路"):
        assert whole not in page
    assert "990000********0023" in page and "138****0007" in page
    assert f"/customers/{customer.pk}/personal/id_no/" in page
    auditor = page_of(customer, "sam")
    assert "990000********0023" in auditor and "Show whole" not in auditor


def test_sums_are_by_currency(customer: Customer) -> None:
    Loan.objects.filter(external_id="N2").update(currency="USD")
    page = page_of(customer)
    assert "Overdue CNY" in page and "Overdue USD" in page


def test_a_guarantor_has_a_page_without_loans(customer: Customer) -> None:
    guarantor = Customer.objects.get(external_id="G1")
    page = page_of(guarantor)
    assert "No live loan" in page and "N1" in page and "王小明" in page
    assert "If this arrives today" not in page
    assert signed_in("bola").get(f"/customers/{guarantor.pk}/").status_code == 404


def test_a_customer_out_of_scope_does_not_exist(cast: Cast) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    other = make_loan("S9", branch="south", name="南某").customer
    for address in ("", "statement/"):
        answer = signed_in("mei").get(f"/customers/{other.pk}/{address}")
        assert answer.status_code == 404 and "南某" not in answer.content.decode()
    answer = signed_in("mei").post(f"/customers/{other.pk}/notes/", {"text": "x"})
    assert answer.status_code == 404 and not CustomerNote.objects.exists()


def test_a_thousand_that_arrives_goes_where_the_law_says(customer: Customer) -> None:
    page = page_of(customer)
    assert 'name="arrives" inputmode="decimal" size="10" value="1000.00"' in page
    assert "Civil Code 560" in page and "in proportion" in page
    named = page_of(customer, query="arrives=500&first=N2")
    assert "the debtor named it on paying" in named
    assert '<td class="num strong">500' in named
    much = page_of(customer, query="arrives=1000000")
    assert "finds nothing due and would be held as credit" in much
    for wrong in ("0", "-5", "abc", "1.234", "1e30"):
        assert "dh-note k-warn" in page_of(customer, query=f"arrives={wrong}")
    assert CustomerNote.objects.count() == 0


def test_a_note_is_sealed_kept_and_told(customer: Customer, cast: Cast) -> None:
    address = f"/customers/{customer.pk}/notes/"
    signed_in("mei").post(address, {"text": "她母亲住院，<b>周五</b>回电"})
    (note,) = CustomerNote.objects.all()
    assert "住院" not in note.text and note.written_by == "mei"
    page = page_of(customer)
    assert "她母亲住院，&lt;b&gt;周五" in page
    told = audit.timeline(subject_type="customer", subject_id=customer.pk)[0]
    assert told.type == "customer.noted" and "住院" not in str(told.payload)
    for text in ("", "  ", "x" * 2_001):
        with pytest.raises(Refused):
            add_note(customer.pk, text=text, deed=deed(by=cast.mei))
    assert signed_in("sam").post(address, {"text": "x"}).status_code == 403
    assert "Keep the note" not in page_of(customer, "sam")
    with pytest.raises(NotFound):
        add_note(10**9, text="x", deed=deed(by=cast.mei))


@pytest.mark.parametrize(
    "statement",
    [
        "delete from ledger_customer_note",
        "update ledger_customer_note set written_by = 'bola'",
        "update ledger_customer_note set written_at = now()",
    ],
)
def test_a_note_stays_with_who_wrote_it(
    customer: Customer, cast: Cast, statement: str
) -> None:
    add_note(customer.pk, text="x", deed=deed(by=cast.mei))
    with pytest.raises(DatabaseError), transaction.atomic():
        with_cursor(statement)


def with_cursor(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_statement_adds_up_and_leaves_an_event(customer: Customer) -> None:
    address = f"/customers/{customer.pk}/statement/"
    page = signed_in("mei").get(address).content.decode()
    assert "Statement of account" in page and "990000********0023" in page
    assert "N1" in page and "N2" in page and ">S1<" not in page
    assert '40<span class="c">.00</span></td></tr></tfoot>' in page  # two of 20.00
    none = signed_in("mei").get(f"{address}?since=2026-01-01&until=2026-02-01")
    assert "Nothing was paid in this time" in none.content.decode()
    odd = signed_in("mei").get(f"{address}?since=2026-13-45&until=rubbish")
    assert odd.status_code == 200
    told = audit.timeline(subject_type="customer", subject_id=customer.pk)
    assert [each.type for each in told] == ["customer.statement"] * 3
