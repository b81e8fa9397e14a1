"""The town leaves receipts for the desk: the same ones, once, each with a reason."""

from collections.abc import Iterator
from datetime import date

import pytest

from daihou.kit import ports
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Receipt, ReceiptClaim
from daihou.rooms.people import door as people
from daihou.town import unowned
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY, Cast, make_loan

LAST = date(2026, 3, 19)


@pytest.fixture
def book(cast: Cast) -> Iterator[Book]:
    """Ten late loans on the last closed day."""
    loans = [make_loan(f"JD26010000{n}", name=f"甲{n}") for n in range(10)]
    rows = [
        position(loan.pk, dpd=46, overdue_total=1_000 + n)
        for n, loan in enumerate(loans)
    ]
    made = Book({LAST: positions(*rows)})
    ports.bind_book(made)
    yield made
    ports.unbind_book()


def rows() -> list[tuple[object, ...]]:
    names = ("external_id", "received_on", "amount", "payer", "remark", "state")
    return list(Receipt.objects.order_by("pk").values_list(*names))


def test_the_same_seed_leaves_the_same_receipts_once(book: Book) -> None:
    assert unowned.leave_receipts(on=TODAY, at=AT, seed=1) == 12
    first = rows()
    assert unowned.leave_receipts(on=TODAY, at=AT, seed=1) == 12
    assert rows() == first
    assert [row[-1] for row in first].count("claimed") == 1
    claim = ReceiptClaim.objects.get()
    assert claim.state == "waiting" and claim.relation == "spouse"


def test_most_of_them_point_to_a_loan_and_some_to_none(book: Book) -> None:
    unowned.leave_receipts(on=TODAY, at=AT, seed=1)
    scope = people.process("test").scope
    found = [
        ledger.receipts.matches(receipt.pk, scope=scope)
        for receipt in Receipt.objects.order_by("pk")
    ]
    assert sum(1 for matches in found if matches) >= 6
    assert sum(1 for matches in found if not matches) >= 3


def test_an_empty_book_leaves_only_strangers(cast: Cast) -> None:
    ports.bind_book(Book({}))
    try:
        assert unowned.leave_receipts(on=TODAY, at=AT, seed=1) == 3
    finally:
        ports.unbind_book()
    assert not ReceiptClaim.objects.exists()
