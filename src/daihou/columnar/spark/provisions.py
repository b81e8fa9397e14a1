"""Provisions of the whole book on Spark: the sums of its pieces, added up."""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Final

import pyarrow as pa
from pyspark.sql import SparkSession

from daihou.columnar.providing import SUMS, Given, Graded, Off, added, provided
from daihou.columnar.spark.arrays import array_of, table_of
from daihou.columnar.spark.pieces import Part, in_pieces
from daihou.engine.provision.rules import ProvisionRules

_KINDS: Final = {"classes": pa.int8(), "branch": pa.int32(), "currency": pa.int32()}


def _form(kind: type[Any]) -> pa.Schema:
    names = [each.name for each in fields(kind)]
    return pa.schema({name: _KINDS.get(name, pa.int64()) for name in names})


_GRADED: Final = _form(Graded)
_OFF: Final = _form(Off)


def provided_on_spark(
    session: SparkSession,
    given: Given,
    rules: Mapping[str, ProvisionRules],
    opening_rules: Mapping[str, ProvisionRules],
    *,
    partitions: int | None = None,
) -> pa.Table:
    """Return the sums that `provided` returns."""
    days = ((given.opening, _GRADED), (given.closing, _GRADED), (given.off, _OFF))
    parts = [Part(_told(each, schema), schema, "loans") for each, schema in days]
    work = partial(_provided, rules=dict(rules), opening_rules=dict(opening_rules))
    found = in_pieces(session, parts, work, schema=SUMS, partitions=partitions)
    return added([found.toArrow().cast(SUMS)])


def _told(each: Graded | Off, schema: pa.Schema) -> pa.Table:
    return table_of({name: getattr(each, name) for name in schema.names}, schema)


def _provided(
    opening: pa.Table,
    closing: pa.Table,
    off: pa.Table,
    *,
    rules: Mapping[str, ProvisionRules],
    opening_rules: Mapping[str, ProvisionRules],
) -> pa.Table:
    """Provide for the loans of one piece."""
    given = Given(
        opening=Graded(**_arrays(opening)),
        closing=Graded(**_arrays(closing)),
        off=Off(**_arrays(off)),
    )
    return provided(given, rules, opening_rules)


def _arrays(table: pa.Table) -> dict[str, Any]:
    return {name: array_of(table[name]) for name in table.column_names}
