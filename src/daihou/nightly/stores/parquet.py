"""A day is a folder: positions of the whole book as Parquet, one file a result."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from daihou.nightly.digests import table_digest
from daihou.nightly.errors import NightError, NotClosed
from daihou.tables.positions import POSITIONS

ROWS_PER_GROUP = 100_000


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class PositionFiles:
    """The folder `book/positions`: written whole or not at all, never changed.

    A file is named by the digest of its content. A date run again adds a file;
    the superseded one stays. Which one stands is said by the run that is current.
    """

    def __init__(self, home: Path) -> None:
        """`home` is DAIHOU_HOME."""
        self.root = home / "book" / "positions"

    def path(self, as_of: date, fingerprint: str) -> Path:
        """Where the result with this fingerprint lies."""
        folder = self.root / f"as_of={as_of.isoformat()}"
        return folder / f"positions-{fingerprint[:16]}.parquet"

    def write(self, as_of: date, positions: pa.Table) -> str:
        """Store the positions of a date; return their fingerprint.

        The same positions give the same file; one already there is left alone.
        """
        fingerprint = table_digest(positions)
        path = self.path(as_of, fingerprint)
        if path.exists():
            return fingerprint
        path.parent.mkdir(parents=True, exist_ok=True)
        for stale in path.parent.glob("*.draft"):
            stale.unlink()  # one night at a time: whoever wrote it was killed
        draft = path.with_suffix(".draft")
        try:
            pq.write_table(
                positions,
                draft,
                compression="zstd",
                compression_level=1,
                row_group_size=ROWS_PER_GROUP,
                use_dictionary=["bucket", "status", "dpd_method"],
            )
            _sync(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
        return fingerprint

    def read(
        self,
        as_of: date,
        fingerprint: str,
        *,
        columns: Sequence[str] | None = None,
        filters: Any = None,
    ) -> pa.Table:
        """Read the stored positions; columns as in tables.positions."""
        chosen = list(columns) if columns is not None else None
        path = self.path(as_of, fingerprint)
        if not path.exists():
            raise NightError("file_missing", as_of=as_of, path=path)
        found = pq.read_table(
            path,
            columns=chosen,
            filters=filters,
            partitioning=None,
        )
        return _completed(found, POSITIONS.names if chosen is None else chosen)


def _completed(found: pa.Table, names: Sequence[str]) -> pa.Table:
    """Add the columns a day closed by an earlier version does not have: nothing."""
    if all(name in found.column_names for name in names):
        return found
    for name in names:
        if name not in found.column_names:
            field = POSITIONS.field(name)
            empty = pa.scalar(None if field.nullable else 0, field.type)
            found = found.append_column(field, pa.repeat(empty, found.num_rows))
    return found.select(list(names))


class PositionBook:
    """A `kit.ports.BookReader` over these files.

    `current` returns, at the time of asking, the fingerprint that stands for each
    closed date (select as_of, fingerprint from dayend_run where current).
    """

    def __init__(self, home: Path, current: Callable[[], Mapping[date, str]]) -> None:
        """`home` is DAIHOU_HOME."""
        self._files = PositionFiles(home)
        self._current = current

    def dates(self) -> Sequence[date]:
        """Every closed date, earliest first."""
        return sorted(self._current())

    def standing(self) -> Mapping[date, str]:
        """The fingerprint of every closed date."""
        return self._current()

    def fingerprint(self, as_of: date) -> str:
        """Digest of that date's positions; raises LookupError if it is not closed."""
        current = self._current()
        if as_of not in current:
            days = f"{min(current)} – {max(current)}" if current else "–"
            raise NotClosed("not_closed", as_of=as_of, days=days)
        return current[as_of]

    def read(
        self,
        as_of: date,
        *,
        columns: Sequence[str] | None = None,
        filters: object = None,
    ) -> pa.Table:
        """Positions at the end of `as_of`, sorted by loan (tables.positions)."""
        return self._files.read(
            as_of, self.fingerprint(as_of), columns=columns, filters=filters
        )


def no_positions() -> pa.Table:
    """The positions of an empty book."""
    return POSITIONS.empty_table()
