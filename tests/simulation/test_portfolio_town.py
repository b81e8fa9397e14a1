"""The months of a town: every figure is that of the plain text, every identity holds."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from daihou.engine.metrics.cures import cure_rate, redefault_rate
from daihou.engine.metrics.definition import Metric, Ratio
from daihou.engine.metrics.dictionary import METRICS, metric
from daihou.engine.metrics.first_payment import payment_default
from daihou.kit import grades, provisions, speech
from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.nightly.grading.grader import Grader
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.nightly.provision import Provider
from daihou.rooms.grading import actions
from daihou.rooms.grading.actions import provisions as provide
from daihou.tables.months import CLASSES, LADDER, month_number
from daihou.town import door
from tests.nightly import world
from tests.rooms.cast import AT
from tests.simulation import portfolio_office
from tests.simulation.portfolio_identities import (
    identity_7_cash_of_cases_is_cash_of_the_ledger,
    identity_8_every_promise_is_kept_partly_broken_open_or_ended,
    identity_9_coverage_times_npl_is_the_allowance,
    losses_are_those_of_the_plain_text,
    points,
)
from tests.simulation.portfolio_world import Lived, pairs

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = (
    {"loans": 60, "months": 5, "seed": 1},
    pytest.param({"loans": 600, "months": 24, "seed": 8}, marks=pytest.mark.deep),
)
RATIOS = [each for each in METRICS.values() if isinstance(each.expression, Ratio)]


@pytest.fixture
def town(
    request: Any, settings: Any, tmp_path: Path, monkeypatch: Any
) -> Iterator[Lived]:
    """A town lived to its last day, graded and counted."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    settings.DAIHOU_HOME = tmp_path
    settings.DATABASE_URL = world.url()
    door.seed_demo(**request.param, say=lambda _line: None)
    grader = Grader(url=world.url(), home=tmp_path)
    grades.bind_grader(grader)
    while grader.due():
        actions.grade_due(at=AT)
    book = PortfolioBook(url=world.url(), home=tmp_path, now=lambda: AT)
    while due := book.due():
        book.count(due[0])
    provider = Provider(url=world.url(), home=tmp_path)
    provisions.bind_provider(provider)
    for _ in book.months():
        provide.provide_due(at=AT)
    yield Lived(tmp_path, book)
    provisions.unbind_provider()
    grades.unbind_grader()


@pytest.mark.parametrize("town", SIZES, indirect=True)
def test_the_identities_hold_in_every_month(town: Lived) -> None:
    identity_1_buckets_and_classes_add_up(town)
    identity_2_overdue_90_is_within_npl(town)
    identity_3_npl_closes_where_its_movement_says(town)
    identity_4_rows_of_a_matrix_add_up(town)
    identity_5_ever_curves_never_fall(town)
    identity_6_first_payments_are_judged_when_they_can_be(town)
    office = portfolio_office.work(town, seed=9)
    identity_7_cash_of_cases_is_cash_of_the_ledger(town, office)
    identity_8_every_promise_is_kept_partly_broken_open_or_ended(town, office)
    identity_9_coverage_times_npl_is_the_allowance(town)
    identity_10_a_month_counted_again_is_the_same(town)
    every_share_is_that_of_its_definition(town)
    curves_are_those_of_the_plain_text(town)
    cures_are_those_of_the_plain_text(town)
    losses_are_those_of_the_plain_text(town)
    who_may_see_less_sees_part_of_the_same(town)
    a_number_leads_to_its_loans(town)


def identity_1_buckets_and_classes_add_up(town: Lived) -> None:
    whole = points(town.book.series(Asked("overdue_1_amount")))
    for cut in (Cut.BUCKET, Cut.CLASS, Cut.PRODUCT, Cut.OFFICER, Cut.COHORT):
        sums: Counter[str] = Counter()
        for point in town.book.series(Asked("overdue_1_amount", by=cut)).points:
            sums[point.at] += point.whole
        assert sums == {at: point.whole for (_, at), point in whole.items()}, cut
    for month in town.months:
        owed = town.owed(month.name)
        assert whole["", month.name].whole == owed


def identity_2_overdue_90_is_within_npl(town: Lived) -> None:
    for point in town.book.series(Asked("overdue_90_over_npl")).points:
        assert point.part <= point.whole, point


def identity_3_npl_closes_where_its_movement_says(town: Lived) -> None:
    """Formed is what bad loans grew by, with all that left added back."""
    ratio = points(town.book.series(Asked("npl_ratio")))
    found = points(town.book.series(Asked("npl_formation")))
    assert not found["", town.months[0].name].known
    for before, now in pairs(town.months):
        old = {row["loan_id"]: row for row in town.days[before.name]}
        new = {row["loan_id"]: row for row in town.days[now.name]}
        bad = {n for n, row in old.items() if row["asset_class"] in CLASSES[2:]}
        back = 0
        for loan in bad:
            row = new[loan]
            if row["asset_class"] not in CLASSES[2:]:  # paid, upgraded or gone
                back += old[loan]["outstanding_principal"]
            else:
                left = row["outstanding_principal"]
                back += old[loan]["outstanding_principal"] - left
        opening, closing = ratio["", before.name].part, ratio["", now.name].part
        straight = 0  # written off or sold within the month, never seen as NPL
        for loan, row in new.items():
            gone = row["status"] in ("written_off", "transferred")
            known = loan in old and old[loan]["status"] == "active"
            if gone and known and loan not in bad:
                straight += 1
        point = found["", now.name]
        assert point.known
        assert point.whole == ratio["", before.name].whole
        formed = closing - opening + back
        assert point.part == formed if not straight else point.part >= formed


def identity_4_rows_of_a_matrix_add_up(town: Lived) -> None:
    for before, now in pairs(town.months):
        for of in (Cut.BUCKET, Cut.CLASS):
            found = town.book.matrix(
                Asked("roll_count"), of=of, month=now.name, amount=True
            )
            assert found.amount is not None
            assert sum(map(sum, found.count)) == now.loans
            for shares in (found.rate, found.amount_rate):
                for row in shares:
                    known = [share for share in row if share is not None]
                    assert not known or sum(known) == 1
            opened = town.owed(before.name)
            steps = len(LADDER if of is Cut.BUCKET else CLASSES)
            assert sum(map(sum, found.amount[:steps])) == opened
    first, last = town.months[0].name, town.months[-1].name
    far = town.book.matrix(
        Asked("roll_count", since=first), of=Cut.BUCKET, month=last, amount=False
    )
    stood = Counter(row["bucket"] for row in town.days[first] if _is_open(row))
    for step in ("M0", "M1", "M2"):
        assert sum(far.count[far.states.index(step)]) == stood[step]


def _is_open(row: dict[str, object]) -> bool:
    return row["status"] == "active"


def identity_5_ever_curves_never_fall(town: Lived) -> None:
    for basis in ("amount", "count"):
        for by in (None, Cut.PRODUCT, Cut.CHANNEL, Cut.OFFICER):
            ever = points(town.book.series(Asked(f"vintage_ever_30_{basis}", by=by)))
            now = points(town.book.series(Asked(f"vintage_30_{basis}", by=by)))
            lines: dict[str, list[Fraction]] = defaultdict(list)
            for (key, age), point in ever.items():
                assert point.known == now[key, age].known
                assert point.part >= now[key, age].part
                if point.value is not None:
                    lines[key].append(point.value)
            assert any(len(line) > 1 for line in lines.values()), by
            for line in lines.values():
                assert all(one <= other for one, other in pairwise(line))


def identity_6_first_payments_are_judged_when_they_can_be(town: Lived) -> None:
    as_of = town.months[-1].as_of
    first, judged = town.begins_on, 0
    for days in (1, 7, 30):
        told = town.first_instalments(as_of, days)
        seen = points(town.book.series(Asked(f"fpd_{days}")))
        for cohort, instalments in told.items():
            if any(each.due_on < first for each in instalments):
                continue  # some of it fell due before the first day was closed
            wanted = payment_default(instalments, as_of=as_of, days=days)
            point = seen["", cohort]
            assert (point.part, point.whole) == (wanted.defaulted, wanted.matured), (
                cohort,
                days,
            )
            assert point.known == (wanted.matured > 0)
            judged += wanted.matured
    assert judged > 0


def identity_10_a_month_counted_again_is_the_same(town: Lived) -> None:
    for month in town.months:
        assert town.book.count(month.name) == month
    assert town.book.due() == []
    before = [town.book.series(Asked(each)).fingerprint for each in METRICS]
    folder = town.home / "book" / "months" / f"month={town.months[1].name}"
    for path in folder.iterdir():
        path.unlink()
    assert town.book.due() == [each.name for each in town.months[1:]]
    assert town.book.count(town.months[1].name) == town.months[1]
    assert town.book.due() == []
    again = PortfolioBook(url=world.url(), home=town.home, now=lambda: AT)
    assert [again.series(Asked(each)).fingerprint for each in METRICS] == before


def every_share_is_that_of_its_definition(town: Lived) -> None:
    for each in RATIOS:
        for point in town.book.series(Asked(each.id)).points:
            assert isinstance(each.expression, Ratio)
            assert point.known
            assert point.value == each.expression.of(town.days[point.at]), each.id


def curves_are_those_of_the_plain_text(town: Lived) -> None:
    for each in METRICS.values():
        if each.id.startswith("vintage_"):
            _one_curve(town, each)


def _one_curve(town: Lived, each: Metric) -> None:
    assert each.threshold is not None
    told = town.vintage(each.threshold, "ever" if "ever" in each.id else "current")
    cells = told.count if each.id.endswith("count") else told.amount
    whole = told.size if each.id.endswith("count") else told.disbursed
    assert cells is not None and whole is not None
    seen = points(town.book.series(Asked(each.id)))
    first = month_number(town.months[0].name)
    for line, cohort in enumerate(told.cohorts):
        for age, cell in zip(told.mobs, cells[line], strict=True):
            name = f"{int(cohort) // 12:04d}-{int(cohort) % 12 + 1:02d}"
            if int(cohort) + age < first or each.id.endswith("amount") and cell is None:
                continue
            point = seen[name, str(age)]
            if cell is None:
                assert not point.known or int(cohort) < first
                continue
            assert (point.part, point.whole) == (cell, whole[line]), (each.id, name)


def cures_are_those_of_the_plain_text(town: Lived) -> None:
    told, last = town.spells(), month_number(town.complete[-1].name)
    assert told
    for within in (1, 3):
        seen = points(town.book.series(Asked(f"cure_{within}")))
        fell = (
            points(town.book.series(Asked(f"redefault_{within}"))) if within > 1 else {}
        )
        for month in town.complete:
            at = month_number(month.name)
            began = [each for each in told if each.began == at]
            wanted = cure_rate(began, within=within, last=last)
            point = seen["", month.name]
            assert (point.part, point.whole) == (wanted.part, wanted.whole)
            assert point.known == (at + within <= last)
            if fell:
                ended = [each for each in told if each.ended == at]
                back = redefault_rate(ended, within=within)
                point = fell["", month.name]
                assert (point.part, point.whole) == (back.part, back.whole)
    metric_ids = [each.id for each in METRICS.values() if each.id.startswith("self_")]
    assert metric_ids
    for each in metric_ids:  # nobody was ever spoken with
        plain = each.removeprefix("self_")
        assert (
            town.book.series(Asked(each)).points
            == town.book.series(Asked(plain)).points
        )


def who_may_see_less_sees_part_of_the_same(town: Lived) -> None:
    branches = town.book.values(Cut.BRANCH, sight=(Sight(),))
    products = town.book.values(Cut.PRODUCT, sight=(Sight(),))
    one = Sight(branches=frozenset(branches[:1]))
    other = Sight(products=frozenset(products[:1]))
    for id in ("overdue_1_count", "overdue_1_amount"):
        for sight in ((one,), (other,), (one, other), ()):
            for point in town.book.series(Asked(id, sight=sight)).points:
                rows = [
                    row
                    for row in town.days[point.at]
                    if any(_sees(each, town.register[row["loan_id"]]) for each in sight)
                ]
                expression = metric(id).expression
                assert isinstance(expression, Ratio)
                wanted = (expression.part.of(rows), expression.whole.of(rows))
                assert (point.part, point.whole) == wanted
    assert town.book.values(Cut.PRODUCT, sight=()) == []
    officer = town.book.values(Cut.OFFICER, sight=(one,))[0]
    seen = town.book.series(
        Asked("overdue_1_amount", sight=(Sight(officers=frozenset({officer})),))
    )
    only = town.book.series(
        Asked("overdue_1_amount", only={Cut.OFFICER: frozenset({officer})})
    )
    assert [p.whole for p in seen.points] == [p.whole for p in only.points]
    assert any(point.whole for point in seen.points)


def _sees(sight: Sight, loan: dict[str, object]) -> bool:
    return (sight.branches is None or loan["branch"] in sight.branches) and (
        sight.products is None or loan["product"] in sight.products
    )


def a_number_leads_to_its_loans(town: Lived) -> None:
    counted = 0
    for id, by in (
        ("overdue_1_count", None),
        ("overdue_1_count", Cut.BRANCH),
        ("fpd_1", Cut.PRODUCT),
        ("vintage_ever_30_count", None),
        ("vintage_30_count", Cut.PRODUCT),
        ("roll_count", Cut.BUCKET),
        ("roll_count", Cut.CLASS),
        ("roll_count", Cut.PRODUCT),
        ("cure_1", None),
    ):
        asked = Asked(id, by=by)
        for point in town.book.series(asked).points:
            if point.known and point.part:
                told = town.book.loans(asked, at=point.at, key=point.key, most=10_000)
                assert len(set(told)) == len(told) == point.part, (id, by, point)
                counted += 1
    assert counted > 20
    last = town.months[-1].name
    found = town.book.matrix(
        Asked("roll_count"), of=Cut.BUCKET, month=last, amount=False
    )
    stay = found.count[0][0]
    loans = town.book.loans(Asked("roll_count"), at=last, key="M0→M0", most=10_000)
    assert len(loans) == stay > 0
