"""Next steps of every customer on Spark: each customer is asked alone in any case."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyspark.sql import SparkSession

from daihou.columnar.spark.arrays import Array, array_of, table_of, type_of
from daihou.columnar.spark.pieces import Part, gathered, in_pieces
from daihou.columnar.strategy.columns import Coded, Column
from daihou.columnar.strategy.facts import Customers
from daihou.columnar.strategy.stepping import (
    DAYS,
    TEXTS,
    Before,
    Lexicon,
    Steps,
    Version,
    step_all,
)
from daihou.engine.strategy.journey import IsWorking

Words = Mapping[str, tuple[str, ...]]  # of coded columns, by their name
_ID: Final = "customer_id"
_NUMBERS: Final = {
    "version": pa.int16(),
    "row": pa.int16(),
    "priority": pa.int64(),
    "open_case": pa.bool_(),
    "held_out": pa.bool_(),
}
_FOUND: Final = pa.schema(
    {_ID: pa.int64()}
    | _NUMBERS
    | dict.fromkeys(TEXTS, pa.string())
    | dict.fromkeys(DAYS, pa.date32())
)


def step_on_spark(
    session: SparkSession,
    versions: Sequence[Version],
    customers: Customers,
    before: Before,
    *,
    as_of: date,
    is_working: IsWorking,
    words: Lexicon | None = None,
    partitions: int | None = None,
) -> Steps:
    """Return the step of every customer, as `step_all` does.

    `is_working` travels to the workers with what it knows.
    """
    asked, asked_words = _taken_apart({_ID: customers.customer_id, **customers.columns})
    columns = {name: getattr(before, name) for name in Before.__dataclass_fields__}
    stood, stood_words = _taken_apart(columns)
    work = partial(
        _stepped,
        versions=tuple(versions),
        words=(asked_words, stood_words),
        as_of=as_of,
        is_working=is_working,
    )
    found = in_pieces(
        *(session, (Part(asked, asked.schema, _ID), Part(stood, stood.schema, _ID))),
        work,
        schema=_FOUND,
        partitions=partitions,
    )
    table = gathered(found, _FOUND, _ID)
    assert table.num_rows == len(customers), "a customer was lost on the way"
    return _steps(table, versions, customers, words or Lexicon())


def _taken_apart(columns: Mapping[str, Column]) -> tuple[pa.Table, Words]:
    """Columns as a table of numbers and days, and the words that its codes mean."""
    plain = {
        name: column.codes if isinstance(column, Coded) else column
        for name, column in columns.items()
    }
    schema = pa.schema({name: type_of(array) for name, array in plain.items()})
    words = {
        name: column.words
        for name, column in columns.items()
        if isinstance(column, Coded)
    }
    return table_of(plain, schema), words


def _put_together(table: pa.Table, words: Words) -> dict[str, Any]:
    """What `_taken_apart` took apart."""
    arrays = {name: array_of(table[name]) for name in table.column_names}
    return {
        name: Coded(words[name], array) if name in words else array
        for name, array in arrays.items()
    }


def _stepped(
    asked: pa.Table,
    stood: pa.Table,
    *,
    versions: Sequence[Version],
    words: tuple[Words, Words],
    as_of: date,
    is_working: IsWorking,
) -> pa.Table:
    """The steps of the customers of one piece."""
    if not asked.num_rows:
        return _FOUND.empty_table()
    columns = _put_together(asked, words[0])
    customers = Customers(columns.pop(_ID), columns)
    before = Before(**_put_together(stood, words[1]))
    steps = step_all(*(versions, customers, before), as_of=as_of, is_working=is_working)
    texts = pa.array(steps.words.texts)
    numbers = {name: pa.array(getattr(steps, name)) for name in _NUMBERS}
    told = {name: texts.take(pa.array(steps.texts[name])) for name in TEXTS}
    days = {name: pa.array(steps.days[name]).cast(pa.date32()) for name in DAYS}
    found = {_ID: pa.array(customers.customer_id), **numbers, **told, **days}
    return pa.table(found).cast(_FOUND)


def _steps(
    table: pa.Table, versions: Sequence[Version], customers: Customers, words: Lexicon
) -> Steps:
    """The steps of all customers, their texts numbered in `words`."""
    numbers = {name: array_of(table[name]) for name in _NUMBERS}
    _place_rows(words, versions, numbers["version"], numbers["row"])
    return Steps(
        customers=customers,
        versions=tuple(versions),
        words=words,
        texts={name: _places(table[name], words) for name in TEXTS},
        days={name: array_of(table[name]) for name in DAYS},
        **numbers,
    )


def _place_rows(
    words: Lexicon, versions: Sequence[Version], version: Array, row: Array
) -> None:
    """Number the rows first, in the order of their tables: figures are listed so."""
    here = (version >= 0) & (row >= 0)
    known = np.unique(version[here].astype(np.int64) << 16 | row[here])
    for code in known.tolist():
        table = versions[code >> 16].strategy.table
        words.place(table.rows[code & 0xFFFF].id)


def _places(column: pa.ChunkedArray, words: Lexicon) -> Array:
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    places = words.places_of(coded.dictionary.to_pylist())
    found: Array = places[coded.indices.to_numpy(zero_copy_only=False)]
    return found.astype(np.int32)
