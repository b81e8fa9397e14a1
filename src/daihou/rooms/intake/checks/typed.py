"""Every table's cells read into columns, with each loan's own currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.engine.basics.money import DIGITS
from daihou.rooms.intake.checks import cells
from daihou.rooms.intake.checks.combined import Combined
from daihou.rooms.intake.findings import Found, Rows
from daihou.tables.intake import TABLES, Column

HOUSE_CURRENCY = "CNY"

# Amounts that may lie below zero.
_SIGNED = {
    ("transactions", "balance"),
    ("statements", "profit"),
    ("statements", "operating_cash_flow"),
}
# Longest text the ledger keeps, where it is less than usual (rooms.ledger.models).
_LIMITS: Mapping[str, int] = {
    "id_type": 40, "id_no": 60, "name": 200, "region": 80, "employer": 200,
    "industry": 80, "language": 20, "product": 40, "currency": 3, "branch": 40,
    "officer": 80, "channel": 40, "funder": 80, "purpose": 80, "licence": 40,
    "guarantee_kind": 40, "payer": 200, "kind": 40, "liability": 80, "owner": 200,
    "registration_no": 80, "flag": 40, "payer_account": 60, "remark": 300,
}  # fmt: skip
# In these the smallest sensible value is one (or, for amounts, more than zero).
_AT_LEAST_ONE = {
    ("loans", "periods"),
    ("instalments", "seq"),
    ("instalments", "version"),
}
_ABOVE_ZERO = {
    ("loans", "principal"),
    ("payments", "amount"),
    ("charges", "amount"),
    ("loans", "instalment_amount"),
    ("transactions", "amount"),
    ("receipts", "amount"),
}


@dataclass(frozen=True)
class Typed:
    """One contract table with typed columns; as many rows as were sent."""

    table: str
    data: pa.Table
    attributes: Sequence[str]

    def column(self, name: str) -> pa.Array:
        """A contract column as one array."""
        column = self.data.column(name)
        return pa.concat_arrays(column.chunks) if column.chunks else pa.nulls(0)

    def numbers(self, name: str, *, empty: int = 0) -> npt.NDArray[np.int64]:
        """An integer, money or date column as numpy; `empty` where null."""
        column = self.column(name)
        if pa.types.is_date32(column.type):
            column = column.cast(pa.int32())
        return np.asarray(
            pc.fill_null(column.cast(pa.int64()), empty).to_numpy(zero_copy_only=False)
        )

    def present(self, name: str) -> npt.NDArray[np.bool_]:
        """Where a column has a value."""
        return np.asarray(self.column(name).is_valid().to_numpy(zero_copy_only=False))


def digits_of(currencies: pa.Array) -> npt.NDArray[np.int64]:
    """How many decimals each row's currency has; an unknown one counts as two."""
    coded = currencies.dictionary_encode()
    known = [DIGITS.get(code, 2) for code in coded.dictionary.to_pylist()] + [2]
    indices = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    digits: npt.NDArray[np.int64] = np.asarray(known, dtype=np.int64)[indices]
    return digits


def read(
    one: Combined, *, digits: npt.NDArray[np.int64] | int, zone: ZoneInfo
) -> tuple[Typed, list[Found]]:
    """Read one table; every cell that is missing or wrong is in the findings."""
    columns: dict[str, pa.Array] = {}
    found: list[Found] = []
    for column in TABLES[one.table]:
        key = (one.table, column.name)
        text = one.text(column.name)
        array, faults = cells.typed(
            column,
            text,
            digits=digits,
            zone=zone,
            signed=key in _SIGNED,
            limit=_LIMITS.get(column.name, cells.TEXT_LIMIT),
        )
        if column.required:
            _require(one, column, text, faults)
        if key in _AT_LEAST_ONE:
            low = np.flatnonzero(pc.fill_null(pc.less(array, 1), fill_value=False))
            faults.add("too_small", low, limit=1)
        if key in _ABOVE_ZERO:
            zero = pc.fill_null(pc.equal(array, 0), fill_value=False)
            faults.add("not_positive", np.flatnonzero(zero))
        columns[column.name] = array
        found += as_found(one.table, faults, but=one.faulted.get(column.name))
    extra = [name for name in one.data.column_names if name not in columns]
    for name in extra:
        columns[name] = one.text(name)
    return Typed(one.table, pa.table(columns), extra), found


def as_found(table: str, faults: cells.Faults, *, but: Rows | None) -> list[Found]:
    """The faults of a column as findings of its table, without the rows `but`."""
    found = []
    for code, rows, right, params in faults.each:
        if but is not None:
            keep = ~np.isin(rows, but)
            right = [text for text, kept in zip(right, keep, strict=False) if kept]
            rows = rows[keep]
        if len(rows):
            column = faults.column
            one = Found(code, table, column, rows=rows, right=right, params=params)
            found.append(one)
    return found


def _require(
    one: Combined, column: Column, text: pa.Array, faults: cells.Faults
) -> None:
    """Empty cells of a required column, except where the whole column is missing."""
    has = np.array([column.name in part.data.column_names for part in one.parts])
    empty = text.is_null().to_numpy(zero_copy_only=False) & has[one.part]
    faults.add("empty", np.flatnonzero(empty))
