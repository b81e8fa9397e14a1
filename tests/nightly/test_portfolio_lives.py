"""Loans handed on, written off, seen with a gap: what their months say of them."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from daihou.columnar.portfolio import flows
from daihou.columnar.portfolio.cube import Rows, cells_of
from daihou.columnar.portfolio.months import Inputs, Told, make_month, words_column
from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.regulatory import migration_rates
from daihou.kit.portfolio import Asked, Cut, Point
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio import cures, curves, drill
from daihou.nightly.portfolio.asked import monthly
from daihou.nightly.portfolio.rows import Book
from daihou.nightly.stores.months import MonthFiles, Row
from daihou.tables import months as shape

FIRST = 2025 * 12


class Files(MonthFiles):
    """Months held in memory."""

    def __init__(self, held: Mapping[str, pa.Table]) -> None:
        """By name."""
        self._held = held

    def read(
        self,
        name: str,
        fingerprint: str,
        *,
        cells: bool = False,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """The rows or the cells."""
        found = cells_of(self._held[name]) if cells else self._held[name]
        return found.select(columns) if columns else found


def a_book(tables: Sequence[pa.Table], *, hole: str = "") -> Book:
    """The months from January of 2025 on; `hole` was not closed to its end."""
    names = [shape.month_name(FIRST + n) for n in range(len(tables))]
    rows = []
    for name, table in zip(names, tables, strict=True):
        year, month = int(name[:4]), int(name[5:])
        last = 27 if name == hole else monthrange(year, month)[1]
        row = Row(
            name=name,
            as_of=date(year, month, last),
            loans=table.num_rows,
            positions="",
            classes="graded",
            rests_on="",
            fingerprint=name,
            complete=name != hole,
        )
        rows.append(row)
    return Book(Files(dict(zip(names, tables, strict=True))), tuple(rows))


def months_of(
    days: Sequence[Mapping[int, tuple[int, int, str]]],
    *,
    officers: Sequence[Mapping[int, str]] = (),
    classes: Sequence[Mapping[int, int]] = (),
    cohort: int = FIRST,
    **told: Sequence[Mapping[int, int]],
) -> list[pa.Table]:
    """Months of loans by number: days past due, balance, status in each."""
    made: list[pa.Table] = []
    for n, loans in enumerate(days):
        size, ids = len(loans), pa.array(list(loans), pa.int64())
        late = pa.array([each[0] for each in loans.values()], pa.int32())
        register: dict[str, Any] = {"loan_id": ids}
        for name in (*shape.CUTS, "currency"):
            words = ["CNY" if name == "currency" else "x"] * size
            if name == "officer" and officers:
                words = [officers[n][loan] for loan in loans]
            register[name] = words_column(pa.chunked_array([pa.array(words)]))
        register["cohort"] = pa.array([cohort] * size, pa.int32())
        register["disbursed"] = pa.array([1000] * size, pa.int64())
        positions = {
            "loan_id": ids,
            "dpd": late,
            "worst_dpd": late,
            "overdue_total": pa.array([0] * size, pa.int64()),
            "outstanding_principal": pa.array([e[1] for e in loans.values()]),
            "status": pa.array([e[2] for e in loans.values()]),
        }
        more: dict[str, Any] = {name: _told(told[name][n]) for name in told}
        given = Inputs(
            FIRST + n,
            pa.table(register),
            pa.table(positions),
            _graded(classes[n]) if classes else None,
            made[-1] if made else None,
            **more,
        )
        made.append(make_month(given))
    return made


def _graded(classes: Mapping[int, int]) -> pa.Table:
    return pa.table(
        {
            "loan_id": pa.array(list(classes), pa.int64()),
            "asset_class": pa.array(list(classes.values()), pa.int8()),
            "restructured": pa.array([False] * len(classes)),
        }
    )


def _told(values: Mapping[int, int]) -> Told:
    keys = sorted(values)
    return Told(np.array(keys, np.int64), np.array([values[k] for k in keys], np.int64))


def shares(points: Sequence[Point]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(p.key, p.at): (p.part, p.whole) for p in points if p.known}


def test_a_loan_handed_on_stays_with_whom_it_was_lent() -> None:
    days = [{1: (0, 900, "active"), 2: (late, 900, "active")} for late in (0, 35, 65)]
    officers = [{1: "ann", 2: "ann"}, {1: "ann", 2: "ann"}, {1: "ann", 2: "workout"}]
    book = a_book(months_of(days, officers=officers))
    metric = METRICS["vintage_ever_30_count"]
    asked = Asked(metric.id, by=Cut.OFFICER, since="2025-01", until="2025-01")
    found = shares(curves.vintage(book, asked, metric))
    assert found == {("ann", "0"): (0, 2), ("ann", "1"): (1, 2), ("ann", "2"): (1, 2)}
    only = Asked(metric.id, by=Cut.COHORT, only={Cut.OFFICER: frozenset({"ann"})})
    assert shares(curves.vintage(book, only, metric))["2025-01", "2"] == (1, 2)
    for key, loans in (("ann", [2]), ("workout", [])):
        assert drill.loans(book, asked, metric, at="2", key=key, most=9) == loans


def test_who_did_not_pay_the_first_instalment_is_whose_lent_it() -> None:
    days = [{1: (late, 900, "active")} for late in (0, 35)]
    first = Told(np.array([1]), np.array([1]))
    one, other = months_of(days, officers=[{1: "ann"}, {1: "workout"}])
    place = other.column_names.index("first_30")
    late = pa.array(first.value, shape.MONTHS.field("first_30").type)
    book = a_book([one, other.set_column(place, shape.MONTHS.field(place), late)])
    metric = METRICS["fpd_30"]
    asked = Asked(metric.id, by=Cut.OFFICER)
    points = shares(curves.first_payments(book, asked, metric))
    assert points == {("ann", "2025-01"): (1, 1)}
    found = drill.loans(book, asked, metric, at="2025-01", key="ann", most=9)
    assert found == [1]


def test_money_before_the_write_off_and_old_ones_are_no_recovery() -> None:
    days = [
        {1: (100, 900, "active"), 2: (400, 500, "written_off")},
        {1: (120, 500, "written_off"), 2: (430, 500, "written_off")},
        {1: (120, 500, "written_off"), 2: (430, 500, "written_off")},
    ]
    tables = months_of(
        days,
        cohort=FIRST - 24,
        cash=[{2: 50}, {1: 400, 2: 50}, {1: 25, 2: 50}],
        recovered=[{2: 50}, {2: 50}, {1: 25, 2: 50}],
        lost=[{}, {1: 500}, {}],
    )
    asked = Asked("post_write_off_recovery")
    found = shares(cures.after_write_off(a_book(tables), asked))
    assert found == {("2025-02", "0"): (0, 500), ("2025-02", "1"): (25, 500)}
    metric = METRICS[asked.metric]
    for at, loans in (("0", []), ("1", [1])):
        book = a_book(tables)
        assert (
            cures.loans(book, asked, metric, cures.nobody, at=at, key="2025-02")
            == loans
        )


def test_a_write_off_in_a_month_not_closed_to_its_end_is_of_that_month() -> None:
    days = [{1: (90, 900, status)} for status in ("active", "written_off")]
    days.append({1: (90, 900, "written_off")})
    tables = months_of(days, recovered=[{}, {1: 10}, {1: 20}], lost=[{}, {1: 900}, {}])
    book = a_book(tables, hole="2025-02")
    found = shares(cures.after_write_off(book, Asked("post_write_off_recovery")))
    assert found == {("2025-02", "0"): (10, 900), ("2025-02", "1"): (30, 900)}


def test_a_spell_stands_at_its_month_also_after_a_hole() -> None:
    late = (0, 0, 0, 20, 0, 0, 0, 0)
    tables = months_of([{1: (days, 900, "active")} for days in late])
    book = a_book(tables, hole="2025-02")
    found = shares(cures.rate(book, Asked("cure_3"), cures.nobody))
    assert found["", "2025-04"] == (1, 1)
    assert [at for (_, at), (_, whole) in found.items() if whole] == ["2025-04"]
    assert ("", "2025-05") in found  # 2025-08 is counted: three months later
    assert ("", "2025-06") not in found


def test_an_instalment_is_a_decrease_also_of_a_loan_that_fell() -> None:
    before = {n: (0, 100, "active") for n in (1, 2, 3)}
    now = {1: (0, 80, "active"), 2: (40, 100, "active"), 3: (40, 90, "active")}
    tables = months_of([before, now], classes=[{1: 0, 2: 0, 3: 0}, {1: 0, 2: 1, 3: 1}])
    figure = monthly(METRICS["migration_normal"], Asked("migration_normal"))
    assert figure is not None
    for rows in (Rows(tables[1]), Rows(cells_of(tables[1]))):
        all_ = np.zeros(len(rows), np.int64)
        (moves,) = flows.class_moves(rows, all_, 1)
        assert moves.decreased["normal"] == 20 + 10
        assert migration_rates(moves).normal == Fraction(100 + 90, 300 - 30)
        assert figure.sums(rows, all_, 1) == ([190], [270])


def test_a_bad_loan_without_a_row_is_missing_and_not_collected() -> None:
    days = [{1: (0, 100, "active"), 2: (95, 70, "active")}, {1: (0, 100, "active")}]
    tables = months_of(days, classes=[{1: 0, 2: 2}, {1: 0}])
    rows = Rows(tables[1])
    found = flows.formation(rows, np.zeros(len(rows), np.int64), 1)
    (moved,) = found.movements
    assert (moved.collected, moved.missing, moved.closing) == (0, 70, 0)


def test_what_was_sold_is_not_written_off_once_more() -> None:
    days = [{1: (95, 70, "transferred")}, {1: (95, 70, "written_off")}]
    (_, table) = months_of(days, lost=[{1: 70}, {}])
    figure = monthly(METRICS["write_off_rate"], Asked("write_off_rate"))
    assert figure is not None
    rows = Rows(table)
    assert figure.sums(rows, np.zeros(1, np.int64), 1)[0] == [0]


@pytest.mark.parametrize(("at", "key"), [("x", "2025-01"), ("3", ""), ("²", "2025-01")])
def test_an_odd_place_of_a_curve_is_not_counted(at: str, key: str) -> None:
    book = a_book(months_of([{1: (0, 900, "active")}]))
    metric = METRICS["vintage_ever_30_amount"]
    with pytest.raises(NotCounted):
        drill.loans(
            book, Asked(metric.id, by=Cut.COHORT), metric, at=at, key=key, most=9
        )


@pytest.mark.parametrize("metric", ["cure_3", "post_write_off_recovery"])
def test_an_odd_place_of_a_life_is_not_counted(metric: str) -> None:
    book = a_book(months_of([{1: (5, 900, "active")}]))
    with pytest.raises(NotCounted):
        cures.loans(book, Asked(metric), METRICS[metric], cures.nobody, at="x", key="")
