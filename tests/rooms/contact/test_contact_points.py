"""How good a number is, by what came of trying it; a wrong one is used no more."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.contact import door
from daihou.rooms.contact.models import PointStanding
from daihou.rooms.contact.states import OF_POINT, POINT_MOVES, PointState, Result
from daihou.rooms.ledger.models import ContactPoint, Loan
from tests.rooms.cast import PASSWORD, Cast, make_loan
from tests.rooms.contact.test_contact import (
    MINUTE,
    NOON,
    asked,
    called,
    deed,
    supervisor,
    with_phone,
)

HOUR = timedelta(hours=1)
EVIDENCE = "号码已由本人到店核实"


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north."""
    return make_loan("L1")


def point(customer_id: int, place: int = 0) -> door.PointLine:
    return door.points_of(customer_id)[place]


def test_tries_and_answers_are_counted_by_the_hour_where_they_live(
    cast: Cast, loan: Loan
) -> None:
    number = with_phone(loan)
    assert point(loan.customer_id).state == "untried"
    called(cast.mei, loan, number, NOON, "NO_ANSWER")
    called(cast.mei, loan, number, NOON + 2 * HOUR, "REFUSE")
    found = point(loan.customer_id)
    assert (found.state, found.tried, found.answered, found.reach) == (
        "answered",
        2,
        1,
        50,
    )
    assert found.last_answered_at == NOON + 2 * HOUR
    assert (found.tried_hours[12], found.tried_hours[14]) == (1, 1)  # in Shanghai
    assert found.best_hour == 14
    called(cast.mei, loan, number, NOON + 3 * HOUR, "OFF")
    assert point(loan.customer_id).state == "off"
    assert point(loan.customer_id).removed_at is None


def test_a_number_that_does_not_exist_is_removed_for_everybody(
    cast: Cast, loan: Loan
) -> None:
    number = with_phone(loan, "13800010009")
    other = make_loan("L2", name="乙")
    shared = with_phone(other, "13800010009")
    called(cast.mei, loan, number, NOON, "INVALID")
    for who, mine in ((loan, number), (other, shared)):
        with pytest.raises(Refused) as caught:
            asked(cast.mei, who, mine, NOON + MINUTE)
        assert caught.value.code == "contact_point_removed"
        assert point(who.customer_id).removed_by == "mei"
    event = Event.objects.get(type="contact.point.removed")
    assert event.payload["because"] == "invalid"
    assert "13800010009" not in str(event.payload)


def test_a_strangers_number_is_removed_for_this_person_on_every_loan(
    cast: Cast, loan: Loan
) -> None:
    number = with_phone(loan, "13800010009")
    second = make_loan("L3")
    Loan.objects.filter(pk=second.pk).update(customer=loan.customer)
    second.refresh_from_db()
    other = make_loan("L2", name="乙")
    theirs = with_phone(other, "13800010009")
    called(cast.mei, loan, number, NOON, "WRONG")
    for each in (loan, second):
        with pytest.raises(Refused):
            asked(cast.mei, each, number, NOON + MINUTE)
    kept = asked(cast.mei, other, theirs, NOON + HOUR)
    assert kept.answer.verdict == "allow"


def test_another_person_brings_it_back_on_evidence(cast: Cast, loan: Loan) -> None:
    number = with_phone(loan)
    called(cast.mei, loan, number, NOON, "WRONG")
    customer = loan.customer_id
    boss = supervisor()
    with pytest.raises(NotAllowed):
        door.restore_point(
            customer, point_id=number, evidence=EVIDENCE, deed=deed(cast.mei)
        )
    with pytest.raises(Refused):
        door.restore_point(customer, point_id=number, evidence=" ", deed=deed(boss))
    with pytest.raises(NotFound):
        door.restore_point(customer, point_id=10**9, evidence=EVIDENCE, deed=deed(boss))
    door.restore_point(customer, point_id=number, evidence=EVIDENCE, deed=deed(boss))
    row = PointStanding.objects.get(customer_id=customer)
    assert (row.state, row.restored_by) == ("untried", "su")
    assert EVIDENCE not in row.evidence  # sealed
    assert asked(cast.mei, loan, number, NOON + HOUR).answer.verdict == "allow"
    with pytest.raises(Conflict):
        door.restore_point(
            customer, point_id=number, evidence=EVIDENCE, deed=deed(boss)
        )
    called(cast.mei, loan, number, NOON + 2 * HOUR, "WRONG")
    with pytest.raises(Refused):
        asked(cast.mei, loan, number, NOON + 3 * HOUR)


def test_who_removed_a_number_does_not_bring_it_back(cast: Cast, loan: Loan) -> None:
    number = with_phone(loan)
    boss = supervisor()
    called(boss, loan, number, NOON, "WRONG")
    with pytest.raises(Conflict) as caught:
        door.restore_point(
            loan.customer_id, point_id=number, evidence=EVIDENCE, deed=deed(boss)
        )
    assert caught.value.code == "point_own"


def test_the_number_asked_about_first_is_one_in_use(cast: Cast, loan: Loan) -> None:
    from daihou.rooms.contact.pages.person import ways_by_channel
    from daihou.rooms.contact.queries.points import in_use, points_of

    gone = with_phone(loan, "13800010001")
    good = with_phone(loan, "13800010002")
    called(cast.mei, loan, gone, NOON, "INVALID")
    ways = ways_by_channel(in_use(points_of(loan.customer_id)))
    assert {point_id for _channel, point_id, _masked in ways if point_id} == {good}


def test_every_result_leads_by_a_move_of_the_table() -> None:
    after = set(OF_POINT.values())
    for before in PointState:
        if before in (PointState.INVALID, PointState.WRONG):
            continue  # removed: nobody tries it
        for state in after - {before}:
            assert (before, state) in POINT_MOVES, (before, state)
    assert set(OF_POINT) < set(Result)


def test_the_database_keeps_its_words(cast: Cast, loan: Loan) -> None:
    number = with_phone(loan)
    called(cast.mei, loan, number, NOON, "NO_ANSWER")
    for change in ({"state": "gone"}, {"removed_at": NOON}, {"answered": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PointStanding.objects.update(**change)


def test_it_stands_on_the_pages_and_is_brought_back_there(
    cast: Cast, loan: Loan, client: Client
) -> None:
    number = with_phone(loan)
    called(cast.mei, loan, number, NOON, "WRONG")
    supervisor()
    client.login(username="su", password=PASSWORD)
    client.cookies["django_language"] = "en"
    for name in ("ledger:customer", "contact:person"):
        page = client.get(reverse(name, args=[loan.customer_id]))
        assert "Somebody else" in page.content.decode(), name
    address = reverse("contact:restore", args=[loan.customer_id, number])
    answer = client.post(address, {"evidence": EVIDENCE}, follow=True)
    assert "The number is in use again." in answer.content.decode()
    assert ContactPoint.objects.get(pk=number).value_digest
    assert point(loan.customer_id).removed_at is None


def test_a_letter_to_the_registered_address_counts_for_no_number(
    cast: Cast, loan: Loan
) -> None:
    kept = asked(cast.mei, loan, 0, NOON, channel="letter")
    door.record_attempt(kept.id, result="SENT", deed=deed(cast.mei))
    assert PointStanding.objects.count() == 0
