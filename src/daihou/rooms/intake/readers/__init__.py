"""Files in, text tables out: CSV, XLSX and Parquet, told apart by their bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from daihou.rooms.intake.findings import FileProblem, Found
from daihou.rooms.intake.readers.parquet import read_parquet
from daihou.rooms.intake.readers.raw import Raw
from daihou.rooms.intake.readers.text import read_csv
from daihou.rooms.intake.readers.workbook import read_workbook

__all__ = ["Raw", "Sent", "read_file"]

_MAGIC = {
    b"PK\x03\x04": ".xlsx",
    b"PAR1": ".parquet",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"\x1f\x8b": ".gz",
    b"%PDF": ".pdf",
}
_TEXT = {".csv", ".txt", ".tsv"}


@dataclass(frozen=True)
class Sent:
    """A file as it came: its name, size, digest and what could be read of it."""

    name: str
    size: int
    digest: str
    raws: Sequence[Raw] = ()
    found: Sequence[Found] = ()


def read_file(path: Path, *, name: str = "", encoding: str | None = None) -> Sent:
    """Read a file into tables; what is wrong with it is in `found`, never raised."""
    name = name or path.name
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        raws = _read(data, name=name, encoding=encoding)
    except FileProblem as problem:
        found = Found(problem.code, file=name, params=problem.params)
        return Sent(name=name, size=len(data), digest=digest, found=(found,))
    found_all = tuple(one for raw in raws for one in raw.found)
    if not any(len(raw.data) for raw in raws):
        found_all += (Found("empty_file", file=name),)
    return Sent(
        name=name, size=len(data), digest=digest, raws=tuple(raws), found=found_all
    )


def _read(data: bytes, *, name: str, encoding: str | None) -> list[Raw]:
    named = Path(name).suffix.lower()
    kind = next((k for magic, k in _MAGIC.items() if data.startswith(magic)), ".csv")
    if not data:
        raise FileProblem("empty_file")
    if kind == ".xls":
        raise FileProblem("old_workbook")
    if kind not in {".csv", ".xlsx", ".parquet"}:
        raise FileProblem("unknown_kind")
    if kind == ".csv" and named == ".parquet":
        raise FileProblem("truncated", detail="it does not begin with PAR1")
    if kind == ".csv" and named in {".xlsx", ".xlsm"}:
        raise FileProblem("broken_workbook", detail="it is not a zip archive")
    if (kind != ".csv" and named != kind) or (kind == ".csv" and named not in _TEXT):
        right = str(Path(name).with_suffix(kind))
        raise FileProblem("kind_differs", named=named or name, kind=kind, right=right)
    if kind == ".csv":
        return [read_csv(data, name=name, encoding=encoding)]
    if kind == ".parquet":
        return [read_parquet(data, name=name)]
    return read_workbook(data, name=name)
