"""Work on several tables at once, done for each piece of a book on Spark.

All rows of a key (a loan, a customer) meet in one piece, so what one machine does with
the whole book can be done with each piece, by the same text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

ROWS_AT_A_TIME: Final = 300_000  # what a task holds; its partition may be larger
KEY, KIND = "_key", "_kind"  # what rows meet by; the place of their table
Work = Callable[..., pa.Table]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the tables: its rows, their form, which column is the key (int64).

    `order`: the columns that order the rows of a key, for rows have none on Spark.
    """

    rows: DataFrame | pa.Table
    schema: pa.Schema
    key: str
    order: tuple[str, ...] = ()

    @property
    def form(self) -> "Form":
        """What a worker must know of it."""
        return Form(self.schema, self.key, self.order)


@dataclass(frozen=True, slots=True)
class Form:
    """A `Part` without its rows."""

    schema: pa.Schema
    key: str
    order: tuple[str, ...]

    def names(self) -> dict[str, str]:
        """What its columns are called while all tables travel as one.

        Tables share columns of one name and type, so that rows stay narrow.
        """
        found = {
            each.name: KEY
            if each.name == self.key
            else re.sub(r"\W+", "_", f"{each.name} {plain_type(each.type)}")
            for each in self.schema
        }
        assert len({*found.values()}) == len(self.schema), f"names meet: {found}"
        return found


def in_pieces(
    session: SparkSession,
    parts: Sequence[Part],
    work: Work,
    *,
    schema: pa.Schema,
    partitions: int | None = None,
) -> DataFrame:
    """Do `work(table, ...)` for each piece; the rows it returns, in any order.

    `work` gets one table for each of `parts`, sorted by key and `order`, and returns
    one in the form of `schema`; it travels to the workers, so it must be a function of
    a module, or a partial of one. `partitions` None: as many as the session shuffles
    into. What it raises fails the job with its message.
    """
    rows = reduce(
        lambda one, other: one.unionByName(other, allowMissingColumns=True),
        (_marked(session, kind, part) for kind, part in enumerate(parts)),
    )
    dealt = rows.repartition(partitions, KEY) if partitions else rows.repartition(KEY)
    made = partial(
        _made,
        forms=tuple(part.form for part in parts),
        work=work,
        schema=plain(schema),
        at_a_time=ROWS_AT_A_TIME,
    )
    return dealt.sortWithinPartitions(KEY).mapInArrow(
        made, schema=from_arrow_schema(plain(schema))
    )


def gathered(frame: DataFrame, schema: pa.Schema, *order: str) -> pa.Table:
    """The rows in the form of `schema`, sorted by `order`, which tells all apart."""
    found = frame.toArrow().cast(plain(schema)).cast(schema)
    return found.sort_by([(name, "ascending") for name in order]).combine_chunks()


def plain(schema: pa.Schema) -> pa.Schema:
    """The same columns without codes for words: Spark knows texts alone."""
    return pa.schema([each.with_type(plain_type(each.type)) for each in schema])


def plain_type(kind: pa.DataType) -> pa.DataType:
    """A type as it travels."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _marked(session: SparkSession, kind: int, part: Part) -> DataFrame:
    """The rows of a part under the names they travel by, and which part they are of."""
    frame = part.rows
    if isinstance(frame, pa.Table):
        table = frame.select(part.schema.names)
        frame = session.createDataFrame(table.cast(plain(table.schema)))
    columns = [sql.col(name).alias(to) for name, to in part.form.names().items()]
    return frame.select(*columns, sql.lit(kind).cast("byte").alias(KIND))


def _made(
    batches: Iterator[pa.RecordBatch],
    *,
    forms: Sequence[Form],
    work: Work,
    schema: pa.Schema,
    at_a_time: int,
) -> Iterator[pa.RecordBatch]:
    """What the work makes of one partition, whose rows come sorted by key."""
    for rows in whole_keys(batches, at_a_time=at_a_time):
        tables = [_table(rows, kind, form) for kind, form in enumerate(forms)]
        yield from work(*tables).cast(schema).to_batches()


def whole_keys(
    batches: Iterator[pa.RecordBatch], *, at_a_time: int
) -> Iterator[pa.Table]:
    """Yield tables of about `at_a_time` rows, never cutting those of a key in two.

    So a task holds that many rows and not its whole partition.
    """
    held: list[pa.RecordBatch] = []
    many = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        many += batch.num_rows
        if many <= at_a_time:
            continue
        rows = pa.Table.from_batches(held)
        cut = pc.index(rows[KEY], rows[KEY][-1]).as_py()  # the first row of the last
        if cut:
            yield rows.slice(0, cut)
        held = rows.slice(cut).to_batches()
        many = rows.num_rows - cut
    if held:
        yield pa.Table.from_batches(held)


def _table(rows: pa.Table, kind: int, form: Form) -> pa.Table:
    """The rows of one table, in the order the work wants."""
    own = rows.filter(pc.equal(rows[KIND], kind))
    if not own.num_rows:
        return form.schema.empty_table()
    columns = {name: own[travelled] for name, travelled in form.names().items()}
    found = pa.table(columns).cast(form.schema)
    order: list[Any] = [(name, "ascending") for name in (form.key, *form.order)]
    return found.sort_by(order)
