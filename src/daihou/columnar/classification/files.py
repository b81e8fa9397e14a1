"""A Parquet file of claims read as a book, and its classes written beside them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from daihou.columnar.classification.book import (
    COLUMNS,
    DAY,
    NEEDED,
    Array,
    ClassBook,
    EventRows,
)
from daihou.columnar.classification.coins import CNY, number_of
from daihou.columnar.classification.running import Classes
from daihou.engine.classification.codes import BY_CODE, AssetClass, Guarantee
from daihou.engine.classification.errors import ClassError

_CODES: Mapping[str, Mapping[str, int]] = {
    "judged_class": BY_CODE,
    "previous_class": BY_CODE,
    "upgrade_to": BY_CODE,
    "guarantee": {each.code: each for each in Guarantee},
}


def read(file: Path, *, events: Path | None = None) -> tuple[pa.Table, ClassBook]:
    """Return a file's table and its book; ClassError names a column that is wrong.

    Needed are loan_id, customer_id, balance (minor units) and dpd; other columns of
    the book where they exist. Ids may be text. Classes and kinds of security may be
    codes in words. `events`: rows of restructured loans, by loan_id.
    """
    table = _table(file)
    for name in NEEDED:
        if name not in table.column_names:
            known = ", ".join(COLUMNS)
            raise ClassError("column", file=file.name, column=name, known=known)
    columns = {
        name: _column(table, name, file.name)
        for name in COLUMNS
        if name in table.column_names
    }
    rows = None
    if events is not None:
        rows = _events(events, table["loan_id"])
    columns["loan_id"] = np.arange(table.num_rows, dtype=np.int64)
    return table, ClassBook.of(columns, rows)


def _coins(column: pa.Array) -> Array:
    """ISO codes as numbers; KeyError names what is none."""
    words = pc.fill_null(column.cast(pa.string()), "CNY").dictionary_encode()
    codes = words.dictionary.to_pylist()
    for each in codes:
        if not (len(each) == 3 and each.isascii() and each.isupper()):
            raise KeyError(each)
    numbers = np.array([number_of(each) for each in codes] or [CNY], np.int32)
    return np.asarray(numbers[words.indices.to_numpy(zero_copy_only=False)])


def _table(file: Path) -> pa.Table:
    try:
        return parquet.read_table(file)
    except pa.ArrowException as error:
        problem = " ".join(str(error).split())
        raise ClassError("file", file=file.name, problem=problem) from None


def _column(table: pa.Table, name: str, file: str) -> Array:
    kind, usual = COLUMNS[name]
    column = table[name].combine_chunks()
    try:
        if name in ("loan_id", "customer_id"):
            return _numbered(column, name)
        if name == "currency":
            return _coins(column)
        if name in _CODES:
            column = _coded(column, _CODES[name], usual)
        if kind is DAY:
            return np.asarray(column.cast(pa.date32()).to_numpy(zero_copy_only=False))
        found = _plain(pc.fill_null(column, pa.scalar(usual, column.type)), kind)
    except (pa.ArrowException, KeyError) as error:
        problem = " ".join(str(error).split())
        raise ClassError(
            "cell", file=file, column=name, problem=problem, problem_zh=problem
        ) from None
    if name in ("balance", "arrears", "dpd") and found.min(initial=0) < 0:
        problem, chinese = "an amount below zero.", "有负数。"
        raise ClassError(
            "cell", file=file, column=name, problem=problem, problem_zh=chinese
        )
    return found


def _plain(column: Any, kind: Any) -> Array:
    wanted = pa.bool_() if kind is np.bool_ else pa.int64()
    values = column.cast(wanted).to_numpy(zero_copy_only=False)
    found: Array = values.astype(kind)
    return found


def _numbered(column: Any, name: str) -> Array:
    """Return whole numbers for ids, which may be text; each id has one."""
    if column.null_count:
        raise pa.ArrowInvalid(f"{name} is empty in {column.null_count} rows")
    if pa.types.is_integer(column.type):
        return np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False))
    codes = column.dictionary_encode().indices
    return np.asarray(codes.cast(pa.int64()).to_numpy(zero_copy_only=False))


def _coded(column: Any, codes: Mapping[str, int], usual: int) -> Any:
    """Return numbers for codes in words; numbers that are codes stay."""
    if pa.types.is_integer(column.type):
        known = pa.array([*map(int, codes.values()), usual], column.type)
        strange = column.filter(pc.invert(pc.is_in(column, value_set=known)))
        if len(strange.drop_null()):
            raise pa.ArrowInvalid(f"no code: {strange.drop_null()[0]}")
        return column
    words = column.cast(pa.string()).dictionary_encode()
    numbers = [int(codes[each]) for each in words.dictionary.to_pylist()]
    table = pa.array([*numbers, usual], pa.int64())
    return table.take(pc.fill_null(words.indices, len(numbers)))


def _events(file: Path, loans: Any) -> EventRows:
    table = _table(file)
    wanted = (
        *("loan_id", "event", "happened_on", "first_due_on"),
        *("period_months", "period_days"),
    )
    for name in wanted:
        if name not in table.column_names:
            known = ", ".join(wanted)
            raise ClassError("column", file=file.name, column=name, known=known)
    places = pc.index_in(table["loan_id"], value_set=loans.combine_chunks())
    if places.null_count:
        problem, chinese = "a loan the book does not have.", "有账本中没有的借据。"
        raise ClassError(
            "cell",
            file=file.name,
            column="loan_id",
            problem=problem,
            problem_zh=chinese,
        )

    def plain(name: str, kind: Any) -> Array:
        column = table[name].combine_chunks()
        return _plain(pc.fill_null(column, pa.scalar(0, column.type)), kind)

    def day(name: str) -> Array:
        column = table[name].combine_chunks().cast(pa.date32())
        return np.asarray(column.to_numpy(zero_copy_only=False))

    return EventRows(
        loan=_plain(places.combine_chunks(), np.int64),
        event=plain("event", np.int8),
        happened_on=day("happened_on"),
        first_due_on=day("first_due_on"),
        period_months=plain("period_months", np.int16),
        period_days=plain("period_days", np.int16),
    )


def written(table: pa.Table, found: Classes) -> pa.Table:
    """Return the ids of a file with what a run found, classes as words."""
    codes = pa.array([each.code for each in AssetClass])

    def word(classes: Array) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(classes), codes)

    return pa.table(
        {
            "loan_id": table["loan_id"],
            "customer_id": table["customer_id"],
            "asset_class": word(found.asset_class),
            "machine_class": word(found.machine_class),
            "asserted_class": word(found.asserted_class),
            "causes": found.causes,
            "stage": found.stage,
            "observed_until": pa.array(found.observed_until),
            "upgrade_from": pa.array(found.upgrade_from),
        }
    )


def write(table: pa.Table, found: Classes, out: Path) -> None:
    """Write the result of a run as Parquet."""
    parquet.write_table(written(table, found), out)
