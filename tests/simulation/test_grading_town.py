"""A town graded day by day: always as the reference says, rehearsals change only what turns."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from daihou.engine.classification.codes import AssetClass, Cause
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.grading import grade_book
from daihou.kit import grades, speech
from daihou.nightly.grading.grader import Grader
from daihou.nightly.stores.classes import ClassFiles
from daihou.packs import law_turned
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import actions, impact, queries
from daihou.rooms.grading.models import ClassMove, GradingRun, LoanClass
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks
from daihou.tables.grades import Fact
from daihou.town import door
from tests.nightly import world
from tests.rooms.cast import AT
from tests.simulation.towns import UNTIL, every_day

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = {"loans": 60, "months": 3, "seed": 5}
DAY = timedelta(days=1)
LAST = UNTIL - DAY


@pytest.fixture
def grader(settings, tmp_path: Path, monkeypatch) -> Iterator[Grader]:
    """A town lived to its last day, and who grades it."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    settings.DAIHOU_HOME = tmp_path
    settings.DATABASE_URL = world.url()
    door.seed_demo(**SIZE, say=lambda _line: None)
    made = Grader(url=world.url(), home=tmp_path)
    grades.bind_grader(made)
    yield made
    grades.unbind_grader()


def grade_all(grader: Grader) -> None:
    """What the worker does on its rounds, until nothing is due."""
    while grader.due():
        actions.grade_due(at=AT)


def found_on(home: Path, as_of: date) -> dict[str, int]:
    run = GradingRun.objects.get(as_of=as_of, current=True)
    table = ClassFiles(home).read(as_of, run.fingerprint)
    numbers = map(str, table["loan_id"].to_pylist())
    return dict(zip(numbers, table["asset_class"].to_pylist(), strict=True))


def wanted_on(grader: Grader, loans: dict[str, int], as_of: date) -> dict[str, int]:
    """The classes of the plain text, from the facts of each loan."""
    claims = [grader.claims(int(each), as_of=as_of) for each in loans]
    facts = [each.facts for each in claims if each is not None]
    assert len(facts) == len(loans)
    graded = grade_book(facts, queries.rules(as_of), as_of=as_of)
    return {loan: int(each.asset_class) for loan, each in graded.items()}


def fresh(facts: list[ClassFacts]) -> list[ClassFacts]:
    """The same loans, seen for the first time."""
    return [
        replace(
            each, previous_class=None, previous_causes=Cause(0), previous_since=None
        )
        for each in facts
    ]


def tell_some(book: Grader) -> None:
    """Facts of many kinds, told on the last day, so that they count from then on."""
    risk = people.process("test")
    loans = list(LoanClass.objects.order_by("pk").values_list("pk", flat=True))
    kinds = (
        (Fact.EVASION, {}),
        (Fact.USE_CHANGED, {}),
        (Fact.CREDIT_IMPAIRED, {}),
        (Fact.BANKRUPTCY_LIQUIDATION, {}),
        (Fact.MARKET, {"late": 30, "total": 100}),
        (Fact.JUDGED, {"to": "substandard"}),
        (Fact.RESTRUCTURED, {"first_due_on": "2026-11-25", "period_months": 1}),
    )
    for loan_id, (kind, content) in zip(loans[::5], kinds, strict=False):
        told = actions.Told(
            kind=kind, begins_on=LAST, content=content, evidence="in the file"
        )
        deed = approvals.Deed(by=risk, at=AT, business_date=UNTIL)
        actions.tell(loan_id, told, deed=deed)


def test_each_day_equals_the_reference_with_facts_and_without(
    grader: Grader, tmp_path: Path
) -> None:
    grade_all(grader)
    days = [run.as_of for run in GradingRun.objects.filter(current=True)]
    assert sorted(days) == list(every_day(min(days), LAST))
    for as_of in (*sorted(days)[::40], LAST):
        found = found_on(tmp_path, as_of)
        assert found == wanted_on(grader, found, as_of)
    classes = set(found_on(tmp_path, LAST).values())
    assert {int(AssetClass.NORMAL), int(AssetClass.SPECIAL_MENTION)} < classes
    tell_some(grader)
    night = world.a_night(tmp_path)
    list(night.close(through=UNTIL + 3 * DAY))
    night.shut()
    grade_all(grader)
    for as_of in every_day(UNTIL, UNTIL + 3 * DAY):
        found = found_on(tmp_path, as_of)
        assert found == wanted_on(grader, found, as_of), as_of
    told = ClassMove.objects.filter(as_of=UNTIL, run__current=True)
    assert told.exclude(rule="CN-CLS-03").exists()
    observed = LoanClass.objects.filter(observed_until__isnull=False)
    assert observed.count() == 1


def test_a_turned_rule_shows_exactly_the_loans_that_change_class(
    grader: Grader, tmp_path: Path
) -> None:
    grade_all(grader)
    before = rulebooks.lawbook()
    rule = before.rules["CN-CLS-03"]
    begins_on = rule.versions[0].begins_on
    after = law_turned.turned(before, rule.id, begins_on, LAST + 400 * DAY)
    shown = impact.reckon(before, after, LAST)
    now = found_on(tmp_path, LAST)
    resting = set(LoanClass.objects.filter(rule=rule.id).values_list("pk", flat=True))
    assert resting
    assert {each.loan for each in shown.moved} == resting
    assert shown.changes == len(resting) and shown.looked_at == len(now)
    claims = [grader.claims(int(each), as_of=LAST) for each in now]
    facts = [each.facts for each in claims if each is not None]
    old, new = (
        grade_book(fresh(facts), queries.rules(LAST, book=book), as_of=LAST)
        for book in (before, after)
    )
    moved = {int(n) for n in old if old[n].asset_class is not new[n].asset_class}
    assert moved == resting
    same = law_turned.turned(before, rule.id, begins_on, begins_on - DAY)
    assert impact.reckon(before, same, LAST).changes == 0
    # Nothing was written by looking.
    assert found_on(tmp_path, LAST) == now and grader.due() == []
