"""How many statements each query sends, kept in a file: more is a decision.

The counts must not grow with the book: each is taken on one loan and on many.
`WRITE_QUERY_COUNTS=1 pytest tests/rooms/test_query_counts.py` writes the file anew.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, TODAY, Cast, deed, make_loan, pay

FILE = Path(__file__).with_name("query_counts.json")
MANY = 6

Ask = Callable[[Cast, list[Loan]], object]
QUERIES: dict[str, Ask] = {
    "audit.latest": lambda cast, loans: audit.latest(),
    "audit.timeline": lambda cast, loans: audit.timeline(
        subject_type="loan", subject_id=loans[0].pk
    ),
    "people.people": lambda cast, loans: people.people(),
    "people.branch_names": lambda cast, loans: people.branch_names(language="en"),
    "dayend.business_date": lambda cast, loans: dayend.business_date(),
    "dayend.requests": lambda cast, loans: dayend.requests(),
    "ledger.load_loan": lambda cast, loans: ledger.reading.load_loan(
        loans[0].pk, as_of=TODAY
    ),
    "ledger.loan_page": lambda cast, loans: ledger.reading.loan_page(
        loans[0].pk, as_of=TODAY, scope=cast.mei.scope
    ),
    "ledger.customer_page": lambda cast, loans: ledger.reading.customer_page(
        loans[0].customer_id, scope=cast.mei.scope
    ),
    "ledger.lines_of": lambda cast, loans: ledger.reading.lines_of(
        [loan.pk for loan in loans], scope=cast.mei.scope
    ),
    "ledger.search": lambda cast, loans: ledger.reading.search(
        "L", scope=cast.mei.scope
    ),
    "ledger.choices": lambda cast, loans: ledger.reading.choices(cast.mei.scope),
    "ledger.post_payment": lambda cast, loans: pay(loans[0], "P-new", by=cast.arun),
    "ledger.post_payment again": lambda cast, loans: pay(loans[0], "P0"),
    "ledger.reverse_payment": lambda cast, loans: ledger.posting.reverse_payment(
        payment_id=loans[0].payment_set.order_by("pk")[0].pk,
        reversed_on=TODAY,
        reason="bounced",
        by=cast.arun,
        at=AT,
        business_date=TODAY,
    ),
    "ledger.record_charge": lambda cast, loans: ledger.posting.record_charge(
        source="core",
        external_id="F1",
        loan_id=loans[0].pk,
        kind="late_fee",
        due_on=TODAY,
        amount=100,
        deed=deed(),
    ),
}


def count(ask: Ask, cast: Cast, loans: list[Loan]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(cast, loans)
    return len(captured)


def book(size: int) -> list[Loan]:
    loans = [make_loan(f"L{size}-{number}") for number in range(size)]
    for loan in loans:
        for number in range(size):
            pay(loan, f"P{number}" if loan is loans[0] else f"{loan.pk}-{number}")
    return loans


@pytest.mark.parametrize("size", [1, MANY])
def test_each_query_sends_as_many_statements_as_it_did(cast: Cast, size: int) -> None:
    loans = book(size)
    found = {name: count(ask, cast, loans) for name, ask in QUERIES.items()}
    if os.environ.get("WRITE_QUERY_COUNTS"):
        FILE.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    assert found == json.loads(FILE.read_text())
