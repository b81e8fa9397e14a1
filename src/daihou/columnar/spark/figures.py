"""What figures read of the months of the book, asked of Spark: sums, rows and spells."""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from daihou.columnar.portfolio import cells, lives
from daihou.columnar.portfolio.cures import Spells
from daihou.columnar.portfolio.sets import holds
from daihou.columnar.spark.pieces import Part, gathered, in_pieces, plain
from daihou.engine.metrics.definition import Where
from daihou.tables.months import CELL_SUMS, MONTHS

MONTH: Final = "month"  # as the folders of the months say it
_PLAIN: Final = plain(MONTHS)
_ON_DISK: Final = _PLAIN.append(pa.field(MONTH, pa.string()))
_VIEWS = count()


def read_months(session: SparkSession, root: Path, paths: Sequence[Path]) -> DataFrame:
    """The rows of some months as they lie on disk, with the name of their month.

    Every machine of a cluster must see the folder `root` (DAIHOU_HOME/book/months).
    """
    asked = session.read.schema(from_arrow_schema(_ON_DISK))
    return asked.option("basePath", str(root)).parquet(*map(str, paths))


def sums_of(months: DataFrame, columns: Sequence[str]) -> Mapping[str, pa.Table]:
    """By month: its cells, cut by what among `columns` is no sum of cells."""
    named = ibis.table(_schema(_ON_DISK), name=_view(months))
    return _split(months.sparkSession, _summed(named, [MONTH], columns), named)


def sums_since(months: DataFrame, then: DataFrame, columns: Sequence[str]) -> pa.Table:
    """The cells of one month, opening where its loans stood in another, further back."""
    session = months.sparkSession
    one = ibis.table(_schema(_ON_DISK), name=_view(months))
    other = ibis.table(_schema(_ON_DISK), name=_view(then))
    found = _summed(cells.opened(one, other), [], columns)
    return cells.in_form(_asked(session, found, one, other))


def rows_where(
    months: DataFrame, names: Sequence[str], columns: Sequence[str], where: Where
) -> Mapping[str, pa.Table]:
    """By month of `names`: the rows that meet a condition, by loan."""
    named = ibis.table(_schema(_ON_DISK), name=_view(months))
    wanted = list(dict.fromkeys(["loan_id", *columns]))
    found = named.filter(holds(where, named)).select([*wanted, MONTH])
    table = _asked(months.sparkSession, found, named).sort_by("loan_id")
    rest = table.select(wanted).cast(_some(_PLAIN, wanted))
    return {
        name: cells.in_words(rest.filter(pc.equal(table[MONTH], name)))
        for name in names
    }


def spells_of(
    months: DataFrame,
    late: DataFrame,
    talks: pa.Table,
    *,
    periods: Mapping[str, int],
    missing: int,
    partitions: int | None = None,
) -> Spells:
    """The spells of the loans of `late` in `months`, as `lives.spells_of` tells them."""
    period = sql.create_map(
        *(sql.lit(each) for pair in periods.items() for each in pair)
    )
    rows = months.where(sql.col("state") != missing).join(
        late.select("loan_id"), "loan_id", "left_semi"
    )
    panel = rows.select(
        "loan_id",
        period[sql.col(MONTH)].cast("int").alias("period"),
        *("state", "dpd", "restructured"),
    )
    found = in_pieces(
        months.sparkSession,
        (
            Part(panel, lives.ROWS, "loan_id", ("period",)),
            Part(talks, lives.TALKS, "loan_id", ("period",)),
        ),
        lives.spell_rows,
        schema=lives.SPELLS,
        partitions=partitions,
    )
    return lives.spells_from(gathered(found, lives.SPELLS, "account", "began"))


def _summed(table: ir.Table, dims: Sequence[str], columns: Sequence[str]) -> ir.Table:
    wanted = dict.fromkeys(columns)
    cut_by = [*dims, *(name for name in wanted if name not in CELL_SUMS)]
    sums = [name for name in wanted if name in CELL_SUMS]
    return cells.cells(table, dims=cut_by, sums=sums)


def _split(
    session: SparkSession, found: ir.Table, named: ir.Table
) -> Mapping[str, pa.Table]:
    table = _asked(session, found, named)
    names = table[MONTH].unique().to_pylist()
    rest = table.drop_columns([MONTH])
    return {
        name: cells.in_form(rest.filter(pc.equal(table[MONTH], name))) for name in names
    }


def _asked(session: SparkSession, question: ir.Table, *views: ir.Table) -> pa.Table:
    """Ask Spark the text that Ibis writes, and forget the names it used."""
    try:
        return session.sql(ibis.to_sql(question, dialect="pyspark")).toArrow()
    finally:
        for each in views:
            session.catalog.dropTempView(each.get_name())


def _view(frame: DataFrame) -> str:
    name = f"daihou_months_{next(_VIEWS)}"
    frame.createOrReplaceTempView(name)
    return name


def _schema(schema: pa.Schema) -> ibis.Schema:
    return ibis.Schema.from_pyarrow(schema)


def _some(schema: pa.Schema, names: Sequence[str]) -> pa.Schema:
    return pa.schema([schema.field(name) for name in names])
