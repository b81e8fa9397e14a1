"""What pages need from the night's books, without knowing how they are stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import pyarrow as pa


class BookReader(Protocol):
    """Closed days: the positions of the whole book at the end of each date."""

    def dates(self) -> Sequence[date]:
        """Every closed date, earliest first."""

    def standing(self) -> Mapping[date, str]:
        """The fingerprint of every closed date, at the time of asking."""

    def fingerprint(self, as_of: date) -> str:
        """Digest of that date's positions; the same content, the same digest."""

    def read(
        self,
        as_of: date,
        *,
        columns: Sequence[str] | None = None,
        filters: object = None,
    ) -> pa.Table:
        """Positions at the end of `as_of`, sorted by loan (tables.positions).

        `columns` leaves out the others, `filters` (a pyarrow.compute expression)
        the rows that do not match. Raises LookupError for a date not closed.
        """


_book: list[BookReader] = []


def bind_book(reader: BookReader) -> None:
    """Say who reads the book; `config.wiring` does, and tests."""
    _book[:] = [reader]


def book() -> BookReader:
    """The reader of closed days."""
    assert _book, "no BookReader is bound; config.wiring.start() binds one"
    return _book[0]


def unbind_book() -> None:
    """Take the reader away again: the end of a test."""
    _book.clear()
