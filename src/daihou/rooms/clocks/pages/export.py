"""The list of clocks as a spreadsheet that no cell of can run."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext, pgettext

from daihou.kit import masking
from daihou.kit.watermark import Mark
from daihou.rooms.clocks.pages.listing import Line

_WIDTHS = (20, 18, 14, 12, 12, 10, 18, 12, 14, 12)


def _titles() -> tuple[str, ...]:
    return (
        gettext("Clock"),
        gettext("Loan number"),
        gettext("About"),
        gettext("Begins"),
        gettext("Ends on"),
        gettext("Days left"),
        gettext("State"),
        gettext("Alarm"),
        gettext("Rule"),
        gettext("Branch"),
    )


def workbook(lines: Sequence[Line], *, mark: Mark) -> bytes:
    """An XLSX of all lines; whom they are about masked."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(pgettext("sheet of a workbook", "Clocks"))
        head = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text = book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 1)
        for column, (title, width) in enumerate(zip(_titles(), _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for row, each in enumerate(lines, start=1):
            line = each.line
            about = masking.name(each.about) if line.loan_id else each.about
            for column, said in (
                *((0, each.kind), (1, each.number), (2, about), (6, each.chip[2])),
                *((7, each.step), (8, _rule(each)), (9, each.branch)),
            ):
                sheet.write_string(row, column, said, text)
            for column, date in ((3, line.begins_on), (4, line.ends_on)):
                if date is not None:
                    sheet.write_datetime(row, column, date, day)
            if each.days is not None:
                sheet.write_number(row, 5, each.days)
        sheet.write_string(len(lines) + 2, 0, mark.line)
        mark.into_workbook(book)
    return buffer.getvalue()


def _rule(each: Line) -> str:
    if not each.line.unverified:
        return each.line.rule
    return f"{each.line.rule} ({gettext('unverified')})"
