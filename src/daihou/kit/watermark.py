"""The mark on everything that leaves the house: who took it out, when, by which request.

A page out of a file must still say whose it is: the mark is a line of a CSV, and in a
workbook a sheet, the foot of every printed page and the file's properties.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext


@dataclass(frozen=True, slots=True)
class Mark:
    """Who (a login), at what instant, under which request id, how many rows."""

    by: str
    at: datetime
    request_id: str = ""
    rows: int | None = None

    @property
    def _pairs(self) -> list[tuple[str, str]]:
        pairs = [
            (gettext("Taken out by"), self.by),
            (gettext("Taken out at"), f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"),
            (gettext("Request"), self.request_id or "-"),
        ]
        if self.rows is not None:
            pairs.append((gettext("Rows"), f"{self.rows:,}"))
        return pairs

    @property
    def line(self) -> str:
        """All of it in one line, with what may be done with the file."""
        told = "; ".join(f"{name} {value}" for name, value in self._pairs)
        return f"{told}. {_terms()}"

    def csv_row(self) -> list[str]:
        """The last row of a CSV; a program knows it by the mark at its beginning."""
        return [f"# {self.line}"]

    def into_workbook(self, book: Any) -> None:
        """Mark a workbook of xlsxwriter; call it when its sheets are there."""
        # An ampersand would begin a code of the page foot.
        foot = f"&L{self.line.replace('&', '&&')}"[:255]
        for sheet in book.worksheets():
            sheet.set_footer(foot)
        page = book.add_worksheet(pgettext("sheet of a workbook", "Watermark"))
        page.set_column(0, 0, 18)
        page.set_column(1, 1, 44)
        for row, (name, value) in enumerate(self._pairs):
            page.write_string(row, 0, name)
            page.write_string(row, 1, value)
        page.write_string(len(self._pairs) + 1, 0, _terms())
        book.set_properties(
            {"author": self.by, "comments": self.line, "keywords": self.request_id}
        )


def _terms() -> str:
    words: str = gettext("For the purpose it was taken out for; do not pass it on.")
    return words
