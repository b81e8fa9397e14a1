"""Roles on a loan: for what each may be contacted; a contact person is never dunned."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.purposes import Access, purposes_of
from daihou.engine.gate.values import Purpose
from daihou.packs import law
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Party
from tests.rooms.cast import AT, PASSWORD, Cast, make_customer, make_loan

TODAY = date(2026, 3, 20)


def access(role: str, *, licence: str = "consumer_finance") -> dict[str, str]:
    found = purposes_of(
        role, book=GateBook(law.known()), jurisdiction="cn", licence=licence, on=TODAY
    )
    return {each.value: found[each].access.value for each in Purpose}


def test_by_the_law_of_china() -> None:
    may = {each.value: Access.MAY.value for each in Purpose}
    assert access("borrower") == may
    assert access("guarantor") == may
    assert set(access("contact_person").values()) == {Access.ONLY_TO_FIND.value}
    small = access("contact_person", licence="microloan")
    assert small["collect"] == small["remind"] == Access.NEVER.value
    assert set(access("spouse").values()) == {Access.NEVER.value}
    assert set(access("unrelated").values()) == {Access.NEVER.value}


@pytest.mark.parametrize("role", ["actual_controller", "", "neighbour"])
def test_a_role_the_gate_has_no_word_for_is_contacted_for_nothing(role: str) -> None:
    assert set(access(role).values()) == {Access.NEVER.value}


def test_where_there_are_no_rules_nobody_is_contacted() -> None:
    book = GateBook(law.known())
    for jurisdiction, licence in (("zz", "bank"), ("cn", "nothing")):
        found = purposes_of(
            "borrower", book=book, jurisdiction=jurisdiction, licence=licence, on=TODAY
        )
        assert {each.access for each in found.values()} == {Access.NEVER}


def test_the_page_of_a_loan_says_it(cast: Cast, client: Client) -> None:
    dayend.set_business_date(on=TODAY, by="t", at=AT)
    loan = make_loan("L1")
    aunt = make_customer("C-9", name="姑")
    Party.objects.create(
        source="core",
        external_id="P1",
        digest=b"",
        loan=loan,
        customer=aunt,
        role="contact_person",
    )
    client.login(username="mei", password=PASSWORD)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("ledger:loan", args=[loan.pk])).content.decode()
    assert "Who may be contacted for what" in page
    row = page[page.index('id="roles"') :]
    row = row[row.index("contact person") : row.index("</tr>", row.index("姑"))]
    assert "姑" in row and "CN-COL-05" in row
    assert row.count("Only to find the debtor") == 3
