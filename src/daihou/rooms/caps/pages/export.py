"""The list of loans above a cap as a spreadsheet that no cell of can run."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext, pgettext

from daihou.engine.basics.money import digits
from daihou.kit import masking
from daihou.kit.watermark import Mark
from daihou.rooms.caps.pages.listing import Line
from daihou.rooms.caps.states import OVER

_WIDTHS = (18, 14, 12, 12, 14, 12, 16, 10, 10, 10, 14, 8)


def _titles() -> tuple[str, ...]:
    return (
        gettext("Loan number"),
        gettext("Customer"),
        gettext("Branch"),
        gettext("Product"),
        gettext("Lender"),
        gettext("Paid out on"),
        gettext("Standing"),
        gettext("Cap"),
        gettext("Cost at most"),
        gettext("Above by"),
        gettext("Not claimed"),
        gettext("Currency"),
    )


def workbook(lines: Sequence[Line], *, as_of: date, mark: Mark) -> bytes:
    """An XLSX of all lines; rates are shares a year, amounts major units, exact."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(pgettext("sheet of a workbook", "Caps"))
        head = book.add_format({"bold": True, "bottom": 1})
        styles = {
            "rate": book.add_format({"num_format": "0.00##%"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"quote_prefix": True}),
        }
        sheet.freeze_panes(1, 1)
        for column, (title, width) in enumerate(zip(_titles(), _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for row, line in enumerate(lines, start=1):
            _write(sheet, row, line, styles)
        note = gettext("As of %(day)s, taken out by %(by)s") % {
            "day": as_of.isoformat(),
            "by": mark.by,
        }
        sheet.write_string(len(lines) + 2, 0, note)
        sheet.write_string(len(lines) + 3, 0, mark.line)
        mark.into_workbook(book)
    return buffer.getvalue()


def _write(
    sheet: xlsxwriter.workbook.Worksheet,
    row: int,
    line: Line,
    styles: dict[str, object],
) -> None:
    found = line.line
    standing = (
        gettext("above a cap") if found.standing == OVER else gettext("not asserted")
    )
    texts = (found.number, masking.name(found.name), line.branch, line.product)
    for column, text in enumerate((*texts, line.lender)):
        sheet.write_string(row, column, text, styles["text"])
    sheet.write_datetime(row, 5, found.disbursed_on, styles["day"])
    sheet.write_string(row, 6, standing)
    for column, rate in ((7, found.cap), (8, found.all_in), (9, found.excess)):
        if rate is not None:
            sheet.write_number(row, column, rate, styles["rate"])
    amount = Decimal(found.above) / 10 ** digits(found.currency)
    sheet.write_number(row, 10, amount)
    sheet.write_string(row, 11, found.currency)
