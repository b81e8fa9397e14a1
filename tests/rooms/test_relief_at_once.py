"""Two act on one request at the same moment: one wins, the other is told."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from daihou.kit.refusal import Refused
from daihou.rooms.ledger.models import Waiver
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import PlanWish, WaiverWish
from daihou.rooms.relief.models import PoolUse, Relief
from tests.rooms.cast import HAND, TODAY, make_cast
from tests.rooms.relieving import decide, deed, judge, late_loan, make_deciders

pytestmark = pytest.mark.django_db(transaction=True)


def both(*todo: Callable[[], object]) -> list[object]:
    """What each came to when all began at the same moment."""
    start = threading.Barrier(len(todo))
    found: list[object] = [None] * len(todo)

    def run(place: int, do: Callable[[], object]) -> None:
        start.wait()
        try:
            found[place] = do()
        except Refused as refused:
            found[place] = refused
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=each, daemon=True) for each in enumerate(todo)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def told(found: list[object]) -> int:
    return sum(isinstance(each, Refused) for each in found)


def test_two_decide_at_once_and_it_is_posted_once() -> None:
    cast, deciders = make_cast(), make_deciders()
    other = people.create_user(
        username="lead2",
        password="correct-horse-9",
        role="supervisor",
        branch="north",
        by="test",
        at=deed(HAND).at,
    )
    loan = late_loan()
    part = actions.standing(loan.pk, on=TODAY, scope=HAND.scope).owed["penalty"]
    wish = WaiverWish(parts={"penalty": part}, difficulty="none")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert line.levels == ("supervisor",)
    found = both(lambda: decide(line, deciders.lead), lambda: decide(line, other))
    assert told(found) == 1
    assert Relief.objects.get().state == "applied"
    assert sum(row.amount for row in Waiver.objects.all()) == part


def test_two_accept_at_once() -> None:
    cast, deciders = make_cast(), make_deciders()
    loan = late_loan()
    wish = PlanWish(
        count=3, first_due_on=TODAY + timedelta(days=7), difficulty="overdue"
    )
    line = actions.ask_plan(loan.pk, wish, deed=deed(cast.mei))
    offered = decide(line, deciders.lead)

    def accept() -> object:
        return actions.accept(
            offered.id,
            evidence="paper",
            deed=deed(cast.mei),
            version=offered.version,
        )

    found = both(accept, accept)
    assert told(found) == 1
    assert queries.find(line.id, scope=HAND.scope).state == "active"


def test_two_judge_at_once_and_it_is_posted_once() -> None:
    from tests.rooms.cast import pay

    cast, deciders = make_cast(), make_deciders()
    loan = late_loan()
    wish = WaiverWish(
        parts={"interest": 1_000}, difficulty="overdue", receive=100, until=TODAY
    )
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    decide(line, deciders.lead, deciders.head)
    pay(loan, "P1", amount=100)
    both(lambda: judge(TODAY), lambda: judge(TODAY))
    assert Relief.objects.get().state == "applied"
    assert Waiver.objects.count() == 1


def test_a_pool_is_never_overdrawn() -> None:
    cast = make_cast()
    loans = [late_loan(f"L{number}") for number in range(2)]
    PoolUse.objects.create(
        day=TODAY, username="mei", currency="CNY", used=299_850, most=300_000
    )
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")

    def ask(number: int) -> Callable[[], object]:
        return lambda: actions.ask_waiver(loans[number].pk, wish, deed=deed(cast.mei))

    both(ask(0), ask(1))
    assert PoolUse.objects.get().used == 299_950
    assert Relief.objects.filter(state="applied").count() == 1
