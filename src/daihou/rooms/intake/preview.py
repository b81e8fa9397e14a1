"""What a mapping makes of files: the first rows, and how full each field is."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass

from daihou.rooms.intake import error_file
from daihou.rooms.intake.error_file import Fault
from daihou.rooms.intake.prepare import Order, prepare
from daihou.tables.intake import TABLES

ROWS = 20


@dataclass(frozen=True)
class Preview:
    """One contract table as it would be read: `filled` in percent, per field."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    filled: Map[str, float]
    size: int
    required: frozenset[str]


def preview(order: Order, *, language: str) -> tuple[list[Preview], list[Fault]]:
    """Read and map without judging the rows; the database is not asked."""
    prepared = prepare(order)
    tables = []
    for name, one in prepared.tables.items():
        contract = [column.name for column in TABLES[name]]
        present = set(one.data.column_names)
        columns = [c for c in contract if c in present]
        columns += sorted(present - set(contract))
        data = one.data.select(columns)
        head = data.slice(0, ROWS).to_pylist()
        size = len(data)
        tables.append(
            Preview(
                table=name,
                columns=columns,
                rows=[[row[column] or "" for column in columns] for row in head],
                filled={
                    column: 100 * (size - data.column(column).null_count) / size
                    if size
                    else 0.0
                    for column in columns
                },
                size=size,
                required=frozenset(c.name for c in TABLES[name] if c.required),
            )
        )
    faults = error_file.faults(
        prepared.found, prepared.tables, prepared.raws, language=language, limit=ROWS
    )
    return tables, faults
