"""A rule's date turned over thousands of loans: exactly those that change, both ways."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from daihou.engine.classification.codes import AssetClass
from daihou.engine.rulebook.law import Change, Lawbook
from daihou.kit import grades
from daihou.nightly.grading.grader import Grader
from daihou.packs import law, law_policy, law_turned
from daihou.rooms.grading import impact, queries
from daihou.rooms.grading.models import GradingRun, LoanClass
from daihou.rooms.ledger.models import Customer, Loan, Position
from tests.nightly import world
from tests.rooms.cast import AT

pytestmark = pytest.mark.django_db(transaction=True)
LAST = world.FIRST + timedelta(days=1)
AFTER = LAST + timedelta(days=1)
LOANS = 3_000
FLOOR, BAD, CONTAGION = "CN-CLS-03", "CN-CLS-04", "CN-CLS-07"


@pytest.fixture
def grader(tmp_path: Path) -> Grader:
    """Two days of three thousand loans; a third of the debtors are firms with three."""
    world.build(loans=LOANS)
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    firms = ids[: LOANS // 3]
    Customer.objects.filter(pk__in=firms).update(kind="company")
    for loan, customer in zip(
        Loan.objects.order_by("pk")[: len(firms)], firms, strict=True
    ):
        Loan.objects.filter(pk=loan.pk).update(
            customer_id=firms[0] + (customer - firms[0]) // 3 * 3
        )
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=LAST))
    night.shut()
    made = Grader(url=world.url(), home=tmp_path)
    grades.bind_grader(made)
    return made


def strict() -> Lawbook:
    """A lender to whom a loan is bad after a week, so that firms infect their loans."""
    version = law.known().rules[BAD].versions[0]
    change = Change(BAD, version.begins_on, values={"overdue_over_days": 7})
    return law_policy.with_changes(law.known(), [change])


def classes(grader: Grader, under: Lawbook) -> Mapping[int, int]:
    """The class of every loan when the whole day is graded under a law book."""
    rules = queries.rules(LAST, book=under)
    grader.grade(LAST, rules=rules, law=under.digest, at=AT, by="test", full=True)
    run = GradingRun.objects.get(as_of=LAST, current=True)
    table = grader._classes.read(LAST, run.fingerprint)
    numbers = table["loan_id"].to_pylist()
    return dict(zip(numbers, table["asset_class"].to_pylist(), strict=True))


def without(book: Lawbook, rule: str) -> Lawbook:
    """The same where the rule begins a day too late for the day that was closed."""
    first = book.rules[rule].versions[0].begins_on
    return law_turned.turned(book, rule, first, AFTER)


def test_the_rehearsal_names_the_loans_that_change_class_and_no_other(
    grader: Grader,
) -> None:
    with_all = strict()
    seen = classes(grader, with_all)
    assert len(seen) > LOANS * 0.5
    assert {AssetClass.NORMAL, AssetClass.SUBSTANDARD} <= set(seen.values())
    books = {name: without(with_all, name) for name in (FLOOR, BAD, CONTAGION)}
    found = {name: classes(grader, book) for name, book in books.items()}
    grader.show()
    kept = sorted(LoanClass.objects.values_list("loan_id", "asset_class"))
    for name, book in books.items():
        for one, other, was, becomes in (
            (with_all, book, seen, found[name]),
            (book, with_all, found[name], seen),
        ):
            rules = [queries.rules(LAST, book=each) for each in (one, other)]
            told = grader.rehearse(*rules, as_of=LAST)
            differing = {n: (was[n], becomes[n]) for n in was if was[n] != becomes[n]}
            turns = {t.loan_id: (int(t.was), int(t.becomes)) for t in told.turns}
            assert turns == differing and len(told.turns) == len(turns), name
            assert 0 < len(differing) < len(was), name
            assert impact.reckon(one, other, LAST).changes == len(differing)
    assert sorted(LoanClass.objects.values_list("loan_id", "asset_class")) == kept


def test_a_date_that_passes_no_closed_day_changes_nothing(grader: Grader) -> None:
    book = strict()
    classes(grader, book)
    grader.show()
    first = book.rules[FLOOR].versions[0].begins_on
    other = law_turned.turned(book, FLOOR, first, LAST)
    assert impact.reckon(book, other, LAST).changes == 0
    assert Position.objects.filter(dpd__gt=0).exists()
