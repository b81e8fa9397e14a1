"""A report as a workbook that opens cleanly: figures as numbers, sums by formula.

The content is the same, bit for bit, for the same report, but for who took it out and
when; sums are reckoned by the spreadsheet and checked against ours.
"""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_col_to_name

from daihou.engine.basics.money import digits
from daihou.kit.watermark import Mark
from daihou.rooms.reporting.pages.reports.cells import Words, word
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Report,
    Table,
    Value,
)

_COMMANDS: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS: Final = {
    Kind.TEXT: 18,
    Kind.LOAN: 20,
    Kind.CUSTOMER: 20,
    Kind.NAME: 14,
    Kind.MONEY: 18,
    Kind.DAY: 12,
    Kind.BRANCH: 16,
    Kind.PRODUCT: 16,
    Kind.WORD: 22,
}
_USUAL: Final = 12
_BLOCK: Final = 5_000  # rows taken out of the columns at once


def workbook(
    report: Report,
    *,
    title: str,
    about: Sequence[tuple[str, str]],
    words: Words,
    mark: Mark,
) -> bytes:
    """The report with a sheet a table, then what it is and rests on, then the mark.

    `about` are the lines of the sheet About: pairs of a name and what it says.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        style = _Styles(book, report.currency)
        checks: list[tuple[str, str, Decimal | int]] = []
        names = _sheet_names(report.tables)
        for table, name in zip(report.tables, names, strict=True):
            checks += _sheet(book.add_worksheet(name), name, table, style, words)
        _about(book, title, about, checks, style)
        mark.into_workbook(book)
        book.set_properties(
            {
                "title": title,
                "author": mark.by,
                "comments": mark.line,
                "keywords": report.fingerprint,
                "created": mark.at.replace(tzinfo=None, microsecond=0),
            }
        )
    return buffer.getvalue()


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any, currency: str) -> None:
        places = digits(currency)
        money = "#,##0" + (f".{'0' * places}" if places else "")
        self.unit = Decimal(10) ** places
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.money = book.add_format({"num_format": money})
        self.share = book.add_format({"num_format": "0.00%"})
        self.whole = book.add_format({"num_format": "#,##0"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.quoted = book.add_format({"quote_prefix": True})
        self.sum = book.add_format({"bold": True, "top": 1, "num_format": money})
        self.count = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
        self.line = book.add_format({"bold": True, "top": 1})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top"})

    def figure(self, value: int, column: Column) -> Decimal | int:
        """An amount in major units, a count as it is."""
        return Decimal(value) / self.unit if column.kind is Kind.MONEY else value


def _sheet_names(tables: Sequence[Table]) -> Sequence[str]:
    """The titles as a spreadsheet takes them: 31 characters, no two the same."""
    found: list[str] = []
    for table in tables:
        plain = "".join(" " if each in "[]:*?/\\'" else each for each in table.title)
        name = plain.strip()[:28]
        found.append(f"{name} {len(found) + 1}" if name in found else name)
    return found


def _sheet(
    sheet: Any, name: str, table: Table, style: _Styles, words: Words
) -> list[tuple[str, str, Decimal | int]]:
    """Fill a sheet; return what its sums are to be: title, where, and our figure."""
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.kind, _USUAL))
        sheet.write_string(0, place, column.title, style.head)
    line = 1
    for start in range(0, table.rows, _BLOCK):
        for row in table.cut(start, min(start + _BLOCK, table.rows)):
            for place, (column, value) in enumerate(
                zip(table.columns, row, strict=True)
            ):
                _cell(sheet, line, place, column, value, style, words)
            line += 1
    if table.rows:
        sheet.autofilter(0, 0, table.rows, len(table.columns) - 1)
    return _foot(sheet, name, line, table, style)


def _cell(
    sheet: Any,
    line: int,
    place: int,
    column: Column,
    value: Value,
    style: _Styles,
    words: Words,
) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(line, place, value, style.day)
    elif isinstance(value, Decimal):
        sheet.write_number(line, place, value, style.share)
    elif isinstance(value, int):
        known = style.money if column.kind is Kind.MONEY else style.whole
        sheet.write_number(line, place, style.figure(value, column), known)
    else:
        text = word(column, value, words)
        risky = text.startswith(_COMMANDS)
        sheet.write_string(line, place, text, style.quoted if risky else None)


def _foot(
    sheet: Any, name: str, line: int, table: Table, style: _Styles
) -> list[tuple[str, str, Decimal | int]]:
    if not table.rows or not any(each.sums for each in table.columns):
        return []
    checks: list[tuple[str, str, Decimal | int]] = []
    for place, column in enumerate(table.columns):
        if not column.sums:
            text = pgettext("sum", "All") if not place else ""
            sheet.write_string(line, place, text, style.line)
            continue
        letter = xl_col_to_name(place)
        ours = style.figure(table.total(column), column)
        known = style.sum if column.kind is Kind.MONEY else style.count
        formula = f"=SUM({letter}2:{letter}{line})"
        sheet.write_formula(line, place, formula, known, ours)
        where = f"'{name}'!{letter}{line + 1}"
        checks.append((f"{table.title}: {column.title}", where, ours))
    return checks


def _about(
    book: Any,
    title: str,
    about: Sequence[tuple[str, str]],
    checks: Sequence[tuple[str, str, Decimal | int]],
    style: _Styles,
) -> None:
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "About"))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 18)
    sheet.write_string(0, 0, title, style.bold)
    line = 1
    for name, said in about:
        sheet.write_string(line, 0, name, style.bold)
        sheet.write_string(line, 1, said, style.wrap)
        line += 1
    if not checks:
        return
    line += 1
    for place, text in enumerate((_("Sum"), _("As we reckoned it"), _("Check"))):
        sheet.write_string(line, place, text, style.head)
    good, wrong = _("agrees"), _("differs")
    for name, where, ours in checks:
        line += 1
        sheet.write_string(line, 0, name)
        sheet.write_number(line, 1, ours, style.money)
        formula = f'=IF(ROUND({where}-B{line + 1},3)=0,"{good}","{wrong}")'
        sheet.write_formula(line, 2, formula, None, good)
