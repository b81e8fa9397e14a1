"""Identities of a town that rest on the work, on provisions and on its payments."""

from collections import Counter

import psycopg

from daihou.engine.classification.codes import BY_CODE
from daihou.engine.metrics import losses as plain
from daihou.engine.provision.required import Exposure, needed
from daihou.engine.provision.rules import ProvisionRules, usual_table
from daihou.kit.portfolio import Asked, Cut, Month, Point, Series
from daihou.kit.scope import EVERYTHING
from daihou.nightly.portfolio import losses
from daihou.nightly.portfolio.rows import Book
from daihou.nightly.stores.months import MonthFiles, rows
from daihou.nightly.stores.parquet import PositionFiles
from daihou.rooms.grading.provision_queries import (
    assessment,
    needs,
    rules,
    runs,
    tables,
    totals,
)
from daihou.rooms.ledger.models import Payment
from daihou.tables.months import month_number
from tests.nightly import world
from tests.simulation.portfolio_office import Office
from tests.simulation.portfolio_world import Lived, pairs


def points(series: Series) -> dict[tuple[str, str], Point]:
    return {(point.key, point.at): point for point in series.points}


def identity_7_cash_of_cases_is_cash_of_the_ledger(town: Lived, office: Office) -> None:
    """The same loans and days, and nothing of it twice; nor in the months."""
    told: Counter[str] = Counter()
    seen: list[int] = []
    for row, payment in office.money():
        seen.append(payment.pk)
        if row.outstanding > 0 and payment.paid_on >= row.since:
            told[f"{payment.paid_on:%Y-%m}"] += payment.amount
    assert seen and len(set(seen)) == len(seen)
    shown = town.book.series(Asked("collected_in_cases")).points
    assert {p.at: p.part for p in shown if p.part} == {
        at: amount for at, amount in told.items() if amount
    }
    for by in (Cut.BRANCH, Cut.PRODUCT):
        parts: Counter[str] = Counter()
        for point in town.book.series(Asked("collected_in_cases", by=by)).points:
            parts[point.at] += point.part
        assert parts == Counter({point.at: point.part for point in shown}), by
    files = MonthFiles(town.home)
    for before, now in pairs(town.months):
        month = files.read(now.name, now.fingerprint, columns=["loan_id", "cash"])
        lent = month["loan_id"].to_pylist()
        paid = Payment.objects.filter(
            loan_id__in=lent, paid_on__gt=before.as_of, paid_on__lte=now.as_of
        )
        assert sum(month["cash"].to_pylist()) == sum(p.amount for p in paid)


def identity_8_every_promise_is_kept_partly_broken_open_or_ended(
    town: Lived, office: Office
) -> None:
    made = Counter(f"{each.due_on:%Y-%m}" for each in office.promises)
    assert made
    parts: Counter[str] = Counter()
    for name in ("kept", "partly", "broken", "open", "ended"):
        for point in town.book.series(Asked(f"promise_{name}")).points:
            parts[point.at] += point.part
    assert parts == made


def identity_9_coverage_times_npl_is_the_allowance(town: Lived) -> None:
    """The allowance is what every single loan needs by the table, added up."""
    shown = points(town.book.series(Asked("provision_coverage")))
    spread = points(town.book.series(Asked("provision_coverage", by=Cut.BRANCH)))
    over = points(town.book.series(Asked("provision_share")))
    needy = 0
    for month in town.months:
        as_of = month.as_of
        known = rules(as_of, decided_by=as_of)
        found = known[usual_table(list(known))]
        allowance, bad, owed = 0, 0, 0
        for row in town.days[month.name]:
            if row["status"] != "active" or row["asset_class"] is None:
                continue
            loan = Exposure(
                str(row["loan_id"]),
                BY_CODE[row["asset_class"]],
                row["outstanding_total"],
            )
            allowance += needed(loan, found).amount
            owed += loan.balance
            bad += loan.balance if loan.asset_class.is_bad else 0
        coverage, share = shown["", month.name], over["", month.name].value
        assert coverage.known and (coverage.part, coverage.whole) == (allowance, bad)
        if coverage.value is not None:
            assert coverage.value * bad == allowance
            needy += 1
        assert share is not None and share * owed == allowance
        parts = [point for (_, at), point in spread.items() if at == month.name]
        assert sum(point.part for point in parts) == allowance
        assert sum(point.whole for point in parts) == bad
        held = totals_of(month, town, found)
        assert held == allowance
    assert needy


def totals_of(month: Month, town: Lived, found: ProvisionRules) -> int:
    """The allowance as the page of provisions says it, its coverage ratio exact."""
    run = next(each for each in runs() if each.as_of == month.as_of)
    table = usual_table(tables(run))
    lines = needs(run, table=table, scope=EVERYTHING)["CNY"]
    sums = totals(lines)
    held = sum(each.needed for each in sums.values())
    told = assessment(sums, found, held=held, as_of=month.as_of, currency="CNY")
    if told.coverage_ratio is not None:
        assert told.coverage_ratio * told.bad == held == told.by_table
    return held


def losses_are_those_of_the_plain_text(town: Lived) -> None:
    """A default so early that a young town has some, and the one of the definition."""
    with psycopg.connect(world.url()) as connection:
        ledger = losses.OfHome(connection, PositionFiles(town.home))
        book = Book(MonthFiles(town.home), tuple(rows(connection).values()))
        early, usual = (
            losses.defaults(book, ledger, currency="CNY", late=late)
            for late in (10, losses.LATE)
        )
    judged = 0
    for told, late in ((early, 10), (usual, losses.LATE)):
        for within in (1, 2, 12, 24):
            wanted = plain.losses(town.defaults(within, late=late))
            asked = Asked("loss_given_default_12")
            for point in losses.rate(book, asked, told, within=within):
                loss = wanted.get(month_number(point.at), plain.Loss(0, 0))
                assert (point.part, point.whole) == (loss.lost, loss.exposure)
                judged += loss.exposure > 0
    assert judged
