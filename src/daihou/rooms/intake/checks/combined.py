"""All rows of one contract table, from every file that was sent, still text."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from daihou.rooms.intake.findings import Found, Rows
from daihou.rooms.intake.mapping.apply import Part
from daihou.rooms.intake.readers.raw import Raw
from daihou.tables.intake import TABLES

MAX_ATTRIBUTES = 50


@dataclass(frozen=True)
class Combined:
    """One contract table; `part` and `row` lead back to what was sent.

    `faulted` are rows, by column, that the mapping could not read: they are listed
    already and not judged again.
    """

    table: str
    data: pa.Table
    parts: Sequence[Part]
    part: npt.NDArray[np.int32]
    row: Rows
    faulted: Mapping[str, Rows]

    def where(self, place: int) -> tuple[Part, int]:
        """The part and the raw row behind a row of the table."""
        part = self.parts[int(self.part[place])]
        return part, int(self.row[place])

    def text(self, column: str) -> pa.Array:
        """A column as sent; all null where nobody sent it."""
        if column not in self.data.column_names:
            return pa.nulls(len(self.data), pa.string())
        merged = self.data.column(column).combine_chunks()
        if isinstance(merged, pa.ChunkedArray):
            return pa.concat_arrays(merged.chunks)
        return merged


def as_parts(raw: Raw, table: str) -> tuple[Part, list[Found]]:
    """A raw table that already follows the contract, and faults of its header."""
    known = [column.name for column in TABLES[table]]
    names: dict[str, str] = {}
    for name in raw.data.column_names:
        plain = name.lower().replace(" ", "_")
        names[name] = plain if plain in known else name
    found = [_near(raw, table, name, known) for name in names.values()]
    kept = [name for name in names if not name.startswith("#")]
    part = Part(
        table=table,
        raw=raw,
        data=raw.data.select(kept).rename_columns([names[name] for name in kept]),
        rows=np.arange(len(raw.data), dtype=np.int64),
        origin={names[name]: name for name in kept},
    )
    return part, [one for one in found if one]


def _near(raw: Raw, table: str, name: str, known: Sequence[str]) -> Found | None:
    """A column that is one typing mistake away from a known one."""
    if name in known or name.startswith("#"):
        return None
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.86)
    if not near or near[0] in {n.lower() for n in raw.data.column_names}:
        return None
    return Found(
        "unknown_column_like",
        file=raw.file,
        sheet=raw.sheet,
        column=name,
        params={"column": name, "right": near[0]},
    )


def combine(parts: Sequence[Part]) -> tuple[dict[str, Combined], list[Found]]:
    """Join the parts table by table, and list required columns nobody sent."""
    tables: dict[str, Combined] = {}
    found: list[Found] = []
    for table in TABLES:
        mine = [part for part in parts if part.table == table]
        if not mine:
            continue
        for part in mine:
            found += _missing(part)
        sizes = [len(part.data) for part in mine]
        shifted = list(_shifted(mine, sizes))
        tables[table] = Combined(
            table=table,
            data=pa.concat_tables([p.data for p in mine], promote_options="default"),
            parts=mine,
            part=np.repeat(np.arange(len(mine), dtype=np.int32), sizes),
            row=np.concatenate([part.rows for part in mine]),
            faulted=_by_column(shifted),
        )
        found += shifted
    return tables, found


def _by_column(found: Iterable[Found]) -> dict[str, Rows]:
    columns: dict[str, list[Rows]] = {}
    for one in found:
        if one.table:
            columns.setdefault(one.column, []).append(one.rows)
    return {name: np.concatenate(rows) for name, rows in columns.items()}


def _shifted(parts: Sequence[Part], sizes: Sequence[int]) -> Iterable[Found]:
    offset = 0
    for part, size in zip(parts, sizes, strict=True):
        for one in part.found:
            yield replace(one, rows=one.rows + offset) if one.table else one
        offset += size


def _missing(part: Part) -> list[Found]:
    present = set(part.data.column_names)
    unknown = sorted(present - {column.name for column in TABLES[part.table]})
    found = []
    for column in TABLES[part.table]:
        if not column.required or column.name in present:
            continue
        near = difflib.get_close_matches(column.name, unknown, n=1, cutoff=0.7)
        hint = f" ({near[0]}?)" if near else ""
        found.append(
            Found(
                "missing_column",
                file=part.raw.file,
                sheet=part.raw.sheet,
                column=column.name,
                params={"column": column.name, "table": part.table, "hint": hint},
            )
        )
    return found


def attributes(one: Combined) -> list[str]:
    """Columns beyond the contract, to be kept as attributes."""
    known = {column.name for column in TABLES[one.table]}
    return [name for name in one.data.column_names if name not in known]
