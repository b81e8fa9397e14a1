"""The register in memory: never older than the database, never wider than a scope."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from daihou.kit.kept import Kept
from daihou.kit.scope import EVERYTHING, NOTHING, branches
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Customer, Demand, Loan
from tests.rooms.cast import Cast, make_loan

pytestmark = pytest.mark.django_db


def rows() -> dict[str, tuple[str, str]]:
    held = ledger.book.register().loans.to_pylist()
    return {row["number"]: (row["name"], row["branch"]) for row in held}


def test_an_empty_book_has_an_empty_register() -> None:
    book = ledger.book.register()
    assert book.loans.num_rows == 0
    assert book.currencies(EVERYTHING) == {} and book.seen(EVERYTHING) is None
    assert book.seen(branches("north")).to_pylist() == []


def test_it_is_the_same_until_a_loan_or_its_customer_changes(cast: Cast) -> None:
    make_loan("N1")
    before = ledger.book.register()
    assert ledger.book.register() is before
    Customer.objects.update(name='江 "东", 甲\n乙')
    assert rows()["N1"][0] == '江 "东", 甲\n乙'
    Loan.objects.update(branch="south")
    assert rows()["N1"][1] == "south"
    make_loan("N2")
    assert set(rows()) == {"N1", "N2"}
    Demand.objects.filter(loan__external_id="N2").delete()
    Loan.objects.filter(external_id="N2").delete()
    assert set(rows()) == {"N1"}


def test_what_is_rolled_back_was_never_in_it(cast: Cast) -> None:
    make_loan("N1")
    with transaction.atomic():
        make_loan("N2")
        assert set(rows()) == {"N1", "N2"}
        transaction.set_rollback(True)
    assert set(rows()) == {"N1"}


def test_a_statement_of_any_size_leaves_one_note(cast: Cast) -> None:
    for number in range(5):
        make_loan(f"N{number}")

    def notes() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from ledger_register_change")
            return int(cursor.fetchone()[0])

    before = notes()
    Loan.objects.update(officer="another")
    assert notes() == before + 1


def test_nobody_sees_past_a_scope(cast: Cast) -> None:
    north, south = make_loan("N1"), make_loan("S1", branch="south")
    book = ledger.book.register()
    assert book.seen(branches("north")).to_pylist() == [north.pk]
    assert book.seen(branches("north", "south")).to_pylist() == [north.pk, south.pk]
    assert book.seen(NOTHING).to_pylist() == []
    assert book.seen(EVERYTHING, currency="CNY") is None
    Loan.objects.filter(pk=south.pk).update(currency="JPY")
    book = ledger.book.register()
    assert book.seen(EVERYTHING, currency="JPY").to_pylist() == [south.pk]
    assert book.currencies(branches("north")) == {"CNY": 1}


def test_of_what_is_kept_the_longest_unasked_goes_first() -> None:
    kept: Kept[int] = Kept(2)
    made: list[str] = []

    def ask(key: str) -> int:
        return kept.get(key, lambda: made.append(key) or len(made))

    assert [ask(key) for key in ("a", "b", "a", "c", "a", "b")] == [1, 2, 1, 3, 1, 4]
    assert made == ["a", "b", "c", "b"]


def test_of_many_who_ask_at_once_one_makes_it_and_the_others_wait() -> None:
    kept: Kept[int] = Kept(2)
    made: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def make() -> int:
        begun.set()
        assert go_on.wait(30)
        made.append("made")
        return len(made)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(kept.get, "a", make)
        assert begun.wait(30)
        others = [pool.submit(kept.get, "a", make) for _ in range(2)]
        go_on.set()
        assert [each.result(30) for each in (first, *others)] == [1, 1, 1]
    assert made == ["made"]


def test_what_could_not_be_made_is_tried_again() -> None:
    kept: Kept[int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7
