"""What was found wrong in a file: where, what, and what would be right."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from daihou.rooms.intake import phrases

Rows = npt.NDArray[np.int64]
NO_ROWS: Rows = np.zeros(0, dtype=np.int64)


class FileProblem(ValueError):
    """A file that cannot be read as what it claims to be; `code` is a phrase."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(phrases.say(code, params, language="en"))
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Found:
    """One kind of fault in one column, and every row that has it.

    `rows` index the combined contract table `table`, or the raw file `file` when
    `table` is empty. No rows: it is about the file as a whole. `right` holds one
    suggestion per row where there is one.
    """

    code: str
    table: str = ""
    column: str = ""
    file: str = ""
    sheet: str = ""
    rows: Rows = field(default_factory=lambda: NO_ROWS)
    right: Sequence[str] = ()
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether it keeps the row, or the file, from being taken in."""
        return phrases.PHRASES[self.code].is_error

    @property
    def count(self) -> int:
        """How many rows; one for a fault of the whole file."""
        return len(self.rows) or 1


def counts(found: Iterable[Found]) -> dict[str, int]:
    """How many of each code, exact."""
    total: Counter[str] = Counter()
    for one in found:
        total[one.code] += one.count
    return dict(total.most_common())


def errors(found: Iterable[Found]) -> list[Found]:
    """Only what keeps something out."""
    return [one for one in found if one.is_error]


def bad_rows(found: Iterable[Found], *, table: str, size: int) -> npt.NDArray[np.bool_]:
    """Which rows of a contract table have an error."""
    bad = np.zeros(size, dtype=np.bool_)
    for one in found:
        if one.table == table and one.is_error:
            bad[one.rows] = True
    return bad
