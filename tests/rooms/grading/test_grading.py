"""Facts, classes, better classes and who decides them; each day equal to the reference."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from daihou.engine.classification.codes import AssetClass
from daihou.engine.classification.grading import grade_book
from daihou.kit import grades, speech
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.nightly.grading.grader import Grader
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import actions, queries
from daihou.rooms.grading.models import ClassFact, ClassMove, GradingRun, LoanClass
from daihou.rooms.ledger.models import Loan, Position
from daihou.rooms.people import door as people
from daihou.tables.grades import Fact
from tests.nightly import world
from tests.rooms.cast import AT, PASSWORD, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
FIRST, LAST = world.FIRST, world.LAST


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grader]:
    """A book lived from the first to the last day, with the grader bound."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    world.build(loans=40)
    night = world.a_night(tmp_path)
    night.begin(FIRST)
    list(night.close(through=LAST))
    night.shut()
    grader = Grader(url=world.url(), home=tmp_path)
    grades.bind_grader(grader)
    yield grader
    grades.unbind_grader()


def classes_on(book: Grader, as_of: date) -> dict[str, int]:
    """Class by loan, as the file of a day has it."""
    run = GradingRun.objects.get(as_of=as_of, current=True)
    table = book._classes.read(as_of, run.fingerprint)
    numbers = map(str, table["loan_id"].to_pylist())
    return dict(zip(numbers, table["asset_class"].to_pylist(), strict=True))


def person(name: str, role: str, branch: str | None = None) -> people.Person:
    """One more login."""
    return people.create_user(
        username=name, password=PASSWORD, role=role, branch=branch, by="test", at=AT
    )


def close_one_more(book: Grader, folder: Path) -> date:
    """Live another day, and grade it."""
    night = world.a_night(folder)
    (closed,) = night.close()
    night.shut()
    grade()
    as_of: date = closed.run.as_of
    return as_of


def grade() -> None:
    """What the worker does on its rounds."""
    actions.grade_due(at=AT)


def deed(
    by: people.Person, *, on: date = LAST + DAY, reason: str = ""
) -> approvals.Deed:
    """Done now, for a reason."""
    return approvals.Deed(by=by, at=AT, business_date=on, reason=reason)


def test_every_day_is_graded_as_the_reference_says(book: Grader) -> None:
    grade()
    assert book.due() == []
    days = list(GradingRun.objects.filter(current=True).order_by("as_of"))
    assert [run.as_of for run in days] == [FIRST + n * DAY for n in range(len(days))]
    assert days[0].kind == "full" and {run.kind for run in days[1:]} == {"delta"}
    loans = {row.pk: row for row in LoanClass.objects.all()}
    assert loans and len({row.asset_class for row in loans.values()}) > 1
    for as_of in (FIRST, FIRST + 3 * DAY, LAST):
        rules = queries.rules(as_of)
        facts = [c.facts for n in loans if (c := book.claims(n, as_of=as_of))]
        wanted = grade_book(facts, rules, as_of=as_of)
        found = classes_on(book, as_of)
        assert len(wanted) > 20
        assert {n: found[n] for n in wanted} == {
            n: int(each.asset_class) for n, each in wanted.items()
        }


def test_a_day_again_is_the_same_and_delta_is_as_good_as_full(book: Grader) -> None:
    grade()
    before = list(
        GradingRun.objects.filter(current=True)
        .order_by("as_of")
        .values_list("as_of", "fingerprint")
    )
    moves = ClassMove.objects.filter(run__current=True).count()
    for as_of, _fingerprint in before:
        done = actions.grade_day(as_of, at=AT, by="test", full=True)
        assert done is not None and done.kind == "full"
    after = GradingRun.objects.filter(current=True).order_by("as_of")
    assert list(after.values_list("as_of", "fingerprint")) == before
    assert ClassMove.objects.filter(run__current=True).count() == moves > 0


def test_positions_have_the_class_and_the_night_leaves_it(
    book: Grader, tmp_path: Path
) -> None:
    grade()
    codes = {each: each.code for each in AssetClass}
    shown = {
        row.pk: codes[AssetClass(row.asset_class)] for row in LoanClass.objects.all()
    }
    positions = Position.objects.filter(status="active")
    assert dict(positions.values_list("pk", "asset_class")) == shown
    night = world.a_night(tmp_path)
    list(night.close())
    night.shut()
    assert dict(positions.values_list("pk", "asset_class")).items() >= shown.items()


def test_a_fact_counts_from_the_next_day_and_all_four_eyes_are_asked(
    book: Grader, tmp_path: Path
) -> None:
    grade()
    cast = make_cast()
    boss = person("boss", "compliance")
    loan = LoanClass.objects.filter(asset_class=0).order_by("pk").first()
    assert loan is not None
    Loan.objects.filter(pk=loan.pk).update(branch="north")
    told = actions.Told(
        kind=Fact.EVASION, begins_on=FIRST, content={}, evidence="file 7, page 3"
    )
    for who, refusal in ((cast.mei, NotAllowed), (cast.sam, NotAllowed)):
        with pytest.raises(refusal):
            actions.tell(loan.pk, told, deed=deed(who))
    south = person("south_risk", "supervisor", "south")
    with pytest.raises(NotFound):
        actions.tell(loan.pk, told, deed=deed(south))
    kept = actions.tell(loan.pk, told, deed=deed(cast.arun))
    assert isinstance(kept, queries.FactLine)
    assert LoanClass.objects.get(pk=loan.pk).asset_class == 0  # not before a day-end
    as_of = close_one_more(book, tmp_path)
    row = LoanClass.objects.get(pk=loan.pk)
    assert (row.asset_class, row.rule) == (AssetClass.DOUBTFUL, "CN-CLS-05")
    assert row.since == as_of
    move = ClassMove.objects.get(loan_id=loan.pk, as_of=as_of, run__current=True)
    assert (move.was, move.becomes) == (0, AssetClass.DOUBTFUL)

    # Its end would lift the class: proposed, and never decided by who proposed it.
    wish = deed(cast.arun, on=as_of + DAY, reason="the court says otherwise")
    asked = actions.end(kept.id, ends_on=as_of, deed=wish)
    assert isinstance(asked, approvals.Proposal)
    with pytest.raises(NotAllowed):
        approvals.decide(
            proposal_id=asked.id, verdict="approve", note="", deed=deed(cast.arun)
        )
    approvals.decide(
        proposal_id=asked.id,
        verdict="approve",
        note="",
        deed=deed(boss, on=as_of + DAY),
    )
    close_one_more(book, tmp_path)
    # The machine lowers; it does not raise what lateness did not lower.
    assert LoanClass.objects.get(pk=loan.pk).asset_class == AssetClass.DOUBTFUL


@translation.override("en")
def test_no_better_class_before_its_day_and_then_by_two_others(
    book: Grader, tmp_path: Path
) -> None:
    grade()
    cast = make_cast()
    late = LoanClass.objects.filter(dpd__gt=0).order_by("pk").first()
    assert late is not None
    proofs = {name: "seen" for name in actions.PROOFS}
    to = AssetClass.SPECIAL_MENTION
    with pytest.raises(Refused, match="no worse class"):
        actions.ask_upgrade(late.pk, to=to, proofs=proofs, deed=deed(cast.arun))
    LoanClass.objects.filter(pk=late.pk).update(asset_class=2)
    with pytest.raises(Refused, match="not paid in full"):
        actions.ask_upgrade(late.pk, to=to, proofs=proofs, deed=deed(cast.arun))
    first = LAST + 30 * DAY
    LoanClass.objects.filter(pk=late.pk).update(
        dpd=0, arrears=0, cleared_on=LAST, upgrade_from=first
    )
    with pytest.raises(Refused, match=first.isoformat()):
        actions.ask_upgrade(late.pk, to=to, proofs=proofs, deed=deed(cast.arun))
    with pytest.raises(Refused, match="three proofs"):
        actions.ask_upgrade(
            late.pk,
            to=to,
            proofs=proofs | {"able": " "},
            deed=deed(cast.arun, on=first),
        )
    maker = person("legal", "legal")
    asked = actions.ask_upgrade(
        late.pk, to=to, proofs=proofs, deed=deed(maker, on=first)
    )
    assert asked.levels == ("risk", "compliance")
    risk, boss = person("ruth", "risk"), person("cora", "compliance")
    for by in (risk, boss):
        asked = approvals.decide(
            proposal_id=asked.id, verdict="approve", note="", deed=deed(by, on=first)
        )
    assert asked.state == "approved"
    fact = ClassFact.objects.get(loan_id=late.pk, kind="upgrade")
    assert fact.content == {"to": "special_mention"} and fact.begins_on == first
    assert fact.proposal_id == asked.id


def test_the_database_refuses_what_nobody_approved(book: Grader) -> None:
    from django.db import DatabaseError, transaction

    grade()
    row = LoanClass.objects.order_by("pk").first()
    assert row is not None
    common = {
        "loan_id": row.pk,
        "customer_id": 1,
        "begins_on": FIRST,
        "known_on": FIRST,
        "by": "somebody",
        "at": AT,
    }
    for kind in ("upgrade", "technical_overdue"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ClassFact.objects.create(kind=kind, **common)
    kept = ClassFact.objects.create(kind="evasion", **common)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClassFact.objects.filter(pk=kept.pk).update(kind="use_changed")
    with pytest.raises(DatabaseError), transaction.atomic():
        ClassFact.objects.filter(pk=kept.pk).delete()


def test_late_facts_and_lost_files_are_graded_again(
    book: Grader, tmp_path: Path
) -> None:
    grade()
    loan = LoanClass.objects.filter(dpd__gt=3).order_by("pk").first()
    assert loan is not None
    before = dict(
        GradingRun.objects.filter(current=True).values_list("as_of", "fingerprint")
    )
    paid_on = LAST - 2 * DAY
    world.report_payment(loan.pk, paid_on, 900_000, name="late-1")
    night = world.a_night(tmp_path)
    list(night.close())
    night.shut()
    assert book.due() == [paid_on, LAST - DAY, LAST, LAST + DAY]
    grade()
    after = dict(
        GradingRun.objects.filter(current=True).values_list("as_of", "fingerprint")
    )
    assert {day for day in before if after[day] != before[day]} == {
        paid_on,
        LAST - DAY,
        LAST,
    }
    row = LoanClass.objects.get(pk=loan.pk)
    assert (row.asset_class, row.cleared_on) == (AssetClass.NORMAL, paid_on)

    for path in book._classes.root.rglob("*.parquet"):
        path.unlink()
    fresh = Grader(url=world.url(), home=tmp_path)
    grades.bind_grader(fresh)
    assert list(fresh.due()) == sorted(after)
    grade()
    assert fresh.due() == []
    assert after == dict(
        GradingRun.objects.filter(current=True).values_list("as_of", "fingerprint")
    )
