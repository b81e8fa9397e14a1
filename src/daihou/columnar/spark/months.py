"""Months of the book counted on Spark, a piece of the loans at a time."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import pyarrow as pa
from pyspark.sql import SparkSession

from daihou.columnar.portfolio.months import Inputs, Told, make_month, steady
from daihou.columnar.spark.pieces import Part, gathered, in_pieces
from daihou.tables.months import MONTHS

_LOAN: Final = "loan_id"
_TOLD: Final = pa.schema({_LOAN: pa.int64(), "value": pa.int64()})
_TOLD_ONCE: Final = ("cash", "recovered", "lost")


def month_on_spark(
    session: SparkSession, given: Inputs, *, partitions: int | None = None
) -> pa.Table:
    """Return the month as `make_month` does, to the bit."""
    tables = [
        given.positions,
        given.register,
        _NO_CLASSES if given.classes is None else given.classes,
        MONTHS.empty_table() if given.before is None else given.before,
        *(_told(getattr(given, name)) for name in _TOLD_ONCE),
        *(_told(each) for each in given.first.values()),
    ]
    work = partial(
        _counted,
        period=given.period,
        classed=given.classes is not None,
        opened=given.before is not None,
        first=tuple(given.first),
    )
    found = in_pieces(
        session,
        [Part(table, table.schema, _LOAN) for table in tables],
        work,
        schema=MONTHS,
        partitions=partitions,
    )
    return steady(gathered(found, MONTHS, _LOAN))


_NO_CLASSES: Final = pa.schema(
    {_LOAN: pa.int64(), "asset_class": pa.int8(), "restructured": pa.bool_()}
).empty_table()


def _told(told: Told) -> pa.Table:
    return pa.table([told.loan_id, told.value], names=_TOLD.names).cast(_TOLD)


def _counted(
    positions: pa.Table,
    register: pa.Table,
    classes: pa.Table,
    before: pa.Table,
    *told: pa.Table,
    period: int,
    classed: bool,
    opened: bool,
    first: Sequence[int],
) -> pa.Table:
    """Count the loans of one piece."""
    values = [Told(each[_LOAN].to_numpy(), each["value"].to_numpy()) for each in told]
    once = dict(zip(_TOLD_ONCE, values, strict=False))
    return make_month(
        Inputs(
            period=period,
            register=register,
            positions=positions,
            classes=classes if classed else None,
            before=before if opened else None,
            first=dict(zip(first, values[len(once) :], strict=True)),
            **once,
        )
    )
