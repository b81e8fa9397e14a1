"""What goes of later rooms: contacts, answers, consents, flags, evidence of a class."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from daihou.rooms.contact import door, sealing
from daihou.rooms.contact.models import (
    Attempt,
    ComplianceItem,
    Consent,
    Decision,
    PersonFlag,
)
from daihou.rooms.grading.models import ClassFact
from daihou.rooms.ledger.actions import retention
from daihou.rooms.ledger.models import Erasure, Loan
from daihou.rooms.ledger.queries import retention as due
from daihou.rooms.people import door as people
from daihou.tables.grades import Fact
from tests.rooms.cast import AT, Cast
from tests.rooms.contact.test_contact import asked, called, deed, with_phone
from tests.rooms.ledger.test_retention import (
    FIVE_ON,
    TEN_ON,
    doing,
    lin,
    loan,
    planned,
    remove,
    zhou,
)

__all__ = ["lin", "loan", "zhou"]  # fixtures
CALLED = datetime(2026, 3, 20, 4, tzinfo=UTC)  # after the loan ended
LAST = date(2031, 3, 20)


@pytest.fixture
def told(cast: Cast, loan: Loan) -> Loan:
    """A call, a consent, a flag, a compliance item and a fact of its class."""
    ended = {"status": loan.status, "closed_on": loan.closed_on}
    Loan.objects.filter(pk=loan.pk).update(status="active", closed_on=None)
    called(cast.mei, loan, with_phone(loan), CALLED)
    door.give_consent(
        loan.customer_id,
        kind="night_contact",
        channel="",
        evidence="form 7",
        deed=deed(cast.mei, CALLED),
    )
    door.raise_flag(
        loan.customer_id, kind="dispute", evidence="letter", deed=deed(cast.mei, CALLED)
    )
    for state in ("open", "closed"):
        closed = state == "closed"
        ComplianceItem.objects.create(
            code="X_PUBLIC",
            way="note",
            place="/",
            words=sealing.seal("post her name", about=sealing.WORDS),
            words_digest="d",
            let_in=False,
            customer_id=loan.customer_id,
            by="mei",
            first_at=CALLED,
            last_at=CALLED,
            state=state,
            closed_by="cora" if closed else "",
            closed_at=CALLED if closed else None,
            reason="talked to 王小明" if closed else "",
        )
    fact(loan, evidence="court file of 王小明")
    fact(loan, evidence="")  # of a run: nothing in it to go
    Loan.objects.filter(pk=loan.pk).update(**ended)
    return loan


def fact(loan: Loan, *, evidence: str) -> ClassFact:
    made: ClassFact = ClassFact.objects.create(
        loan_id=loan.pk,
        customer_id=loan.customer_id,
        kind=Fact.EXPECTED_LOSS,
        begins_on=date(2026, 1, 5),
        known_on=date(2026, 1, 5),
        content={"amount": 5},
        evidence=evidence,
        by="mei" if evidence else "grading",
        at=AT,
    )
    return made


def test_rows_of_contact_go_with_their_class_and_their_own_day(
    told: Loan, zhou: people.Person, lin: people.Person
) -> None:
    before = planned(zhou, LAST - timedelta(days=1))
    # By closure: a consent and a flag, beside what files told; by its day: nothing yet.
    assert before["consents"] == 2 and before["person_flags"] == 1
    assert before["contact_history"] == 1 and "class_facts" not in before
    run = remove(zhou, lin, LAST)
    # The file's row; the call, the answer it rests on, the words of the closed item.
    assert run.counts["contact_history"] == 4
    assert run.counts["class_facts"] == 1
    for gone in (Attempt, Decision, Consent, PersonFlag):
        assert not gone.objects.exists()
    item = ComplianceItem.objects.get(state="closed")
    assert (item.words, item.words_digest, item.reason) == ("", "", "***")
    assert (item.code, item.closed_by) == ("X_PUBLIC", "cora")
    assert ComplianceItem.objects.get(state="open").words
    assert due.proof(run).intact
    tables = set(Erasure.objects.filter(run=run).values_list("table", flat=True))
    assert tables >= {"contact_attempt", "contact_decision", "grading_fact"}
    assert set(planned(zhou, LAST)) == set()


def test_the_evidence_of_a_fact_goes_and_the_fact_stays(
    told: Loan, zhou: people.Person, lin: people.Person
) -> None:
    remove(zhou, lin, LAST)
    written, seen = ClassFact.objects.order_by("pk")
    assert (written.evidence, written.ended_because, seen.evidence) == ("***", "", "")
    assert (written.kind, written.content) == ("expected_loss", {"amount": 5})
    # By hand it stays as it was written, then as before.
    with pytest.raises(DatabaseError), transaction.atomic():
        ClassFact.objects.filter(pk=written.pk).update(evidence="another")


def test_an_answer_stays_as_long_as_the_contact_that_rests_on_it(
    cast: Cast, loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    kept = asked(cast.mei, loan, with_phone(loan), CALLED)
    Attempt.objects.create(
        decision_id=kept.id,
        loan_id=loan.pk,
        customer_id=loan.customer_id,
        person=f"p{loan.customer_id}",
        channel="call",
        purpose="collect",
        actor="staff",
        at=CALLED + timedelta(days=1),
        connected=True,
        conversation=False,
        failed=False,
        recorded_by="mei",
        recorded_at=CALLED + timedelta(days=1),
    )
    assert planned(zhou, LAST)["contact_history"] == 1  # what a file told
    assert planned(zhou, LAST + timedelta(days=1))["contact_history"] == 3
    remove(zhou, lin, LAST + timedelta(days=1))
    assert not Decision.objects.exists()


def test_a_hold_keeps_all_of_it(told: Loan, zhou: people.Person) -> None:
    retention.place_hold(
        on="loan", number="L1", doing=doing(zhou, reason="lawsuit 12/2031")
    )
    assert planned(zhou, TEN_ON) == {}


def test_who_still_owes_keeps_all_of_it(told: Loan, zhou: people.Person) -> None:
    Loan.objects.filter(pk=told.pk).update(status="active", closed_on=None)
    assert planned(zhou, TEN_ON) == {}


def test_nothing_of_it_goes_before_five_years(told: Loan, zhou: people.Person) -> None:
    assert planned(zhou, FIVE_ON - timedelta(days=1)) == {}
