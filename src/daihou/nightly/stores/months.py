"""Months of the book: files of rows, cells and coarser sums, and a row for each month."""

import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daihou.columnar.portfolio import lives
from daihou.columnar.portfolio.cube import Rows, cells_of, holds, opened
from daihou.columnar.portfolio.cures import Spells
from daihou.engine.metrics.definition import Where
from daihou.nightly.digests import digest_of, table_digest
from daihou.nightly.errors import NotCounted
from daihou.nightly.stores.parquet import ROWS_PER_GROUP
from daihou.tables.months import (
    CELLS,
    LEVELS,
    LOANS,
    MISSING,
    SINCE_DIMS,
    SINCE_SUMS,
    STATE,
    STEPS,
    level_for,
    month_number,
)

Connection = psycopg.Connection[Any]
MOST_BYTES: Final = 256 * 2**20  # of cells held in a process
_COARSE: Final = tuple(level for level in LEVELS if level != CELLS)
LOCK: Final = 0x0DA1_40E5  # one counting of months at a time, whoever starts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What reporting_month says of a counted month."""

    name: str
    as_of: date
    loans: int
    positions: str
    classes: str
    rests_on: str
    fingerprint: str
    complete: bool


class _Columns:
    """Columns of cells read before, as many as fit; threads may share them."""

    def __init__(self) -> None:
        """Holds nothing."""
        self._held: OrderedDict[tuple[Path, str], pa.ChunkedArray] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[Path, str]) -> pa.ChunkedArray | None:
        """A column that is held; it was used now."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: tuple[Path, str], column: pa.ChunkedArray) -> None:
        """Hold a column; what was not used for longest makes room."""
        with self._lock:
            if key not in self._held:
                self._held[key] = column
                self._bytes += column.nbytes
            while self._bytes > MOST_BYTES and len(self._held) > 1:
                _, gone = self._held.popitem(last=False)
                self._bytes -= gone.nbytes


class MonthFiles:
    """The folder `book/months`: written whole or not at all, never changed."""

    def __init__(self, home: Path) -> None:
        """`home` is DAIHOU_HOME."""
        self.root = home / "book" / "months"
        self._kept = _Columns()

    def path(self, name: str, fingerprint: str, *, level: str = LOANS) -> Path:
        """Where a level (`tables.months.LEVELS`) of a month lies; loans: its rows."""
        return self.root / f"month={name}" / f"{level}-{fingerprint[:16]}.parquet"

    def write(self, name: str, month: pa.Table) -> str:
        """Store a month and its cells; return the fingerprint of the rows."""
        fingerprint = month_digest(month)
        if not self.there(name, fingerprint):
            self._write(self.path(name, fingerprint), month)
            cells = cells_of(month)
            self._write(self.path(name, fingerprint, level=CELLS), cells)
            for level in _COARSE:
                self._sum(name, fingerprint, level, cells, month)
        return fingerprint

    def there(self, name: str, fingerprint: str) -> bool:
        """Whether the rows and the cells of a month are there; the rest is made of them."""
        return all(
            self.path(name, fingerprint, level=level).exists()
            for level in (LOANS, CELLS)
        )

    def fill(self, name: str, fingerprint: str) -> bool:
        """Make the sums that an older version did not write; False: none is missing."""
        lacks = [
            level
            for level in _COARSE
            if not self.path(name, fingerprint, level=level).exists()
        ]
        for level in lacks:
            self._sum(name, fingerprint, level)
        return bool(lacks)

    def _sum(
        self,
        name: str,
        fingerprint: str,
        level: str,
        cells: pa.Table | None = None,
        month: pa.Table | None = None,
    ) -> None:
        """Write the sums of a level, of cells where these hold all its cuts."""
        dims = LEVELS[level]
        of, rows = (CELLS, cells) if {*dims} <= {*LEVELS[CELLS]} else (LOANS, month)
        if rows is None:
            rows = self._read(name, self.path(name, fingerprint, level=of))
        path = self.path(name, fingerprint, level=level)
        self._write(path, cells_of(rows, dims))

    def keep_only(self, name: str, *fingerprints: str) -> None:
        """Take away the other files of a month."""
        ends = tuple(f"-{each[:16]}.parquet" for each in fingerprints)
        for path in (self.root / f"month={name}").glob("*.parquet"):
            if not path.name.endswith(ends):
                path.unlink(missing_ok=True)

    @staticmethod
    def _write(path: Path, table: pa.Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whoever reads may write too: threads, and processes of several containers.
        own = f"{os.getpid()}-{threading.get_ident()}-{secrets.token_hex(4)}"
        draft = path.with_name(f"{path.name}.{own}.draft")
        try:
            pq.write_table(
                table,
                draft,
                compression="zstd",
                compression_level=1,
                row_group_size=10 * ROWS_PER_GROUP,
            )
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def read(
        self,
        name: str,
        fingerprint: str,
        *,
        level: str = LOANS,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """The rows of a month, or a level of it; NotCounted where the file is gone.

        Sums that an older version did not write are made now.
        """
        path = self.path(name, fingerprint, level=level)
        if level in _COARSE and not path.exists():
            self._sum(name, fingerprint, level)
        if columns is None:
            return self._read(name, path)
        kept = {each: self._kept.get((path, each)) for each in columns}
        fresh = [each for each, column in kept.items() if column is None]
        if fresh:
            table = self._read(name, path, fresh)
            for each in fresh:
                kept[each] = table[each]
                if level != LOANS:
                    self._kept.put((path, each), table[each])
        return pa.table(kept)

    # What an engine answers in its own way (`nightly.engines`); here: from the files.

    def level_for(self, columns: Collection[str]) -> str:
        """The level with the fewest rows that holds every one of `columns`."""
        return level_for(columns)

    def rows_where(
        self, month: "Row", columns: Sequence[str], where: Where
    ) -> pa.Table:
        """Rows of a month that meet a condition, by loan."""
        wanted = list(dict.fromkeys(["loan_id", *columns]))
        found = self.read(month.name, month.fingerprint, columns=wanted)
        return found.filter(pa.array(holds(Rows(found), where)))

    def since(self, last: "Row", month: "Row", columns: Sequence[str]) -> pa.Table:
        """Rows of a month, or their sums, opening where they stood at `last`."""
        steps = month_number(month.name) - month_number(last.name)
        if steps in STEPS and {*columns} <= {*SINCE_DIMS, *SINCE_SUMS}:
            return self._read(
                month.name, self.kept_since(last, month), sorted(with_sums(columns))
            )
        wanted = list(dict.fromkeys(["loan_id", *columns]))
        return self._opened(last, month, wanted)

    def kept_since(self, last: "Row", month: "Row") -> Path:
        """Sums of what became of the loans of `last`, in a file made once."""
        steps = month_number(month.name) - month_number(last.name)
        kind = f"since{steps}"
        level = f"{kind}-{last.fingerprint[:16]}"
        path = self.path(month.name, month.fingerprint, level=level)
        if not path.exists():
            sums = [name for name in SINCE_SUMS if name not in ("loans", "kept")]
            dims = [name for name in SINCE_DIMS if name != "owes"]
            rows = self._opened(last, month, ["loan_id", *dims, *sums])
            self._write(path, cells_of(rows, SINCE_DIMS, SINCE_SUMS))
            for other in path.parent.glob(f"{kind}-*-{month.fingerprint[:16]}.parquet"):
                if other != path:
                    other.unlink(missing_ok=True)
        return path

    def _opened(self, last: "Row", month: "Row", columns: Sequence[str]) -> pa.Table:
        table = self.read(month.name, month.fingerprint, columns=columns)
        names = ["loan_id", "state", "asset_class", "balance"]
        then = self.read(last.name, last.fingerprint, columns=names)
        return opened(table, then)

    def spells(
        self, months: Sequence["Row"], loans: npt.NDArray[np.int64], talks: pa.Table
    ) -> Spells:
        """Spells of some loans that were ever late; `talks` as `lives.TALKS`."""
        read = []
        for each in months:
            columns = ["loan_id", "state", "dpd", "restructured"]
            rows = self.read(each.name, each.fingerprint, columns=columns)
            here = np.isin(rows["loan_id"].to_numpy(), loans, assume_unique=True)
            here &= rows["state"].to_numpy() != STATE[MISSING]
            few = rows.filter(pa.array(here))
            period = pa.repeat(pa.scalar(month_number(each.name), pa.int32()), len(few))
            read.append(few.append_column("period", period))
        return lives.spells_of(pa.concat_tables(read), talks)

    @staticmethod
    def _read(name: str, path: Path, columns: Sequence[str] | None = None) -> pa.Table:
        if not path.exists():
            raise NotCounted("gone", month=name, path=path)
        wanted = list(columns) if columns is not None else None
        # A whole data set of files takes ten times as long to open as this one.
        with pq.ParquetFile(path, memory_map=True) as file:
            found: pa.Table = file.read(columns=wanted, use_threads=False)
        return found


def with_sums(columns: Collection[str]) -> set[str]:
    """The columns to ask of cells for these: what makes them count as loans."""
    kept = {"kept"} if "balance_before" in columns else set()
    return {*columns, "loans", "owes"} | kept


def month_digest(month: pa.Table) -> str:
    """Digest of the rows by content: of words both which there are and where."""
    plain, words = {}, []
    for name in month.column_names:
        column = month[name]
        if pa.types.is_dictionary(column.type):
            one = column.combine_chunks()
            words.append("\x00".join([name, *one.dictionary.to_pylist()]))
            column = pa.chunked_array([one.indices])
        elif pa.types.is_boolean(column.type):
            column = pc.cast(column, pa.int8())
        plain[name] = column
    return digest_of(table_digest(pa.table(plain)), *words)


def lock(connection: Connection) -> bool:
    """Take the lock of the months for this transaction; False when another has it."""
    row = connection.execute("select pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()
    return bool(row and row[0])


def rows(connection: Connection) -> Mapping[str, Row]:
    """Every counted month by name, the earliest first."""
    names = list(Row.__dataclass_fields__)
    found = connection.execute(
        f"select {', '.join(names)} from reporting_month order by name"
    ).fetchall()
    return {row[0]: Row(**dict(zip(names, row, strict=True))) for row in found}


def write_row(
    connection: Connection, row: Row, *, seconds: float, at: datetime
) -> None:
    """Let a month stand in the place of what was counted for it before."""
    names = [*Row.__dataclass_fields__, "seconds", "counted_at"]
    values = [getattr(row, name) for name in Row.__dataclass_fields__]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    connection.execute(
        f"insert into reporting_month ({', '.join(names)})"
        f" values ({', '.join(['%s'] * len(names))})"
        f" on conflict (name) do update set {updates}",
        [*values, seconds, at],
    )


def forget(connection: Connection, names: Sequence[str]) -> None:
    """Months of which no day is closed any more no longer stand."""
    if names:
        connection.execute(
            "delete from reporting_month where name = any(%s)", (list(names),)
        )
