"""Cases: opened, joined, closed with codes that hold, held, agreed upon."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.audit.models import Event
from daihou.rooms.casework import door
from daihou.rooms.casework.door import CloseCode, HoldKind, Resolution
from daihou.rooms.casework.models import Assignment, Case, CaseFacts, CaseLoan, Hold
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.contact.models import PersonFlag
from daihou.rooms.ledger.models import Loan
from tests.rooms.caseworking import (
    NOON,
    deed,
    late_loan,
    opened,
    paid_off,
    stand,
    supervisor,
)
from tests.rooms.cast import TODAY, Cast, pay


@pytest.fixture(autouse=True)
def sound(cast: Cast) -> object:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


def second_loan(first: Loan, number: str, **facts: object) -> Loan:
    """Another loan of the same customer."""
    other = late_loan(number, **facts)
    Loan.objects.filter(pk=other.pk).update(customer=first.customer)
    other.refresh_from_db()
    return other


def types_of(case_id: int) -> list[str]:
    story = audit.timeline(subject_type="case", subject_id=case_id)
    return [each.type for each in reversed(story)]


def test_a_case_takes_in_every_late_loan_of_a_person(cast: Cast) -> None:
    first = late_loan("L1", dpd=20)
    second_loan(first, "L2", dpd=45)
    third = second_loan(first, "L3")
    stand(third)  # on time: stays out
    case = opened(first, supervisor())
    assert case.number == "A26032000001"
    assert (case.lifecycle, case.delinquency, case.dpd) == ("open", "M2", 45)
    assert (case.overdue_total, case.outstanding_total) == (202_000, 600_000)
    assert (case.queue, case.assignment, case.version) == ("early", "pool", 1)
    assert CaseLoan.objects.filter(case=case.id, until=None).count() == 2
    assert types_of(case.id) == ["case.opened"]
    (event,) = Event.objects.filter(type="case.opened")
    assert (event.payload["overdue"], event.payload["currency"]) == (202_000, "CNY")
    assert not CaseFacts.objects.get(pk=first.customer_id).held


def test_one_open_case_a_person_says_the_database_too(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    with pytest.raises(Conflict) as refused:
        opened(loan, boss)
    assert refused.value.code == "case_open"
    row = Case.objects.get(pk=case.id)
    row.pk, row.number = None, "A26032000099"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_a_collector_opens_none_and_nobody_outside_the_scope(cast: Cast) -> None:
    north, south = late_loan("L1"), late_loan("L2", branch="south")
    with pytest.raises(NotAllowed):
        opened(north, cast.mei)
    with pytest.raises(NotFound):
        opened(south, supervisor())
    assert Case.objects.count() == 0


def test_a_loan_joins_once_and_figures_follow(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    other = second_loan(loan, "L2", dpd=70)
    joined = door.join_case(
        case.id, loan_id=other.pk, deed=deed(boss), version=case.version
    )
    assert (joined.loans, joined.overdue_total, joined.delinquency) == (
        2,
        202_000,
        "M3",
    )
    with pytest.raises(Conflict):
        door.join_case(case.id, loan_id=other.pk, deed=deed(boss))
    stranger = late_loan("L9")
    with pytest.raises(Refused) as refused:
        door.join_case(case.id, loan_id=stranger.pk, deed=deed(boss))
    assert refused.value.code == "loan_of_another"


def test_who_saw_an_older_version_is_told(cast: Cast) -> None:
    boss = supervisor()
    case = opened(late_loan("L1"), boss)
    door.assign([case.id], collector="mei", deed=deed(boss), version=1)
    with pytest.raises(door.CaseHasMoved):
        door.close_case(
            case.id, code=CloseCode.WITHDRAWN, reason="x", deed=deed(boss), version=1
        )
    assert Case.objects.get(pk=case.id).lifecycle == "open"


def test_paid_in_full_needs_the_payments(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)

    def close(code: CloseCode) -> None:
        door.close_case(case.id, code=code, reason="seen", deed=deed(boss))

    for code in (CloseCode.PAID_FULL, CloseCode.CURED, CloseCode.PAID_PARTIAL_SETTLED):
        with pytest.raises(Refused) as refused:
            close(code)
        assert refused.value.code == "close_code"
    later = NOON + timedelta(minutes=1)
    pay(loan, "P1", amount=200_000, at=later)
    paid_off(loan)  # the rest was given up
    with pytest.raises(Refused):
        close(CloseCode.PAID_FULL)
    close(CloseCode.PAID_PARTIAL_SETTLED)
    row = Case.objects.get(pk=case.id)
    assert (row.lifecycle, row.close_code, row.closed_on) == (
        "closed",
        "PAID_PARTIAL_SETTLED",
        TODAY,
    )
    assert (row.paid, row.resolution) == (200_000, "settlement")


def test_paid_in_full(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    pay(loan, "P1", amount=303_000, at=NOON + timedelta(minutes=1), keep_credit=True)
    paid_off(loan)
    door.close_case(case.id, code=CloseCode.PAID_FULL, reason="paid", deed=deed(boss))
    row = Case.objects.get(pk=case.id)
    assert (row.resolution, row.paid) == ("paid", 303_000)
    assert not CaseLoan.objects.filter(case=row, until=None).exists()


def test_sold_and_written_off_are_what_the_ledger_says(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1", dpd=200)
    case = opened(loan, boss)
    for code in (CloseCode.SOLD, CloseCode.WRITTEN_OFF_NO_CLAIM):
        with pytest.raises(Refused):
            door.close_case(case.id, code=code, reason="x", deed=deed(boss))
    stand(loan, dpd=200, status="transferred", outstanding_total=0)
    door.close_case(case.id, code=CloseCode.SOLD, reason="sold", deed=deed(boss))
    assert Case.objects.get(pk=case.id).resolution == "sold"


def test_a_closed_case_comes_back_with_its_number(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    stand(loan)
    door.close_case(case.id, code=CloseCode.CURED, reason="cured", deed=deed(boss))
    with pytest.raises(Conflict):
        door.place_hold(case.id, kind=HoldKind.MANUAL, reason="x", deed=deed(boss))
    stand(loan, dpd=3)
    back = door.reopen_case(case.id, reason="late again", deed=deed(boss))
    assert (back.id, back.number, back.reopened) == (case.id, case.number, 1)
    assert (back.lifecycle, back.close_code) == ("open", "")
    with pytest.raises(door.CaseHasMoved):
        door.reopen_case(case.id, reason="again", deed=deed(boss))
    assert types_of(case.id) == ["case.opened", "case.closed", "case.reopened"]


def test_a_hold_stops_work_and_contact_until_another_releases_it(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    door.assign([case.id], collector="mei", deed=deed(boss))
    hold = door.place_hold(
        case.id, kind=HoldKind.HARDSHIP, reason="lost the job", deed=deed(cast.mei)
    )
    row = Case.objects.get(pk=case.id)
    assert row.held and CaseFacts.objects.get(pk=row.customer_id).held
    flag = PersonFlag.objects.get(customer_id=row.customer_id)
    assert (flag.kind, flag.lifted_at) == ("hardship", None)
    assert flag.until_at is not None
    assert door.take_next(deed=deed(cast.mei)) is None
    with pytest.raises(Conflict) as again:
        door.place_hold(
            case.id, kind=HoldKind.HARDSHIP, reason="twice", deed=deed(cast.mei)
        )
    assert again.value.code == "hold_stands"
    with pytest.raises(NotAllowed):
        door.release_hold(hold, reason="over", deed=deed(cast.mei))
    door.release_hold(hold, reason="found work", deed=deed(boss))
    row.refresh_from_db()
    assert (row.held, row.assignment, row.collector) == (False, "pool", "")
    flag.refresh_from_db()
    assert flag.lifted_by == "su"
    assert "lost the job" not in Hold.objects.get(pk=hold).reason
    with pytest.raises(Conflict):
        door.release_hold(hold, reason="again", deed=deed(boss))


def test_who_placed_a_hold_does_not_release_it(cast: Cast) -> None:
    boss, other = supervisor(), supervisor("so")
    case = opened(late_loan("L1"), boss)
    hold = door.place_hold(case.id, kind=HoldKind.LEGAL, reason="x", deed=deed(boss))
    with pytest.raises(Conflict) as refused:
        door.release_hold(hold, reason="y", deed=deed(boss))
    assert refused.value.code == "hold_own"
    door.release_hold(hold, reason="y", deed=deed(other))


def test_a_dispute_about_an_amount_leaves_the_rest_to_be_worked(cast: Cast) -> None:
    boss = supervisor()
    loan = late_loan("L1")
    case = opened(loan, boss)
    for amount in (0, 10**9):
        with pytest.raises(Refused):
            door.place_hold(
                case.id,
                kind=HoldKind.DISPUTE,
                reason="fee",
                amount=amount,
                deed=deed(boss),
            )
    with pytest.raises(Refused):
        door.place_hold(
            case.id, kind=HoldKind.FRAUD, reason="fee", amount=5, deed=deed(boss)
        )
    door.place_hold(
        case.id,
        kind=HoldKind.DISPUTE,
        reason="a fee of 10",
        amount=1_000,
        loan_id=loan.pk,
        deed=deed(boss),
    )
    row = Case.objects.get(pk=case.id)
    assert (row.held, row.disputed) == (False, 1_000)
    assert not PersonFlag.objects.exists()


def test_a_hold_ends_after_today_and_within_the_policy(cast: Cast) -> None:
    boss = supervisor()
    case = opened(late_loan("L1"), boss)
    for days in (0, 8):
        with pytest.raises(Refused) as refused:
            door.place_hold(
                case.id,
                kind=HoldKind.TECHNICAL,
                reason="x",
                expires_on=TODAY + timedelta(days=days),
                deed=deed(boss),
            )
        assert refused.value.code == "hold_days"


def test_the_database_keeps_held_and_holds_in_step(cast: Cast) -> None:
    case = opened(late_loan("L1"), supervisor())
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.id).update(held=True)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


def test_the_database_wants_a_code_with_closed_and_one_hand(cast: Cast) -> None:
    case = opened(late_loan("L1"), supervisor())
    rows = Case.objects.filter(pk=case.id)
    for wrong in (
        {"lifecycle": "closed"},
        {"close_code": "CURED"},
        {"assignment": "collector"},
        {"collector": "mei"},
        {"treatment": "asleep"},
        {"taken_by": "mei"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**wrong)


def test_refused_words_do_not_get_into_a_hold(cast: Cast) -> None:
    case = opened(late_loan("L1"), supervisor())
    with pytest.raises(Refused) as refused:
        door.place_hold(
            case.id,
            kind=HoldKind.MANUAL,
            reason="在小区张贴欠款公告",
            deed=deed(cast.mei),
        )
    assert refused.value.code == "refused_act"
    assert not Hold.objects.exists()


def test_of_what_was_agreed_the_first_by_precedence_counts(cast: Cast) -> None:
    boss = supervisor()
    case = opened(late_loan("L1"), boss)

    def agree(what: Resolution, reference: str) -> str:
        return door.set_resolution(
            case.id, resolution=what, reference=reference, deed=deed(boss)
        ).resolution

    def over(reference: str) -> str:
        return door.end_resolution(
            case.id, reference=reference, deed=deed(boss)
        ).resolution

    assert agree(Resolution.PROMISE, "promise:1") == "promise"
    assert agree(Resolution.SETTLEMENT, "settlement:4") == "settlement"
    assert agree(Resolution.ARRANGEMENT, "plan:2") == "settlement"
    assert over("settlement:4") == "arrangement"
    assert over("plan:2") == "promise"
    assert over("promise:1") == "none"


def test_what_was_agreed_ends_with_the_case(cast: Cast) -> None:
    boss = supervisor()
    case = opened(late_loan("L1"), boss)
    door.set_resolution(
        case.id, resolution=Resolution.ARRANGEMENT, reference="plan:1", deed=deed(boss)
    )
    door.assign([case.id], collector="mei", deed=deed(boss))
    door.place_hold(case.id, kind=HoldKind.LEGAL, reason="x", deed=deed(cast.mei))
    door.close_case(case.id, code=CloseCode.WITHDRAWN, reason="ours", deed=deed(boss))
    row = Case.objects.get(pk=case.id)
    assert (row.held, row.collector, row.resolution) == (False, "", "none")
    assert not row.agreed.filter(ended_at=None).exists()
    assert Hold.objects.get(case=row).release == "closed"
    assert not Assignment.objects.filter(case=row, until_at=None).exists()


def test_another_branch_sees_nothing_of_a_case(cast: Cast) -> None:
    boss = supervisor()
    case = opened(late_loan("L1"), boss)
    south = supervisor("south_boss", "south")
    for do in (
        lambda: door.case(case.id, scope=cast.bola.scope),
        lambda: door.case_numbered(case.number, scope=cast.bola.scope),
        lambda: door.take(case.id, deed=deed(cast.bola)),
        lambda: door.close_case(
            case.id, code=CloseCode.WITHDRAWN, reason="x", deed=deed(south)
        ),
        lambda: door.place_hold(
            case.id, kind=HoldKind.MANUAL, reason="x", deed=deed(cast.bola)
        ),
    ):
        with pytest.raises(NotFound):
            do()
    assert door.cases_of(case.customer_id, scope=cast.bola.scope) == []
