"""The book settled on Spark: the kernel of one machine, a piece of the loans at a time."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from typing import Final

import pyarrow as pa
from pyspark.sql import DataFrame

from daihou.columnar.settle import settle
from daihou.columnar.spark.pieces import Part, in_pieces
from daihou.columnar.wide import Pauses
from daihou.engine.rulebook.policy import Policy
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS, RATE_STEPS, WAIVERS
from daihou.tables.positions import POSITIONS

# Each table of facts and the order its rows must have inside a loan.
_TABLES: Final[tuple[tuple[pa.Schema, tuple[str, ...]], ...]] = (
    (LOANS, ()),
    (DEMANDS, ("due_on", "seq", "demand_id")),
    (PAYMENTS, ("paid_on", "payment_id")),
    (WAIVERS, ("waived_on", "waiver_id")),
    (RATE_STEPS, ("begins_on",)),
)


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
    given = (loans, demands, payments, waivers, rate_steps)
    parts = [
        Part(schema.empty_table() if frame is None else frame, schema, "loan_id", order)
        for frame, (schema, order) in zip(given, _TABLES, strict=True)
    ]
    work = partial(
        _settled,
        policies=dict(policies),
        as_of=as_of,
        calendar=calendar,
        pauses=dict(pauses or {}),
    )
    return in_pieces(
        loans.sparkSession, parts, work, schema=POSITIONS, partitions=partitions
    )


def _settled(
    loans: pa.Table,
    demands: pa.Table,
    payments: pa.Table,
    waivers: pa.Table,
    rate_steps: pa.Table,
    *,
    policies: Mapping[str, Policy],
    as_of: date,
    calendar: AbstractSet[date] | None,
    pauses: Pauses,
) -> pa.Table:
    return settle(
        *(loans, demands, payments, policies),
        as_of=as_of,
        calendar=calendar,
        pauses=pauses,
        waivers=waivers,
        rate_steps=rate_steps,
    )
