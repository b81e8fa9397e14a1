"""The overdue ledger as a spreadsheet that no cell of can run as a command."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext, pgettext

from daihou.engine.basics.money import digits
from daihou.kit import masking, numbers
from daihou.kit.watermark import Mark
from daihou.rooms.ledger.pages.overdue import Totals
from daihou.rooms.ledger.pages.words import status_word

_COMMANDS = ("=", "+", "-", "@", "\t", "\r")
_AMOUNTS = ("overdue_total", "principal", "interest", "extras", "outstanding")
_FORMATS = {0: "#,##0", 2: "#,##0.00", 3: "#,##0.000"}  # by decimals
_WIDTHS = (18, 14, 12, 12, 8, 8, 14, 14, 12, 12, 16, 12, 12, 10, 8)


def _titles() -> tuple[str, ...]:
    return (
        gettext("Loan number"),
        gettext("Customer"),
        gettext("Branch"),
        gettext("Product"),
        gettext("Bucket"),
        gettext("Days"),
        gettext("Overdue"),
        gettext("Principal"),
        gettext("Interest"),
        gettext("Penalty and fees"),
        gettext("Outstanding principal"),
        gettext("Officer"),
        gettext("Oldest unpaid"),
        gettext("Status"),
        gettext("Currency"),
    )


def workbook(
    rows: Sequence[Mapping[str, object]],
    *,
    total: Totals,
    currency: str,
    as_of: date,
    fingerprint: str,
    mark: Mark,
    name: Callable[[str], str] = masking.name,
) -> bytes:
    """An XLSX of all rows, all of `currency`; amounts in major units, exact.

    The last lines name the date, the fingerprint of the day and who took it out; the
    watermark says it on every page. `name` says how a customer's name is written.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(pgettext("sheet of a workbook", "Overdue ledger"))
        money = _FORMATS[digits(currency)]
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "money": book.add_format({"num_format": money}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "quoted": book.add_format({"quote_prefix": True}),
            "sum": book.add_format({"bold": True, "num_format": money, "top": 1}),
        }
        sheet.freeze_panes(1, 1)
        for column, (title, width) in enumerate(zip(_titles(), _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, styles["head"])
        for line, row in enumerate(rows, start=1):
            shown = {**row, "name": name(str(row["name"] or ""))}
            _write_row(sheet, line, shown, styles, currency)
        _write_foot(sheet, len(rows) + 1, total, styles, currency)
        note = gettext("As of %(day)s, day %(fingerprint)s, taken out by %(by)s") % {
            "day": as_of.isoformat(),
            "fingerprint": fingerprint,
            "by": mark.by,
        }
        sheet.write_string(len(rows) + 3, 0, note)
        sheet.write_string(len(rows) + 4, 0, mark.line)
        mark.into_workbook(book)
    return buffer.getvalue()


def _major(minor: int, currency: str) -> Decimal:
    """Minor units as a number of a cell, exact and without idle zeros."""
    return Decimal(minor) / 10 ** digits(currency)


def _text(
    sheet: xlsxwriter.workbook.Worksheet,
    line: int,
    column: int,
    text: str,
    styles: Mapping[str, object],
) -> None:
    """Write text as text; one that looks like a command gets the quote mark."""
    style = styles["quoted"] if text.startswith(_COMMANDS) else None
    sheet.write_string(line, column, text, style)


def _write_row(
    sheet: xlsxwriter.workbook.Worksheet,
    line: int,
    row: Mapping[str, object],
    styles: Mapping[str, object],
    currency: str,
) -> None:
    for column, name in enumerate(("number", "name", "branch", "product")):
        _text(sheet, line, column, str(row[name] or ""), styles)
    _text(sheet, line, 4, numbers.bucket_word(row["bucket"]), styles)
    sheet.write_number(line, 5, row["dpd"])
    for column, name in enumerate(_AMOUNTS, start=6):
        amount = _major(row[name], currency)
        sheet.write_number(line, column, amount, styles["money"])
    _text(sheet, line, 11, str(row["officer"] or ""), styles)
    if row["oldest_due_on"]:
        sheet.write_datetime(line, 12, row["oldest_due_on"], styles["day"])
    _text(sheet, line, 13, status_word(str(row["status"])), styles)
    sheet.write_string(line, 14, currency)


def _write_foot(
    sheet: xlsxwriter.workbook.Worksheet,
    line: int,
    total: Totals,
    styles: Mapping[str, object],
    currency: str,
) -> None:
    sheet.write_string(line, 0, gettext("Total"), styles["sum"])
    sheet.write_number(line, 5, total.loans, styles["head"])
    for column, name in enumerate(_AMOUNTS, start=6):
        amount = _major(getattr(total, name), currency)
        sheet.write_number(line, column, amount, styles["sum"])
    sheet.write_string(line, 14, currency, styles["sum"])
