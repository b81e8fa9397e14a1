"""Two act on one request at the same moment: one wins, the other is told."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction

from daihou.kit.refusal import Refused
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Change, Waiver
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import PlanWish, WaiverWish, following, household
from daihou.rooms.relief.models import HouseholdPlan, PoolUse, Relief
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


def test_what_two_ask_at_once_on_a_loan_is_added_up() -> None:
    cast = make_cast()
    other = people.create_user(
        username="min",
        password="correct-horse-9",
        role="collector",
        branch="north",
        by="test",
        at=deed(HAND).at,
    )
    loan = late_loan()
    owed = actions.standing(loan.pk, on=TODAY, scope=HAND.scope).owed["penalty"]
    wish = WaiverWish(parts={"penalty": owed * 3 // 10}, difficulty="none")
    asked, go = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
            asked.set()
            go.wait()
        connections.close_all()

    def second() -> None:
        actions.ask_waiver(loan.pk, wish, deed=deed(other))
        connections.close_all()

    threads = [threading.Thread(target=do, daemon=True) for do in (first, second)]
    threads[0].start()
    asked.wait()
    threads[1].start()
    threads[1].join(timeout=1)  # without turns it is through before the first ends
    go.set()
    for thread in threads:
        thread.join()
    found = Relief.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(found) == ["auto", "needs_level"]


def test_a_note_that_is_written_late_is_not_passed_by() -> None:
    make_cast()
    loans = [late_loan(f"L{number}") for number in range(2)]
    noted, go = threading.Event(), threading.Event()

    def note(loan_id: int) -> None:
        Change.objects.create(
            happened_on=TODAY, recorded_at=deed(HAND).at, kind="test", loan_id=loan_id
        )

    def late() -> None:
        with transaction.atomic():
            note(loans[0].pk)
            noted.set()
            go.wait()
        connections.close_all()

    start, _loans = ledger.relieving.moved_since(0)
    thread = threading.Thread(target=late, daemon=True)
    thread.start()
    noted.wait()
    note(loans[1].pk)
    mark, seen = ledger.relieving.moved_since(start)
    go.set()
    thread.join()
    assert loans[1].pk in seen and loans[0].pk not in seen
    last, seen = ledger.relieving.moved_since(mark)
    assert loans[0].pk in seen
    while last == mark:  # a transaction of another test's database holds it up, too
        last, _seen = ledger.relieving.moved_since(mark)
    assert last > mark


def test_two_workers_do_not_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=deed(HAND).at)
    inside, go, times = threading.Event(), threading.Event(), list[int]()

    def slow(**_more: object) -> int:
        times.append(1)
        if len(times) == 1:
            inside.set()
            go.wait()
        return 0

    monkeypatch.setattr(following, "judge_all", slow)

    def work() -> None:
        actions.follow(at=deed(HAND).at)
        connections.close_all()

    first = threading.Thread(target=work, daemon=True)
    first.start()
    inside.wait()
    actions.follow(at=deed(HAND).at)
    go.set()
    first.join()
    assert len(times) == 1


def test_two_plans_of_a_loan_are_accepted_at_once() -> None:
    cast, deciders = make_cast(), make_deciders()
    loan = late_loan()
    wish = PlanWish(
        count=3, first_due_on=TODAY + timedelta(days=7), difficulty="overdue"
    )
    asked = [actions.ask_plan(loan.pk, wish, deed=deed(cast.mei)) for _ in range(2)]
    offers = [decide(line, deciders.lead) for line in asked]

    def accept(number: int) -> Callable[[], object]:
        return lambda: actions.accept(
            offers[number].id, evidence="paper", deed=deed(cast.mei)
        )

    found = both(accept(0), accept(1))
    (refused,) = [each for each in found if isinstance(each, Refused)]
    assert refused.code == "agreed_already"
    assert sorted(row.state for row in Relief.objects.all()) == ["active", "approved"]


def test_two_begin_a_plan_for_one_household_at_once() -> None:
    cast = make_cast()
    loan = late_loan()
    standing.settle_at_once(loan, business_date=TODAY)
    wish = household.HouseholdWish(
        goal=200_000,
        goal_on=TODAY + timedelta(days=90),
        next_on=TODAY + timedelta(days=7),
        review_on=TODAY + timedelta(days=30),
        willingness="unable_willing",
        story="shop closed",
        sources=[
            household.SourceWish(
                kind="rent", amount=30_000, every="month", from_on=TODAY
            )
        ],
        means=[("visit", TODAY + timedelta(days=7))],
    )

    def begin() -> object:
        return household.begin(loan.customer_id, wish, deed=deed(cast.mei))

    found = both(begin, begin)
    (refused,) = [each for each in found if isinstance(each, Refused)]
    assert refused.code == "household_runs"
    assert HouseholdPlan.objects.count() == 1
