"""Months of the book: two files each, rows and cells, and a row that says they stand."""

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daihou.columnar.portfolio.cube import cells_of
from daihou.nightly.digests import digest_of, table_digest
from daihou.nightly.errors import NotCounted
from daihou.nightly.stores.parquet import ROWS_PER_GROUP

Connection = psycopg.Connection[Any]
MOST_BYTES: Final = 256 * 2**20  # of cells held in a process
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

    def path(self, name: str, fingerprint: str, *, cells: bool) -> Path:
        """Where the rows, or the cells, of a month with this fingerprint lie."""
        kind = "cells" if cells else "loans"
        return self.root / f"month={name}" / f"{kind}-{fingerprint[:16]}.parquet"

    def write(self, name: str, month: pa.Table) -> str:
        """Store a month and its cells; return the fingerprint of the rows."""
        fingerprint = month_digest(month)
        if not self.there(name, fingerprint):
            self._write(self.path(name, fingerprint, cells=False), month)
            self._write(self.path(name, fingerprint, cells=True), cells_of(month))
        return fingerprint

    def there(self, name: str, fingerprint: str) -> bool:
        """Whether both files of a month are there."""
        return all(
            self.path(name, fingerprint, cells=cells).exists()
            for cells in (False, True)
        )

    def keep_only(self, name: str, *fingerprints: str) -> None:
        """Take away the other files of a month."""
        kept = {
            self.path(name, each, cells=cells)
            for each in fingerprints
            for cells in (False, True)
        }
        for path in (self.root / f"month={name}").glob("*.parquet"):
            if path not in kept:
                path.unlink(missing_ok=True)

    @staticmethod
    def _write(path: Path, table: pa.Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
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
        cells: bool = False,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """The rows or cells of a month; NotCounted where the file is gone."""
        path = self.path(name, fingerprint, cells=cells)
        if columns is None:
            return self._read(name, path, None)
        kept = {each: self._kept.get((path, each)) for each in columns}
        fresh = [each for each, column in kept.items() if column is None]
        if fresh:
            table = self._read(name, path, fresh)
            for each in fresh:
                kept[each] = table[each]
                if cells:
                    self._kept.put((path, each), table[each])
        return pa.table(kept)

    @staticmethod
    def _read(name: str, path: Path, columns: Sequence[str] | None) -> pa.Table:
        if not path.exists():
            raise NotCounted("gone", month=name, path=path)
        wanted = list(columns) if columns is not None else None
        # A whole data set of files takes ten times as long to open as this one.
        with pq.ParquetFile(path, memory_map=True) as file:
            found: pa.Table = file.read(columns=wanted, use_threads=False)
        return found


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
    return {
        row[0]: Row(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]
        for row in found
    }


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
