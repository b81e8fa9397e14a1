"""Death, custody, identity fraud, bankruptcy: held at once, confirmed in time or undone."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from daihou.engine.commitments.marker import (
    MOVES,
    OPEN,
    Kind,
    MarkerRules,
    State,
    passed,
)
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.packs import law
from daihou.rooms.casework.actions.markers import (
    confirm_marker,
    refute_marker,
    watch_markers,
)
from daihou.rooms.casework.codes import Action
from daihou.rooms.casework.models import Hold, Marker, WorkItem
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast
from tests.rooms.promising import (
    DAY,
    NOON,
    Worked,
    deed,
    late_case,
    on,
    recorded,
    supervisor,
)

WORKER = people.process("casework")
PROOF = "死亡证明第 7 号"
BY = date(2026, 3, 10)


@pytest.fixture
def worked(cast: Cast) -> Worked:
    """A late case of the north."""
    return late_case()


def heard(cast: Cast, worked: Worked, code: str = "DECEASED") -> Marker:
    """The family called."""
    recorded(
        cast.mei,
        worked,
        code,
        decision_id=None,
        action=Action.INBOUND,
        note="家属来电告知",
    )
    found: Marker = Marker.objects.get()
    return found


def morning(day: int) -> dict[str, int]:
    when = deed(WORKER, at=NOON + day * DAY, day=on(day))
    return dict(watch_markers(as_of=on(day), deed=when))


def test_it_goes_up_and_then_back_by_the_days_that_pass() -> None:
    def after(state: State, days: int) -> State:
        on_day = BY + timedelta(days=days)
        return passed(state, confirm_by=BY, escalated_days=3, on=on_day)

    assert after(State.RAISED, 0) is State.RAISED
    assert after(State.RAISED, 1) is State.ESCALATED
    assert after(State.RAISED, 99) is State.ESCALATED  # never returned unseen
    assert after(State.ESCALATED, 3) is State.ESCALATED
    assert after(State.ESCALATED, 4) is State.RETURNED
    for state in State:
        found = after(state, 99)
        assert found is state or (state, found) in MOVES
        assert state in OPEN or found is state


@pytest.mark.parametrize("jurisdiction", ["cn", "eu", "in", "uk", "us"])
def test_every_open_pack_has_the_policy(jurisdiction: str) -> None:
    book = law.known()
    for licence in book.packs[jurisdiction].licences:
        found = MarkerRules.of(book, jurisdiction=jurisdiction, licence=licence, on=BY)
        assert found is not None
        assert set(found.confirm_days) == set(Kind)
        assert found.confirm_by(Kind.DECEASED, BY) == BY + timedelta(days=7)


def test_heard_it_holds_and_another_confirms_on_evidence(
    cast: Cast, worked: Worked
) -> None:
    marker = heard(cast, worked)
    assert (marker.kind, marker.state, marker.raised_by) == (
        "deceased",
        "raised",
        "mei",
    )
    assert marker.confirm_by == on(7)
    assert worked.case.held
    with pytest.raises(NotAllowed):
        confirm_marker(marker.pk, evidence=PROOF, deed=deed(cast.mei))
    with pytest.raises(NotFound):
        confirm_marker(marker.pk, evidence=PROOF, deed=deed(far_boss()))
    with pytest.raises(Refused):
        confirm_marker(marker.pk, evidence=" ", deed=deed(worked.boss))
    confirm_marker(marker.pk, evidence=PROOF, deed=deed(worked.boss))
    marker.refresh_from_db()
    assert (marker.state, marker.decided_by) == ("confirmed", "su")
    assert PROOF not in marker.decision
    assert worked.case.held
    items = WorkItem.objects.filter(state="open").values_list("reason", flat=True)
    assert list(items) == ["confirmed_deceased"]
    with pytest.raises(Conflict):
        refute_marker(marker.pk, evidence=PROOF, deed=deed(worked.boss))


def far_boss() -> people.Person:
    """A supervisor of the south."""
    made: people.Person = people.create_user(
        username="fu",
        password=PASSWORD,
        role="supervisor",
        branch="south",
        by="t",
        at=NOON,
    )
    return made


def test_refuted_the_hold_is_released(cast: Cast, worked: Worked) -> None:
    marker = heard(cast, worked, "ID_FRAUD")
    refute_marker(marker.pk, evidence="本人到店核实", deed=deed(worked.boss))
    assert not worked.case.held
    assert Hold.objects.get().release == "released"
    assert not WorkItem.objects.filter(state="open").exists()


def test_who_heard_it_does_not_confirm_it(cast: Cast, worked: Worked) -> None:
    recorded(
        worked.boss,
        worked,
        "JAILED",
        decision_id=None,
        action=Action.INBOUND,
        note="家属来电告知",
    )
    marker = Marker.objects.get()
    with pytest.raises(Conflict) as caught:
        confirm_marker(marker.pk, evidence=PROOF, deed=deed(worked.boss))
    assert caught.value.code == "marker_own"
    confirm_marker(marker.pk, evidence=PROOF, deed=deed(supervisor("su2")))


def test_nobody_confirms_it_goes_up_and_then_the_hold_ends(
    cast: Cast, worked: Worked
) -> None:
    heard(cast, worked)
    assert morning(7) == {"escalated": 0, "returned": 0}
    assert morning(8) == {"escalated": 1, "returned": 0}
    assert morning(8) == {"escalated": 0, "returned": 0}
    item = WorkItem.objects.get(reason="marker_deceased")
    assert (item.priority, item.for_supervisor) == (100, True)
    assert morning(10)["returned"] == 0
    assert morning(11)["returned"] == 1
    assert not worked.case.held
    assert Marker.objects.get().state == "returned"


def test_the_same_heard_again_is_one_marker(cast: Cast, worked: Worked) -> None:
    heard(cast, worked)
    heard(cast, worked)
    assert Marker.objects.count() == 1


def test_the_database_wants_another_person(cast: Cast, worked: Worked) -> None:
    marker = heard(cast, worked)
    wrong = (
        {"state": "confirmed"},
        {
            "state": "confirmed",
            "decided_by": "mei",
            "decided_at": NOON,
            "decision": "x",
        },
        {"kind": "jailed"},
        {"confirm_by": on(99)},
    )
    for change in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            Marker.objects.filter(pk=marker.pk).update(**change)


def test_the_page_lists_what_waits_and_another_decides(
    cast: Cast, worked: Worked, client: Client
) -> None:
    dayend.set_business_date(on=TODAY, by="t", at=AT)
    marker = heard(cast, worked)
    client.cookies["django_language"] = "en"
    address = reverse("casework:markers")
    client.login(username="mei", password=PASSWORD)
    seen = client.get(address).content.decode()
    assert "家属来电告知" in seen and "another person confirms it" in seen
    client.login(username="bola", password=PASSWORD)
    assert "家属来电告知" not in client.get(address).content.decode()
    client.login(username="su", password=PASSWORD)
    decide = reverse("casework:decide_marker", args=[marker.pk])
    body = {"evidence": PROOF, "found": "refute"}
    said = client.post(decide, body, follow=True).content.decode()
    assert "It is refuted; the hold ends." in said
    assert "Nothing waits" in said
    decided = client.get(address, {"show": "decided"}).content.decode()
    assert PROOF in decided and "Refuted" in decided
    again = client.post(decide, body, follow=True).content.decode()
    assert "This was decided before" in again
