"""From a figure to its loans: who stands in the numerator of one cell."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from daihou.columnar.portfolio import flows
from daihou.columnar.portfolio.cube import Flags, Rows
from daihou.engine.metrics.definition import Basis, Metric
from daihou.kit.portfolio import Asked, Cut
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio import curves
from daihou.nightly.portfolio.asked import ARROW, PAIRS, Monthly, largest, monthly
from daihou.nightly.portfolio.rows import Book, age_of, grouped, number_of, only
from daihou.nightly.stores.months import Row
from daihou.tables import months as shape


def loans(
    book: Book, asked: Asked, metric: Metric, *, at: str, key: str, most: int
) -> Sequence[int]:
    """Our numbers of the loans in the numerator of a cell, the largest first."""
    if curves.is_vintage(metric):
        return _vintage(book, asked, metric, age=at, key=key, most=most)
    if curves.is_first_payment(metric):
        return _first(book, asked, metric, cohort=at, key=key, most=most)
    row = book.at(at)
    if metric.id == "net_flow":
        return _standing(book, asked, row, key=key, most=most)
    if ARROW in key:
        return _moved(book, asked, row, key=key, most=most)
    figure = monthly(metric, asked)
    if figure is None:
        raise NotCounted("metric", metric=metric.id)
    return _by_month(book, asked, row, figure, key=key, most=most)


def _by_month(
    book: Book, asked: Asked, row: Row, figure: Monthly, *, key: str, most: int
) -> Sequence[int]:
    if not figure.is_known(book, row):
        return []
    rows = book.rows(row, asked, (*figure.columns, "class_before"), whole=True)
    mask = figure.hits(rows)
    mask &= _in_group(rows, asked.by, key, opening=figure.opening)
    return largest(rows, mask, figure.weight, most)


def _in_group(
    rows: Rows,
    by: Cut | None,
    key: str,
    *,
    opening: bool = False,
    lent: bool = False,
) -> Flags:
    codes, keys = grouped(rows, by, opening=opening, lent=lent)
    if key not in keys:
        return np.zeros(len(rows), np.bool_)
    found: Flags = codes == keys.index(key)
    return found


def _moved(book: Book, asked: Asked, row: Row, *, key: str, most: int) -> Sequence[int]:
    """The loans that went from one state, or class, to another within the month."""
    start, _, end = key.partition(ARROW)
    states = flows.CLASS_STATES if asked.by is Cut.CLASS else shape.STATES
    if start not in states or end not in states or book.before(row) is None:
        return []
    rows = book.rows(row, asked, flows.FLOW_COLUMNS, whole=True)
    before, now = flows.places(rows, classes=asked.by is Cut.CLASS)
    mask = (before == states.index(start)) & (now == states.index(end))
    return largest(rows, mask, "balance_before", most)


def _standing(
    book: Book, asked: Asked, row: Row, *, key: str, most: int
) -> Sequence[int]:
    """The loans on the lower step of a net flow."""
    if key not in PAIRS:
        return []
    rows = book.rows(row, asked, ("state",), whole=True)
    step = shape.LADDER.index(key.partition(ARROW)[2])
    return largest(rows, rows.of("state") == step, None, most)


def _vintage(
    book: Book, asked: Asked, metric: Metric, *, age: str, key: str, most: int
) -> Sequence[int]:
    """The bad loans of a cohort, or of several pooled, at one age."""
    if asked.by in (None, Cut.COHORT):
        cohorts = [number_of(key)]
    else:
        cohorts = curves.pooled(book, asked, metric)
    found: list[tuple[int, int]] = []
    plain = replace(asked, since="", until="")
    for cohort in cohorts:
        name = shape.month_name(cohort + age_of(age))
        if name not in {row.name for row in book.months if row.complete}:
            continue
        rows = book.rows(
            book.at(name), plain, curves.VINTAGE_COLUMNS, whole=True, lent=True
        )
        mask = curves.hits(rows, metric) & (rows.of("cohort") == cohort)
        if asked.by not in (None, Cut.COHORT):
            mask &= _in_group(rows, asked.by, key, lent=True)
        bad, _ = curves.weights(rows, replace(metric, basis=Basis.AMOUNT))
        ids = largest(rows, mask, None, len(mask))
        weight = dict(
            zip(rows.of("loan_id")[mask].tolist(), bad[mask].tolist(), strict=True)
        )
        found += [(-weight[loan], loan) for loan in ids]
    return [loan for _, loan in sorted(found)[:most]]


def _first(
    book: Book, asked: Asked, metric: Metric, *, cohort: str, key: str, most: int
) -> Sequence[int]:
    flag = f"first_{metric.threshold}"
    columns = ("cohort", flag, "disbursed")
    plain = replace(asked, since="", until="")
    rows = book.rows(book.last, plain, columns, whole=True, lent=True)
    mask = (rows.of(flag) == 1) & only(rows, Cut.COHORT, {cohort})
    if asked.by is not Cut.COHORT:
        mask &= _in_group(rows, asked.by, key, lent=True)
    return largest(rows, mask, "disbursed", most)
