"""The facts of many loans as flat arrays: what the kernel reads, copied nowhere."""

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.layout import FAR

Array = np.ndarray[Any, Any]

# An optional column is read at `row & mask`: mask 0 reads one value for all rows.
ALL_ROWS: Final = -1
ONE_ROW: Final = 0


class Owed(NamedTuple):
    """Demands by loan, due date, sequence and id; days, and minor units."""

    due_on: Array
    begins_on: Array
    ends_on: Array
    ends_mask: Any
    principal: Array
    interest: Array
    fee: Array
    demand_id: Array
    paid: Array  # three rows, principal, interest and fee; none if nothing is mirrored


class Money(NamedTuple):
    """Payments by loan, day and id."""

    on: Array
    ends_on: Array
    ends_mask: Any
    amount: Array


class Waived(NamedTuple):
    """Waivers by loan, day and id; the component as the kernel's column."""

    on: Array
    ends_on: Array
    component: Array
    amount: Array
    demand_id: Array  # -1: of the oldest first


class Steps(NamedTuple):
    """Penalty rates by loan and day, in lowest terms over the loan's denominator."""

    begins_on: Array
    claimed: Array
    above: Array


def column(table: pa.Table, name: str, kind: Any, *, null: int = 0) -> Array:
    """A column of integers or dates as numpy, copied only where it must be.

    A column the table does not have is `null` on every row.
    """
    if name not in table.column_names:
        return sealed(np.full(table.num_rows, null, kind))
    values = table[name]
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    if values.null_count:
        values = pc.fill_null(values, pa.scalar(null, values.type))
    return sealed(values.to_numpy().astype(kind, copy=False))


def ends(table: pa.Table) -> tuple[Array, Any]:
    """Return the column `ends_on` and its mask; mostly nothing ever ends."""
    name = "ends_on"
    if name not in table.column_names or table[name].null_count == table.num_rows:
        return sealed(np.full(1, FAR, np.int32)), np.int64(ONE_ROW)
    return column(table, name, np.int32, null=FAR), np.int64(ALL_ROWS)


def sealed(array: Array) -> Array:
    """Make an array read-only, so that the kernel is compiled for one kind only."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def owed(demands: pa.Table, *, mirror: bool) -> Owed:
    """Lay the demands out; what was paid only where a core system tells (`mirror`)."""
    names = ("paid_principal", "paid_interest", "paid_fee") if mirror else ()
    paid = [column(demands, name, np.int64) for name in names]
    ends_on, mask = ends(demands)
    return Owed(
        due_on=column(demands, "due_on", np.int32),
        begins_on=column(demands, "begins_on", np.int32),
        ends_on=ends_on,
        ends_mask=mask,
        principal=column(demands, "principal", np.int64),
        interest=column(demands, "interest", np.int64),
        fee=column(demands, "fee", np.int64),
        demand_id=column(demands, "demand_id", np.int64),
        paid=sealed(np.stack(paid) if mirror else np.zeros((3, 0), np.int64)),
    )


def money(payments: pa.Table) -> Money:
    """Lay the payments out."""
    ends_on, mask = ends(payments)
    return Money(
        on=column(payments, "paid_on", np.int32),
        ends_on=ends_on,
        ends_mask=mask,
        amount=column(payments, "amount", np.int64),
    )
