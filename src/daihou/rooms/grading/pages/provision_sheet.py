"""Provisions of a month as a spreadsheet: by class, by branch, and the movement."""

import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext, pgettext

from daihou.engine.basics.money import digits
from daihou.kit.watermark import Mark
from daihou.rooms.grading.pages.provision import Page, Row


def workbook(page: Page, *, mark: Mark) -> bytes:
    """An XLSX of the page; amounts in major units, exact."""
    assert page.run is not None
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    places = digits(page.currency)
    with xlsxwriter.Workbook(buffer, options) as book:
        style = book.add_format({"num_format": f"#,##0.{'0' * places}"})
        write = _Writer(book, style, places)
        head = [gettext("Loans"), gettext("Balance"), pgettext("provision", "Needed")]
        write.sheet(
            pgettext("sheet of a workbook", "By class"),
            [gettext("Class"), *head],
            [_cells(row) for row in page.classes],
        )
        write.sheet(
            pgettext("sheet of a workbook", "By branch"),
            [gettext("Branch"), *head],
            [_cells(row) for row in page.offices],
        )
        for sheet in page.sheets:
            write.sheet(
                sheet.word,
                [gettext("Class"), *page.lines],
                [(word, *cells) for word, cells in sheet.rows],
                counts=False,
            )
        mark.into_workbook(book)
    return buffer.getvalue()


def _cells(row: Row) -> tuple[str, int, int, int]:
    return row.word, row.loans, row.balance, row.needed


class _Writer:
    """Sheets of words and amounts."""

    def __init__(self, book: xlsxwriter.Workbook, style: object, places: int) -> None:
        self._book, self._style, self._unit = book, style, Decimal(10) ** places

    def sheet(
        self,
        name: str,
        head: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        counts: bool = True,
    ) -> None:
        """One sheet; with `counts` the first figure of a row is a number of loans."""
        sheet = self._book.add_worksheet(name[:31])
        bold = self._book.add_format({"bold": True, "bottom": 1})
        text = self._book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(head), 16)
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell, text)
                elif counts and column == 1:
                    sheet.write_number(number, column, int(str(cell)))
                else:
                    amount = Decimal(int(str(cell))) / self._unit
                    sheet.write_number(number, column, amount, self._style)
