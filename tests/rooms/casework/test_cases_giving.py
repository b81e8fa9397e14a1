"""Who gets which case: by hand, by distribution, by next case; undone; leave."""

from datetime import UTC, datetime, timedelta

import pytest

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import distributing, standing_in
from daihou.rooms.casework.actions.queueing import (
    QueueSaid,
    SeatSaid,
    save_queue,
    save_seat,
)
from daihou.rooms.casework.models import Assignment, Batch, Case, Presence, Skip
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.casework.queries.seats import given_on
from daihou.rooms.casework.states import BatchMode, Order
from daihou.rooms.people import door as people
from tests.rooms.caseworking import (
    NOON,
    deed,
    late_loan,
    make_login,
    opened,
    queue,
    supervisor,
)
from tests.rooms.cast import TODAY, Cast
from tests.rooms.contact.test_contact import with_phone

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def sound(cast: Cast) -> object:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


@pytest.fixture
def boss(cast: Cast) -> people.Person:
    """A supervisor of the north, with the queue of early cases."""
    queue()
    return supervisor()


def some_cases(boss: people.Person, count: int, **facts: object) -> list[int]:
    """Cases of the north, each overdue one yuan more than the one before."""
    return [
        opened(
            late_loan(f"L{place}", overdue_total=100_000 + place * 100, **facts), boss
        ).id
        for place in range(count)
    ]


def collectors() -> dict[int, str]:
    return dict(Case.objects.values_list("id", "collector"))


def test_given_by_hand_with_preview_and_what_stays(boss: people.Person) -> None:
    first, second, held = some_cases(boss, 3)
    south = late_loan("S1", branch="south")
    far = opened(south, supervisor("south_boss", "south")).id
    door.place_hold(held, kind=door.HoldKind.LEGAL, reason="x", deed=deed(boss))
    seen = door.assign(
        [first, second, held, far], collector="mei", deed=deed(boss), preview=True
    )
    assert (seen.batch_id, seen.moved) == (0, (first, second))
    assert set(collectors().values()) == {""}
    done = door.assign(
        [first, second, held, far], collector="mei", deed=deed(boss), key="k1"
    )
    assert sorted(done.moved) == [first, second]
    assert {each.code for each in done.left} == {"held", "unknown"}
    again = door.assign([first, second], collector="mei", deed=deed(boss), key="k1")
    assert again.batch_id == done.batch_id
    assert Batch.objects.count() == 1
    assert Event.objects.filter(type="assignment.changed").count() == 2


def test_nobody_is_given_what_they_do_not_see(cast: Cast, boss: people.Person) -> None:
    (case,) = some_cases(boss, 1)
    done = door.assign([case], collector="bola", deed=deed(boss))
    assert [each.code for each in done.left] == ["scope"]
    with pytest.raises(Refused) as refused:
        door.assign([case], collector="sam", deed=deed(boss))
    assert refused.value.code == "not_a_collector"
    with pytest.raises(NotAllowed):
        door.assign([case], collector="mei", deed=deed(cast.mei))


def test_undone_within_a_quarter_of_an_hour(boss: people.Person) -> None:
    make_login("li", "collector")
    first, second, third = some_cases(boss, 3)
    door.assign([first, second], collector="mei", deed=deed(boss))
    later = NOON + MINUTE
    done = door.assign([first, second, third], collector="li", deed=deed(boss, later))
    Case.objects.filter(pk=second).update(last_worked_at=later + MINUTE)
    undone = door.undo_batch(done.batch_id, deed=deed(boss, later + 5 * MINUTE))
    assert sorted(undone.back) == [first, third]
    assert undone.kept == (second,)
    assert collectors() == {first: "mei", second: "li", third: ""}
    with pytest.raises(Conflict):
        door.undo_batch(done.batch_id, deed=deed(boss, later + 6 * MINUTE))
    old = door.assign([third], collector="li", deed=deed(boss, later + 7 * MINUTE))
    with pytest.raises(Conflict) as refused:
        door.undo_batch(old.batch_id, deed=deed(boss, later + 23 * MINUTE))
    assert refused.value.code == "batch_too_late"


def test_a_queue_is_shared_out_by_number_the_same_every_time(
    boss: people.Person,
) -> None:
    for name in ("li", "wu"):
        make_login(name, "collector")
    some_cases(boss, 9)
    seen = distributing.distribute("early", deed=deed(boss), preview=True)
    again = distributing.distribute("early", deed=deed(boss), preview=True)
    assert seen == again
    assert set(collectors().values()) == {""}
    assert not Batch.objects.exists()
    done = distributing.distribute("early", deed=deed(boss), key="day")
    assert dict(done.to) == dict(seen.to)
    assert {each.login: each.new for each in done.got} == {"li": 3, "mei": 3, "wu": 3}
    assert (done.moved, done.uneven_cases, dict(done.left)) == (9, 0, {})
    known = distributing.distribute("early", deed=deed(boss), key="day")
    assert (known.batch_id, dict(known.to)) == (done.batch_id, dict(done.to))
    assert Assignment.objects.count() == 9


def test_capacity_skill_and_team_bound_what_is_given(boss: people.Person) -> None:
    make_login("li", "collector")
    some_cases(boss, 6)
    save_seat("li", said=SeatSaid(most_cases=1), deed=deed(boss))
    save_seat("mei", said=SeatSaid(most_cases=2), deed=deed(boss))
    seen = distributing.distribute("early", deed=deed(boss), preview=True)
    assert {each.login: each.cases for each in seen.got} == {"li": 1, "mei": 2}
    assert set(seen.left.values()) == {"full"}
    assert seen.alarms == ("li", "mei")
    queue(skill="court")
    none = distributing.distribute("early", deed=deed(boss), preview=True)
    assert none.got == ()
    assert set(none.left.values()) == {"nobody_fits"}
    save_seat("li", said=SeatSaid(skills=("court",)), deed=deed(boss))
    some = distributing.distribute("early", deed=deed(boss), preview=True)
    assert [each.login for each in some.got] == ["li"]


def test_nobody_is_given_more_anew_in_a_day_than_their_seat_bears(
    cast: Cast, boss: people.Person
) -> None:
    some_cases(boss, 5)
    save_seat("mei", said=SeatSaid(most_a_day=2), deed=deed(boss))
    for _each in range(2):
        taken = door.take_next(deed=deed(cast.mei))
        assert taken is not None
        door.let_go(taken.case.id, skip="not today", deed=deed(cast.mei))
    assert door.take_next(deed=deed(cast.mei)) is None
    assert given_on(TODAY) == {"mei": 2}
    done = door.distribute("early", deed=deed(boss), key="d1")
    assert "mei" not in done.to.values()
    # What she has may stay with her, whatever the day bore.
    mine = {pk for pk, login in collectors().items() if login == "mei"}
    door.distribute("early", deed=deed(boss), key="d2", mode=BatchMode.OVERWRITE)
    assert {pk for pk, login in collectors().items() if login == "mei"} == mine


def test_a_case_goes_back_to_who_had_the_customer(boss: people.Person) -> None:
    make_login("li", "collector")
    (case,) = some_cases(boss, 1)
    door.assign([case], collector="mei", deed=deed(boss))
    door.assign([case], deed=deed(boss, NOON + MINUTE))
    back = distributing.distribute("early", deed=deed(boss), preview=True)
    assert (dict(back.to), back.back) == ({case: "mei"}, 1)
    save_seat("mei", said=SeatSaid(most_cases=0), deed=deed(boss))
    other = distributing.distribute("early", deed=deed(boss))
    assert dict(other.to) == {case: "li"}
    assert dict(other.downgraded) == {"full": 1}
    assert Assignment.objects.latest("id").downgraded == "full"


def test_held_cases_and_live_promises_are_never_given_to_another(
    boss: people.Person,
) -> None:
    make_login("li", "collector")
    held, promised, free = some_cases(boss, 3)
    door.assign([held, promised, free], collector="mei", deed=deed(boss))
    door.place_hold(held, kind=door.HoldKind.LEGAL, reason="x", deed=deed(boss))
    door.set_resolution(
        promised,
        resolution=door.Resolution.PROMISE,
        reference="promise:1",
        deed=deed(boss),
    )
    save_seat("mei", said=SeatSaid(away=True), deed=deed(boss))
    distributing.distribute("early", mode=BatchMode.RECALL, deed=deed(boss))
    assert collectors() == {held: "mei", promised: "mei", free: "li"}


def test_leave_and_back(boss: people.Person) -> None:
    for name in ("li", "wu"):
        make_login(name, "collector")
    cases = some_cases(boss, 4)
    door.assign(cases, collector="mei", deed=deed(boss))
    gone = standing_in.leave("mei", deed=deed(boss))
    assert gone.to == (("li", 2), ("wu", 2))
    assert set(Case.objects.values_list("assignment", "collector")) == {
        ("cover", "mei")
    }
    back = standing_in.back("mei", deed=deed(boss, NOON + MINUTE))
    assert back.moved == 4
    assert set(Case.objects.values_list("collector", "cover")) == {("mei", "")}


def test_the_next_case_is_the_one_worth_most_and_says_why(
    cast: Cast, boss: people.Person
) -> None:
    small, large = some_cases(boss, 2)
    door.assign([small, large], collector="mei", deed=deed(boss))
    taken = door.take_next(deed=deed(cast.mei))
    assert taken is not None
    assert (taken.case.id, taken.why) == (large, "mine")
    worth = taken.worth
    assert worth.value == worth.asked * worth.chance // 1000 == 100_100 * 420 // 1000
    assert taken.case.taken_by == "mei"


def test_what_one_has_in_hand_comes_again_until_it_is_worked_or_passed(
    cast: Cast, boss: people.Person
) -> None:
    first, second = some_cases(boss, 2)
    door.assign([first, second], collector="mei", deed=deed(boss))
    one = door.take_next(deed=deed(cast.mei))
    two = door.take_next(deed=deed(cast.mei, NOON + MINUTE))
    assert one and two and one.case.id == two.case.id
    assert two.why == "held_back"
    with pytest.raises(Refused) as refused:
        door.let_go(one.case.id, deed=deed(cast.mei, NOON + MINUTE))
    assert refused.value.code == "skip_reason"
    door.let_go(one.case.id, skip="knows me", deed=deed(cast.mei, NOON + MINUTE))
    assert "knows me" not in Skip.objects.get().reason
    three = door.take_next(deed=deed(cast.mei, NOON + 2 * MINUTE))
    assert three and three.case.id != one.case.id


def test_the_pool_gives_what_nobody_has_and_it_is_theirs_then(
    cast: Cast, boss: people.Person
) -> None:
    some_cases(boss, 1)
    assert door.take_next(deed=deed(cast.bola)) is None
    taken = door.take_next(deed=deed(cast.mei))
    assert taken and (taken.case.collector, taken.why) == ("mei", "pool")
    assert Assignment.objects.get().method == "next"
    assert door.take_next(deed=deed(make_login("li", "collector"))) is None


def test_a_queue_taken_from_a_list_gives_no_next_case(
    cast: Cast, boss: people.Person
) -> None:
    some_cases(boss, 1)
    queue(taking="list")
    assert door.take_next(deed=deed(cast.mei)) is None


def test_by_rule_instead_of_value(cast: Cast, boss: people.Person) -> None:
    late = opened(late_loan("A1", dpd=29, overdue_total=1_000), boss).id
    rich = opened(late_loan("A2", dpd=3, overdue_total=900_000), boss).id
    door.assign([late, rich], collector="mei", deed=deed(boss))
    save_queue("early", said=QueueSaid(order=Order.DPD), deed=deed(boss))
    taken = door.take_next(deed=deed(cast.mei))
    assert taken and taken.case.id == late


def test_nobody_is_offered_whom_the_gate_would_not_let_them_contact(
    cast: Cast, boss: people.Person
) -> None:
    loan = late_loan("N1")
    with_phone(loan)
    case = opened(loan, boss)
    door.assign([case.id], collector="mei", deed=deed(boss))
    night = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)  # 23:00
    assert door.take_next(deed=deed(cast.mei, night)) is None
    row = Case.objects.get(pk=case.id)
    assert row.lawful_from == datetime(2026, 3, 21, 0, 0, tzinfo=UTC)
    morning = row.lawful_from + MINUTE
    assert door.take_next(deed=deed(cast.mei, morning)) is not None


def test_office_work_is_given_at_night_too(cast: Cast, boss: people.Person) -> None:
    loan = late_loan("N1")
    with_phone(loan)
    case = opened(loan, boss)
    Case.objects.filter(pk=case.id).update(action="legal_review")
    night = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
    assert door.take_next(deed=deed(cast.mei, night)) is not None


def test_what_is_due_comes_first_and_not_before(
    cast: Cast, boss: people.Person
) -> None:
    first, second = some_cases(boss, 2)
    door.assign([first, second], collector="mei", deed=deed(boss))
    Case.objects.filter(pk=first).update(next_at=NOON + 30 * MINUTE)
    early = door.take_next(deed=deed(cast.mei))
    assert early and early.case.id == second
    door.let_go(second, skip="busy", deed=deed(cast.mei))
    assert door.take_next(deed=deed(cast.mei, NOON + MINUTE)) is None
    due = door.take_next(deed=deed(cast.mei, NOON + 31 * MINUTE))
    assert due and (due.case.id, due.why) == (first, "due")


def test_two_at_one_case_see_each_other_and_one_may_take_over(
    cast: Cast, boss: people.Person
) -> None:
    li = make_login("li", "collector")
    (case,) = some_cases(boss, 1)
    door.assign([case], collector="mei", deed=deed(boss))
    door.take(case, deed=deed(li))
    assert door.be_present(case, deed=deed(li)) == ()
    assert door.be_present(case, deed=deed(cast.mei)) == ("li",)
    with pytest.raises(Conflict) as refused:
        door.take(case, deed=deed(cast.mei))
    assert refused.value.params["taken_by"] == "li"
    door.take(case, deed=deed(cast.mei), over=True)  # her own case
    with pytest.raises(Conflict):
        door.take(case, deed=deed(li), over=True)
    later = deed(li, NOON + 6 * MINUTE)  # mei went away without a word
    assert door.take(case, deed=later).case.taken_by == "li"
    assert Presence.objects.count() == 2
    assert door.be_present(case, deed=deed(cast.bola)) == ()


def test_a_batch_of_another_branch_cannot_be_undone(
    cast: Cast, boss: people.Person
) -> None:
    (case,) = some_cases(boss, 1)
    done = door.assign([case], collector="mei", deed=deed(boss))
    with pytest.raises(NotFound):
        door.undo_batch(done.batch_id, deed=deed(supervisor("far", "south")))
