"""Two people at one receipt in the same moment: one wins, the other is told."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from daihou.kit.refusal import Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan, Payment, Receipt, ReceiptClaim
from daihou.rooms.people import door as people
from tests.rooms.cast import deed, make_cast, make_loan
from tests.rooms.receipts import arrive, claim, login, make_finance

pytestmark = pytest.mark.django_db(transaction=True)
Pair = tuple[people.Person, people.Person]


@pytest.fixture
def desk(transactional_db: None) -> tuple[Pair, Loan]:
    """Fang and Gao, and a loan."""
    make_cast()
    return make_finance(), make_loan("N1")


def together(*deeds: Callable[[], object]) -> list[str]:
    """What each came to, begun at the same time: done, or the code of the refusal."""
    ready = threading.Barrier(len(deeds))
    told = ["" for _deed in deeds]

    def run(place: int) -> None:
        try:
            ready.wait()
            deeds[place]()
            told[place] = "done"
        except Refused as refused:
            told[place] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_a_claim_confirmed_twice_at_once_is_posted_once(
    desk: tuple[Pair, Loan],
) -> None:
    (fang, gao), loan = desk
    risk = login("hong", "risk")
    claimed = claim(arrive("B1", fang), fang, (loan.pk, 101_000))
    told = together(
        lambda: ledger.receipts.confirm(claimed, deed=deed(by=gao)),
        lambda: ledger.receipts.confirm(claimed, deed=deed(by=risk)),
    )
    assert told == ["claim_decided", "done"]
    assert Payment.objects.count() == 1
    assert Receipt.objects.get().posted == 101_000


def test_confirmed_and_withdrawn_at_once_is_one_of_them(
    desk: tuple[Pair, Loan],
) -> None:
    (fang, gao), loan = desk
    claimed = claim(arrive("B1", fang), fang, (loan.pk, 101_000))
    told = together(
        lambda: ledger.receipts.confirm(claimed, deed=deed(by=gao)),
        lambda: ledger.receipts.withdraw(claimed, deed=deed(by=fang)),
    )
    assert told == ["claim_decided", "done"]
    posted = Payment.objects.count()
    state = ReceiptClaim.objects.get().state
    assert (state, posted) in {("confirmed", 1), ("withdrawn", 0)}


def test_two_claims_at_once_are_one(desk: tuple[Pair, Loan]) -> None:
    (fang, gao), loan = desk
    number = arrive("B1", fang)
    told = together(
        lambda: claim(number, fang, (loan.pk, 101_000)),
        lambda: claim(number, gao, (loan.pk, 101_000)),
    )
    assert told == ["done", "receipt_claimed"]
    assert ReceiptClaim.objects.count() == 1


def test_the_same_receipt_typed_in_twice_at_once_is_one(
    desk: tuple[Pair, Loan],
) -> None:
    (fang, gao), _loan = desk
    told = together(lambda: arrive("B1", fang), lambda: arrive("B1", gao))
    assert told == ["done", "done"] and Receipt.objects.count() == 1
