"""A report as CSV: every table under its title, amounts in major units."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from daihou.engine.basics.money import digits
from daihou.kit.watermark import Mark
from daihou.rooms.reporting.pages.reports.cells import Words, word
from daihou.rooms.reporting.pages.reports.report import Column, Kind, Report, Value

_COMMANDS = ("=", "+", "-", "@", "\t", "\r")
_BLOCK = 5_000


def as_text(
    report: Report,
    *,
    title: str,
    about: Sequence[tuple[str, str]],
    words: Words,
    mark: Mark,
) -> bytes:
    """The report in UTF-8 with a byte-order mark, so that Excel reads Chinese.

    Lines that begin with # say what it is; no cell runs as a command.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"# {title}"])
    for name, said in about:
        writer.writerow([f"# {name}: {said}"])
    unit = Decimal(10) ** digits(report.currency)
    for table in report.tables:
        writer.writerow([])
        writer.writerow([f"# {table.title}"])
        writer.writerow([each.title for each in table.columns])
        for start in range(0, table.rows, _BLOCK):
            for row in table.cut(start, min(start + _BLOCK, table.rows)):
                writer.writerow(
                    _text(column, value, unit, words)
                    for column, value in zip(table.columns, row, strict=True)
                )
    writer.writerow([])
    writer.writerow(mark.csv_row())
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _text(column: Column, value: Value, unit: Decimal, words: Words) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(Decimal(value) / unit if column.kind is Kind.MONEY else value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = word(column, value, words)
    return f"'{text}" if text.startswith(_COMMANDS) else text
