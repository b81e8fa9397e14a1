"""What a mapping makes of files: the first rows, and how full each field is."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from typing import Final

from daihou.kit import masking
from daihou.kit.api.personal import masked
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


# What of the contract is personal: how it reads for who may not see it whole. The
# value of a contact point is of the kind that stands in its row.
_PERSONAL: Final[Map[tuple[str, str], Callable[[str], str]]] = {
    ("customers", "id_no"): masking.id_no,
    ("customers", "address"): masking.address,
    ("customers", "employer"): masking.name,
    ("payments", "payer"): masking.name,
    ("receipts", "payer"): masking.name,
    ("receipts", "payer_account"): masking.account,
    ("collateral", "owner"): masking.name,
}
_POINTS: Final = {
    ("contact_points", "value"): "kind",
    ("contact_history", "contact_point"): "channel",
}


def shown(table: str, row: Map[str, str | None]) -> dict[str, str]:
    """A row with its personal values masked; free text has its numbers masked."""
    told = {}
    for column, value in row.items():
        text = value or ""
        if (table, column) == ("customers", "name"):
            firm = row.get("kind") not in (None, "", "person")
            text = masking.name(text, kind="company" if firm else "person")
        elif (table, column) in _PERSONAL:
            text = _PERSONAL[table, column](text)
        elif (table, column) in _POINTS:
            text = _point(row.get(_POINTS[table, column]) or "", text)
        told[column] = masking.scrubbed(text)
    return told


def _point(kind: str, text: str) -> str:
    known = kind if kind in {"mobile", "phone", "email", "address"} else ""
    if not known:
        known = "email" if "@" in text else "phone"
    return masking.contact(known, text)


def preview(
    order: Order, *, language: str, whole: bool = False
) -> tuple[list[Preview], list[Fault]]:
    """Read and map without judging the rows; the database is not asked.

    Personal values are masked unless it is to be shown `whole`.
    """
    prepared = prepare(order)
    tables = []
    for name, one in prepared.tables.items():
        contract = [column.name for column in TABLES[name]]
        present = set(one.data.column_names)
        columns = [c for c in contract if c in present]
        columns += sorted(present - set(contract))
        data = one.data.select(columns)
        head = data.slice(0, ROWS).to_pylist()
        if not whole:
            head = [shown(name, row) for row in head]
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
    return tables, faults if whole else [_hidden(fault) for fault in faults]


def _hidden(fault: Fault) -> Fault:
    """A fault without the value it is about; numbers in its words are masked."""
    return replace(
        fault,
        value=str(masked(fault.value, key=fault.column)),
        problem=masking.scrubbed(fault.problem),
        right=str(masked(fault.right, key=fault.column)),
    )
