"""Months and their cells answer as the definitions say, one loan at a time."""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daihou.columnar.portfolio import cube, flows
from daihou.columnar.portfolio.cube import Rows, cells_of
from daihou.engine.metrics.definition import Ratio, Where
from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.matrix import RollMatrix
from daihou.engine.metrics.migration import Standing, net_flows, roll_matrix
from daihou.engine.metrics.recovery import formed
from daihou.engine.metrics.regulatory import ClassMoves, migration_rates, moves_of
from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.nightly.portfolio.asked import by_month, monthly
from daihou.nightly.portfolio.rows import Book
from daihou.nightly.stores.months import MonthFiles, Row, month_digest
from daihou.tables import months as shape
from tests.nightly.months import FIRST, WORDS, random_months

RATIOS = [each for each in METRICS.values() if isinstance(each.expression, Ratio)]
GONE = {"missing": "gone"}  # the plain text leaves out what it calls missing
SEEDS = st.integers(0, 2**32)


def plain(month: pa.Table) -> list[dict[str, Any]]:
    """The loans of a month as rows with the names that definitions use."""
    rows: list[dict[str, Any]] = month.to_pylist()
    for row in rows:
        row["status"] = shape.STATUS_OF[shape.STATES[row["state"]]]
        row["was"] = shape.STATES[row["state_before"]]
        row["is"] = shape.STATES[row["state"]]
        row["outstanding_principal"] = row["balance"]
        for name in ("class_before", "asset_class"):
            code = row[name]
            row[name] = None if code == shape.NO_CLASS else shape.CLASSES[code]
    return rows


def whole(rows: Rows) -> np.ndarray:
    return np.zeros(len(rows), np.int64)


@given(SEEDS)
def test_every_ratio_is_that_of_its_definition_in_rows_and_in_cells(seed: int) -> None:
    for month in random_months(seed):
        loans = plain(month)
        for rows in (Rows(month), Rows(cells_of(month))):
            for metric in RATIOS:
                assert isinstance(metric.expression, Ratio)
                (part,), (of,) = cube.ratio_of(rows, metric.expression, whole(rows), 1)
                wanted = metric.expression.of(loans)
                assert (Fraction(part, of) if of else None) == wanted, metric.id


@given(SEEDS)
def test_cells_hold_every_loan_and_every_unit_once(seed: int) -> None:
    for month in random_months(seed):
        cells = cells_of(month)
        assert sum(cells["loans"].to_pylist()) == month.num_rows
        for name in set(shape.CELL_SUMS) - {"loans"}:
            loans = Rows(month)
            each = loans.kept() if name == "kept" else loans.of(name)
            assert sum(cells[name].to_pylist()) == int(each.sum())
        keys = list(zip(*(cells[n].to_pylist() for n in shape.CELL_DIMS), strict=True))
        assert len(set(keys)) == len(keys)


@given(SEEDS)
@settings(max_examples=20)
def test_coarser_sums_say_the_same_of_what_they_hold(seed: int) -> None:
    month = random_months(seed)[-1]
    cells = cells_of(month)
    for level, dims in shape.LEVELS.items():
        found = cells_of(month, dims)
        if {*dims} <= {*shape.CELL_DIMS}:
            assert cells_of(cells, dims).equals(found), level
        rows = Rows(found)
        for metric in RATIOS:
            assert isinstance(metric.expression, Ratio)
            columns = cube.columns_of(metric.expression)
            if {*columns} <= {*dims, *shape.CELL_SUMS}:
                (part,), (of,) = cube.ratio_of(rows, metric.expression, whole(rows), 1)
                wanted = metric.expression.of(plain(month))
                assert (Fraction(part, of) if of else None) == wanted, metric.id
        if {"state_before", "class_before"} <= {*dims}:
            for classes in (False, True):
                assert flows.matrix(rows, classes=classes, amount=True) == flows.matrix(
                    Rows(month), classes=classes, amount=True
                ), level


@given(SEEDS)
@settings(max_examples=20)
def test_every_level_answers_as_the_loans_do(seed: int) -> None:
    month = random_months(seed)[-1]
    with TemporaryDirectory() as folder:
        files = MonthFiles(Path(folder))
        row = a_row(files, 3, month)
        book = Book(files, (row,))
        for by in (None, Cut.BRANCH, Cut.OFFICER, Cut.COHORT, Cut.BUCKET, Cut.REGION):
            asked = Asked("overdue_30_count", by=by)
            figure = monthly(METRICS["overdue_30_count"], asked)
            assert figure is not None
            (points, loans) = (
                by_month(each, asked, figure) for each in (book, Loans(files, (row,)))
            )
            assert points == loans, by


@given(SEEDS)
@settings(max_examples=10)
def test_what_became_of_loans_is_kept_as_it_is_counted(seed: int) -> None:
    counted = random_months(seed, months=5)
    with TemporaryDirectory() as folder:
        files = MonthFiles(Path(folder))
        rows = [a_row(files, n, month) for n, month in enumerate(counted)]
        book = Book(files, tuple(rows))
        everywhere = Sight(officers=frozenset(WORDS["officer"]))  # asks loans
        for by in (None, Cut.PRODUCT):
            for branches in (None, frozenset({"N", "E"})):
                kept = Asked("", by=by, sight=(Sight(branches=branches),))
                each = replace(kept, sight=(replace(everywhere, branches=branches),))
                for last, now in ((rows[0], rows[3]), (rows[1], rows[4])):
                    found, plain_ = (
                        book.rows_since(last, now, q) for q in (kept, each)
                    )
                    assert found.are_cells and not plain_.are_cells
                    for classes in (False, True):
                        assert flows.matrix(
                            found, classes=classes, amount=True
                        ) == flows.matrix(plain_, classes=classes, amount=True)
        names = {path.name.split("-")[0] for path in Path(folder).rglob("*.parquet")}
        assert "since3" in names
        files.keep_only("2026-04", rows[3].fingerprint)
        assert files.kept_since(rows[0], rows[3]).exists()
        files.keep_only("2026-04", "another")
        assert not list((files.root / "month=2026-04").glob("*.parquet"))


def test_many_may_ask_at_once_for_what_is_not_written_yet(tmp_path: Path) -> None:
    files, month = MonthFiles(tmp_path), random_months(7)[0]
    name, many = shape.month_name(FIRST), 8
    fingerprint = files.write(name, month)
    path = files.path(name, fingerprint, level="officers")
    wanted = files.read(name, fingerprint, level="officers")
    together = Barrier(many, timeout=60)
    put = pq.write_table

    def all_at_once(*given: Any, **more: Any) -> None:
        put(*given, **more)
        together.wait()  # every draft lies there before the first becomes the file

    def ask(_number: int) -> pa.Table:
        return MonthFiles(tmp_path).read(name, fingerprint, level="officers")

    path.unlink()
    with (
        patch.object(pq, "write_table", all_at_once),
        ThreadPoolExecutor(many) as pool,
    ):
        found = list(pool.map(ask, range(many)))
    assert all(each.equals(wanted) for each in found)
    assert not list(path.parent.glob("*.draft"))


def a_row(files: MonthFiles, number: int, month: pa.Table) -> Row:
    name = shape.month_name(FIRST + number)
    return Row(
        name=name,
        as_of=date(2026, 1 + number, 28),
        loans=month.num_rows,
        positions="",
        classes="graded",
        rests_on="",
        fingerprint=files.write(name, month),
        complete=True,
    )


class Loans(Book):
    """A book that reads its loans one by one, whatever is asked."""

    def rows(
        self,
        row: Row,
        asked: Asked,
        columns: Iterable[str],
        *,
        whole: bool = False,
        lent: bool = False,
        where: Where | None = None,
    ) -> Rows:
        """The rows themselves."""
        return super().rows(row, asked, columns, whole=True, lent=lent, where=where)


def test_a_question_reads_the_coarsest_sums_that_hold_it(tmp_path: Path) -> None:
    assert shape.level_for({"currency", "balance", "dpd", "state"}) == "stock"
    assert shape.level_for({"cohort", "balance", "worst_dpd"}) == "ages"
    assert shape.level_for({"branch", "balance", "state_before"}) == "units"
    assert shape.level_for({"lent_branch", "balance", "cohort"}) == shape.CELLS
    assert shape.level_for({"officer", "balance", "state"}) == "officers"
    assert shape.level_for({"region", "balance"}) == shape.LOANS
    month = random_months(3)[-1]
    files = MonthFiles(tmp_path)
    fingerprint = files.write("2026-04", month)
    for level in ("stock", "officers"):  # of a version that did not write them
        written = files.read("2026-04", fingerprint, level=level)
        files.path("2026-04", fingerprint, level=level).unlink()
        assert files.there("2026-04", fingerprint)
        again = MonthFiles(tmp_path).read("2026-04", fingerprint, level=level)
        assert again.equals(written)


@given(SEEDS)
def test_a_matrix_is_that_of_the_single_loans_and_its_rows_add_up(seed: int) -> None:
    for month in random_months(seed)[1:]:
        loans = plain(month)
        told = [
            Standing(str(row["loan_id"]), at, GONE.get(state, state), amount)
            for row in loans
            for at, state, amount in (
                (0, row["was"], opening_of(row)),
                (1, row["is"], 0),
            )
        ]
        wanted = roll_matrix(told)
        for rows in (Rows(month), Rows(cells_of(month))):
            found = flows.matrix(rows, classes=False, amount=True)
            assert found.amount is not None and wanted.amount is not None
            assert cells_by_name(found) == cells_by_name(wanted)
            for row in (*found.rate, *found.amount_rate):
                known = [share for share in row if share is not None]
                assert not known or sum(known) == 1


def opening_of(row: dict[str, Any]) -> int:
    if row["was"] in ("written_off", "transferred"):
        return int(row["lost"])
    return int(row["disbursed"] if row["was"] == "new" else row["balance_before"])


def cells_by_name(found: RollMatrix) -> dict[tuple[str, str], tuple[int, int]]:
    assert found.amount is not None
    return {
        (GONE.get(one, one), GONE.get(other, other)): (
            found.count[i][j],
            found.amount[i][j],
        )
        for i, one in enumerate(found.states)
        for j, other in enumerate(found.states)
        if found.count[i][j] or found.amount[i][j]
    }


@given(SEEDS)
def test_a_month_opens_where_the_one_before_closed(seed: int) -> None:
    months = random_months(seed)
    for before, now in pairwise(months):
        closed = {row["loan_id"]: row for row in plain(before)}
        opened = {row["loan_id"]: row for row in plain(now)}
        assert closed.keys() <= opened.keys()
        for loan, row in opened.items():
            last = closed.get(loan)
            if last is None:
                assert (row["was"], row["balance_before"]) == ("new", 0)
                continue
            assert row["was"] == last["is"]
            assert row["balance_before"] == last["balance"]
            assert row["class_before"] == last["asset_class"]
            assert row["worst_dpd"] >= last["worst_dpd"]
            if last["is"] in ("paid", "closed"):
                assert row["is"] in ("closed", "missing")


@given(SEEDS)
def test_net_flows_are_those_of_the_plain_text(seed: int) -> None:
    for month in random_months(seed)[1:]:
        opened: dict[str, int] = defaultdict(int)
        closed: dict[str, int] = defaultdict(int)
        for row in plain(month):
            opened[row["was"]] += row["balance_before"]
            closed[row["is"]] += row["balance"]
        wanted = net_flows(opened, closed, shape.LADDER)
        for rows in (Rows(month), Rows(cells_of(month))):
            found = flows.net(rows)
            shares = {k: Fraction(*v) if v[1] else None for k, v in found.items()}
            assert shares == wanted


@given(SEEDS)
def test_npl_closes_where_its_movement_says(seed: int) -> None:
    """METRICS identity 3, over every way out of NPL."""
    for month in random_months(seed)[1:]:
        for rows in (Rows(month), Rows(cells_of(month))):
            found = flows.formation(rows, whole(rows), 1)
            (moved,), (closing,) = found.movements, found.closing
            assert moved.closing == closing
            assert moved.formed == formed(
                opening=moved.opening,
                closing=closing,
                collected=moved.collected,
                upgraded=moved.upgraded,
                written_off=moved.written_off,
                transferred=moved.transferred,
                missing=moved.missing,
            )
        bad = shape.CLASSES[2:]
        now = [r for r in plain(month) if r["asset_class"] in bad]
        assert closing == sum(row["balance"] for row in now)


@given(SEEDS)
def test_migration_of_classes_is_the_regulators(seed: int) -> None:
    names = {
        "migration_normal_to_bad": "normal_to_bad",
        **{f"migration_{name}": name for name in shape.CLASSES[:4]},
    }
    for month in random_months(seed)[1:]:
        rows = Rows(cells_of(month))
        (moves,) = flows.class_moves(rows, whole(rows), 1)
        (same,) = flows.class_moves(Rows(month), whole(Rows(month)), 1)
        assert moves == same == by_loan(month)
        rates = migration_rates(moves)
        for id, name in names.items():
            figure = monthly(METRICS[id], Asked(id))
            assert figure is not None
            (part,), (of,) = figure.sums(rows, whole(rows), 1)
            assert (Fraction(part, of) if of else None) == getattr(rates, name), id


def by_loan(month: pa.Table) -> ClassMoves:
    """The moves of the classes, one loan after the other."""
    moved = {(one, other): 0 for one in shape.CLASSES for other in shape.CLASSES}
    decreased = dict.fromkeys(shape.CLASSES, 0)
    for row in plain(month):
        start, end = row["class_before"], row["asset_class"]
        if row["was"] not in shape.LADDER or start is None:
            continue
        stays = 0
        if end is not None:
            stays = min(row["balance_before"], row["balance"])
            moved[start, end] += stays
        decreased[start] += row["balance_before"] - stays
    return ClassMoves(moved=moved, decreased=decreased)


def test_the_published_check_values_come_out_of_a_book() -> None:
    """10,000 normal, 1,000 fell, 500 left: 1000 / 9500; see METRICS 2.1."""
    cells = {("normal", "normal"): 8500, ("normal", "loss"): 1000, ("normal", ""): 500}
    rates = migration_rates(moves_of(cells, cells))
    assert rates.normal == Fraction(1000, 9500)


@given(SEEDS)
def test_the_same_inputs_give_the_same_digest_and_others_another(seed: int) -> None:
    one, again = random_months(seed), random_months(seed)
    assert [month_digest(m) for m in one] == [month_digest(m) for m in again]
    last = one[-1]
    if not last.num_rows:
        return
    place = last.column_names.index("product")
    other = pa.DictionaryArray.from_arrays(
        last["product"].combine_chunks().indices, pa.array(["a", "b"])
    )
    assert month_digest(last.set_column(place, "product", other)) != month_digest(last)


@pytest.mark.parametrize("days", [1, 30, 60, 90, 91])
def test_every_threshold_of_the_dictionary_is_the_first_day_of_a_band(
    days: int,
) -> None:
    assert days in shape.BAND_DAYS
    for each in METRICS.values():
        if each.threshold is not None:
            assert each.threshold in shape.BAND_DAYS, each.id
