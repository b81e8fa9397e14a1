"""The figures that are sets, as Ibis text: the same on DuckDB and on Spark.

A table is anything Ibis holds (`ibis.duckdb.connect().read_parquet(...)`,
`ibis.pyspark.connect(session).table(...)`). Periods are whole numbers; the amounts
of a book are whole minor units.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from daihou.engine.metrics.definition import Metric, Ratio, Sum, Where
from daihou.engine.metrics.matrix import RollMatrix, from_cells, in_order


def moves(
    table: ir.Table, *, id: str, period: str, status: str, amount: str | None = None
) -> ir.Table:
    """Pairs of consecutive periods: from_state, to_state, count and opening amount.

    Every account has one row a period at most; `twins` finds those with more.
    """
    rows = table.select(
        account=table[id],
        at=table[period].cast("int64"),
        state=table[status].cast("string"),
        weight=(table[amount] if amount else ibis.literal(0)).cast("int64"),
    )
    later = ibis.window(group_by="account", order_by="at")
    pairs = rows.mutate(
        next_at=_.at.lead().over(later), to_state=_.state.lead().over(later)
    )
    kept = pairs.filter(
        pairs.next_at == pairs["at"] + 1,
        pairs.state.notnull(),
        pairs.to_state.notnull(),
    )
    return kept.group_by(from_state=kept.state, to_state=kept.to_state).aggregate(
        count=kept.count(), amount=kept.weight.sum()
    )


def twins(table: ir.Table, *, id: str, period: str) -> ir.Table:
    """Accounts with several rows in one period, which nothing here can count."""
    found = table.group_by([id, period]).aggregate(rows=table.count())
    return found.filter(found.rows > 1)


def matrix_of(
    counted: ir.Table, *, states: Sequence[str] = (), weighed: bool = False
) -> RollMatrix:
    """The matrix of what `moves` counted; `states` may name more than occur."""
    rows = counted.to_pyarrow().to_pylist()
    count = {(row["from_state"], row["to_state"]): int(row["count"]) for row in rows}
    amount = {(row["from_state"], row["to_state"]): int(row["amount"]) for row in rows}
    named = in_order([*states, *(state for pair in count for state in pair)])
    return from_cells(named, count, amount if weighed else None)


def first_bad(
    table: ir.Table,
    *,
    id: str,
    period: str,
    status: str,
    bad: Sequence[str],
) -> ir.Table:
    """Per account: cohort (its first period) and the age at which it was first bad."""
    is_bad = table[status].cast("string").isin(list(bad))
    at = table[period].cast("int64")
    lives = table.group_by(account=table[id]).aggregate(
        cohort=at.min(), bad_at=at.min(where=is_bad)
    )
    return lives.mutate(age=lives.bad_at - lives.cohort)


def ever_bad(lives: ir.Table) -> ir.Table:
    """Accounts of `first_bad` by cohort and age; age null: not bad so far."""
    return lives.group_by(["cohort", "age"]).aggregate(count=lives.count())


def ratio(metric: Metric, table: ir.Table, *, by: Sequence[str] = ()) -> ir.Table:
    """Numerator and denominator of a stock ratio, for each group of `by`.

    Both are whole numbers, so that the share stays exact: part / whole.
    """
    expression = metric.expression
    assert isinstance(expression, Ratio), f"{metric.id} is no ratio of two sums"
    sums = {
        "part": _sum(expression.part, table),
        "whole": _sum(expression.whole, table),
    }
    return table.group_by(list(by)).aggregate(**sums) if by else table.aggregate(**sums)


def _sum(wanted: Sum, table: ir.Table) -> ir.IntegerScalar:
    no = ibis.literal(value=False)
    kept = ibis.and_(*(holds(each, table) for each in wanted.where)).fill_null(no)
    if wanted.column is None:
        return kept.cast("int64").sum().fill_null(0)
    column = table[wanted.column].cast("int64")
    zero = ibis.literal(0, "int64")
    return kept.ifelse(column, zero).sum().fill_null(0)


def holds(where: Where, table: ir.Table) -> ir.BooleanValue:
    """Which rows meet a condition of a definition."""
    column = table[where.column]
    if where.is_ == "in":
        assert isinstance(where.value, tuple), where
        return column.isin(where.value)
    compared = {
        "==": column == where.value,
        ">=": column >= where.value,
        ">": column > where.value,
        "<": column < where.value,
    }
    return compared[where.is_]
