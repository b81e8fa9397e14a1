"""Losses of the months are those of the plain text, loan by loan, however cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daihou.engine.metrics import losses as plain
from daihou.engine.metrics.recovery import Flow
from daihou.kit.portfolio import Asked, Cut, Point, Sight
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio import losses
from daihou.nightly.portfolio.losses import METRICS, Defaults
from daihou.nightly.portfolio.rows import Book
from daihou.nightly.stores.months import MonthFiles, Row
from daihou.tables import months as shape
from tests.nightly.months import FIRST, random_months

RATES = (Decimal(0), Decimal("0.12"), Decimal("0.24"))
MONTHS = 30


@dataclass
class Lent:
    """A ledger of loans whose money is drawn from a seed."""

    seed: int
    paid: dict[int, list[tuple[date, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        random = Random(self.seed)
        for loan in range(1, 400):
            days = sorted(random.sample(range(900), 3))
            self.paid[loan] = [
                (date(2026, 1, 31) + timedelta(days=n), random.randrange(-9, 60))
                for n in days
            ]

    def rate(self, loan: int) -> Decimal:
        return RATES[loan % 3]

    def owes(self, row: Row, loan: int) -> int:
        return (loan * shape.month_number(row.name)) % 7 * 50

    def owed(self, row: Row, loans: Any) -> Any:
        return np.array([self.owes(row, each) for each in loans.tolist()], np.int64)

    def rates(self, loans: Any) -> Sequence[Decimal]:
        return [self.rate(each) for each in loans.tolist()]

    def came(self, loans: Any, since: Sequence[date]) -> Sequence[tuple[int, int, int]]:
        return [
            (place, (on - day).days, amount)
            for place, (loan, day) in enumerate(zip(loans.tolist(), since, strict=True))
            for on, amount in self.paid[loan]
            if on > day
        ]


def a_book(folder: str, months: list[pa.Table]) -> Book:
    files, rows = MonthFiles(Path(folder)), []
    for number, month in enumerate(months, FIRST):
        name = shape.month_name(number)
        rows.append(
            Row(
                name=name,
                as_of=losses._end(number),
                loans=month.num_rows,
                positions="",
                classes="graded",
                rests_on="",
                fingerprint=files.write(name, month),
                complete=True,
            )
        )
    return Book(files, tuple(rows))


def first_defaults(book: Book, months: list[pa.Table]) -> dict[int, tuple[Row, Any]]:
    """The row of each loan in the month it first defaulted, but for the first month."""
    old: set[int] = set()
    found: dict[int, tuple[Row, Any]] = {}
    for n, (row, month) in enumerate(zip(book.months, months, strict=True)):
        for loan in month.to_pylist():
            state = shape.STATES[loan["state"]]
            bad = state == "written_off" or (
                state in shape.LADDER and (loan["dpd"] > 90 or loan["asset_class"] >= 2)
            )
            if bad and loan["currency"] == "CNY" and loan["loan_id"] not in old:
                old.add(loan["loan_id"])
                if n:
                    found[loan["loan_id"]] = row, loan
    return found


def wanted(
    book: Book, months: list[pa.Table], ledger: Lent, within: int, by: str
) -> dict[tuple[str, str], tuple[int, int]]:
    several: dict[str, list[plain.Default]] = {}
    for loan, (row, told) in first_defaults(book, months).items():
        at = shape.month_number(row.name)
        if at + within > FIRST + len(months) - 1 or not ledger.owes(row, loan):
            continue
        several.setdefault(told[by] if by else "", []).append(
            plain.Default(
                period=at,
                exposure=ledger.owes(row, loan),
                annual_rate=ledger.rate(loan),
                days=(losses._end(at + within) - row.as_of).days,
                flows=tuple(
                    Flow((on - row.as_of).days, amount)
                    for on, amount in ledger.paid[loan]
                ),
            )
        )
    return {
        (key, shape.month_name(at)): (loss.lost, loss.exposure)
        for key, defaults in several.items()
        for at, loss in plain.losses(defaults).items()
    }


@given(st.integers(0, 2**32), st.sampled_from(sorted(METRICS)))
@settings(max_examples=6)
def test_the_losses_are_the_plain_ones(seed: int, metric: str) -> None:
    months = random_months(seed, loans=20, months=MONTHS)
    ledger = Lent(seed)
    with TemporaryDirectory() as folder:
        book = a_book(folder, months)
        told = losses.defaults(book, ledger, currency="CNY")
        for by in (None, Cut.PRODUCT, Cut.BRANCH, Cut.REGION):
            asked = Asked(metric, by=by)
            points = losses.rate(book, asked, told, within=METRICS[metric])
            found = {
                (p.key, p.at): (p.part, p.whole) for p in points if p.known and p.whole
            }
            assert found == wanted(book, months, ledger, METRICS[metric], by or "")
            blank = shape.month_name(FIRST + MONTHS - METRICS[metric])
            assert all(point.known == (point.at < blank) for point in points)
            for point in points:
                check_loans(book, asked, told, point)


def check_loans(book: Book, asked: Asked, told: Defaults, point: Point) -> None:
    """Who lost is named, the greatest first, and the rest gained."""
    within = METRICS[asked.metric]
    named = losses.loans(
        book, asked, told, within=within, at=point.at, key=point.key, most=999
    )
    assert len(set(named)) == len(named)
    if point.part > 0:
        assert named
    if not point.whole:
        assert not named


def test_who_sees_a_branch_is_told_of_its_loans_alone(tmp_path: Path) -> None:
    months = random_months(7, loans=40, months=16)
    book, ledger = a_book(str(tmp_path), months), Lent(7)
    told = losses.defaults(book, ledger, currency="CNY")
    cut = Asked("loss_given_default_12", by=Cut.BRANCH)
    whole = losses.rate(book, cut, told, within=12)
    seen = [
        Asked("loss_given_default_12", sight=(Sight(branches=frozenset({"N"})),)),
        Asked("loss_given_default_12", only={Cut.BRANCH: frozenset({"N"})}),
    ]
    north = [(p.at, p.part, p.whole) for p in whole if p.key == "N"]
    assert any(of for _, _, of in north)
    for asked in seen:
        points = losses.rate(book, asked, told, within=12)
        assert [(p.at, p.part, p.whole) for p in points] == north
    limited = replace_since(seen[0], book.months[2].name)
    assert losses.rate(book, limited, told, within=12)[0].at == book.months[2].name


def replace_since(asked: Asked, since: str) -> Asked:
    return Asked(asked.metric, since=since, sight=asked.sight)


def test_nothing_is_known_of_a_book_that_nobody_left(tmp_path: Path) -> None:
    months = random_months(3, loans=4, months=1)
    book = a_book(str(tmp_path), months)
    told = losses.defaults(book, Lent(3), currency="CNY")
    asked = Asked("loss_given_default_12")
    assert not len(told.loan_id)
    assert losses.rate(book, asked, told, within=12) == []
    with pytest.raises(NotCounted):
        first = book.months[0].name
        losses.loans(book, asked, told, within=12, at=first, key="", most=9)


@pytest.mark.parametrize("seed", [3, 4])
def test_the_first_classes_are_no_defaults_of_their_month(seed: int) -> None:
    months = random_months(seed, months=4)
    place = months[0].column_names.index("asset_class")
    kind = months[0].schema.field("asset_class")
    for n in (0, 1):  # nothing was classified then
        none = pa.array([shape.NO_CLASS] * len(months[n]), kind.type)
        months[n] = months[n].set_column(place, kind, none)
    with TemporaryDirectory() as folder:
        book = a_book(folder, months)
        late = [replace(row, classes="") for row in book.months[:2]]
        book = replace(book, months=(*late, *book.months[2:]))
        told = losses.defaults(book, Lent(seed), currency="CNY")
    off = shape.STATE[shape.WRITTEN_OFF]
    by_days, by_class = set(), set()
    for loan in months[2].to_pylist():
        if loan["dpd"] > 90 or loan["state"] == off:
            by_days.add(loan["loan_id"])
        elif loan["asset_class"] >= 2:
            by_class.add(loan["loan_id"])
    fresh = {*told.loan_id[told.period == FIRST + 2].tolist()}
    assert fresh and fresh <= by_days
    assert by_class and not by_class & {*told.loan_id.tolist()}
