"""Custom attributes: columns beyond the contract, their kind told from the data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.checks.combined import MAX_ATTRIBUTES, Combined
from daihou.rooms.intake.checks.typed import Typed
from daihou.rooms.intake.findings import Found

# Strictest first: a column has the first kind that all its values fit.
_SHAPES: Mapping[str, str] = {
    "flag": r"^(true|false)$",
    "integer": r"^-?(0|[1-9]\d{0,14})$",
    "decimal": r"^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$",
    "date": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
}
# A wider kind holds every value of the narrower one.
_WIDER: Mapping[tuple[str, str], str] = {
    ("integer", "decimal"): "decimal",
    ("decimal", "integer"): "decimal",
}
_PERSONAL = re.compile(r"^(1[3-9]\d{9}|\d{17}[\dXx]|[^@\s]+@[^@\s]+\.\w+)$")


@dataclass(frozen=True)
class Attribute:
    """One custom field of one table."""

    table: str
    name: str
    kind: str
    personal: bool


def settle(
    one: Combined, typed: Typed, known: Mapping[tuple[str, str], tuple[str, bool]]
) -> tuple[Typed, list[Attribute], list[Found]]:
    """Type the columns beyond the contract; `known` has (kind, personal) so far."""
    names = sorted(typed.attributes)
    found: list[Found] = []
    if len(names) > MAX_ATTRIBUTES:
        params = {"value": len(names), "limit": MAX_ATTRIBUTES}
        file = one.parts[0].raw.file
        return typed, [], [Found("too_many_attributes", file=file, params=params)]
    columns = {name: typed.data.column(name) for name in typed.data.column_names}
    fields = []
    for name in names:
        values = typed.column(name)
        kind, personal = _kind(values), _looks_personal(values)
        if (one.table, name) in known:
            before, personal = known[(one.table, name)]
            kind, changed = _widened(before, kind, values)
            if changed:
                found.append(_note("attribute_widened", one, name, before))
        else:
            found.append(_note("kept_as_attribute", one, name, kind))
        fields.append(Attribute(one.table, name, kind, personal))
        columns[name] = _cast(values, kind)
    return Typed(one.table, pa.table(columns), names), fields, found


def _note(code: str, one: Combined, name: str, kind: str) -> Found:
    file = next(p.raw.file for p in one.parts if name in p.data.column_names)
    return Found(code, file=file, column=name, params={"column": name, "kind": kind})


def _kind(values: pa.Array) -> str:
    if values.null_count == len(values):
        return "text"
    for kind, shape in _SHAPES.items():
        if pc.all(pc.match_substring_regex(values, shape)).as_py():
            return kind
    return "text"


def _widened(before: str, now: str, values: pa.Array) -> tuple[str, bool]:
    if now == before or before == "text" or values.null_count == len(values):
        return before, False
    wider = _WIDER.get((before, now), "text")
    return wider, wider != before


def _looks_personal(values: pa.Array) -> bool:
    sample = pc.drop_null(values)[:200].to_pylist()
    return bool(sample) and sum(bool(_PERSONAL.match(v)) for v in sample) * 2 > len(
        sample
    )


def _cast(values: pa.Array, kind: str) -> pa.Array:
    if kind == "integer":
        return values.cast(pa.int64())
    if kind == "decimal":
        return values.cast(pa.decimal128(30, 10))
    if kind == "flag":
        return pc.equal(values, "true")
    return values


def rows_without(typed: Typed, bad: Any) -> Typed:
    """The table without its bad rows."""
    if not np.any(bad):
        return typed
    return Typed(typed.table, typed.data.filter(pa.array(~bad)), typed.attributes)
