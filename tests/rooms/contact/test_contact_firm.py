"""Ways around the gate that are closed: unrecorded calls, one person's word, old leave."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.contact import door
from daihou.rooms.contact.models import Consent, Decision, PersonFlag
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.contact.test_contact import (
    MINUTE,
    NOON,
    asked,
    called,
    deed,
    supervisor,
    wish,
    with_phone,
)
from tests.rooms.contact.test_refused import take


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north."""
    return make_loan("L1")


def verdict(who: people.Person, loan: Loan, point: int, at: datetime) -> str:
    """What the gate says; what it allows is given back, so that it counts nowhere."""
    kept = asked(who, loan, point, at)
    if kept.answer.verdict == "allow":
        door.mark_unused(kept.id, deed=deed(who, at))
    return str(kept.answer.verdict.value)


def flags(**which: object) -> list[tuple[str, int]]:
    """The flags there are, by kind and contact point."""
    rows = PersonFlag.objects.filter(**which).order_by("kind", "point_id")
    return list(rows.values_list("kind", "point_id"))


def test_calls_nobody_wrote_down_count(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    kept = [asked(cast.mei, loan, point, NOON + n * 30 * MINUTE) for n in range(3)]
    assert {each.answer.verdict for each in kept} == {"allow"}
    hours_on = NOON + timedelta(hours=5)
    assert "CN-COL-02" in asked(cast.mei, loan, point, hours_on).answer.rules
    # Each can still be written down, and then counts as what it was.
    for each in kept:
        door.record_attempt(each.id, result="NO_ANSWER", deed=deed(cast.mei, hours_on))
    assert asked(cast.mei, loan, point, hours_on).answer.verdict == "allow"


def test_no_contact_made_is_said_and_told(cast: Cast, loan: Loan) -> None:
    kept = asked(cast.mei, loan, with_phone(loan), NOON)
    colleague = people.create_user(
        username="li",
        password=PASSWORD,
        role="collector",
        branch="north",
        by="t",
        at=NOON,
    )
    with pytest.raises(NotAllowed):
        door.mark_unused(kept.id, deed=deed(colleague))
    door.mark_unused(kept.id, deed=deed(cast.mei))
    assert Event.objects.get(type="contact.unused").payload["decision"] == kept.id
    with pytest.raises(Conflict):
        door.record_attempt(kept.id, result="NEGO", deed=deed(cast.mei))
    assert Decision.objects.get().state == "void"


def test_a_colleague_does_not_use_up_anothers_answer(cast: Cast, loan: Loan) -> None:
    kept = asked(cast.mei, loan, with_phone(loan), NOON)
    with pytest.raises(Conflict) as told:
        door.record_attempt(kept.id, result="NEGO", deed=deed(cast.arun))
    assert told.value.code == "decision_of_another"
    door.record_attempt(kept.id, result="NEGO", deed=deed(cast.mei))


def test_a_hold_takes_back_the_leave_given_before(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    kept = asked(cast.mei, loan, point, NOON)
    door.raise_flag(
        loan.customer_id,
        kind="cease",
        evidence="letter",
        deed=deed(cast.arun, NOON + 5 * MINUTE),
    )
    later = deed(cast.mei, NOON + 10 * MINUTE)
    with pytest.raises(Conflict) as told:
        door.record_attempt(kept.id, result="NEGO", seconds=540, deed=later)
    assert told.value.code == "decision_held"
    # The call before the hold was lawful, and is written down.
    door.record_attempt(kept.id, result="NEGO", seconds=60, deed=later)


def test_a_withdrawn_consent_takes_back_the_leave(cast: Cast, loan: Loan) -> None:
    consent = door.give_consent(
        loan.customer_id,
        kind="channel",
        channel="call",
        evidence="form",
        deed=deed(cast.mei),
    )
    kept = asked(cast.mei, loan, with_phone(loan), NOON)
    door.withdraw_consent(consent, deed=deed(cast.mei, NOON + MINUTE))
    assert Decision.objects.get(pk=kept.id).held_at == NOON + MINUTE
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=kept.id).update(held_at=None)


@pytest.mark.parametrize(
    ("result", "raised"),
    [
        ("DECEASED", [("deceased", 0)]),
        ("LOST", [("unreachable", 0)]),
        ("LAWYER", [("lawyer", 0)]),
    ],
)
def test_what_a_relative_says_of_the_debtor_is_of_the_debtor(
    cast: Cast, loan: Loan, result: str, raised: list[tuple[str, int]]
) -> None:
    own, wife = with_phone(loan), with_phone(loan, "13800010002", "contact_person")
    boss = supervisor()
    lost = door.raise_flag(
        loan.customer_id, kind="unreachable", evidence="moved", deed=deed(cast.mei)
    )
    door.confirm_flag(lost, deed=deed(boss))
    called(cast.mei, loan, wife, NOON + MINUTE, result)
    assert flags(evidence__gt="") == sorted({("unreachable", 0), *raised})
    is_held = asked(cast.mei, loan, own, NOON + 2 * MINUTE).answer.verdict == "deny"
    assert is_held == (result != "LOST")


def test_a_complaint_of_a_relative_holds_both(cast: Cast, loan: Loan) -> None:
    wife = with_phone(loan, "13800010002", "contact_person")
    lost = door.raise_flag(
        loan.customer_id, kind="unreachable", evidence="moved", deed=deed(cast.mei)
    )
    door.confirm_flag(lost, deed=deed(supervisor()))
    called(cast.mei, loan, wife, NOON + MINUTE, "COMPLAINT")
    assert flags(kind="complaint") == [("complaint", 0), ("complaint", wife)]


def test_a_flag_at_ones_own_number_holds_the_person(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    door.raise_flag(
        loan.customer_id,
        kind="cease",
        evidence="letter",
        point_id=point,
        deed=deed(cast.mei),
    )
    assert flags() == [("cease", 0)]
    assert asked(cast.mei, loan, point, NOON).answer.verdict == "deny"


def test_one_person_opens_no_third_party(cast: Cast, loan: Loan) -> None:
    friend = with_phone(loan, "13800010002", "contact_person")
    boss = supervisor()
    for kind in ("unreachable", "deceased"):
        flag = door.raise_flag(
            loan.customer_id, kind=kind, evidence="said so", deed=deed(boss)
        )
        with pytest.raises(Conflict):
            door.confirm_flag(flag, deed=deed(boss))
    assert verdict(cast.mei, loan, friend, NOON + MINUTE) == "deny"
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonFlag.objects.update(confirmed_by="su", confirmed_at=NOON)
    co = people.create_user(
        username="co",
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="t",
        at=NOON,
    )
    dead = PersonFlag.objects.get(kind="deceased").pk
    door.confirm_flag(dead, deed=deed(co, NOON + 2 * MINUTE))
    assert verdict(cast.mei, loan, friend, NOON + 2 * MINUTE) == "allow"


def test_a_talk_with_the_debtor_ends_that_they_are_lost(cast: Cast, loan: Loan) -> None:
    own, friend = with_phone(loan), with_phone(loan, "13800010002", "contact_person")
    second = with_phone(loan, "13800010003")
    boss = supervisor()
    called(cast.mei, loan, own, NOON, "LOST")
    door.confirm_flag(PersonFlag.objects.get().pk, deed=deed(boss, NOON + MINUTE))
    assert verdict(cast.mei, loan, friend, NOON + MINUTE) == "allow"
    # Somebody else at that number is not them.
    called(cast.mei, loan, own, NOON + 2 * MINUTE, "WRONG")
    assert verdict(cast.mei, loan, friend, NOON + 3 * MINUTE) == "allow"
    called(cast.mei, loan, second, NOON + 4 * MINUTE, "PTP")
    assert verdict(cast.mei, loan, friend, NOON + 5 * MINUTE) == "deny"
    # Lost again is a new word of one person.
    called(cast.mei, loan, second, NOON + 6 * MINUTE, "LOST")
    assert PersonFlag.objects.filter(kind="unreachable").count() == 2
    assert verdict(cast.mei, loan, friend, NOON + 7 * MINUTE) == "deny"


def test_a_channel_taken_back_is_not_opened_by_one(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    agreed = {"kind": "channel", "channel": "sms", "evidence": "said yes"}

    def stand(at: datetime) -> int:
        known = asked(cast.mei, loan, point, at, channel="sms").asked.known
        return sum(each.is_active(at) for each in known.consents)

    first = door.give_consent(loan.customer_id, **agreed, deed=deed(cast.mei))
    assert stand(NOON) == 1
    door.withdraw_consent(first, deed=deed(cast.mei, NOON + MINUTE))
    second = door.give_consent(
        loan.customer_id, **agreed, deed=deed(cast.mei, NOON + 2 * MINUTE)
    )
    assert stand(NOON + 3 * MINUTE) == 0
    with pytest.raises(NotAllowed):
        door.confirm_consent(second, deed=deed(cast.mei, NOON + 3 * MINUTE))
    door.confirm_consent(second, deed=deed(supervisor(), NOON + 4 * MINUTE))
    assert stand(NOON + 5 * MINUTE) == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=second).update(confirmed_by="", confirmed_at=None)


def test_who_sees_the_customer_withdraws_wherever_it_was_given(
    cast: Cast, loan: Loan
) -> None:
    consent = door.give_consent(
        loan.customer_id,
        kind="night_contact",
        channel="",
        evidence="form",
        deed=deed(cast.mei),
    )
    flag = door.raise_flag(
        loan.customer_id, kind="dispute", evidence="letter", deed=deed(cast.mei)
    )
    Loan.objects.filter(pk=loan.pk).update(branch="south")
    door.withdraw_consent(consent, deed=deed(cast.bola, NOON + MINUTE))
    boss = people.create_user(
        username="so",
        password=PASSWORD,
        role="supervisor",
        branch="south",
        by="t",
        at=NOON,
    )
    door.lift_flag(flag, evidence="settled", deed=deed(boss, NOON + MINUTE))
    assert Consent.objects.get().withdrawn_at == NOON + MINUTE
    assert PersonFlag.objects.get().lifted_by == "so"


def test_never_again_has_no_end(cast: Cast, loan: Loan) -> None:
    friend = with_phone(loan, "13800010002", "contact_person")
    with pytest.raises(Refused):
        door.raise_flag(
            loan.customer_id,
            kind="refused",
            evidence="said no",
            point_id=friend,
            until_at=NOON + timedelta(days=1),
            deed=deed(cast.mei),
        )
    door.raise_flag(
        loan.customer_id,
        kind="refused",
        evidence="said no",
        point_id=friend,
        deed=deed(cast.mei),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonFlag.objects.update(until_at=NOON + timedelta(days=1))


def test_a_licence_nobody_knows_denies(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    Loan.objects.filter(pk=loan.pk).update(licence="pawnshop")
    kept = asked(cast.mei, loan, point, NOON)
    assert (kept.answer.verdict, kept.answer.unknown) == ("deny", ("licence",))


def test_a_debtor_abroad_is_called_by_their_own_clock(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    assert verdict(cast.mei, loan, point, NOON) == "allow"
    loan.customer.attributes = {"time_zone": "America/New_York"}
    loan.customer.save()
    morning = datetime(2026, 3, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    kept = asked(cast.mei, loan, point, morning)  # 22:00 of the day before there
    assert (kept.answer.verdict, kept.answer.rules) == ("defer", ("CN-COL-01",))
    loan.customer.attributes = {"time_zone": "Mars/Olympus"}
    loan.customer.save()
    assert asked(cast.mei, loan, point, NOON).answer.unknown == ("person.time_zone",)


def test_a_number_of_two_people_is_locked_for_both(cast: Cast, loan: Loan) -> None:
    mine = with_phone(loan, "13800010009")
    other = make_loan("L2", name="乙")
    shared = with_phone(other, "13800010009")
    keys = []
    for of, point in ((loan, mine), (other, shared)):
        with CaptureQueriesContext(connection) as sent:
            door.may_contact(wish(of, point), deed=deed(cast.mei))
        (lock,) = [each["sql"] for each in sent if "advisory_xact_lock" in each["sql"]]
        keys.append(set(re.findall(r"\bn[0-9a-zA-Z_-]{8,}", lock)))
    assert keys[0] and keys[0] == keys[1]


def told(tmp_path: Path, *lines: str) -> None:
    """A file of contacts, taken in."""
    text = "\n".join(["customer_id,at,channel,result", *lines, ""])
    assert take(tmp_path, "contact_history", text).state == "applied"


def test_what_an_agency_writes_holds_at_once(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    point = with_phone(loan)
    kept = asked(cast.mei, loan, point, AT)
    assert kept.answer.verdict == "allow"
    told(
        tmp_path,
        "C-L1,2026-03-01T10:00:00+08:00,call,CEASE",
        "C-L1,2026-03-02T10:00:00+08:00,call,LOST",
        "C-L1,2026-03-03T10:00:00+08:00,call,WRONG",
    )
    assert flags() == [("cease", 0), ("unreachable", 0)]
    lost = PersonFlag.objects.get(kind="unreachable")
    assert (lost.until_at, lost.confirmed_at, lost.fact_id) == (None, None, None)
    assert verdict(cast.mei, loan, point, NOON) == "deny"
    # Sent again, and lifted since: it stays lifted. A talk ends that they are lost.
    cease = PersonFlag.objects.get(kind="cease").pk
    door.lift_flag(cease, evidence="new letter", deed=deed(supervisor(), NOON))
    told(
        tmp_path,
        "C-L1,2026-03-01T10:00:00+08:00,robot,CEASE",
        "C-L1,2026-03-04T10:00:00+08:00,call,PTP",
    )
    assert flags() == [("cease", 0), ("unreachable", 0)]
    lost.refresh_from_db()
    assert lost.until_at == datetime(2026, 3, 4, 2, tzinfo=NOON.tzinfo)


def test_leave_given_before_a_file_said_stop_is_taken_back(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    kept = asked(cast.mei, loan, with_phone(loan), AT)
    told(tmp_path, "C-L1,2026-03-20T09:59:00+08:00,call,CEASE")
    assert Decision.objects.get(pk=kept.id).held_at is not None


def test_a_flag_sent_again_does_not_undo_a_talk(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    head = "customer_id,flag,from_on,until_on\n"
    line = "C-L1,unreachable,2026-03-01,"
    assert take(tmp_path, "person_flags", f"{head}{line}\n").state == "applied"
    called(cast.mei, loan, with_phone(loan), NOON, "PTP")
    assert PersonFlag.objects.get().until_at == NOON
    again = take(tmp_path, "person_flags", f"{head}{line}2026-12-31\n")
    assert again.state == "applied"
    assert {row.until_at for row in PersonFlag.objects.all()} <= {NOON}
