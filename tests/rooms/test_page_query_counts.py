"""How many statements each page sends, kept in a file: more is a decision.

A page sends as many for many loans as for one. `WRITE_QUERY_COUNTS=1 pytest
tests/rooms/test_page_query_counts.py` writes the file anew.
"""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daihou.kit import ports
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan, pay
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import signed_in
from tests.security.walk import PAGES

FILE = Path(__file__).with_name("page_query_counts.json")
LAST = date(2026, 3, 19)
ROLES = ("risk", "admin")
SKIPPED = {"/sign-out/", "/audit/export/", "/ledger/export/"}  # no page, or a file


def book(size: int, name: str) -> list[Loan]:
    """Late loans of this number, each with a payment, and the day that closed them."""
    loans = [make_loan(f"{name}{number}", name=f"甲{number}") for number in range(size)]
    for loan in loans:
        pay(loan, f"P-{loan.external_id}")
    rows = [position(loan.pk, dpd=40) for loan in loans]
    ports.bind_book(Book({LAST: positions(*rows)}))
    return loans


@pytest.fixture
def clients(cast: Cast) -> Iterator[dict[str, Client]]:
    """Somebody of each role on an open business day with one run of the night."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    make_run(LAST)
    for role in ROLES:
        people.create_user(
            username=role, password=PASSWORD, role=role, by="test", at=AT
        )
    yield {role: signed_in(role) for role in ROLES}
    ports.unbind_book()


def counts(clients: dict[str, Client], loans: list[Loan]) -> dict[str, int]:
    """Statements by role and page, each page opened once before it is counted."""
    pages = {page: page for page in PAGES if page not in SKIPPED}
    pages |= {
        "/ledger/ with labels": "/ledger/?cols=labels&sort=dpd",
        "/search/ for loans": f"/search/?q={loans[0].external_id[:1]}",
        "/search/suggest/ for loans": f"/search/suggest/?q={loans[0].external_id[:1]}",
        "/search/suggest/ for four digits": "/search/suggest/?q=0007",
        "/loans/": f"/loans/{loans[0].pk}/",
        "/customers/": f"/customers/{loans[0].customer_id}/",
    }
    found = {}
    for role, client in clients.items():
        for name, address in pages.items():
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(address)
            if answer.status_code == 200:
                found[f"{role} {name}"] = len(captured)
    return found


@pytest.mark.parametrize("size", [2, 12])
def test_each_page_sends_as_many_statements_as_it_did(
    clients: dict[str, Client], size: int
) -> None:
    found = counts(clients, book(size, "L"))
    if os.environ.get("WRITE_QUERY_COUNTS"):
        FILE.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    assert len(found) > 20
    assert found == json.loads(FILE.read_text())
