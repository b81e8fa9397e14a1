"""The morning: every case at once, each step once, the events of single deeds."""

from datetime import UTC, datetime, timedelta

import pytest

from daihou.rooms.audit.models import Event
from daihou.rooms.casework import door
from daihou.rooms.casework.actions.morning import morning
from daihou.rooms.casework.actions.queueing import QueueSaid, save_queue
from daihou.rooms.casework.door import CloseCode, HoldKind
from daihou.rooms.casework.models import Case, CaseLoan, Hold, Morning, Queue
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import Cover, User
from tests.rooms.caseworking import (
    CLOSED,
    NOON,
    a_morning,
    deed,
    late_loan,
    make_login,
    opened,
    paid_off,
    stand,
    supervisor,
)
from tests.rooms.cast import AT, TODAY, Cast, pay

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def sound(cast: Cast) -> object:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


def events(type: str) -> list[dict[str, object]]:
    return list(
        Event.objects.filter(type=type).order_by("id").values_list("payload", flat=True)
    )


def test_everybody_late_enough_has_a_case_and_nobody_else(cast: Cast) -> None:
    late, later, fine = late_loan("L1"), late_loan("L2", dpd=95), late_loan("L3", dpd=0)
    done = a_morning()
    assert done.counts["open"] == {"opened": 2, "reopened": 0}
    rows = {row.customer_id: row for row in Case.objects.all()}
    assert set(rows) == {late.customer_id, later.customer_id}
    assert fine.customer_id not in rows
    first = rows[later.customer_id]
    assert (first.number, first.delinquency, first.queue) == (
        "A26032000001",
        "M4",
        "late",
    )
    assert (first.opened_because, first.opened_on) == ("rule", TODAY)
    told = events("case.opened")
    assert {each["queue"] for each in told} == {"early", "late"}
    assert told[0].keys() == {
        "number",
        "customer",
        "because",
        "queue",
        "dpd",
        "overdue",
        "currency",
    }
    assert {each["currency"] for each in told} == {"CNY"}
    assert broken(after_a_morning=True) == ()


def test_the_same_morning_again_does_nothing(cast: Cast) -> None:
    late_loan("L1")
    a_morning()
    before = list(Case.objects.values())
    count = Event.objects.count()
    done = morning(CLOSED, at=NOON)
    assert done.counts == {}
    assert list(Case.objects.values()) == before
    assert Event.objects.count() == count


def test_a_day_run_again_is_gone_through_again_and_changes_what_changed(
    cast: Cast,
) -> None:
    loan = late_loan("L1")
    a_morning()
    stand(loan, dpd=33)
    done = a_morning(fingerprint="f2")
    assert done.counts["open"] == {"opened": 0, "reopened": 0}
    assert Case.objects.get().delinquency == "M2"
    assert len(events("case.opened")) == 1


def test_it_waits_for_the_day_end(cast: Cast) -> None:
    late_loan("L1")
    assert morning(CLOSED, at=NOON).waits == "day_end"
    assert not Case.objects.exists()


def test_another_late_loan_joins_and_sums_follow(cast: Cast) -> None:
    loan = late_loan("L1")
    a_morning()
    other = late_loan("L2", dpd=61)
    Loan.objects.filter(pk=other.pk).update(customer=loan.customer)
    a_morning(TODAY)
    case = Case.objects.get(customer_id=loan.customer_id)
    assert (case.loans, case.overdue_total, case.dpd) == (2, 202_000, 61)
    assert case.queue == "mid"
    assert [each["loan"] for each in events("case.loan.joined")] == [other.pk]
    assert broken(after_a_morning=True) == ()


@pytest.mark.parametrize(
    ("paid", "code"),
    [(303_000, "PAID_FULL"), (150_000, "PAID_PARTIAL_SETTLED"), (0, "CURED")],
)
def test_what_is_over_is_closed_with_the_code_of_its_figures(
    cast: Cast, paid: int, code: str
) -> None:
    loan = late_loan("L1")
    a_morning()
    if paid:
        pay(loan, "P1", amount=paid, at=NOON + timedelta(hours=1), keep_credit=True)
    paid_off(loan)
    a_morning(TODAY, at=NOON + DAY)
    case = Case.objects.get()
    assert (case.lifecycle, case.close_code) == ("closed", code)
    assert case.closed_on == TODAY + DAY
    assert events("case.closed")[0]["code"] == code
    assert not CaseLoan.objects.filter(until=None).exists()


def test_cured_and_late_again_is_the_same_case(cast: Cast) -> None:
    loan = late_loan("L1")
    a_morning()
    stand(loan)
    a_morning(TODAY, at=NOON + DAY)
    case = Case.objects.get()
    assert case.close_code == "CURED"
    stand(loan, dpd=1)
    a_morning(TODAY + DAY, at=NOON + 2 * DAY)
    again = Case.objects.get()
    assert (again.pk, again.lifecycle, again.reopened) == (case.pk, "open", 1)
    assert len(events("case.reopened")) == 1


def test_long_after_it_is_another_case(cast: Cast) -> None:
    loan = late_loan("L1")
    a_morning()
    stand(loan)
    a_morning(TODAY, at=NOON + DAY)
    stand(loan, dpd=1)
    a_morning(TODAY + 40 * DAY, at=NOON + 41 * DAY)
    assert Case.objects.count() == 2


def test_a_withdrawn_case_does_not_come_back_but_a_new_one_opens(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    door.close_case(case.id, code=CloseCode.WITHDRAWN, reason="x", deed=deed(boss))
    a_morning()
    assert Case.objects.count() == 2
    assert Case.objects.get(pk=case.id).lifecycle == "closed"


def test_holds_end_by_themselves_and_held_cases_are_not_closed(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    door.assign([case.id], collector="mei", deed=deed(boss))
    door.place_hold(
        case.id,
        kind=HoldKind.TECHNICAL,
        reason="x",
        expires_on=TODAY + 2 * DAY,
        deed=deed(boss),
    )
    stand(loan)
    a_morning(at=NOON)
    assert Case.objects.get().lifecycle == "open"
    stand(loan, dpd=2)
    a_morning(TODAY + DAY, at=NOON + 2 * DAY)
    row = Case.objects.get()
    assert (row.held, Hold.objects.get().release) == (False, "expired")
    assert [each["kind"] for each in events("case.hold.released")] == ["technical"]


def test_a_written_off_loan_keeps_its_case(cast: Cast) -> None:
    loan = late_loan("L1", dpd=400)
    a_morning()
    stand(loan, dpd=0, status="written_off")
    a_morning(TODAY, at=NOON + DAY)
    case = Case.objects.get()
    assert (case.lifecycle, case.delinquency) == ("open", "charged_off")


def test_a_queue_is_shared_out_evenly_by_itself(cast: Cast) -> None:
    make_login("li", "collector")
    for place in range(6):
        late_loan(f"L{place}")
    late_loan("S1", branch="south")
    a_morning()
    held = [row.collector for row in Case.objects.order_by("branch")]
    assert sorted(held) == ["bola", "li", "li", "li", "mei", "mei", "mei"]
    assert Case.objects.get(branch="south").collector == "bola"
    completed = Event.objects.filter(type="assignment.batch.completed")
    assert completed.exists()


def test_another_queue_another_person_if_they_do_not_work_it(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1", dpd=20)
    a_morning()
    assert Case.objects.get().collector == "mei"
    make_login("li", "collector")
    Queue.objects.filter(code="mid").update(skill="court")
    stand(loan, dpd=65)
    a_morning(TODAY, at=NOON + DAY)
    case = Case.objects.get()
    assert (case.queue, case.collector) == ("mid", "")
    save_queue("mid", said=QueueSaid(auto=False), deed=deed(boss))
    assert not Queue.objects.get(pk="mid").auto


def test_a_cover_works_the_cases_and_gives_them_back(cast: Cast) -> None:
    boss = supervisor()
    li = make_login("li", "collector")
    case = opened(late_loan("L1"), boss)
    door.assign([case.id], collector="mei", deed=deed(boss))
    Cover.objects.create(
        absent=User.objects.get(username="mei"),
        cover=User.objects.get(username="li"),
        begins_on=TODAY,
        ends_on=TODAY + DAY,
        arranged_by="su",
        arranged_at=AT,
    )
    a_morning()
    row = Case.objects.get(pk=case.id)
    assert (row.assignment, row.collector, row.cover) == ("cover", "mei", "li")
    assert door.take_next(deed=deed(cast.mei)) is None
    taken = door.take_next(deed=deed(people.person("li", at=NOON)))
    assert taken is not None and taken.case.id == case.id
    a_morning(TODAY, at=NOON + DAY)
    row.refresh_from_db()
    assert (row.assignment, row.collector, row.cover) == ("collector", "mei", "")
    assert li.username == "li"


def test_a_case_nobody_worked_goes_to_somebody_else_never_back(cast: Cast) -> None:
    make_login("li", "collector")
    late_loan("L1")
    a_morning()
    first = Case.objects.get().collector
    other = {"mei": "li", "li": "mei"}[first]
    late = TODAY + 10 * DAY
    a_morning(late, at=NOON + 11 * DAY)
    assert Case.objects.get().collector == other
    a_morning(late + 12 * DAY, at=NOON + 23 * DAY)
    assert Case.objects.get().collector == other  # both had it: it stays
    history = list(
        Case.objects.get().given.order_by("id").values_list("collector", flat=True)
    )
    assert history == [first, other]


@pytest.mark.parametrize(("days", "moves"), [(2, True), (30, False), (0, False)])
def test_the_days_of_a_team_stand_before_those_of_the_queue(
    cast: Cast, *, days: int, moves: bool
) -> None:
    make_login("li", "collector")
    late_loan("L1")
    a_morning()
    first = Case.objects.get()
    Queue.objects.update(team_days={first.team: days, "elsewhere": 1})
    a_morning(TODAY + 10 * DAY, at=NOON + 11 * DAY)
    assert (Case.objects.get().collector != first.collector) == moves


def test_worked_cases_stay_where_they_are(cast: Cast) -> None:
    make_login("li", "collector")
    late_loan("L1")
    a_morning()
    first = Case.objects.get().collector
    Case.objects.update(last_worked_at=NOON + 8 * DAY, last_worked_by=first)
    a_morning(TODAY + 10 * DAY, at=NOON + 11 * DAY)
    assert Case.objects.get().collector == first


def test_the_morning_says_what_each_step_did(cast: Cast) -> None:
    late_loan("L1")
    a_morning(at=datetime(2026, 3, 20, 0, 5, tzinfo=UTC))
    row = Morning.objects.get(as_of=CLOSED)
    assert row.steps[:3] == ["expire", "join", "refresh"]
    assert row.counts["open"]["opened"] == 1
    assert row.counts["share"]["cases"] == 1
