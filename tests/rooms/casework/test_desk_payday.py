"""The next case after a payday: who paid is passed over at once, and not for good."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daihou.rooms.casework import door
from daihou.rooms.casework.actions.promises import PromiseGiven, make_promise
from daihou.rooms.casework.codes import Action
from daihou.rooms.casework.models import Case, Promise
from daihou.rooms.casework.queries import floor
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from tests.rooms.caseworking import queue
from tests.rooms.cast import AT, HAND, TODAY, Cast, pay
from tests.rooms.desking import clock_at_noon
from tests.rooms.promising import NOON, Worked, deed, late_case, on, supervisor

ALL = 400_000  # more than is owed on a loan


@pytest.fixture
def boss(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> people.Person:
    """Who opens cases; the clock stands at noon of the open day."""
    clock_at_noon(monkeypatch)
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return supervisor()


@pytest.fixture
def cases(boss: people.Person) -> list[Worked]:
    """Cases of the pool of one queue, the one worked first in front."""
    made = [late_case(f"L{place}", boss=boss) for place in range(5)]
    for place, each in enumerate(made):
        Case.objects.filter(pk=each.case.pk).update(
            expected_value=90_000 - place, queue="early"
        )
    queue("early")
    return made


def paid(worked: Worked, number: str) -> int:
    """All that is owed comes in today."""
    posted = pay(
        worked.loan,
        number,
        amount=ALL,
        paid_on=TODAY,
        business_date=TODAY,
        at=NOON,
    )
    assert not posted.after.overdue_total
    return int(posted.payment_id)


def statements(by: people.Person, expected: Worked) -> list[str]:
    """What the database is asked while somebody takes a case."""
    with CaptureQueriesContext(connection) as asked:
        found = door.take_next(deed=deed(by))
    assert found is not None and found.why == "pool"
    assert found.case.number == expected.case.number
    return [each["sql"] for each in asked.captured_queries]


def test_a_payday_costs_the_next_case_nothing(
    cast: Cast, boss: people.Person, cases: list[Worked]
) -> None:
    for place, each in enumerate(cases[:-1]):
        paid(each, f"P{place}")
    asked = statements(cast.mei, cases[-1])
    assert sum("for update of c skip locked" in each for each in asked) == 2
    assert sum("for update" in each.lower() for each in asked) <= 4
    paid_up = [each.case for each in cases[:-1]]
    assert not any(each.lawful_from or each.taken_by for each in paid_up)


def test_no_more_is_asked_than_on_any_day(
    cast: Cast, boss: people.Person, cases: list[Worked]
) -> None:
    usual = statements(cast.mei, cases[0])
    door.let_go(cases[0].case.pk, skip="later", deed=deed(cast.mei))
    for place, each in enumerate(cases[1:-1]):
        paid(each, f"P{place}")
    assert len(statements(cast.mei, cases[-1])) == len(usual)


def test_money_that_goes_back_the_same_day_brings_the_case_back(
    cast: Cast, boss: people.Person, cases: list[Worked]
) -> None:
    first, *others = cases
    for place, each in enumerate(others):
        paid(each, f"P{place}")
    number = paid(first, "P-first")
    assert door.take_next(deed=deed(cast.mei)) is None
    ledger.posting.reverse_payment(
        payment_id=number,
        reversed_on=TODAY,
        reason="bounced",
        by=HAND,
        at=NOON,
        business_date=TODAY,
    )
    found = door.take_next(deed=deed(cast.mei))
    assert found is not None and found.case.number == first.case.number


def test_what_reaches_nobody_is_done_though_it_was_paid(
    cast: Cast, boss: people.Person, cases: list[Worked]
) -> None:
    for place, each in enumerate(cases):
        paid(each, f"P{place}")
    Case.objects.filter(pk=cases[1].case.pk).update(action="assign")
    found = door.take_next(deed=deed(cast.mei))
    assert found is not None and found.case.number == cases[1].case.number


@pytest.mark.parametrize("amount", [1, 300_000])
def test_a_small_promise_leaves_a_case_in_the_pool(
    cast: Cast, boss: people.Person, cases: list[Worked], amount: int
) -> None:
    case = cases[0].case
    number = make_promise(
        case.pk,
        given=PromiseGiven(parts=[(on(3), amount)]),
        channel=Action.PORTAL,
        deed=deed(boss),
        self_service=True,
    )
    waits = amount > 1
    assert Promise.objects.get(pk=number).pauses is waits
    movable = floor.movable(scope=boss.scope, queue="early", source="", most=9, at=NOON)
    assert (case.pk in movable) is not waits
    found = door.take_next(deed=deed(cast.mei))
    assert found is not None
    assert (found.case.number == case.number) is not waits
