"""Dispute, hardship and complaint heard at the desk: nothing goes out until they end."""

from datetime import timedelta
from typing import Any

import pytest

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import desk as acting
from daihou.rooms.casework.door import HoldKind
from daihou.rooms.casework.models import Hold
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people
from tests.rooms import desking
from tests.rooms.caseworking import a_morning, make_login, queue
from tests.rooms.cast import TODAY, Cast
from tests.rooms.promising import NOON, Worked, deed
from tests.rooms.test_pages import signed_in

DAY = timedelta(days=1)
# The result, the hold it makes, and the channels that are refused at once.
HEARD = [
    ("DISPUTE", "dispute"),
    ("HARDSHIP", "hardship"),
    ("COMPLAINT", "complaint"),
]


@pytest.fixture
def worked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Worked:
    """One late case that is Mei's."""
    desking.clock_at_noon(monkeypatch)
    made = desking.a_case()
    queue(made.case.queue)
    return made


@pytest.fixture(autouse=True)
def sound(worked: Worked) -> Any:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


def heard(worked: Worked, code: str) -> Hold:
    """The customer says so in a call, and Mei writes it down at the desk."""
    mei = signed_in("mei", language="en")
    said = desking.outcome(worked, desking.called(mei, worked), code)
    assert mei.post(f"/desk/{worked.case.number}/save/", said).status_code == 200
    # What was saved may be undone for some seconds; then it is written.
    acting.keep_all_due(at=NOON + timedelta(seconds=11))
    found: Hold = Hold.objects.get()
    return found


def verdict(worked: Worked, who: people.Person, channel: str = "call") -> str:
    wish = contact.Wish(
        loan_id=worked.loan.pk,
        point_id=worked.point,
        channel=channel,
        purpose="collect",
    )
    kept = contact.may_contact(wish, deed=deed(who, at=NOON + DAY))
    return str(kept.answer.verdict)


@pytest.mark.parametrize(("code", "kind"), HEARD)
def test_at_once_nothing_goes_out_and_nobody_is_given_the_case(
    cast: Cast,
    worked: Worked,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    kind: str,
) -> None:
    assert verdict(worked, cast.mei) == "allow"
    hold = heard(worked, code)
    assert (hold.kind, hold.released_at, worked.case.held) == (kind, None, True)
    assert hold.expires_on > TODAY and hold.reason
    for channel in ("call", "sms"):
        assert verdict(worked, cast.mei, channel) != "allow"
    assert door.take_next(deed=deed(cast.mei)) is None
    desking.clock_at_noon(monkeypatch)(NOON + timedelta(minutes=1))
    at = f"/desk/{worked.case.number}/ask/"
    page = signed_in("mei").post(at, {"channel": "call"}).context["page"]
    assert not page.case.gate.decision_id


@pytest.mark.parametrize(("code", "kind"), HEARD)
def test_it_ends_by_its_day_and_the_case_comes_back_to_the_pool(
    cast: Cast, worked: Worked, code: str, kind: str
) -> None:
    hold = heard(worked, code)
    assert a_morning(hold.expires_on - 2 * DAY).counts["expire"] == {"holds": 0}
    assert worked.case.held
    a_morning(hold.expires_on - DAY)
    hold.refresh_from_db()
    assert (hold.release, worked.case.held) == ("expired", False)


@pytest.mark.parametrize(("code", "kind"), HEARD)
def test_another_person_releases_it_with_a_reason(
    cast: Cast, worked: Worked, code: str, kind: str
) -> None:
    hold = heard(worked, code)
    boss = worked.boss
    for wrong in ("", "   "):
        with pytest.raises(Refused):
            door.release_hold(hold.pk, reason=wrong, deed=deed(boss))
    door.release_hold(hold.pk, reason="settled with the customer", deed=deed(boss))
    hold.refresh_from_db()
    assert (hold.release, hold.released_by) == ("released", boss.username)
    assert not worked.case.held and worked.case.assignment == "pool"
    with pytest.raises(Conflict):
        door.release_hold(hold.pk, reason="again", deed=deed(boss))
    assert verdict(worked, cast.mei) == "allow"


def test_who_placed_a_hold_does_not_release_it(worked: Worked) -> None:
    hold = door.place_hold(
        worked.case.pk, kind=HoldKind.HARDSHIP, reason="ill", deed=deed(worked.boss)
    )
    with pytest.raises(Conflict):
        door.release_hold(hold, reason="well again", deed=deed(worked.boss))
    other = make_login("su2", "supervisor")
    door.release_hold(hold, reason="well again", deed=deed(other))
    assert not worked.case.held


def test_what_is_disputed_is_left_out_of_what_is_asked(
    cast: Cast, worked: Worked
) -> None:
    case = worked.case
    door.place_hold(
        case.pk,
        kind=HoldKind.DISPUTE,
        reason="the fee of February",
        amount=1_000,
        deed=deed(worked.boss),
    )
    assert not worked.case.held  # the rest is worked
    assert verdict(worked, cast.mei) == "allow"
    line = door.case(case.pk, scope=worked.boss.scope)
    assert (line.disputed, line.asked) == (1_000, case.overdue_total - 1_000)
    text = desking.desk_of(
        signed_in("mei", language="en"), f"?case={case.number}"
    ).case.owed.left_out
    assert "10.00 of it is disputed" in text
    page = signed_in("mei", language="en").get(
        f"/desk/{case.number}/terms/", {"months": "1"}
    )
    assert page.context["terms"].total == line.asked
    taken = door.take_next(deed=deed(cast.mei))
    assert taken is not None and taken.worth.asked == line.asked
