"""May I contact? The gate with history from the database, over everybody who acts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.contact import door
from daihou.rooms.contact.models import Attempt, Consent, Decision, PersonFlag
from daihou.rooms.ledger.models import ContactPoint, Loan
from daihou.rooms.people import door as people
from tests.rooms.cast import PASSWORD, TODAY, Cast, make_loan

NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
MINUTE = timedelta(minutes=1)


def deed(by: people.Person, at: datetime = NOON, **more: str) -> door.Deed:
    """Done now."""
    return door.Deed(by=by, at=at, business_date=TODAY, **more)


def with_phone(loan: Loan, number: str = "13800010001", owner: str = "self") -> int:
    """A mobile of the borrower, or of somebody else behind it."""
    from daihou.rooms.ledger import door as ledger

    point = ContactPoint.objects.create(
        source="core",
        external_id=f"{loan.pk}-{number}-{owner}",
        digest=b"",
        customer=loan.customer,
        kind="mobile",
        owner_role=owner,
        **ledger.personal.contact_columns(number),
    )
    return int(point.pk)


def wish(loan: Loan, point: int, **more: Any) -> door.Wish:
    """A call to collect."""
    usual: dict[str, Any] = {"channel": "call", "purpose": "collect"}
    return door.Wish(loan_id=loan.pk, point_id=point, **(usual | more))


def asked(
    who: people.Person, loan: Loan, point: int, at: datetime, **more: Any
) -> door.Kept:
    """The answer for a wish."""
    kept: door.Kept = door.may_contact(wish(loan, point, **more), deed=deed(who, at))
    return kept


def called(
    who: people.Person, loan: Loan, point: int, at: datetime, result: str = "NEGO"
) -> int:
    """A call that was allowed and made."""
    kept = asked(who, loan, point, at)
    assert kept.answer.verdict == "allow", kept.answer
    made: int = door.record_attempt(kept.id, result=result, deed=deed(who, at))
    return made


def supervisor() -> people.Person:
    """A second person of the north, who may open contact again."""
    made: people.Person = people.create_user(
        username="su",
        password=PASSWORD,
        role="supervisor",
        branch="north",
        by="t",
        at=NOON,
    )
    return made


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north."""
    return make_loan("L1")


def test_an_answer_is_kept_with_its_rules_and_law_book(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    night = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)  # 23:00
    kept = asked(cast.mei, loan, point, night)
    assert (kept.answer.verdict, kept.answer.rules) == ("defer", ("CN-COL-01",))
    row = Decision.objects.get(pk=kept.id)
    assert row.rules == ["CN-COL-01"]
    assert row.until == datetime(2026, 3, 21, 0, 0, tzinfo=UTC)
    assert len(row.law_digest) == 64
    assert (row.branch, row.asked_by, row.actor) == ("north", "mei", "staff")
    event = Event.objects.get(type="gate.deferred")
    assert event.payload["decision"] == kept.id


def test_three_answered_calls_a_day_over_loans_staff_and_imports(
    cast: Cast, loan: Loan
) -> None:
    point = with_phone(loan)
    other = make_loan("L2")
    Loan.objects.filter(pk=other.pk).update(customer=loan.customer)
    other.refresh_from_db()
    agency = people.create_user(
        username="ag", password=PASSWORD, role="agency", branch="north", by="t", at=NOON
    )
    called(cast.mei, loan, point, NOON)
    called(agency, other, point, NOON + 20 * MINUTE)
    # An imported contact of a branch, the third of the day.
    Attempt.objects.create(
        fact_id=7,
        customer_id=loan.customer_id,
        person=f"p{loan.customer_id}",
        channel="call",
        purpose="collect",
        actor="branch",
        at=NOON + 30 * MINUTE,
        connected=True,
        conversation=False,
        failed=False,
        recorded_by="intake",
        recorded_at=NOON,
    )
    kept = asked(cast.mei, loan, point, NOON + 60 * MINUTE)
    assert kept.answer.verdict == "defer"
    assert "CN-COL-02" in kept.answer.rules
    assert {each.actor for each in Attempt.objects.all()} == {
        "staff",
        "agency",
        "branch",
    }


def test_six_dials_a_number_whoever_is_behind_it(cast: Cast, loan: Loan) -> None:
    mine = with_phone(loan, "13800010009")
    other = make_loan("L2", name="乙")
    shared = with_phone(other, "13800010009")
    for place in range(6):
        called(cast.mei, loan, mine, NOON + 20 * place * MINUTE, "NO_ANSWER")
    kept = asked(cast.mei, other, shared, NOON + 140 * MINUTE)
    assert kept.answer.rules == ("CN-COL-03",)


def test_what_never_rang_counts_nowhere(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    for place in range(8):
        called(cast.mei, loan, point, NOON + 20 * place * MINUTE, "OFF")
    kept = asked(cast.mei, loan, point, NOON + 200 * MINUTE)
    assert kept.answer.verdict == "allow"


def test_two_who_ask_at_once_do_not_both_get_the_last_call(
    cast: Cast, loan: Loan
) -> None:
    point = with_phone(loan)
    called(cast.mei, loan, point, NOON)
    called(cast.mei, loan, point, NOON + MINUTE)
    third = asked(cast.mei, loan, point, NOON + 2 * MINUTE)
    assert third.answer.verdict == "allow"
    refused = asked(cast.arun, loan, point, NOON + 3 * MINUTE)
    assert "CN-COL-02" in refused.answer.rules
    # Nor does who asks the same again: nobody said that no call was made.
    again = asked(cast.mei, loan, point, NOON + 4 * MINUTE)
    assert "CN-COL-02" in again.answer.rules
    assert Decision.objects.get(pk=third.id).state == "open"


@pytest.mark.parametrize(
    "kind",
    [
        *("dispute", "complaint", "hardship", "deceased", "bankruptcy", "minor"),
        *("lawyer", "cease", "breathing_space"),
    ],
)
def test_each_flag_holds_at_once_until_another_lifts_it(
    cast: Cast, loan: Loan, kind: str
) -> None:
    point = with_phone(loan)
    flag = door.raise_flag(
        loan.customer_id, kind=kind, evidence="letter of the 3rd", deed=deed(cast.mei)
    )
    assert asked(cast.mei, loan, point, NOON).answer.verdict == "deny"
    boss = supervisor()
    with pytest.raises(NotAllowed):
        door.lift_flag(flag, evidence="x", deed=deed(cast.mei))
    with pytest.raises(Refused):
        door.lift_flag(flag, evidence=" ", deed=deed(boss))
    door.lift_flag(flag, evidence="paid, letter filed", deed=deed(boss, NOON + MINUTE))
    # When she asks about the time before, the old answer is the answer still.
    assert asked(cast.mei, loan, point, NOON).answer.verdict == "deny"
    assert asked(cast.mei, loan, point, NOON + 2 * MINUTE).answer.verdict == "allow"


def test_who_raised_a_flag_does_not_lift_it_and_the_database_agrees(
    cast: Cast, loan: Loan
) -> None:
    boss = supervisor()
    flag = door.raise_flag(
        loan.customer_id, kind="dispute", evidence="e-mail", deed=deed(boss)
    )
    with pytest.raises(Conflict):
        door.lift_flag(flag, evidence="settled", deed=deed(boss))
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonFlag.objects.filter(pk=flag).update(lifted_by="su", lifted_at=NOON)


def test_what_is_said_on_the_phone_holds_from_then_on(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    called(cast.mei, loan, point, NOON, "DISPUTE")
    flag = PersonFlag.objects.get()
    assert (flag.kind, flag.raised_by) == ("dispute", "mei")
    assert asked(cast.mei, loan, point, NOON + MINUTE).answer.verdict == "deny"


def test_a_contact_person_only_while_the_debtor_is_lost_and_never_after_no(
    cast: Cast, loan: Loan
) -> None:
    friend = with_phone(loan, "13800010002", owner="contact_person")
    assert asked(cast.mei, loan, friend, NOON).answer.verdict == "deny"
    door.raise_flag(
        loan.customer_id,
        kind="unreachable",
        evidence="number dead, moved away",
        deed=deed(cast.mei),
    )
    lost = PersonFlag.objects.get().pk
    # One person's word opens nothing.
    assert asked(cast.mei, loan, friend, NOON + MINUTE).answer.verdict == "deny"
    door.confirm_flag(lost, deed=deed(supervisor(), NOON + MINUTE))
    called(cast.mei, loan, friend, NOON + 2 * MINUTE, "CEASE")
    flag = PersonFlag.objects.get(kind="refused")
    assert flag.point_id == friend
    week_on = asked(cast.mei, loan, friend, NOON + timedelta(days=7))
    assert week_on.answer.verdict == "deny"
    boss = people.create_user(
        username="co",
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="t",
        at=NOON,
    )
    with pytest.raises(Conflict):
        door.lift_flag(flag.pk, evidence="changed their mind", deed=deed(boss))


def test_a_consent_opens_the_night_and_its_withdrawal_closes_it(
    cast: Cast, loan: Loan
) -> None:
    point = with_phone(loan)
    night = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
    given = door.give_consent(
        loan.customer_id,
        kind="night_contact",
        channel="",
        evidence="signed form",
        deed=deed(cast.mei),
    )
    assert asked(cast.mei, loan, point, night).answer.verdict == "defer"
    door.confirm_consent(given, deed=deed(supervisor(), night))
    assert asked(cast.mei, loan, point, night).answer.verdict == "allow"
    door.withdraw_consent(given, deed=deed(cast.mei, night + MINUTE))
    assert asked(cast.mei, loan, point, night + 2 * MINUTE).answer.verdict == "defer"
    assert Consent.objects.get().evidence.startswith("s1.")


def test_a_contact_must_rest_on_an_answer_that_allowed_it(
    cast: Cast, loan: Loan
) -> None:
    point = with_phone(loan)
    night = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
    deferred = asked(cast.mei, loan, point, night)
    with pytest.raises(Conflict):
        door.record_attempt(deferred.id, result="NEGO", deed=deed(cast.mei, night))
    allowed = asked(cast.mei, loan, point, NOON)
    with pytest.raises(Conflict):
        door.record_attempt(
            allowed.id,
            result="NEGO",
            seconds=16 * 60,
            deed=deed(cast.mei, NOON + 17 * MINUTE),
        )
    with pytest.raises(Refused):
        door.record_attempt(allowed.id, result="SHOUTED", deed=deed(cast.mei))
    with pytest.raises(NotFound):
        door.record_attempt(allowed.id, result="NEGO", deed=deed(cast.bola))
    door.record_attempt(allowed.id, result="NEGO", deed=deed(cast.mei))
    with pytest.raises(Conflict):
        door.record_attempt(allowed.id, result="NEGO", deed=deed(cast.mei))
    with pytest.raises(DatabaseError), transaction.atomic():
        row = Attempt.objects.get()
        row.pk, row.decision_id = None, None
        row.save(force_insert=True)


def test_an_answer_stays_as_it_was_given(cast: Cast, loan: Loan) -> None:
    kept = asked(cast.mei, loan, with_phone(loan), NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=kept.id).update(verdict="deny")
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=kept.id).delete()


def test_the_channel_and_the_number_must_fit(cast: Cast, loan: Loan) -> None:
    with pytest.raises(Refused):
        asked(cast.mei, loan, 0, NOON)
    with pytest.raises(NotFound):
        asked(cast.mei, loan, 999, NOON)
    letter = asked(cast.mei, loan, 0, NOON, channel="letter")
    assert letter.answer.verdict == "allow"
    alone = asked(cast.mei, loan, 0, NOON, channel="visit", staff_count=1)
    assert alone.answer.rules == ("CN-COL-07",)
    assert (
        asked(cast.mei, loan, 0, NOON, channel="visit", staff_count=2).answer.verdict
        == "allow"
    )


def test_what_is_not_known_denies(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    kept = asked(cast.mei, loan, point, NOON, purpose="chat")
    assert (kept.answer.verdict, kept.answer.unknown) == ("deny", ("purpose",))
    kept = asked(cast.mei, loan, point, NOON, channel="telegram")
    assert "channel" in kept.answer.unknown


def test_nobody_asks_about_another_branch_or_without_the_right(
    cast: Cast, loan: Loan
) -> None:
    point = with_phone(loan)
    with pytest.raises(NotFound):
        asked(cast.bola, loan, point, NOON)
    with pytest.raises(NotAllowed):
        asked(cast.sam, loan, point, NOON)
    with pytest.raises(NotFound):
        door.raise_flag(
            loan.customer_id, kind="dispute", evidence="x", deed=deed(cast.bola)
        )


def test_the_licence_is_that_of_the_loan_else_the_lenders(
    cast: Cast, loan: Loan
) -> None:
    point = with_phone(loan)
    kept = asked(cast.mei, loan, point, NOON)
    assert kept.asked.request.licence == "consumer_finance"
    Loan.objects.filter(pk=loan.pk).update(licence="microloan")
    kept = asked(cast.mei, loan, point, NOON)
    assert kept.asked.request.licence == "microloan"


def test_a_number_is_kept_by_its_index_alone(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan, "13911112222")
    called(cast.mei, loan, point, NOON)
    row = Attempt.objects.values().get()
    assert "13911112222" not in str(row)
    assert row["point"]


def test_the_answer_is_the_same_when_asked_again_later(cast: Cast, loan: Loan) -> None:
    point = with_phone(loan)
    first = asked(cast.mei, loan, point, NOON)
    called(cast.mei, loan, point, NOON + MINUTE)
    again = asked(cast.mei, loan, point, NOON)
    assert replace(first.answer) == replace(again.answer)
