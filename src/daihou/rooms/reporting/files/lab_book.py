"""The answer to a question as a workbook, as columns and as a drawing."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from django.utils.translation import gettext, pgettext

from daihou.engine.basics.money import digits
from daihou.engine.metrics.definition import Basis, Metric
from daihou.engine.metrics.matrix import RollMatrix
from daihou.kit.portfolio import Point, Series
from daihou.kit.watermark import Mark
from daihou.rooms.people import door as people
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer
from daihou.rooms.reporting.pages.lab import names_people, title_of
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question, View

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file and the fingerprint of the figures in it."""

    content: bytes
    fingerprint: str


def workbook(question: Question, *, person: people.Person, mark: Mark) -> Taken | None:
    """An XLSX of the answer in the sight of a person; None where there is none.

    Sheets: the figures as on the page, every point with part and whole (amounts in
    major units, exact), and what it is: question, definition, fingerprint.
    """
    months = lab.months()
    if not months:
        return None
    say = words.keys(officers=names_people(question))
    title = title_of(question, months, say)
    if question.view is View.MATRIX:
        return _matrix_book(question, title, person=person, mark=mark)
    series = lab.series(question, scope=person.scope)
    if isinstance(series, lab.Unknown) or not series.points:
        return None
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        styles = _styles(book, question)
        _figures(book, styles, series, question, say)
        _points(book, styles, series, question, say)
        _about(book, styles, question, title, series.fingerprint, series.as_of)
        mark.into_workbook(book)
    return Taken(buffer.getvalue(), series.fingerprint)


def _styles(book: Any, question: Question) -> dict[str, Any]:
    places = digits(question.currency) if question.metric.basis is Basis.AMOUNT else 0
    money = "#,##0" + (f".{'0' * places}" if places else "")
    return {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "share": book.add_format({"num_format": "0.00%"}),
        "units": book.add_format({"num_format": money}),
        "text": book.add_format({"quote_prefix": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _figures(
    book: Any,
    styles: dict[str, Any],
    series: Series,
    question: Question,
    say: words.Keys,
) -> None:
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "Figures"))
    sheet.freeze_panes(1, 1)
    across, found = answer.places(series), answer.grid(series)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(across), 10)
    sheet.write_string(0, 0, words.cut_word(question.by), styles["head"])
    for column, at in enumerate(across, start=1):
        sheet.write_string(0, column, at, styles["head"])
    for line, key in enumerate(answer.keys(series), start=1):
        word = answer.line_word(question, say, key, question.metric)
        sheet.write_string(line, 0, word, styles["text"])
        for column, at in enumerate(across, start=1):
            point = found.get((key, at))
            if point is not None and point.value is not None:
                sheet.write_number(line, column, _decimal(point.value), styles["share"])


def _points(
    book: Any,
    styles: dict[str, Any],
    series: Series,
    question: Question,
    say: words.Keys,
) -> None:
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "Points"))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 4, 18)
    heads = (
        words.cut_word(question.by),
        pgettext("axis", "At"),
        gettext("Part"),
        gettext("Whole"),
        pgettext("figure", "Share"),
    )
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, styles["head"])
    known = [point for point in series.points if point.known]
    for line, point in enumerate(known, start=1):
        word = answer.line_word(question, say, point.key, question.metric)
        sheet.write_string(line, 0, word, styles["text"])
        sheet.write_string(line, 1, point.at)
        sheet.write_number(line, 2, _major(point.part, question), styles["units"])
        sheet.write_number(line, 3, _major(point.whole, question), styles["units"])
        if point.value is not None:
            sheet.write_number(line, 4, _decimal(point.value), styles["share"])


def _about(
    book: Any,
    styles: dict[str, Any],
    question: Question,
    title: str,
    fingerprint: str,
    as_of: object,
) -> None:
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "About"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    metric = question.metric
    pairs = [
        (gettext("Shown"), title),
        (gettext("Question"), question.address()),
        (pgettext("metric", "Figure"), f"{metric.id} v{metric.version}"),
        (gettext("Definition"), words.formula(metric)),
        *words.convention(metric),
        (gettext("Source"), metric.source),
        (gettext("Currency"), question.currency),
        (gettext("As of"), str(as_of)),
        (gettext("Fingerprint"), fingerprint),
        (gettext("Loans counted"), gettext("those the person may see")),
    ]
    for line, (name, told) in enumerate(pairs):
        sheet.write_string(line, 0, name, styles["head"])
        sheet.write_string(line, 1, told, styles["wrap"])


def _matrix_book(
    question: Question, title: str, *, person: people.Person, mark: Mark
) -> Taken | None:
    months = {each.name: each for each in lab.months()}
    month = question.month if question.month in months else list(months)[-1]
    amount = question.metric.basis is Basis.AMOUNT
    found = lab.matrix(question, month=month, amount=amount, scope=person.scope)
    if isinstance(found, lab.Unknown):
        return None
    made = lab.matrix_print(question, month=month, amount=amount, scope=person.scope)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        styles = _styles(book, question)
        _square(book, styles, found, question, shares=True)
        _square(book, styles, found, question, shares=False)
        told = f"{title}, {month}"
        _about(book, styles, question, told, made, months[month].as_of)
        mark.into_workbook(book)
    return Taken(buffer.getvalue(), made)


def _square(
    book: Any,
    styles: dict[str, Any],
    matrix: RollMatrix,
    question: Question,
    *,
    shares: bool,
) -> None:
    """One sheet of a matrix; the last column sums each row by a formula."""
    amount = question.metric.basis is Basis.AMOUNT and matrix.amount is not None
    cells = matrix.amount if amount and matrix.amount is not None else matrix.count
    names = (
        pgettext("sheet of a workbook", "Shares"),
        pgettext("sheet of a workbook", "Sums"),
    )
    sheet = book.add_worksheet(names[0] if shares else names[1])
    sheet.freeze_panes(1, 1)
    size = len(matrix.states)
    for n, state in enumerate(matrix.states, start=1):
        word = words.state_word(state)
        sheet.write_string(0, n, word, styles["head"])
        sheet.write_string(n, 0, word, styles["head"])
    sheet.write_string(0, size + 1, gettext("Total"), styles["head"])
    style = styles["share"] if shares else styles["units"]
    for i, row in enumerate(cells, start=1):
        total = sum(row)
        if not total:
            continue
        for j, units in enumerate(row, start=1):
            value = (
                _decimal(Fraction(units, total)) if shares else _major(units, question)
            )
            sheet.write_number(i, j, value, style)
        span = f"{xlsxwriter.utility.xl_rowcol_to_cell(i, 1)}:"
        span += xlsxwriter.utility.xl_rowcol_to_cell(i, size)
        said = Decimal(1) if shares else _major(total, question)
        sheet.write_formula(i, size + 1, f"=SUM({span})", style, said)


def parquet(question: Question, *, person: people.Person, mark: Mark) -> Taken | None:
    """The points as columns: key, at, part, whole (minor units), known; or None.

    The question, the definition's version, the fingerprint and who took it out stand in
    the metadata of the file.
    """
    series = lab.series(question, scope=person.scope)
    if isinstance(series, lab.Unknown) or not series.points:
        return None
    points: Sequence[Point] = series.points
    table = pa.table(
        {
            "key": pa.array([p.key for p in points], pa.string()),
            "at": pa.array([p.at for p in points], pa.string()),
            "part": pa.array([p.part if p.known else None for p in points], pa.int64()),
            "whole": pa.array(
                [p.whole if p.known else None for p in points], pa.int64()
            ),
            "known": pa.array([p.known for p in points], pa.bool_()),
        }
    )
    told = {
        "daihou.question": question.address(),
        "daihou.metric": f"{question.metric.id} v{question.metric.version}",
        "daihou.convention": _plain(question.metric),
        "daihou.fingerprint": series.fingerprint,
        "daihou.as_of": series.as_of.isoformat(),
        "daihou.mark": mark.line,
    }
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(told), sink)
    return Taken(sink.getvalue(), series.fingerprint)


def _plain(metric: Metric) -> str:
    return "; ".join(f"{what}: {told}" for what, told in metric.convention.items())


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _major(units: int, question: Question) -> Decimal:
    if question.metric.basis is not Basis.AMOUNT:
        return Decimal(units)
    return Decimal(units) / 10 ** digits(question.currency)
