"""Cells of a month: its rows summed by the cuts, and exact sums of either."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from daihou.columnar.portfolio.columns import EXACT
from daihou.columnar.portfolio.counting import Tally
from daihou.engine.metrics.definition import Ratio, Sum, Where
from daihou.tables import months as shape
from daihou.tables.months import BAND_DAYS, CELL_DIMS, CELL_SUMS, MONTHS, STATES

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
_WIDE: Final = 1 << 62
# Columns as definitions name them -> as months do.
_NAMED: Final = {"outstanding_principal": "balance", "overdue_total": "overdue"}
_STATUS: Final = [shape.STATUS_OF[state] for state in STATES]


def cells_of(
    month: pa.Table,
    dims: Sequence[str] = CELL_DIMS,
    sums: Sequence[str] = CELL_SUMS,
) -> pa.Table:
    """The `sums` of the month, or of its cells, by `dims` in order of them.

    Days past due become bands.
    """
    size = month.num_rows
    key = np.zeros(size, np.int64)
    spread: list[tuple[str, Array, int, int]] = []
    room = 1
    for name in dims:
        column = _dimension(month, name)
        low = int(column.min()) if size else 0
        width = int(column.max()) - low + 1 if size else 1
        if room > _WIDE // width:
            _, key = np.unique(key, return_inverse=True)
            room = int(key.max()) + 1
        key, room = key * width + (column - low), room * width
        spread.append((name, column, low, width))
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1])[:size])
    first = order[starts]
    made: dict[str, Any] = {}
    for name, column, _low, _width in spread:
        made[name] = _kept(month, name, column[first])
    for name in sums:
        values = _summed(month, name)
        added_up = np.add.reduceat(values[order], starts) if size else values
        made[name] = pa.array(added_up)
    return pa.table(made)


def _summed(month: pa.Table, name: str) -> Array:
    """What a row brings to a sum."""
    if name == "loans":
        return Rows(month).loans()
    if name == "kept":
        return Rows(month).kept()
    found: Array = month[name].to_numpy()
    return found


def _dimension(month: pa.Table, name: str) -> Array:
    values: Array
    if name == "owes":
        values = Rows(month).owes()
    elif pa.types.is_dictionary(month[name].type):
        values = _codes(month[name])[0]
    else:
        values = month[name].to_numpy()
    if name in ("dpd", "worst_dpd"):
        values = np.searchsorted(BAND_DAYS, values, "right") - 1
    return values.astype(np.int64)


def _kept(month: pa.Table, name: str, values: Array) -> pa.Array:
    if name == "owes":
        return pa.array(values.astype(np.bool_))
    if name in ("dpd", "worst_dpd"):
        return pa.array(BAND_DAYS[values])
    kind = MONTHS.field(name).type
    if pa.types.is_dictionary(kind):
        words = _codes(month[name])[1]
        codes = pa.array(values.astype(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
    return pa.array(values).cast(kind)


def _codes(column: pa.ChunkedArray) -> tuple[Array, list[str]]:
    one = column.combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = one.unify_dictionaries().combine_chunks() if len(one) else None
    if one is None:
        return np.zeros(0, np.int32), []
    codes = one.indices.to_numpy(zero_copy_only=False)
    return codes, one.dictionary.to_pylist()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a month or its cells: what is asked of one can be asked of the other.

    Cells answer days past due by bands, so a threshold must be the first day of one.
    """

    table: pa.Table
    chosen: Flags | None = None

    def __len__(self) -> int:
        """How many rows there are."""
        return self.table.num_rows if self.chosen is None else int(self.chosen.sum())

    def of(self, name: str) -> Array:
        """A column as numbers; words as their codes."""
        column = self.table[name]
        if pa.types.is_dictionary(column.type):
            found = _codes(column)[0]
        else:
            found = column.to_numpy()
        return found if self.chosen is None else found[self.chosen]

    def words(self, name: str) -> list[str]:
        """The words of a column, by code."""
        return _codes(self.table[name])[1]

    def loans(self) -> Array:
        """How many loans each row stands for."""
        if "loans" in self.table.column_names:
            return self.of("loans")
        return np.ones(len(self), np.int64)

    def owes(self) -> Flags:
        """Whether anything is left of the principal."""
        if "owes" in self.table.column_names:
            found: Flags = self.of("owes")
            return found
        return self.of("balance") > 0

    def kept(self) -> Array:
        """What is still owed of the opening balance, loan by loan."""
        if "kept" in self.table.column_names:
            return self.of("kept")
        found: Array = np.minimum(self.of("balance_before"), self.of("balance"))
        return found

    def only(self, mask: Flags) -> "Rows":
        """Some of these rows."""
        if self.chosen is None:
            return Rows(self.table, mask)
        chosen = self.chosen.copy()
        chosen[np.flatnonzero(chosen)[~mask]] = False
        return Rows(self.table, chosen)

    @property
    def are_cells(self) -> bool:
        """Whether rows are sums of loans."""
        return "loans" in self.table.column_names


def opened(month: pa.Table, then: pa.Table) -> pa.Table:
    """Rows of a month, opening where they stood in a month further back: `then`."""
    known, ids = then["loan_id"].to_numpy(), month["loan_id"].to_numpy()
    place = np.minimum(np.searchsorted(known, ids), max(0, len(known) - 1))
    here = known[place] == ids if len(known) else np.zeros(len(ids), np.bool_)
    for name, source, otherwise in (
        ("state_before", "state", shape.STATE[shape.NEW]),
        ("class_before", "asset_class", shape.NO_CLASS),
        ("balance_before", "balance", 0),
    ):
        values = np.full(len(ids), otherwise, np.int64)
        values[here] = then[source].to_numpy()[place[here]]
        field = month.schema.field(name)
        column = pa.array(values).cast(field.type)
        month = month.set_column(month.schema.get_field_index(name), field, column)
    return month


def holds(rows: Rows, where: Where) -> Flags:
    """Which rows meet a condition of a definition."""
    name = where.column
    if name in ("status", "asset_class"):
        words = _STATUS if name == "status" else [*shape.CLASSES, ""]
        codes = rows.of("state" if name == "status" else "asset_class")
        wanted = where.value if where.is_ == "in" else (where.value,)
        assert where.is_ in ("in", "=="), where
        assert isinstance(wanted, tuple), where
        return np.array([word in wanted for word in words])[codes]
    assert isinstance(where.value, int), where
    if name == "outstanding_principal":
        assert (where.is_, where.value) == (">", 0), where
        return rows.owes()
    column = rows.of(_NAMED.get(name, name))
    if rows.are_cells:
        first = where.value + (where.is_ == ">")
        assert where.is_ in (">=", ">", "<") and first in BAND_DAYS, where
    compared = {
        "==": column == where.value,
        ">=": column >= where.value,
        ">": column > where.value,
        "<": column < where.value,
    }
    found: Flags = compared[where.is_]
    return found


def sums_of(rows: Rows, wanted: Sum, group: Array, size: int) -> list[int]:
    """The sum of a definition for each of `size` groups, exact."""
    mask = np.ones(len(rows), np.bool_)
    for each in wanted.where:
        mask &= holds(rows, each)
    name = wanted.column
    weight = rows.loans() if name is None else rows.of(_NAMED.get(name, name))
    return added(weight, group, size, mask)


def added(
    weight: Array, group: Array, size: int, mask: Flags | None = None
) -> list[int]:
    """Exact sums of a weight by group, over the rows chosen."""
    if mask is not None:
        weight, group = weight[mask], group[mask]
    if _fits(weight):
        found: list[int] = np.bincount(group, weight, size).astype(np.int64).tolist()
        return found
    tally = Tally(size, weighed=True)
    tally.add_in_blocks(group.astype(np.int64), weight.astype(np.int64))
    return tally.sums()


def _fits(weight: Array) -> bool:
    """Whether a float holds every sum of some of these exactly."""
    if not len(weight):
        return True
    most = max(abs(int(weight.min())), abs(int(weight.max())))
    if most * len(weight) < EXACT:
        return True
    small = most * len(weight) < _WIDE  # else the sum of all might not fit
    return small and int(np.abs(weight.astype(np.int64)).sum()) < EXACT


def ratio_of(
    rows: Rows, ratio: Ratio, group: Array, size: int
) -> tuple[list[int], list[int]]:
    """Part and whole of a ratio for each group."""
    return (
        sums_of(rows, ratio.part, group, size),
        sums_of(rows, ratio.whole, group, size),
    )


def columns_of(ratio: Ratio) -> Sequence[str]:
    """The columns of a month that a ratio reads."""
    named = {"state"}
    for each in (ratio.part, ratio.whole):
        named |= {_NAMED.get(each.column, each.column)} if each.column else set()
        for where in each.where:
            named.add(_NAMED.get(where.column, where.column))
    return sorted((named - {"status"}) | {"state"})
