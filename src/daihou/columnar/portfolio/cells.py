"""Cells of a month as Ibis text: the same sums on DuckDB and on Spark as `cube` makes.

What is asked of a book is asked of its cells, so with them on a cluster every figure of
the dictionary that rests on the book can be made there:

    months = ibis.pyspark.connect(session).read_parquet("months/month=2026-10/loans-*")
    rows = cube.Rows(cells.gathered(cells.cells(months)))
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from daihou.columnar.portfolio.months import words_column
from daihou.tables.months import (
    BAND_DAYS,
    CELL_DIMS,
    CELL_SUMS,
    MONTHS,
    NEW,
    NO_CLASS,
    STATE,
)


def cells(
    months: ir.Table,
    *,
    dims: Sequence[str] = CELL_DIMS,
    sums: Sequence[str] = CELL_SUMS,
) -> ir.Table:
    """The rows of a month (`tables.months.MONTHS`) summed by `dims`, days by bands.

    `dims` may name other columns of a month too: its officers, its regions.
    """
    keys = [_dimension(months, name).name(name) for name in dims]
    added = {
        name: months.count()
        if name == "loans"
        else _summed(months, name).cast("int64").sum()
        for name in sums
    }
    return months.group_by(keys).aggregate(**added)


def opened(months: ir.Table, then: ir.Table) -> ir.Table:
    """The rows of a month, opening where they stood in a month further back: `then`."""
    stood = then.select(
        stood_id="loan_id",
        stood_state="state",
        stood_class="asset_class",
        stood_balance="balance",
    )
    both = months.left_join(stood, months["loan_id"] == stood["stood_id"])
    return both.mutate(
        state_before=both["stood_state"].fill_null(ibis.literal(STATE[NEW], "int8")),
        class_before=both["stood_class"].fill_null(ibis.literal(NO_CLASS, "int8")),
        balance_before=both["stood_balance"].fill_null(ibis.literal(0, "int64")),
    )


def _summed(months: ir.Table, name: str) -> ir.Value:
    if name == "kept":
        return ibis.least(months["balance_before"], months["balance"])
    return months[name]


def _dimension(months: ir.Table, name: str) -> ir.Value:
    if name == "owes":
        return months["balance"] > 0
    if name not in ("dpd", "worst_dpd"):
        return months[name]
    days = months[name].cast("int64")
    bands = BAND_DAYS.tolist()
    until = [(days < after, first) for first, after in pairwise(bands)]
    return ibis.cases(*until, else_=bands[-1])


def gathered(counted: ir.Table) -> pa.Table:
    """Cells as a table in the form of `cube.cells_of`, in order of what cuts them."""
    return in_form(counted.to_pyarrow())


def in_form(found: pa.Table) -> pa.Table:
    """Cells as an engine gives them, in the form of `cube.cells_of`."""
    dims = [name for name in found.column_names if name not in CELL_SUMS]
    made: dict[str, Any] = {}
    for name in found.column_names:
        kind = MONTHS.field(name).type if name in MONTHS.names else None
        column = found[name]
        if kind is not None and pa.types.is_dictionary(kind):
            made[name] = column.cast(pa.string())
        elif name in CELL_SUMS:
            made[name] = column.cast(pa.int64())
        else:
            made[name] = column.cast(kind or pa.bool_())
    return in_words(pa.table(made).sort_by([(name, "ascending") for name in dims]))


def in_words(table: pa.Table) -> pa.Table:
    """The same with texts as codes into their words in order."""
    for place, name in enumerate(table.column_names):
        if pa.types.is_string(table[name].type):
            table = table.set_column(place, name, words_column(table[name]))
    return table
