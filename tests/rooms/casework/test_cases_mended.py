"""What cases keep where two rules meet: holds, promises, hands, closing, the morning."""

from datetime import UTC, datetime, timedelta

import pytest

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import distributing, morning, morning_steps
from daihou.rooms.casework.actions.markers import confirm_marker
from daihou.rooms.casework.actions.opening import join_case, open_case, reopen_case
from daihou.rooms.casework.actions.promises import cancel_promise
from daihou.rooms.casework.codes import Action
from daihou.rooms.casework.door import CloseCode, HoldKind
from daihou.rooms.casework.models import (
    Assignment,
    Case,
    Draft,
    Hold,
    Marker,
    Promise,
    WorkItem,
)
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.caseworking import (
    a_morning,
    close_day,
    late_loan,
    make_login,
    opened,
    queue,
    stand,
)
from tests.rooms.cast import TODAY, Cast, pay
from tests.rooms.promising import (
    DAY,
    NOON,
    Worked,
    deed,
    late_case,
    on,
    promised,
    recorded,
    supervisor,
)

WORKER = people.process("casework")


@pytest.fixture(autouse=True)
def sound(cast: Cast) -> object:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


@pytest.fixture
def worked(cast: Cast) -> Worked:
    """A late case of the north."""
    return late_case()


def told(type: str) -> list[dict[str, object]]:
    """What the events of a type say, the first first."""
    rows = Event.objects.filter(type=type).order_by("id")
    return list(rows.values_list("payload", flat=True))


def expired(day: int) -> None:
    """The first step of the morning of a later day."""
    when = deed(WORKER, at=NOON + day * DAY, day=on(day))
    morning_steps.expire(as_of=on(day - 1), deed=when)


def test_a_disputed_part_that_ends_leaves_the_case_to_who_has_it(
    worked: Worked,
) -> None:
    boss = deed(worked.boss)
    case = worked.case.pk
    door.assign([case], collector="mei", deed=boss)
    kept = {"reason": "x", "deed": boss, "expires_on": on(2)}
    door.place_hold(case, kind=HoldKind.DISPUTE, amount=5_000, **kept)
    expired(3)
    assert (worked.case.collector, worked.case.disputed) == ("mei", 0)
    assert Hold.objects.get().release == "expired"


def test_a_hold_that_ends_by_itself_tells_who_lost_the_case(worked: Worked) -> None:
    boss = deed(worked.boss)
    case = worked.case.pk
    door.assign([case], collector="mei", deed=boss)
    door.place_hold(case, kind=HoldKind.LEGAL, reason="x", deed=boss, expires_on=on(2))
    expired(3)
    assert (worked.case.collector, worked.case.held) == ("", False)
    last = told("assignment.changed")[-1]
    assert (last["from"], last["to"], last["method"]) == ("mei", "", "release")


def test_closing_ends_a_dispute_about_a_part(worked: Worked) -> None:
    boss = deed(worked.boss)
    case = worked.case.pk
    door.place_hold(case, kind=HoldKind.DISPUTE, reason="x", amount=5_000, deed=boss)
    door.close_case(case, code=CloseCode.WITHDRAWN, reason="x", deed=boss)
    hold = Hold.objects.get()
    assert (hold.release, worked.case.disputed) == ("closed", 0)
    assert [each["hold"] for each in told("case.hold.released")] == [hold.pk]


def test_the_morning_closes_with_what_was_disputed(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss).id
    when = deed(boss)
    door.place_hold(case, kind=HoldKind.DISPUTE, reason="x", amount=5_000, deed=when)
    stand(loan, dpd=0)
    a_morning()
    row = Case.objects.get(pk=case)
    assert (row.lifecycle, row.disputed) == ("closed", 0)
    assert len(told("case.hold.released")) == 1


@pytest.mark.parametrize("code", ["NO_ANSWER", "REFUSE"])
def test_a_result_does_not_end_the_pause_of_a_promise(
    cast: Cast, worked: Worked, code: str
) -> None:
    promised(cast.mei, worked, (5, 100_000))
    pause = worked.case.next_at
    made = recorded(cast.mei, worked, code, at=NOON + timedelta(hours=1))
    assert worked.case.next_at == made.next_at == pause
    later = deed(cast.mei, at=NOON + DAY, day=on(1))
    assert door.take_next(deed=later) is None


def test_nobody_new_is_given_a_case_with_a_promise(cast: Cast, worked: Worked) -> None:
    queue(worked.case.queue)
    promised(cast.mei, worked, (5, 100_000))
    Case.objects.update(next_at=None, last_worked_at=None)
    assert door.take_next(deed=deed(cast.mei)) is None
    number = Promise.objects.get().pk
    cancel_promise(number, reason="x", deed=deed(worked.boss))
    taken = door.take_next(deed=deed(cast.mei))
    assert taken is not None and taken.why == "pool"


def test_confirming_on_a_closed_case_leaves_nothing_to_do(
    cast: Cast, worked: Worked
) -> None:
    recorded(
        cast.mei, worked, "DECEASED", decision_id=None, action=Action.INBOUND, note="x"
    )
    boss = deed(worked.boss)
    case = worked.case.pk
    door.close_case(case, code=CloseCode.DECEASED_NO_ESTATE, reason="x", deed=boss)
    confirm_marker(Marker.objects.get().pk, evidence="y", deed=boss)
    assert not WorkItem.objects.filter(state="open").exists()


def another(first: Loan, number: str, branch: str, **facts: object) -> Loan:
    """A loan more of the same customer."""
    loan = late_loan(number, branch=branch, **facts)
    Loan.objects.filter(pk=loan.pk).update(customer=first.customer)
    return loan


def test_a_case_is_of_the_branch_and_currency_of_its_latest_loan(cast: Cast) -> None:
    everybody = supervisor()
    whole = WORKER
    first = late_loan("L1", dpd=10)
    case = opened(first, everybody).id
    second = another(first, "L2", "south", dpd=40, overdue_total=7_000)
    Loan.objects.filter(pk=second.pk).update(currency="USD")
    join_case(case, loan_id=second.pk, deed=deed(whole))
    row = Case.objects.get(pk=case)
    assert (row.branch, row.currency, row.overdue_total) == ("south", "USD", 7_000)
    door.close_case(case, code=CloseCode.WITHDRAWN, reason="x", deed=deed(whole))
    Case.objects.filter(pk=case).update(paid=9)
    stand(second, dpd=0)
    reopen_case(case, reason="x", deed=deed(whole))
    row = Case.objects.get(pk=case)
    assert (row.branch, row.currency, row.paid) == ("north", "CNY", 0)


def test_a_branch_opens_no_case_whose_latest_loan_is_anothers(cast: Cast) -> None:
    first = late_loan("L1", dpd=10)
    another(first, "L2", "south", dpd=40)
    with pytest.raises(Refused) as caught:
        open_case(first.customer_id, deed=deed(supervisor()))
    assert caught.value.code == "case_elsewhere"
    assert not Case.objects.exists()


def test_who_changed_branch_is_not_given_the_cases_of_the_old_one(
    cast: Cast, worked: Worked
) -> None:
    queue(worked.case.queue)
    door.assign([worked.case.pk], collector="mei", deed=deed(worked.boss))
    taken = door.take_next(deed=deed(cast.mei))
    assert taken is not None
    Case.objects.update(branch="south", next_at=NOON)
    assert door.take_next(deed=deed(cast.mei)) is None
    Case.objects.update(taken_by="", taken_until=None, next_at=None)
    assert door.take_next(deed=deed(cast.mei)) is None


def test_a_promise_keeps_a_case_with_who_has_it(cast: Cast, worked: Worked) -> None:
    make_login("li", "collector")
    boss = deed(worked.boss)
    case = worked.case.pk
    door.assign([case], collector="mei", deed=boss)
    number = promised(cast.mei, worked, (5, 100_000))
    for collector in ("li", ""):
        done = door.assign([case], collector=collector, deed=boss)
        assert [each.code for each in done.left] == ["promised"]
    cancel_promise(number, reason="x", deed=deed(cast.mei))
    later = deed(worked.boss, at=NOON + timedelta(minutes=1))
    assert door.assign([case], collector="li", deed=later).moved == (case,)


@pytest.mark.parametrize("team", ["south", "nowhere", "x" * 60])
def test_a_team_is_a_unit_in_sight(worked: Worked, team: str) -> None:
    with pytest.raises(Refused) as caught:
        door.assign([worked.case.pk], team=team, deed=deed(worked.boss))
    assert caught.value.code == "team_unknown"
    assert worked.case.assignment == "pool"


def test_what_a_team_has_is_not_shared_out(cast: Cast, worked: Worked) -> None:
    code = worked.case.queue
    queue(code)
    boss = deed(worked.boss)
    door.assign([worked.case.pk], team="north", deed=boss)
    assert distributing.distribute(code, deed=boss).moved == 0
    later = deed(worked.boss, at=NOON + timedelta(minutes=1))
    door.assign([worked.case.pk], deed=later)
    assert distributing.distribute(code, deed=later).moved == 1


def test_undoing_says_to_whom_each_case_went_back(cast: Cast, worked: Worked) -> None:
    make_login("li", "collector")
    case = worked.case.pk
    door.assign([case], collector="mei", deed=deed(worked.boss))
    later = NOON + timedelta(minutes=1)
    done = door.assign([case], collector="li", deed=deed(worked.boss, at=later))
    door.undo_batch(done.batch_id, deed=deed(worked.boss, at=later))
    last = told("assignment.changed")[-1]
    assert (last["from"], last["to"], last["team"]) == ("li", "mei", "north")


def test_a_hold_ends_but_its_flag_does_not(cast: Cast, worked: Worked) -> None:
    recorded(cast.mei, worked, "HARDSHIP")
    hold = Hold.objects.get()
    assert hold.flag_id is not None
    days = (hold.expires_on - TODAY).days
    expired(days)
    assert not worked.case.held
    item = WorkItem.objects.get(reason="flag_after_hold")
    assert (item.state, item.for_supervisor) == ("open", True)


def test_what_was_confirmed_is_held_on(cast: Cast, worked: Worked) -> None:
    recorded(
        cast.mei, worked, "DECEASED", decision_id=None, action=Action.INBOUND, note="x"
    )
    confirm_marker(Marker.objects.get().pk, evidence="y", deed=deed(worked.boss))
    first = Hold.objects.get()
    days = (first.expires_on - TODAY).days
    expired(days)
    again = Hold.objects.get(released_at=None)
    assert (again.kind, again.expires_on > first.expires_on) == ("deceased", True)
    assert worked.case.held
    days = (again.expires_on - TODAY).days
    expired(days)
    assert worked.case.held and Hold.objects.count() == 3


def test_a_promise_that_is_replaced_is_told(cast: Cast, worked: Worked) -> None:
    old = promised(cast.mei, worked, (3, 100_000))
    new = promised(cast.mei, worked, (5, 100_000))
    assert told("promise.created")[-1]["replaces"] == old
    (gone,) = told("promise.superseded")
    assert (gone["promise"], gone["by"], gone["state"]) == (old, new, "superseded")


def paid(worked: Worked, amount: int) -> None:
    pay(
        worked.loan,
        "P1",
        amount=amount,
        paid_on=TODAY,
        business_date=TODAY,
        at=NOON + timedelta(hours=1),
    )


def test_a_promise_made_good_is_kept_not_replaced_nor_cancelled(
    cast: Cast, worked: Worked
) -> None:
    old = promised(cast.mei, worked, (3, 100_000))
    paid(worked, 100_000)
    later = NOON + timedelta(hours=2)
    with pytest.raises(Conflict) as caught:
        cancel_promise(old, reason="x", deed=deed(cast.mei, at=later))
    assert caught.value.code == "promise_decided"
    new = promised(cast.mei, worked, (5, 50_000), at=later)
    states = dict(Promise.objects.values_list("pk", "state"))
    assert states == {old: "kept", new: "active"}
    assert Promise.objects.get(pk=new).replaces_id is None


def test_one_of_two_promises_decided_leaves_the_pause_of_the_other(
    cast: Cast, worked: Worked
) -> None:
    first = promised(cast.mei, worked, (3, 50_000))
    row = Promise.objects.get(pk=first)
    part = row.parts.get()
    row.pk, row.due_on, row.amount = None, on(9), 60_000
    row.save(force_insert=True)
    part.pk, part.promise, part.due_on, part.amount = None, row, on(9), 60_000
    part.save(force_insert=True)
    Case.objects.update(treatment="paused")
    cancel_promise(first, reason="x", deed=deed(cast.mei))
    case = worked.case
    assert case.next_at is not None and case.next_at.astimezone(UTC).date() >= on(9)
    assert case.treatment == "paused"


def test_a_reason_is_kept_without_what_names_a_person(
    cast: Cast, worked: Worked
) -> None:
    number = "13800011234"
    boss = deed(worked.boss)
    case = worked.case.pk
    door.assign([case], collector="mei", reason=f"打 {number}", deed=boss)
    assert number not in Assignment.objects.get().reason
    Draft.objects.create(case_id=case, by="mei", content="x", kept_at=NOON)
    door.close_case(case, code=CloseCode.WITHDRAWN, reason=f"打 {number}", deed=boss)
    assert not Draft.objects.exists()
    reopen_case(case, reason=f"打 {number}", deed=boss)
    said = Event.objects.filter(type__in=["case.closed", "case.reopened"])
    assert len(said) == 2
    assert not any(number in each.reason for each in said)


def test_promises_are_judged_in_transactions_of_their_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[str] = []
    real = morning._once

    def once(step: morning.Step, **more: object) -> object:
        inside.append(step.name)
        return real(step, **more)

    monkeypatch.setattr(morning, "_once", once)
    late_loan("L1")
    done = a_morning()
    assert "judge" in done.counts and "judge" not in inside
    assert morning.morning(TODAY - DAY, at=NOON).counts == {}
    close_day(TODAY - DAY, "f2")
    assert "judge" in morning.morning(TODAY - DAY, at=NOON).counts


def test_taking_over_and_leave_are_told(cast: Cast, worked: Worked) -> None:
    queue(worked.case.queue)
    door.assign([worked.case.pk], collector="mei", deed=deed(worked.boss))
    door.take_next(deed=deed(cast.mei))
    door.take(worked.case.pk, deed=deed(worked.boss), over=True)
    assert told("case.taken_over") == [
        {
            "number": worked.case.number,
            "customer": worked.case.customer_id,
            "from": "mei",
            "to": worked.boss.username,
        }
    ]
    door.leave("mei", deed=deed(worked.boss))
    door.back("mei", deed=deed(worked.boss, at=datetime(2026, 3, 20, 5, tzinfo=UTC)))
    rows = Event.objects.filter(type="seat.changed").order_by("id")
    assert [each.after for each in rows] == [{"away": True}, {"away": False}]
