"""Turn what a source sent into contract tables, by the rules of a mapping."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fnmatch import fnmatch
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.findings import Found, Rows
from daihou.rooms.intake.mapping.errors import ExpressionError, MappingError
from daihou.rooms.intake.mapping.expression import Expression, day, number, written
from daihou.rooms.intake.mapping.load import Mapping, Rule
from daihou.rooms.intake.readers.raw import Raw


@dataclass(frozen=True)
class Part:
    """Rows of one contract table out of one raw table, still text.

    `rows` say which raw row each came from; `origin` names the raw column behind
    a contract column.
    """

    table: str
    raw: Raw
    data: pa.Table
    rows: Rows
    origin: dict[str, str]
    found: Sequence[Found] = ()


def apply(mapping: Mapping, raws: Sequence[Raw]) -> tuple[list[Part], list[Found]]:
    """Every rule on every raw table it fits, and what went wrong with the files."""
    parts: list[Part] = []
    found: list[Found] = []
    for raw in raws:
        rules = [rule for rule in mapping.rules if _fits(rule, raw)]
        if not rules:
            wanted = ", ".join(sorted({rule.file for rule in mapping.rules}))
            params = {"known": wanted}
            found.append(Found("mapping_finds_nothing", file=raw.file, params=params))
        for rule in rules:
            missing = _missing(rule, raw)
            if missing:
                found += missing
                continue
            parts += [_part(one, raw) for one in _unpivoted(rule)]
    return parts, found


def _fits(rule: Rule, raw: Raw) -> bool:
    name = raw.file.lower()
    return fnmatch(name, rule.file.lower()) and (
        not raw.sheet or fnmatch(raw.sheet, rule.sheet)
    )


def _unpivoted(rule: Rule) -> list[Rule]:
    """One rule per value of the unpivot, with `{name}` filled in everywhere."""
    if not rule.unpivot_name:
        return [rule]
    mark = "{" + rule.unpivot_name + "}"

    def fill(value: Any, each: str) -> Any:
        return value.replace(mark, each) if isinstance(value, str) else value

    return [
        replace(
            rule,
            columns={
                name: {key: fill(value, each) for key, value in spec.items()}
                for name, spec in rule.columns.items()
            },
            where=fill(rule.where, each),
            skip_when_empty=fill(rule.skip_when_empty, each),
        )
        for each in rule.unpivot_each
    ]


def _missing(rule: Rule, raw: Raw) -> list[Found]:
    known = raw.data.column_names
    wanted = [
        spec["from"]
        for one in _unpivoted(rule)
        for spec in one.columns.values()
        if "from" in spec
    ]
    if not isinstance(rule.attributes, str):
        wanted += rule.attributes
    params = {"known": ", ".join(known[:60])}
    return [
        Found(
            "missing_source_column",
            file=raw.file,
            sheet=raw.sheet,
            column=name,
            params={"value": name, **params},
        )
        for name in dict.fromkeys(wanted)
        if name not in known
    ]


def _part(rule: Rule, raw: Raw) -> Part:
    rows = np.arange(len(raw.data), dtype=np.int64)
    found: list[Found] = []
    keep = _kept(rule, raw, found)
    data = raw.data
    if keep is not None:
        data, rows = data.filter(pa.array(keep)), rows[keep]
    columns: dict[str, Any] = {}
    origin: dict[str, str] = {}
    faults: list[tuple[str, Rows, str, Any]] = []
    for name, spec in rule.columns.items():
        columns[name], bad = _column(spec, data)
        faults += [(name, *one) for one in bad]
        if "from" in spec:
            origin[name] = spec["from"]
    for name in _attributes(rule, raw, origin):
        columns[name] = data.column(name)
        origin[name] = name
    table = pa.table(columns)
    found += [_as_found(rule, *one) for one in faults]
    if rule.distinct:
        table, rows, found = _distinct(table, rows, found)
    return Part(rule.table, raw, table, rows, origin, tuple(found))


def _as_found(rule: Rule, name: str, bad: Rows, code: str, params: Any) -> Found:
    return Found(code, table=rule.table, column=name, rows=bad, params=params)


def _attributes(rule: Rule, raw: Raw, origin: dict[str, str]) -> list[str]:
    if rule.attributes == "none":
        return []
    if rule.attributes == "all":
        used = set(origin.values()) | set(rule.columns)
        return [n for n in raw.data.column_names if n not in used and n[:1] != "#"]
    return list(rule.attributes)


def _kept(rule: Rule, raw: Raw, found: list[Found]) -> Any:
    """Which rows the rule takes; None: all."""
    keep = np.ones(len(raw.data), dtype=np.bool_)
    if rule.skip_when_empty:
        keep &= raw.data.column(rule.skip_when_empty).is_valid().to_numpy()
    if rule.where:
        values, bad = _computed(rule.where, raw.data, answer=bool)
        keep &= np.array(values, dtype=np.bool_)
        for at, code, params in bad:
            # A row the filter cannot judge is listed, never silently dropped.
            keep[at] = True
            one = Found(code, file=raw.file, sheet=raw.sheet, rows=at, params=params)
            found.append(one)
    return None if keep.all() else keep


def _computed(
    text: str, data: pa.Table, *, answer: Callable[[Any], Any] = written
) -> tuple[list[Any], list[tuple[Rows, str, Any]]]:
    """An expression over all rows; the rows without an answer, and why."""
    try:
        expression = Expression(text, data.column_names)
    except ExpressionError as error:
        raise MappingError("expression", detail=error) from error
    used = list(dict.fromkeys(expression.used))
    compact = Expression(text, used)
    cells = [data.column(name).to_pylist() for name in used]
    known: dict[Any, Any] = {}
    values: list[Any] = []
    bad: dict[str, tuple[ExpressionError, list[int]]] = {}
    rows = zip(*cells, strict=True) if cells else ((),) * len(data)
    for place, row in enumerate(rows):
        if row not in known:
            if len(known) > 100_000:
                known.clear()
            try:
                known[row] = answer(compact(row))
            except ExpressionError as error:
                known[row] = error
        value = known[row]
        if isinstance(value, ExpressionError):
            bad.setdefault(str(value), (value, []))[1].append(place)
            value = None
        values.append(value)
    return values, [
        (np.array(at, dtype=np.int64), "no_result", {"detail": detail})
        for detail, at in bad.values()
    ]


def _column(spec: Any, data: pa.Table) -> tuple[Any, list[Any]]:
    """One contract column as text, and the rows that have no answer."""
    size = len(data)
    if "constant" in spec:
        return pa.array([_plain(spec["constant"])] * size, pa.string()), []
    if "compute" in spec:
        values, bad = _computed(spec["compute"], data)
        column = pa.chunked_array([pa.array(values, pa.string())])
    else:
        column, bad = data.column(spec["from"]), []
    if not {"map", "default", "empty", "date", "scale", "decimals"} & set(spec):
        return column, bad
    return _per_value(spec, column, bad)


def _per_value(spec: Any, column: Any, bad: list[Any]) -> tuple[Any, list[Any]]:
    """Apply map, date form, scale and default to each different value once."""
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    indices = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    answers: list[str | None] = []
    for code, value in enumerate(coded.dictionary.to_pylist()):
        try:
            answers.append(_answer(spec, value))
        except ExpressionError as error:
            answers.append(value)
            at = np.flatnonzero(indices == code).astype(np.int64)
            if "map" in spec:
                known = ", ".join(map(str, spec["map"]))
                bad.append((at, "unknown_enum", {"known": known, "value": value}))
            else:
                bad.append((at, "no_result", {"detail": error}))
    default = _plain(spec["default"]) if "default" in spec else None
    answers = [default if one is None else one for one in answers] + [default]
    return pa.array(answers, pa.string()).take(pa.array(indices % len(answers))), bad


def _answer(spec: Any, value: str) -> str | None:
    if value in map(str, spec.get("empty", ())):
        return None
    if "map" in spec:
        known = {str(key): answer for key, answer in spec["map"].items()}
        if value not in known:
            raise ExpressionError("not_in_map", value=value)
        return _plain(known[value])
    if "date" in spec:
        return written(day(value, spec["date"]))
    exact: Decimal | None = number(value)
    if exact is not None and "scale" in spec:
        exact *= Decimal(str(spec["scale"]))
    if exact is not None and "decimals" in spec:
        exact = exact.quantize(Decimal(1).scaleb(-spec["decimals"]), ROUND_HALF_EVEN)
    return written(exact)


def _plain(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _distinct(
    table: pa.Table, rows: Rows, found: list[Found]
) -> tuple[pa.Table, Rows, list[Found]]:
    """Leave out rows that repeat an earlier one in every column."""
    numbered = table.append_column("#row", pa.array(np.arange(len(table))))
    first = numbered.group_by(table.column_names).aggregate([("#row", "min")])
    keep = np.sort(first.column("#row_min").to_numpy())
    place = np.full(len(table), -1, dtype=np.int64)
    place[keep] = np.arange(len(keep))
    moved = []
    for one in found:
        if not one.table:
            moved.append(one)
            continue
        at = place[one.rows]
        moved.append(replace(one, rows=at[at >= 0]))
    return table.take(pa.array(keep)), rows[keep], moved
