"""A table as it was sent: text cells, and the line each row stood on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.findings import Found


@dataclass(frozen=True)
class Raw:
    """One sheet of one file; every column is text, empty cells are null.

    `lines` are the lines a person sees in an editor or spreadsheet, header first.
    `control` holds what a trailer line promised (`rows` and column totals).
    """

    file: str
    kind: str
    data: pa.Table
    lines: npt.NDArray[np.int64]
    sheet: str = ""
    control: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[Found] = ()

    @property
    def title(self) -> str:
        """How it is named to a person: the file, and the sheet if there are more."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file


def tidy(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Trim a text column; what is then empty becomes null."""
    if isinstance(column, pa.Array):
        column = pa.chunked_array([column])
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def header(names: Sequence[object]) -> tuple[list[str], list[str]]:
    """Column names without blanks, and those that appear twice.

    Nameless columns get their position as a name; a repeated one is numbered so
    that the table can be built and shown.
    """
    clean: list[str] = []
    twice: list[str] = []
    for place, name in enumerate(names, start=1):
        text = str(name if name is not None else "").strip().lstrip("\ufeff")
        text = text or f"column {place}"
        if text in clean:
            twice.append(text)
            text = f"{text} ({place})"
        clean.append(text)
    return clean, twice
