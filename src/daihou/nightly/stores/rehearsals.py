"""Who moves in a rehearsal of a strategy: one file each, kept for a while."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from daihou.kit.steps import Move, Side
from daihou.nightly.errors import NightError

KEPT: Final = 40  # the last ones; an older list is made again by rehearsing again
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_NAMES: Final = ("segment", "queue", "action")


class RehearsalFiles:
    """The folder `book/rehearsals`: written whole or not at all."""

    def __init__(self, home: Path) -> None:
        """`home` is DAIHOU_HOME."""
        self.root = home / "book" / "rehearsals"

    def path(self, key: str) -> Path:
        """Where a list lies; a key that never was one has no file."""
        if not _KEY.fullmatch(key):
            raise NightError("rehearsal_gone", path=key)
        return self.root / f"moves-{key}.parquet"

    def write(self, key: str, moves: pa.Table) -> str:
        """Store a list under a key and forget the oldest; return the key."""
        path = self.path(key)
        self.root.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
        try:
            pq.write_table(moves, draft, compression="zstd", row_group_size=20_000)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        kept = sorted(
            self.root.glob("moves-*.parquet"), key=lambda p: p.stat().st_mtime
        )
        for old in kept[:-KEPT]:
            old.unlink(missing_ok=True)
        return key

    def read(
        self, key: str, *, start: int, size: int, only: Mapping[str, str]
    ) -> Sequence[Move]:
        """Page through a list; NightError where its file is gone."""
        path = self.path(key)
        if not path.exists():
            raise NightError("rehearsal_gone", path=path)
        scanner = ds.dataset(path, format="parquet").scanner(
            filter=_filter(only), use_threads=False
        )
        page = scanner.head(start + size).slice(start)
        return [_move(row) for row in page.to_pylist()]


def _filter(only: Mapping[str, str]) -> Any:
    asked = pc.scalar(value=True)
    for name in _NAMES:
        if name in only:
            code = only[name]
            either = (pc.field(f"was_{name}") == code) | (
                pc.field(f"becomes_{name}") == code
            )
            asked = asked & either
    if "bucket" in only:
        asked = asked & (pc.field("bucket") == only["bucket"])
    if "flow" in only:
        name, was, becomes = only["flow"].split("\t")
        assert name in _NAMES, name
        asked = asked & (pc.field(f"was_{name}") == was)
        asked = asked & (pc.field(f"becomes_{name}") == becomes)
    return asked


def _move(row: Mapping[str, Any]) -> Move:
    was, becomes = (
        Side(
            row_id=row[f"{side}_row_id"],
            segment=row[f"{side}_segment"],
            queue=row[f"{side}_queue"],
            action=row[f"{side}_action"],
            open_case=row[f"{side}_open_case"],
        )
        for side in ("was", "becomes")
    )
    return Move(
        customer_id=row["customer_id"],
        was=was,
        becomes=becomes,
        bucket=row["bucket"],
        dpd=row["dpd"],
        overdue=row["overdue"],
        outstanding=row["outstanding"],
    )
