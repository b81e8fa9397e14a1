"""Nobody is called who paid: money of the open day counts at once, whoever brings it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from daihou.rooms.casework import door
from daihou.rooms.dayend import settling as round_of_files
from daihou.rooms.dayend.models import BusinessDate, Run
from daihou.rooms.dayend.settling import UNSETTLED, settle_due
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import settling
from daihou.rooms.ledger.models import Change, Loan, Payment, Position
from daihou.rooms.ledger.queries import waiting
from daihou.rooms.notices.models import Notice
from daihou.rooms.people import door as people
from tests.rooms.caseworking import queue
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast
from tests.rooms.desking import a_case, clock_at_noon, desk_of, give
from tests.rooms.promising import NOON, Worked, deed, late_case
from tests.rooms.test_pages import signed_in

LATE = 202_000  # two parts of 1,010.00; what accrued on them comes on top


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock stands at noon of the open day."""
    return clock_at_noon(monkeypatch)


@pytest.fixture
def worked(cast: Cast, now: Any) -> Worked:
    """One late case that is Mei's."""
    return a_case()


def by_file(worked: Worked, amount: int, *, batch: int = 7, days: int = 0) -> Payment:
    """Money as a file brings it: rows and one note, no position written."""
    day = TODAY - timedelta(days=days)
    row: Payment = Payment.objects.create(
        source="bank",
        external_id=f"{batch}-{worked.loan.pk}",
        digest=b"",
        batch_id=batch,
        loan=worked.loan,
        paid_on=day,
        recorded_at=NOON,
        amount=amount,
    )
    Change.objects.get_or_create(
        kind="intake.payments",
        batch_id=batch,
        defaults={"happened_on": day, "recorded_at": NOON},
    )
    return row


def position(worked: Worked) -> Position:
    found: Position = Position.objects.get(loan=worked.loan)
    return found


@pytest.mark.parametrize("days", [0, 3])
def test_the_desk_shows_what_a_file_brought_before_anything_is_settled(
    worked: Worked, days: int
) -> None:
    by_file(worked, 400_000, days=days)
    assert position(worked).overdue_total >= LATE
    case = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert (case.owed.total, case.owed.late) == (0, "Not late")
    assert "¥4,000.00" in case.owed.paid
    assert case.next.title == "Contact nobody: what was late is paid"
    off = {each.key: each.off for each in case.bar}
    assert off["C"] and off["S"] and not off["H"]


def test_the_gate_is_not_asked_about_what_was_paid(worked: Worked) -> None:
    by_file(worked, 400_000)
    client = signed_in("mei")
    answer = client.post(f"/desk/{worked.case.number}/ask/", {"channel": "call"})
    page = answer.context["page"]
    assert "nobody is contacted about it" in page.notes[0].text
    assert not page.case.gate.decision_id


def test_part_of_it_leaves_the_rest_to_be_asked_for(worked: Worked) -> None:
    before = position(worked).overdue_total
    by_file(worked, 50_000)
    case = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert 0 < case.owed.total <= before
    assert not {each.key: each.off for each in case.bar}["C"]


def test_money_of_the_business_day_is_todays_whatever_the_calendar_says(
    worked: Worked, now: Any
) -> None:
    by_file(worked, 50_000)
    Payment.objects.update(recorded_at=NOON - timedelta(days=9))
    now(NOON + timedelta(days=2))
    case = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert "¥500.00" in case.owed.paid


def test_the_round_settles_the_loans_of_a_file_once(worked: Worked) -> None:
    other = late_case("L2", boss=worked.boss)
    standing = position(other)
    by_file(worked, 400_000)
    settle_due(at=NOON)
    assert (position(worked).overdue_total, position(worked).changed_on) == (0, TODAY)
    assert position(other) == standing
    assert settling.settle_taken_in(business_date=TODAY) == 0


def test_it_goes_on_where_it_stopped(worked: Worked) -> None:
    other = late_case("L2", boss=worked.boss)
    settling.settle_taken_in(business_date=TODAY)  # the open day itself
    for each in (worked, other):
        by_file(each, 400_000, days=2)
    assert settling.settle_taken_in(business_date=TODAY, most=1) == 1
    assert [position(each).overdue_total > 0 for each in (worked, other)] == [
        False,
        True,
    ]
    assert settling.settle_taken_in(business_date=TODAY) == 1
    assert position(other).overdue_total == 0


def test_one_loan_that_cannot_be_settled_is_told_and_stops_no_other(
    worked: Worked,
) -> None:
    """It is passed over, said once, and the files do not wait for it."""
    other, third = (late_case(each, boss=worked.boss) for each in ("L2", "L3"))
    before = position(other).overdue_total
    for each in (worked, other, third):
        by_file(each, 400_000)
    Loan.objects.filter(pk=other.loan.pk).update(product="no_such_product")
    people.create_user(username="op", password=PASSWORD, role="finance", by="t", at=AT)
    settle_due(at=NOON)
    assert [position(each).overdue_total for each in (worked, other, third)] == [
        *(0, before, 0),
    ]
    assert not waiting.files_wait(TODAY)
    settle_due(at=NOON)
    late = late_case("L4", boss=worked.boss)
    by_file(late, 400_000, batch=8)
    by_file(other, 1, batch=8)
    settle_due(at=NOON)
    assert position(late).overdue_total == 0
    told = Notice.objects.filter(kind=UNSETTLED)
    assert {each.params["loan"] for each in told} == {"L2"}
    assert len({each.login for each in told}) == told.count() > 0


def test_a_turn_of_the_round_gives_way_and_the_next_goes_on(
    worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = late_case("L2", boss=worked.boss)
    settle_due(at=NOON)  # the open day itself
    for each in (worked, other):
        by_file(each, 400_000, days=2)
    monkeypatch.setattr(round_of_files, "WORK", 0.0)
    monkeypatch.setattr(ledger.posting, "SETTLED_AT_ONCE", 1)
    found = settling.settle_taken_in
    monkeypatch.setattr(ledger.posting, "settle_taken_in", partial(found, most=1))
    settle_due(at=NOON)
    assert [position(each).overdue_total > 0 for each in (worked, other)] == [
        False,
        True,
    ]
    settle_due(at=NOON)
    assert position(other).overdue_total == 0


def test_money_sent_ahead_counts_on_the_day_it_is_dated(worked: Worked) -> None:
    by_file(worked, 400_000, days=-1)
    Change.objects.update(consumed_by=1)  # the night took the file in with the others
    settle_due(at=NOON)
    assert position(worked).overdue_total >= LATE
    BusinessDate.objects.update(on=TODAY + timedelta(days=1))
    settle_due(at=NOON)
    assert position(worked).overdue_total == 0


def test_not_while_a_night_runs(worked: Worked) -> None:
    by_file(worked, 400_000)
    run = Run.objects.create(
        as_of=TODAY, kind="first", state="running", started_at=NOON, plan={}, loans=0
    )
    settle_due(at=NOON)
    assert position(worked).overdue_total >= LATE
    Run.objects.filter(pk=run.pk).delete()
    settle_due(at=NOON)
    assert position(worked).overdue_total == 0


def test_a_case_that_was_paid_is_in_no_list_and_not_handed_out(
    worked: Worked, cast: Cast
) -> None:
    other = late_case("L2", boss=worked.boss)
    give(other, "mei")
    queue(other.case.queue)
    by_file(worked, 400_000)
    settle_due(at=NOON)
    listed = desk_of(signed_in("mei")).list
    shown = [item.number for group in listed.groups for item in group.items]
    assert shown == [other.case.number]
    taken = door.take_next(deed=deed(cast.mei))
    assert taken is not None and taken.case.number == other.case.number
    door.let_go(other.case.pk, skip="later", deed=deed(cast.mei))
    assert door.take_next(deed=deed(cast.mei)) is None
