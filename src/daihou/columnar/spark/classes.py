"""Classes of the whole book on Spark: all claims on a customer meet in one piece."""

from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyspark.sql import SparkSession

from daihou.columnar.classification.book import (
    COLUMNS,
    DAY,
    ClassBook,
    EventRows,
)
from daihou.columnar.classification.running import Classes, classify_book
from daihou.columnar.spark.arrays import array_of, table_of
from daihou.columnar.spark.pieces import Part, gathered, in_pieces
from daihou.engine.classification.rules import ClassificationRules


def _kind(kind: Any) -> pa.DataType:
    return pa.date32() if kind is DAY else pa.from_numpy_dtype(kind)


_CLAIMS: Final = pa.schema(
    {"place": pa.int64()} | {name: _kind(kind) for name, (kind, _) in COLUMNS.items()}
)
# `place` is that of the claim; `seq` keeps what happened on one day in its order.
_EVENTS: Final = pa.schema(
    {
        "customer_id": pa.int64(),
        "place": pa.int64(),
        "seq": pa.int64(),
        "event": pa.int8(),
        "happened_on": pa.date32(),
        "first_due_on": pa.date32(),
        "period_months": pa.int16(),
        "period_days": pa.int16(),
    }
)
_FOUND: Final = pa.schema(
    {
        "place": pa.int64(),
        "asset_class": pa.int8(),
        "machine_class": pa.int8(),
        "asserted_class": pa.int8(),
        "causes": pa.int32(),
        "stage": pa.int8(),
        "observed_until": pa.date32(),
        "upgrade_from": pa.date32(),
    }
)


def classify_on_spark(
    session: SparkSession,
    book: ClassBook,
    rules: ClassificationRules,
    *,
    as_of: date,
    partitions: int | None = None,
) -> Classes:
    """Return the class of every claim at the end of a day, as `classify_book` does."""
    parts = (
        Part(_claims(book), _CLAIMS, "customer_id", ("place",)),
        Part(_events(book), _EVENTS, "customer_id", ("seq",)),
    )
    found = in_pieces(
        *(session, parts, partial(_classified, rules=rules, as_of=as_of)),
        schema=_FOUND,
        partitions=partitions,
    )
    table = gathered(found, _FOUND, "place")
    assert table.num_rows == len(book), "a claim was lost on its way"
    return Classes(*(array_of(table[name]) for name in _FOUND.names[1:]))


def _claims(book: ClassBook) -> pa.Table:
    columns = {"place": np.arange(len(book), dtype=np.int64)}
    columns |= {name: getattr(book, name) for name in COLUMNS}
    return table_of(columns, _CLAIMS)


def _events(book: ClassBook) -> pa.Table:
    rows = book.events
    return table_of(
        {
            "customer_id": book.customer_id[rows.loan],
            "place": rows.loan,
            "seq": np.arange(len(rows.loan), dtype=np.int64),
            **{name: getattr(rows, name) for name in _EVENTS.names[3:]},
        },
        _EVENTS,
    )


def _classified(
    claims: pa.Table,
    events: pa.Table,
    *,
    rules: ClassificationRules,
    as_of: date,
) -> pa.Table:
    """Classify the claims of one piece."""
    places = claims["place"].to_numpy()
    order = np.argsort(places)
    loan = order[np.searchsorted(places[order], events["place"].to_numpy())]
    told = {name: array_of(events[name]) for name in _EVENTS.names[3:]}
    columns = {name: array_of(claims[name]) for name in COLUMNS}
    book = ClassBook.of(columns, EventRows(loan=loan, **told))
    found = classify_book(book, rules, as_of=as_of)
    columns = {name: getattr(found, name) for name in _FOUND.names[1:]}
    return table_of({"place": places, **columns}, _FOUND)
