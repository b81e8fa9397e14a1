"""Kept as long as the schedule says: planned by one, removed by another, proved after."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from daihou.kit import secret
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.kit.scope import EVERYTHING
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions import canaries, retention
from daihou.rooms.ledger.models import (
    ContactPoint,
    Customer,
    CustomerNote,
    Erasure,
    Loan,
    Party,
    Payment,
    RetentionHold,
    RetentionRun,
    RowHistory,
    SideFact,
)
from daihou.rooms.ledger.queries import personal
from daihou.rooms.ledger.queries import retention as due
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_customer, make_loan

pytestmark = pytest.mark.django_db
FIVE_ON, TEN_ON = date(2031, 2, 1), date(2036, 2, 1)  # closed on 1 February 2026
ID = "11010519491231002X"


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan that ended on 1 February 2026, and everything known of who had it."""
    made = make_loan("L1")
    customer = make_customer(
        "C1", name="王小明", id_no=ID, address="北京", phones=("13800000007",)
    )
    Loan.objects.filter(pk=made.pk).update(
        customer=customer, status="settled", closed_on=date(2026, 2, 1)
    )
    for table, on in (("contact_history", date(2026, 1, 5)), ("consents", TODAY)):
        SideFact.objects.create(
            table=table,
            source="core",
            external_id=f"{table} {on}",
            digest=b"",
            customer=customer,
            on_date=on,
            content={"contact_point": secret.seal("138", about=sealing.CONTACT)},
        )
    RowHistory.objects.create(
        table="customer", row_id=customer.pk, version=1, content={}, replaced_at=AT
    )
    Payment.objects.create(
        source="bank",
        external_id="P1",
        digest=b"",
        loan=made,
        paid_on=date(2026, 2, 1),
        recorded_at=AT,
        amount=100,
        payer="王小明",
    )
    made.refresh_from_db()
    return made


def login(name: str) -> people.Person:
    return people.create_user(
        username=name,
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="test",
        at=AT,
    )


@pytest.fixture
def zhou(cast: Cast) -> people.Person:
    """Plans."""
    return login("zhou")


@pytest.fixture
def lin(cast: Cast) -> people.Person:
    """Carries out."""
    return login("lin")


def doing(by: people.Person, **wish: Any) -> ledger.personal.Doing:
    return replace(ledger.personal.Doing(by=by, at=AT, business_date=TODAY), **wish)


def planned(by: people.Person, as_of: date) -> dict[str, int]:
    return dict(retention.plan(as_of=as_of, doing=doing(by)).counts)


def remove(zhou: people.Person, lin: people.Person, as_of: date) -> RetentionRun:
    made = retention.plan(as_of=as_of, doing=doing(zhou))
    assert made.run_id is not None
    retention.carry_out(made.run_id, doing=doing(lin))
    run: RetentionRun = RetentionRun.objects.get(pk=made.run_id)
    return run


def test_nothing_goes_a_day_early(loan: Loan, zhou: people.Person) -> None:
    assert planned(zhou, date(2031, 1, 31)) == {}
    assert planned(zhou, FIVE_ON) == {"contact_points": 1, "contact_history": 1,
                                      "consents": 1}  # fmt: skip
    more = planned(zhou, TEN_ON)
    assert more["identity"] == 3  # the customer, a former version, a payer


def test_a_record_counts_from_its_own_day(loan: Loan, zhou: people.Person) -> None:
    SideFact.objects.filter(table="contact_history").update(on_date=date(2027, 5, 1))
    assert "contact_history" not in planned(zhou, FIVE_ON)
    assert "contact_history" not in planned(zhou, date(2032, 4, 30))
    assert planned(zhou, date(2032, 5, 1))["contact_history"] == 1


def test_notes_go_with_the_records_of_contacts(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    note = CustomerNote.objects.create(
        customer=loan.customer,
        text=secret.seal("moved to 北京", about=sealing.NOTE),
        written_by="mei",
        written_at=AT,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        note.delete()
    assert planned(zhou, FIVE_ON)["contact_history"] == 1
    run = remove(zhou, lin, date(2031, 3, 20))
    assert run.counts["contact_history"] == 2
    assert not CustomerNote.objects.exists()


@pytest.mark.parametrize(
    ("status", "closed_on"),
    [("active", None), ("written_off", date(2026, 2, 1)), ("settled", None)],
)
def test_who_still_owes_is_kept(
    loan: Loan, zhou: people.Person, status: str, closed_on: date | None
) -> None:
    other = make_loan("L2")
    Loan.objects.filter(pk=other.pk).update(
        customer=loan.customer, status=status, closed_on=closed_on
    )
    assert planned(zhou, TEN_ON) == {}


def test_who_stands_behind_another_loan_is_kept(
    loan: Loan, zhou: people.Person
) -> None:
    other = make_loan("L2")
    Party.objects.create(
        source="core",
        external_id="A",
        digest=b"",
        loan=other,
        customer=loan.customer,
        role="guarantor",
    )
    assert planned(zhou, TEN_ON) == {}


def test_who_never_had_a_loan_has_no_clock(loan: Loan, zhou: people.Person) -> None:
    make_customer("C9", phones=("13900000009",))
    assert planned(zhou, TEN_ON)["contact_points"] == 1


@pytest.mark.parametrize(("on", "number"), [("customer", "C1"), ("loan", "L1")])
def test_a_hold_keeps_everything_until_it_is_lifted(
    loan: Loan, zhou: people.Person, on: str, number: str
) -> None:
    held = doing(zhou, reason="lawsuit 12/2031")
    hold = retention.place_hold(on=on, number=number, doing=held)
    assert planned(zhou, TEN_ON) == {}
    assert personal.standing_holds(loan.customer_id) == ("lawsuit 12/2031",)
    with pytest.raises(Conflict):
        retention.place_hold(on=on, number=number, doing=held)
    retention.lift_hold(hold, doing=doing(zhou, reason="judged, final"))
    with pytest.raises(NotFound):
        retention.lift_hold(hold, doing=doing(zhou, reason="judged, final"))
    assert planned(zhou, TEN_ON) != {}
    subject = loan.pk if on == "loan" else loan.customer_id
    told = audit.timeline(subject_type=on, subject_id=subject)
    assert [event.type for event in told] == ["hold.lifted", "hold.placed"]


def test_a_hold_wants_a_reason_and_somebody_who_may(
    loan: Loan, zhou: people.Person, cast: Cast
) -> None:
    for on, number, by, reason, error in (
        ("customer", "C1", zhou, "no", Refused),
        ("customer", "C9", zhou, "lawsuit", NotFound),
        ("loan", "C1", zhou, "lawsuit", NotFound),
        ("customer", "C1", cast.arun, "lawsuit", NotAllowed),
    ):
        with pytest.raises(error):
            retention.place_hold(on=on, number=number, doing=doing(by, reason=reason))
    with pytest.raises(DatabaseError), transaction.atomic():
        RetentionHold.objects.create(reason="neither", placed_by="x", placed_at=AT)


def test_a_canary_is_not_removed(loan: Loan, zhou: people.Person) -> None:
    canaries.set_canary(number="C1", note="watched", doing=doing(zhou))
    assert planned(zhou, TEN_ON) == {}


def test_what_is_due_goes_and_what_is_not_stays(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    remove(zhou, lin, FIVE_ON)
    assert not ContactPoint.objects.exists() and not SideFact.objects.exists()
    customer = Customer.objects.get(pk=loan.customer_id)
    assert (customer.name, customer.erased_on) == ("王小明", None)
    assert RowHistory.objects.count() == 1
    remove(zhou, lin, TEN_ON)
    customer.refresh_from_db()
    emptied = (customer.name, customer.id_no, customer.id_no_digest, customer.address)
    assert emptied == ("***", "", "", "")
    assert customer.erased_on == TEN_ON
    assert Payment.objects.get().payer == "" and not RowHistory.objects.exists()
    assert Loan.objects.get().principal == loan.principal
    assert planned(zhou, TEN_ON) == {}
    page = ledger.reading.customer_page(customer.pk, scope=EVERYTHING)
    assert page.name == "***" and page.loans


def test_the_run_proves_what_went(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    run = remove(zhou, lin, TEN_ON)
    assert (run.state, run.planned_by, run.done_by) == ("done", "zhou", "lin")
    proof = due.proof(run)
    assert (proof.rows, proof.intact, proof.back) == (sum(run.counts.values()), True, 0)
    told = audit.timeline(subject_type="retention", subject_id=run.pk)
    assert [event.type for event in told] == ["retention.done", "retention.planned"]
    assert told[0].payload["digest"] == run.digest == told[1].payload["digest"]
    (erased,) = audit.timeline(subject_type="customer", subject_id=loan.customer_id)
    assert erased.type == "personal.erased" and erased.payload["run"] == run.pk
    assert ID not in str([event.payload for event in (*told, erased)])


def test_the_proof_of_a_run_cannot_be_changed_unseen(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    run = remove(zhou, lin, TEN_ON)
    for statement in (
        "update ledger_erasure set row_digest = ''",
        "delete from ledger_erasure",
        "update ledger_retention_run set digest = ''",
        "delete from ledger_retention_run",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table ledger_erasure disable trigger user")
        cursor.execute(
            'update ledger_erasure set row_id = row_id + 1 where "table" = %s',
            ["customer"],
        )
        cursor.execute("alter table ledger_erasure enable trigger user")
    assert not due.proof(run).intact


def test_nobody_carries_out_their_own_plan(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    made = retention.plan(as_of=TEN_ON, doing=doing(zhou))
    assert made.run_id is not None
    with pytest.raises(Refused) as refused:
        retention.carry_out(made.run_id, doing=doing(zhou))
    assert refused.value.code == "own_plan"
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRun.objects.update(state="done", done_by="zhou", done_at=AT)
    retention.carry_out(made.run_id, doing=doing(lin))
    with pytest.raises(NotFound):
        retention.carry_out(made.run_id, doing=doing(lin))


def test_a_plan_that_is_no_longer_true_is_not_carried_out(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    made = retention.plan(as_of=TEN_ON, doing=doing(zhou))
    assert made.run_id is not None
    hold = doing(zhou, reason="lawsuit 12/2036")
    retention.place_hold(on="customer", number="C1", doing=hold)
    with pytest.raises(Conflict) as refused:
        retention.carry_out(made.run_id, doing=doing(lin))
    assert refused.value.code == "plan_moved"
    assert ContactPoint.objects.exists() and not Erasure.objects.exists()
    retention.drop_plan(made.run_id, doing=doing(lin))
    with pytest.raises(NotFound):
        retention.drop_plan(made.run_id, doing=doing(lin))


def test_a_new_plan_takes_the_place_of_the_old_one(
    loan: Loan, zhou: people.Person
) -> None:
    planned(zhou, FIVE_ON)
    planned(zhou, TEN_ON)
    states = RetentionRun.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["dropped", "planned"]


def test_only_who_keeps_retention_plans_or_removes(
    loan: Loan, zhou: people.Person, cast: Cast
) -> None:
    with pytest.raises(NotAllowed):
        retention.plan(as_of=TEN_ON, doing=doing(cast.arun))
    made = retention.plan(as_of=TEN_ON, doing=doing(zhou))
    assert made.run_id is not None
    with pytest.raises(NotAllowed):
        retention.carry_out(made.run_id, doing=doing(cast.arun))
    with pytest.raises(NotAllowed):
        retention.drop_plan(made.run_id, doing=doing(cast.arun))


def test_who_is_sent_again_is_told(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    run = remove(zhou, lin, TEN_ON)
    Customer.objects.filter(pk=loan.customer_id).update(name="王小明", erased_on=None)
    assert due.proof(run).back == 1
    assert due.proof(run).intact


def test_files_past_their_time_go_when_the_run_is_sure(
    loan: Loan,
    zhou: people.Person,
    lin: people.Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = tmp_path / "loans.errors.csv"
    file.write_text("13800000007")
    asked: list[date] = []

    def find(last: date) -> list[ledger.personal.OldFile]:
        asked.append(last)
        return [ledger.personal.OldFile(7, file)]

    monkeypatch.setitem(due._files, "error_files", find)
    with django_capture_on_commit_callbacks(execute=True):
        made = retention.plan(as_of=TODAY, doing=doing(zhou))
    assert made.counts == {"error_files": 1} and file.exists()
    assert asked == [date(2026, 2, 18)]
    assert made.run_id is not None
    with django_capture_on_commit_callbacks(execute=True):
        retention.carry_out(made.run_id, doing=doing(lin))
    assert not file.exists()
    row = Erasure.objects.get()
    assert (row.table, row.row_id, row.customer_id) == ("file", 7, None)
