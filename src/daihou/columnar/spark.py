"""The book settled on Spark: the same kernel, one partition of loans at a time.

Spark only deals the facts out, so that all rows of a loan meet in one partition, and
collects the positions; every figure comes from `columnar.settle`.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from daihou.columnar.settle import settle
from daihou.columnar.wide import Pauses
from daihou.engine.rulebook.policy import Policy
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS, RATE_STEPS, WAIVERS
from daihou.tables.positions import POSITIONS

LOANS_AT_A_TIME = 20_000  # what a task holds; a thread of the kernel takes as many
KIND = "_table"  # which table a row came from: its place in TABLES

# Each table of facts and the order its rows must have inside a loan.
TABLES: tuple[tuple[pa.Schema, tuple[str, ...]], ...] = (
    (LOANS, ()),
    (DEMANDS, ("due_on", "seq", "demand_id")),
    (PAYMENTS, ("paid_on", "payment_id")),
    (WAIVERS, ("waived_on", "waiver_id")),
    (RATE_STEPS, ("begins_on",)),
)
SCHEMAS = [schema for schema, _ in TABLES]


def local_session(*, cores: int | None = None) -> SparkSession:
    """Return a Spark on this machine; `cores` None: all there are."""
    return session(f"local[{cores or '*'}]")


def session(master: str) -> SparkSession:
    """Return a Spark whose workers, on this machine, run this very Python.

    `master` as Spark writes it: `local[2]`, `spark://host:port`. Without
    PYSPARK_PYTHON workers take the first `python3` on the path, which knows nothing of
    numba; on a cluster it must be set to theirs.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    asked = (
        SparkSession.builder.master(master)
        .appName("daihou")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100000")
    )
    if master.startswith("local"):  # nobody else needs to reach it
        asked = asked.config("spark.driver.host", "127.0.0.1")
        asked = asked.config("spark.driver.bindAddress", "127.0.0.1")
    return asked.getOrCreate()


def settle_on_spark(
    loans: DataFrame,
    demands: DataFrame,
    payments: DataFrame,
    policies: Mapping[str, Policy],
    *,
    as_of: date,
    calendar: AbstractSet[date] | None = None,
    pauses: Pauses | None = None,
    waivers: DataFrame | None = None,
    rate_steps: DataFrame | None = None,
    partitions: int | None = None,
) -> DataFrame:
    """Settle a book at the end of `as_of`; columns as `daihou.tables` says.

    The frames hold the columns of `tables.facts` in any order of rows; a loan has at
    most one rate step a day, as nothing here says which of two was the last. Equal to
    `columnar.settle` for every loan; the rows come by partition, sorted by loan
    inside each. `partitions` None: as many as the session shuffles into. A product
    without a policy fails the job with the message of UnknownProduct.
    """
    every = (loans, demands, payments, waivers, rate_steps)
    rows = reduce(
        lambda one, other: one.unionByName(other, allowMissingColumns=True),
        (
            frame.select(*schema.names, sql.lit(kind).cast("byte").alias(KIND))
            for kind, (schema, frame) in enumerate(zip(SCHEMAS, every, strict=True))
            if frame is not None
        ),
    )
    dealt = (
        rows.repartition(partitions, "loan_id")
        if partitions
        else rows.repartition("loan_id")
    )
    work = partial(
        settle,
        policies=dict(policies),
        as_of=as_of,
        calendar=calendar,
        pauses=dict(pauses or {}),
    )
    return dealt.sortWithinPartitions("loan_id").mapInArrow(
        partial(_positions, settled=work, at_a_time=LOANS_AT_A_TIME),
        schema=from_arrow_schema(POSITIONS),
    )


def _positions(
    batches: Iterator[pa.RecordBatch],
    *,
    settled: Callable[..., pa.Table],
    at_a_time: int,
) -> Iterator[pa.RecordBatch]:
    """Yield the positions of one partition, whose rows come sorted by loan."""
    for rows in whole_loans(batches, at_a_time=at_a_time):
        loans, demands, payments, waivers, rate_steps = (
            _table(rows, kind, schema, order)
            for kind, (schema, order) in enumerate(TABLES)
        )
        positions = settled(
            *(loans, demands, payments), waivers=waivers, rate_steps=rate_steps
        )
        yield from positions.to_batches()


def whole_loans(
    batches: Iterator[pa.RecordBatch], *, at_a_time: int
) -> Iterator[pa.Table]:
    """Yield tables of about `at_a_time` loans, never cutting one in two.

    So a task holds that many loans and not its whole partition.
    """
    held: list[pa.RecordBatch] = []
    loans = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        loans += pc.sum(pc.equal(batch[KIND], 0)).as_py()
        if loans <= at_a_time:
            continue
        rows = pa.Table.from_batches(held)
        last = rows["loan_id"][-1]
        cut = pc.index(rows["loan_id"], last).as_py()  # its first row
        if cut:
            yield rows.slice(0, cut)
        held = rows.slice(cut).to_batches()
        loans = 1
    if held:
        yield pa.Table.from_batches(held)


def _table(
    rows: pa.Table, kind: int, schema: pa.Schema, order: tuple[str, ...]
) -> pa.Table:
    """The rows of one table of facts, in the order the kernel wants."""
    own = rows.filter(pc.equal(rows[KIND], kind))
    if not own.num_rows:  # also: no frame brought its columns
        return schema.empty_table()
    own = own.select(schema.names).cast(schema)
    return own.sort_by([(name, "ascending") for name in ("loan_id", *order)])
