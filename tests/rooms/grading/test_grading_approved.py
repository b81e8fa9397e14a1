"""Who approved what lifts a class is named; a first page has classes at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from daihou.config import cli
from daihou.engine.classification.codes import AssetClass
from daihou.nightly.grading.grader import Grader
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import actions, door, queries
from daihou.rooms.grading.models import GradingRun, LoanClass
from daihou.rooms.ledger.models import Loan
from daihou.tables.grades import Fact
from tests.rooms.cast import AT, Cast, make_cast
from tests.rooms.grading.test_grading import (
    DAY,
    FIRST,
    LAST,
    book,
    close_one_more,
    deed,
    grade,
    person,
)

__all__ = ["book"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)
Explain = Callable[[Loan, date], str]


@pytest.fixture
def explain(monkeypatch: pytest.MonkeyPatch) -> Explain:
    """What `daihou explain` says of a loan on a day."""
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")
    monkeypatch.setattr("daihou.config.wiring.start", lambda: None)

    def ask(loan: Loan, as_of: date) -> str:
        words = ["explain", loan.external_id, as_of.isoformat()]
        answer = CliRunner().invoke(cli.daihou, words)
        assert answer.exit_code == 0, answer.output
        return answer.output

    return ask


def a_loan(**wanted: int) -> Loan:
    """A loan of the north, in such a class."""
    row = LoanClass.objects.filter(**wanted).order_by("pk").first()
    assert row is not None
    Loan.objects.filter(pk=row.pk).update(branch="north")
    found: Loan = Loan.objects.get(pk=row.pk)
    return found


def propose(cast: Cast, loan: Loan, kind: Fact) -> approvals.Proposal:
    told = actions.Told(kind=kind, begins_on=FIRST, evidence="note of the bank")
    asked = actions.tell(loan.pk, told, deed=deed(cast.arun))
    assert isinstance(asked, approvals.Proposal)
    return asked


def test_explain_names_who_approved_a_fact_that_lifts(
    book: Grader, tmp_path: Path, explain: Explain
) -> None:
    grade()
    cast, boss = make_cast(), person("boss", "compliance")
    loan = a_loan(dpd__gt=0)
    asked = propose(cast, loan, Fact.TECHNICAL_OVERDUE)
    before = close_one_more(book, tmp_path)
    assert "Approved:" not in explain(loan, before)  # it is only proposed
    approvals.decide(
        proposal_id=asked.id,
        verdict="approve",
        note="",
        deed=deed(boss, on=before + DAY),
    )
    as_of = close_one_more(book, tmp_path)
    said = explain(loan, as_of)
    by = f"by boss ({AT.date()}) (approval {asked.id})"
    assert f"Approved: technical overdue since {FIRST}, {by}" in said
    assert "Approved:" not in explain(loan, before)  # nor was it known then
    assert "Approved:" not in explain(a_loan(pk__gt=loan.pk), as_of)  # another loan's
    (fact,) = queries.facts_of(loan.pk)
    wish = deed(cast.arun, on=as_of + DAY, reason="the bank takes it back")
    actions.end(fact.id, ends_on=as_of + DAY, deed=wish)
    after = close_one_more(book, tmp_path)
    assert "Approved:" not in explain(loan, after)
    assert by in explain(loan, as_of)


def test_explain_names_who_approved_the_end_of_a_fact(
    book: Grader, tmp_path: Path, explain: Explain
) -> None:
    grade()
    cast, boss = make_cast(), person("boss", "compliance")
    loan = a_loan(dpd=0)
    told = actions.Told(kind=Fact.BANKRUPTCY_LIQUIDATION, begins_on=FIRST, evidence="c")
    kept = actions.tell(loan.pk, told, deed=deed(cast.arun))
    assert isinstance(kept, queries.FactLine)
    as_of = close_one_more(book, tmp_path)
    wish = deed(cast.arun, on=as_of + DAY, reason="the court says otherwise")
    asked = actions.end(kept.id, ends_on=as_of, deed=wish)
    assert isinstance(asked, approvals.Proposal)
    late = deed(boss, on=as_of + DAY)
    approvals.decide(proposal_id=asked.id, verdict="approve", note="", deed=late)
    after = close_one_more(book, tmp_path)
    said = explain(loan, after)
    assert f"until {as_of}, by boss ({AT.date()}) (approval {asked.id})" in said
    assert "Approved:" not in explain(loan, as_of)


def test_an_upgrade_counts_while_the_loan_is_no_worse(book: Grader) -> None:
    grade()
    cast, boss = make_cast(), person("cora", "compliance")
    loan = a_loan(dpd=0)
    LoanClass.objects.filter(pk=loan.pk).update(
        asset_class=2, cleared_on=FIRST, upgrade_from=LAST
    )
    asked = actions.ask_upgrade(
        loan.pk,
        to=AssetClass.SPECIAL_MENTION,
        proofs=dict.fromkeys(actions.PROOFS, "seen"),
        deed=deed(cast.arun, on=LAST),
    )
    for by in (person("ruth", "risk"), boss):
        approvals.decide(
            proposal_id=asked.id, verdict="approve", note="", deed=deed(by, on=LAST)
        )

    def approved(asset_class: AssetClass) -> list[tuple[str, ...]]:
        found = door.approved_for(
            loan.pk, loan.customer_id, as_of=LAST, asset_class=asset_class
        )
        return [tuple(login for login, _on in each.by) for each in found]

    assert approved(AssetClass.SPECIAL_MENTION) == [("ruth", "cora")]
    assert approved(AssetClass.NORMAL) == [("ruth", "cora")]
    assert approved(AssetClass.SUBSTANDARD) == []


def test_the_last_day_is_classified_at_once_and_the_days_before_it_later(
    book: Grader,
) -> None:
    assert door.shown_run() is None
    made = door.grade_last(at=AT)
    assert made is not None and (made.as_of, made.kind) == (LAST, "full")
    shown = door.shown_run()
    assert shown is not None and shown.as_of == LAST
    assert LoanClass.objects.count() == made.loans > 20
    assert door.grade_last(at=AT) is None  # pages have something to show
    grade()  # the worker
    assert book.due() == []
    days = GradingRun.objects.filter(current=True).order_by("as_of")
    assert [run.as_of for run in days] == [FIRST + n * DAY for n in range(len(days))]
    again = door.shown_run()
    assert again is not None and again.as_of == LAST and again.id != shown.id
    classes = dict(LoanClass.objects.values_list("pk", "asset_class"))
    table = book._classes.read(LAST, again.fingerprint)
    assert classes == dict(
        zip(table["loan_id"].to_pylist(), table["asset_class"].to_pylist(), strict=True)
    )


def test_where_no_day_is_closed_nothing_is_classified(
    book: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "due", list)
    assert door.grade_last(at=AT) is None
    assert door.shown_run() is None
