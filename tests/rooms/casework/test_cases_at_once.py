"""Two, or fifty, act on cases at the same moment: one wins, the others are told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import distributing
from daihou.rooms.casework.actions.morning import morning
from daihou.rooms.casework.door import CaseLine, CloseCode, Deed, HoldKind, Resolution
from daihou.rooms.casework.models import Assignment, Batch, Case, Hold
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.people import door as people
from tests.rooms.caseworking import (
    CLOSED,
    NOON,
    close_day,
    deed,
    late_loan,
    make_login,
    opened,
    queue,
    stand,
    supervisor,
)
from tests.rooms.cast import make_cast
from tests.rooms.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[CaseLine, Deed], object]
WORKERS = 50


@pytest.fixture(autouse=True)
def house() -> object:
    """The cast, a queue; and at the end nothing that must always hold is broken."""
    make_cast()
    queue()
    yield
    assert broken() == ()


def of_the_north(names: int) -> list[people.Person]:
    return [make_login(f"w{place}", "collector") for place in range(names)]


def test_fifty_take_the_next_case_and_no_case_is_taken_twice() -> None:
    boss = supervisor()
    for place in range(WORKERS + 10):
        opened(late_loan(f"L{place}", overdue_total=100_000 + place), boss)
    workers = of_the_north(WORKERS)

    def take(who: people.Person) -> int:
        try:
            taken = door.take_next(deed=deed(who))
        finally:
            connections.close_all()
        return taken.case.id if taken else 0

    got = at_once(*[lambda who=who: take(who) for who in workers])
    assert len(set(got)) == WORKERS and 0 not in got
    assert Assignment.objects.filter(until_at=None).count() == WORKERS
    rows = Case.objects.exclude(taken_by="")
    assert sorted(rows.values_list("taken_by", flat=True)) == sorted(
        each.username for each in workers
    )
    # The most worth went first: nothing better was left than what was taken.
    left = Case.objects.filter(taken_by="").order_by("-expected_value").first()
    assert left is not None
    assert left.expected_value <= min(row.expected_value for row in rows)


def test_who_takes_a_case_does_not_wait_for_the_one_they_had() -> None:
    boss = supervisor()
    mei = people.person("mei", at=NOON)
    had, wanted = (opened(late_loan(number), boss).id for number in ("L1", "L2"))
    door.take(had, deed=deed(mei))

    def take() -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("set lock_timeout = '3s'")  # else it waits for ever
            return door.take(wanted, deed=deed(mei)).case.id
        finally:
            connections.close_all()

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=had)
        assert at_once(take) == [wanted]
    assert Case.objects.get(pk=wanted).taken_by == "mei"


def test_more_hands_than_cases() -> None:
    boss = supervisor()
    for place in range(3):
        opened(late_loan(f"L{place}"), boss)
    workers = of_the_north(12)
    got = at_once(
        *[
            lambda who=who: getattr(
                getattr(door.take_next(deed=deed(who)), "case", None), "id", 0
            )
            for who in workers
        ]
    )
    assert len([each for each in got if each]) == 3
    assert len({each for each in got if each}) == 3


def _close(case: CaseLine, by: Deed) -> object:
    return door.close_case(
        case.id, code=CloseCode.WITHDRAWN, reason="x", deed=by, version=case.version
    )


def _hold(case: CaseLine, by: Deed) -> object:
    return door.place_hold(
        case.id, kind=HoldKind.LEGAL, reason="x", deed=by, version=case.version
    )


def _assign(case: CaseLine, by: Deed) -> object:
    return door.assign([case.id], collector="mei", deed=by, version=case.version)


def _agree(case: CaseLine, by: Deed) -> object:
    return door.set_resolution(
        case.id,
        resolution=Resolution.SETTLEMENT,
        reference=f"settlement:{by.by.username}",
        deed=by,
        version=case.version,
    )


@pytest.mark.parametrize("first", [_close, _hold, _assign, _agree])
@pytest.mark.parametrize("second", [_close, _hold, _assign, _agree])
def test_two_who_saw_the_same_and_act_at_once(first: Act, second: Act) -> None:
    boss, other = supervisor(), supervisor("so")
    case = opened(late_loan("L1"), boss)
    later = NOON + timedelta(seconds=1)
    got = at_once(
        lambda: first(case, deed(boss)), lambda: second(case, deed(other, later))
    )
    told = [each for each in got if isinstance(each, Refused)]
    assert len(told) == 1, got
    assert isinstance(told[0], door.CaseHasMoved), told
    assert Case.objects.get(pk=case.id).version == case.version + 1


def test_opened_from_two_sides_once() -> None:
    boss = supervisor()
    loan = late_loan("L1")
    got = at_once(*[lambda: opened(loan, boss)] * 4)
    assert len([each for each in got if isinstance(each, Conflict)]) == 3
    assert Case.objects.count() == 1


def test_reopened_and_a_hold_released_once() -> None:
    boss, other = supervisor(), supervisor("so")
    loan = late_loan("L1")
    case = opened(loan, boss)
    hold = door.place_hold(case.id, kind=HoldKind.LEGAL, reason="x", deed=deed(boss))
    got = at_once(
        *[lambda: door.release_hold(hold, reason="y", deed=deed(other)) or "done"] * 2
    )
    assert sorted(map(type, got), key=str) == sorted([Conflict, str], key=str)
    assert Hold.objects.get().release == "released"
    stand(loan)
    door.close_case(case.id, code=CloseCode.CURED, reason="x", deed=deed(boss))
    stand(loan, dpd=1)
    got = at_once(
        *[lambda: door.reopen_case(case.id, reason="late", deed=deed(boss))] * 3
    )
    assert len([each for each in got if isinstance(each, CaseLine)]) == 1
    assert Case.objects.get().reopened == 1


def test_two_mornings_at_once_are_one() -> None:
    for place in range(5):
        late_loan(f"L{place}")
    close_day()
    at_once(*[lambda: morning(CLOSED, at=NOON)] * 2)
    assert Case.objects.count() == 5
    assert broken(after_a_morning=True) == ()


def test_a_queue_shared_out_from_two_sides() -> None:
    boss, other = supervisor(), supervisor("so")
    for place in range(6):
        opened(late_loan(f"L{place}"), boss)
    make_login("li", "collector")
    got = at_once(
        lambda: distributing.distribute("early", deed=deed(boss), key="one"),
        lambda: distributing.distribute("early", deed=deed(other), key="one"),
    )
    assert len({each.batch_id for each in got}) == 1
    assert Batch.objects.count() == 1
    assert Assignment.objects.count() == 6


def test_taken_while_it_is_given_away_has_one_owner() -> None:
    boss = supervisor()
    case = opened(late_loan("L1"), boss)
    li = make_login("li", "collector")
    at_once(
        lambda: door.take_next(deed=deed(li)) or "none",
        lambda: door.assign([case.id], collector="mei", deed=deed(boss)),
    )
    row = Case.objects.get()
    open_rows = Assignment.objects.filter(until_at=None)
    assert [each.collector for each in open_rows] == [row.collector]


def test_an_undo_and_a_new_assignment_at_once() -> None:
    boss, other = supervisor(), supervisor("so")
    case = opened(late_loan("L1"), boss)
    make_login("li", "collector")
    done = door.assign([case.id], collector="mei", deed=deed(boss))
    at_once(
        lambda: door.undo_batch(done.batch_id, deed=deed(boss)),
        lambda: door.assign([case.id], collector="li", deed=deed(other)),
    )
    assert Case.objects.get().collector in ("li", "")
