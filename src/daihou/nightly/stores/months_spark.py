"""Months of the book as figures read them through Spark: summed there, not here.

The files are those of `MonthFiles`, in a folder that every machine sees. What is told
loan by loan, the list behind a figure, is read here as ever.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from daihou.columnar.portfolio.cures import Spells
from daihou.engine.metrics.definition import Where
from daihou.kit.kept import Kept
from daihou.nightly.digests import table_digest
from daihou.nightly.errors import NotCounted
from daihou.nightly.stores.months import MonthFiles, Row, with_sums
from daihou.tables.months import (
    CELL_SUMS,
    CELLS,
    LOANS,
    MISSING,
    MONTHS,
    STATE,
    month_number,
)

# Amounts that no cell holds: who asks for them asks for single loans.
_SINGLE: Final = frozenset({"loan_id", "recovered", "age"})
_CUTS: Final = frozenset({*MONTHS.names, *CELL_SUMS, "owes"}) - _SINGLE


class MonthsOnSpark(MonthFiles):
    """The counted months; one question sums all of them, and its answer is held."""

    def __init__(
        self,
        files: MonthFiles,
        months: Sequence[Row],
        *,
        session: Callable[[], Any],
        held: Kept[Any],
        partitions: int | None = None,
    ) -> None:
        """`session` starts Spark, or tells the one that runs; `held` is shared."""
        self.root, self._kept = files.root, files._kept
        self._months = {(row.name, row.fingerprint) for row in months}
        self._session = session
        self._held = held
        self._partitions = partitions

    def level_for(self, columns: Collection[str]) -> str:
        """Cells by whatever is asked; loans where cells have no such sum."""
        return CELLS if {*columns} <= _CUTS else LOANS

    def read(
        self,
        name: str,
        fingerprint: str,
        *,
        level: str = LOANS,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """The rows of a month as they lie; sums of it from Spark."""
        if level == LOANS or columns is None:
            return super().read(name, fingerprint, level=level, columns=columns)
        asked = self._months | {(name, fingerprint)}
        key = (tuple(sorted(asked)), tuple(sorted(columns)))
        found: Mapping[str, pa.Table] = self._held.get(
            key, lambda: self._sums(sorted(asked), columns)
        )
        if name in found:
            return found[name].select(list(columns))
        empty = super().read(name, fingerprint, columns=["loan_id"])
        assert not empty.num_rows, f"Spark found no loan of {name}"
        return _no_cells(columns)

    def _sums(
        self, months: Sequence[tuple[str, str]], columns: Sequence[str]
    ) -> Mapping[str, pa.Table]:
        from daihou.columnar.spark.figures import sums_of

        return sums_of(self._frame(*months), columns)

    def rows_where(self, month: Row, columns: Sequence[str], where: Where) -> pa.Table:
        """See `MonthFiles`; who asks for a state asks it of every month."""
        from daihou.columnar.spark.figures import rows_where

        own = (month.name, month.fingerprint)
        asked = sorted(self._months | {own}) if where.column == "state" else [own]
        names = [name for name, _ in asked]

        def made() -> Mapping[str, pa.Table]:
            return rows_where(self._frame(*asked), names, columns, where)

        key = ("rows", tuple(asked), tuple(columns), where)
        found: Mapping[str, pa.Table] = self._held.get(key, made)
        return found[month.name]

    def since(self, last: Row, month: Row, columns: Sequence[str]) -> pa.Table:
        """See `MonthFiles`; the sums of cells."""
        from daihou.columnar.spark.figures import sums_since

        now, then = (
            self._frame((each.name, each.fingerprint)) for each in (month, last)
        )
        return sums_since(now, then, sorted(with_sums(columns)))

    def spells(
        self, months: Sequence[Row], loans: npt.NDArray[np.int64], talks: pa.Table
    ) -> Spells:
        """See `MonthFiles`; `months` ends with the one whose worst day tells."""
        from daihou.columnar.spark.figures import spells_of

        pairs = [(each.name, each.fingerprint) for each in months]

        def made() -> Spells:
            return spells_of(
                self._frame(*pairs),
                self._frame(pairs[-1]).where("worst_dpd > 0"),
                talks,
                periods={each.name: month_number(each.name) for each in months},
                missing=STATE[MISSING],
                partitions=self._partitions,
            )

        key = ("spells", tuple(pairs), table_digest(talks))
        found: Spells = self._held.get(key, made)
        return found.taken(np.isin(found.account, loans))

    def _frame(self, *months: tuple[str, str]) -> Any:
        """The rows of some months; NotCounted where a file is gone."""
        from daihou.columnar.spark.figures import read_months

        paths: list[Path] = []
        for name, fingerprint in months:
            path = self.path(name, fingerprint)
            if not path.exists():
                raise NotCounted("gone", month=name, path=path)
            paths.append(path)
        return read_months(self._session(), self.root, paths)


def _no_cells(columns: Sequence[str]) -> pa.Table:
    """The cells of a month without a loan."""
    kinds = {
        name: MONTHS.field(name).type
        if name in MONTHS.names
        else pa.bool_()
        if name == "owes"
        else pa.int64()
        for name in columns
    }
    return pa.schema(kinds).empty_table()
