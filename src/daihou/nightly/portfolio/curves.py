"""Figures by cohort: vintage curves by age, and first payment defaults."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from daihou.columnar.portfolio.cube import Array, Flags, Rows, added
from daihou.engine.metrics.definition import Basis, Metric, Numerator
from daihou.kit.portfolio import Asked, Cut, Point
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio.rows import Book, grouped, in_order
from daihou.tables import months as shape
from daihou.tables.months import STATE

USUAL_AGE: Final = 12  # how far a pooled curve reaches where nobody says
_GONE: Final = (STATE[shape.WRITTEN_OFF], STATE[shape.TRANSFERRED])
VINTAGE_COLUMNS: Final = (
    *("cohort", "state", "dpd", "worst_dpd", "disbursed", "balance", "lost"),
)
Cells = Mapping[tuple[str, int], tuple[int, int]]  # (value, cohort) at one month


def is_vintage(metric: Metric) -> bool:
    """Whether a metric is a curve by months on book."""
    return metric.id.startswith("vintage_")


def is_first_payment(metric: Metric) -> bool:
    """Whether a metric is about first instalments."""
    return metric.id.startswith("fpd_")


def hits(rows: Rows, metric: Metric) -> Flags:
    """Loans that are bad at their age; written off and transferred ones stay so."""
    assert metric.threshold is not None
    ever: Flags = rows.of("worst_dpd") >= metric.threshold
    if metric.numerator is Numerator.EVER:
        return ever
    gone = np.isin(rows.of("state"), _GONE)
    found: Flags = (rows.of("dpd") >= metric.threshold) | (gone & ever)
    return found


def weights(rows: Rows, metric: Metric) -> tuple[Array, Array]:
    """What a bad loan and any loan of a cohort weigh."""
    if metric.basis is Basis.COUNT:
        return rows.loans(), rows.loans()
    paid_out = rows.of("disbursed")
    if metric.numerator is Numerator.EVER:
        return paid_out, paid_out
    gone = np.isin(rows.of("state"), _GONE)
    return np.where(gone, rows.of("lost"), rows.of("balance")), paid_out


def _cells(rows: Rows, metric: Metric, by: Cut | None) -> Cells:
    """Bad and all by value of the cut and cohort."""
    cohorts, names = grouped(rows, Cut.COHORT)
    own = None if by in (None, Cut.COHORT) else by
    codes, keys = grouped(rows, own, lent=True)
    group, size = codes * len(names) + cohorts, len(keys) * len(names)
    bad, every = weights(rows, metric)
    part = added(bad, group, size, hits(rows, metric))
    whole = added(every, group, size)
    return {
        (key, shape.month_number(name)): (part[at], whole[at])
        for n, key in enumerate(keys)
        for m, name in enumerate(names)
        if whole[at := n * len(names) + m]
    }


def vintage(book: Book, asked: Asked, metric: Metric) -> list[Point]:
    """Curves by age, blank where a cohort is too young or its time was not counted.

    Cuts are those of the month in which a loan was first seen: one that is handed on
    stays where it was lent, so that who works it out is not blamed for it.
    """
    if asked.by in (Cut.BUCKET, Cut.CLASS):
        raise NotCounted("cut", metric=metric.id, cut=asked.by)
    seen: dict[int, Cells] = {}
    for row in book.months:
        if row.complete:
            period = shape.month_number(row.name)
            rows = book.rows(row, asked, VINTAGE_COLUMNS, lent=True)
            seen[period] = _cells(rows, metric, asked.by) if len(rows) else {}
    if not seen:
        return []
    last = max(seen)
    known = {line for cells in seen.values() for line in cells}
    if asked.by in (None, Cut.COHORT):
        chosen = _chosen({cohort for _, cohort in known}, asked.since, asked.until)
        return _lines(chosen, seen, last)
    all_ = {cohort for _, cohort in known}
    cohorts = _pooled_cohorts(all_, asked, first=min(seen), last=last)
    lines = in_order({key for key, cohort in known if cohort in cohorts}, asked.by)
    ages = last - max(cohorts) + 1 if cohorts else 0
    return [
        _pooled(key, age, [c for c in cohorts if (key, c) in known], seen)
        for key in lines
        for age in range(ages)
    ]


def _chosen(cohorts: Iterable[int], since: str, until: str) -> list[int]:
    first = shape.month_number(since) if since else 0
    last = shape.month_number(until) if until else 12 * 10_000
    return sorted(cohort for cohort in cohorts if first <= cohort <= last)


def _lines(cohorts: Sequence[int], seen: Mapping[int, Cells], last: int) -> list[Point]:
    ages = last - cohorts[0] + 1 if cohorts else 0
    found = []
    for cohort in cohorts:
        for age in range(ages):
            cell = seen.get(cohort + age, {}).get(("", cohort))
            name = shape.month_name(cohort)
            if cell is None:
                found.append(Point(name, str(age), 0, 0, known=False))
            else:
                found.append(Point(name, str(age), *cell))
    return found


def _pooled_cohorts(
    cohorts: Iterable[int], asked: Asked, *, first: int, last: int
) -> list[int]:
    """The cohorts pooled; where nobody says: seen from the start, and old enough."""
    since = asked.since or shape.month_name(first)
    reach = min(USUAL_AGE, (last - first) // 2)
    return _chosen(cohorts, since, asked.until or shape.month_name(last - reach))


def pooled(book: Book, asked: Asked, metric: Metric) -> list[int]:
    """The cohorts that a pooled curve is made of."""
    complete = [shape.month_number(row.name) for row in book.months if row.complete]
    if not complete:
        return []
    last = book.at(shape.month_name(max(complete)))
    rows = book.rows(last, asked, VINTAGE_COLUMNS, lent=True)
    cohorts = {cohort for _, cohort in _cells(rows, metric, asked.by)}
    return _pooled_cohorts(cohorts, asked, first=min(complete), last=max(complete))


def _pooled(
    key: str, age: int, cohorts: Sequence[int], seen: Mapping[int, Cells]
) -> Point:
    """One age of several cohorts; known where all of them were seen at it."""
    cells = [seen.get(cohort + age, {}).get((key, cohort)) for cohort in cohorts]
    part = sum(cell[0] for cell in cells if cell is not None)
    whole = sum(cell[1] for cell in cells if cell is not None)
    if any(cell is None for cell in cells):
        return Point(key, str(age), 0, 0, known=False)
    return Point(key, str(age), part, whole)


def first_payments(book: Book, asked: Asked, metric: Metric) -> list[Point]:
    """Late first instalments of each cohort, of those that can be judged by now.

    Cuts as those of `vintage`.
    """
    if asked.by in (Cut.BUCKET, Cut.CLASS):
        raise NotCounted("cut", metric=metric.id, cut=asked.by)
    own = replace(asked, since="", until="")
    flag = f"first_{metric.threshold}"
    rows = book.rows(book.last, own, ("cohort", flag), lent=True)
    if not len(rows):
        return []
    cohorts, names = grouped(rows, Cut.COHORT)
    own_cut = None if asked.by is Cut.COHORT else asked.by
    codes, keys = grouped(rows, own_cut, lent=True)
    group, size = codes * len(names) + cohorts, len(keys) * len(names)
    told = rows.of(flag)
    late = added(rows.loans(), group, size, told == 1)
    matured = added(rows.loans(), group, size, told != shape.NOT_MATURED)
    held = added(rows.loans(), group, size)
    chosen = _chosen(map(shape.month_number, names), asked.since, asked.until)
    there: dict[str, list[Point]] = defaultdict(list)
    for n, key in enumerate(keys):
        for cohort in chosen:
            at = n * len(names) + names.index(shape.month_name(cohort))
            if held[at] or asked.by in (None, Cut.COHORT):
                name = shape.month_name(cohort)
                there[key].append(
                    Point(key, name, late[at], matured[at], known=matured[at] > 0)
                )
    return [point for key in in_order(there, asked.by) for point in there[key]]
