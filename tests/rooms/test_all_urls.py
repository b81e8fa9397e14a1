"""Every address of the site, called by every kind of person: who is let in, who not.

The table is in `all_urls.py`; an address without a line there fails here.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from daihou.kit import ports
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from tests.rooms import all_urls_world as worlds
from tests.rooms.all_urls import SEEN, TABLE, Call
from tests.rooms.all_urls_world import PEOPLE, SECRETS, SHOWN, STRANGERS, World
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY
from tests.rooms.dayend.test_dayend import make_run

LAST = date(2026, 3, 19)
CALLS = [
    pytest.param(name, call, id=f"{name}-{number}" if number else name)
    for name, calls in TABLE.items()
    for number, call in enumerate(calls if isinstance(calls, list) else [calls])
]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Five people, a loan of the north and one of the south, a closed day.

    Made once, in a transaction that is taken back at the end; each test runs inside of
    it and is taken back by itself.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        clients = worlds.make_people()
        loan, southern = worlds.make_loans()
        dayend.set_business_date(on=TODAY, by="test", at=AT)
        run = make_run(LAST)
        made_of = World(loan=loan, southern=southern, clients=clients, run_id=run.pk)
        made_of.open_proposal()
        yield made_of
        transaction.set_rollback(True)


@pytest.fixture
def world(made: World, db: None) -> Iterator[World]:
    """The world as it was made, with fresh devices and the closed day bound."""
    north = position(made.loan.pk, dpd=46, overdue_total=777_140_100)
    south = position(made.southern.pk, dpd=18)
    ports.bind_book(Book({LAST: positions(north, south)}))
    yield worlds.fresh(made)
    ports.unbind_book()


def test_every_address_of_the_site_has_a_line() -> None:
    missing = worlds.every_name() - TABLE.keys()
    assert not missing, f"Say in tests/rooms/all_urls.py who gets what: {missing}"


def test_every_line_is_of_an_address() -> None:
    gone = TABLE.keys() - worlds.every_name()
    assert not gone, f"No such address any more: {gone}"


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_everybody_gets_what_the_table_says(
    world: World, name: str, call: Call
) -> None:
    story = audit.timeline(subject_type="loan", subject_id=world.loan.pk)
    for who in PEOPLE:
        answer = worlds.ask(world, name, call, who)
        told = f"{who} got {answer.status_code} from {name}"
        assert worlds.matches(answer, call.expected(who)), told
        text = worlds.text_in(answer)
        # A page may repeat what somebody typed into it; it adds nothing.
        typed = " ".join(str(value) for value in call.data(world).values())
        found = [each for each in SECRETS if each in text and each not in typed]
        assert who not in STRANGERS or not found, f"{told}, with {found}"
        if call.names_the_loan and who in ("north", "sam"):
            assert any(each in text for each in SHOWN), f"{told}, without the loan"
        if who in STRANGERS and call.method != "get":
            now = audit.timeline(subject_type="loan", subject_id=world.loan.pk)
            assert now == story, f"{told}, and the loan was changed"


def test_the_walk_sees_a_leak_and_a_wrong_answer(world: World) -> None:
    """The net itself: what the north may see would be found in a stranger's answer."""
    call = TABLE["ledger:loan"]
    call = call[0] if isinstance(call, list) else call
    answer = worlds.ask(world, "ledger:loan", call, "north")
    assert any(secret in worlds.text_in(answer) for secret in SECRETS)
    assert worlds.word_for(answer) == SEEN
    assert not worlds.matches(answer, call.expected("chief"))
    book = worlds.ask(world, "ledger:export", Call(), "north")
    assert "NORTH-7714" in worlds.text_in(book)
