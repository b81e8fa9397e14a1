"""The answer to a question as a workbook, as columns and as a drawing."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from daihou.kit.portfolio import Month, Point, Series
from daihou.kit.watermark import Mark
from daihou.rooms.people import door as people
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer, coins, months
from daihou.rooms.reporting.pages.lab import names_people, title_of
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question, View

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_A4 = 9  # as a spreadsheet numbers sizes of paper
_NARROWEST, _WIDEST = 12, 48  # columns, in digits
_LATIN = "\u2e7f"  # letters behind it are wide


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
    question, _choice = coins.settled(question, scope=person.scope)
    counted = lab.months()
    if not counted:
        return None
    say = words.keys(officers=names_people(question))
    title = title_of(question, counted, say)
    if question.view is View.FORECAST:
        return None  # what is expected is on the page alone
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
    places = digits(question.coin) if question.metric.basis is Basis.AMOUNT else 0
    money = "#,##0" + (f".{'0' * places}" if places else "")
    return {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "share": book.add_format({"num_format": "0.00%"}),
        "units": book.add_format({"num_format": money}),
        "text": book.add_format({"quote_prefix": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _on_paper(sheet: Any, *, column: int) -> None:
    """One page wide, its head on every page; head and first columns stay in sight."""
    sheet.freeze_panes(1, column)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _wide(texts: Sequence[str]) -> int:
    """The width of a column that holds the texts; a Chinese letter takes two."""
    wide = (sum(1 + (letter > _LATIN) for letter in text) for text in texts)
    return min(_WIDEST, max(_NARROWEST, 2 + max(wide, default=0)))


def _figures(
    book: Any,
    styles: dict[str, Any],
    series: Series,
    question: Question,
    say: words.Keys,
) -> None:
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "Figures"))
    _on_paper(sheet, column=1)
    across, found = answer.places(series), answer.grid(series)
    said = [
        answer.line_word(question, say, key, question.metric)
        for key in answer.keys(series)
    ]
    sheet.set_column(0, 0, _wide([words.cut_word(question.by), *said]))
    sheet.set_column(1, len(across), 10)
    sheet.write_string(0, 0, words.cut_word(question.by), styles["head"])
    for column, at in enumerate(across, start=1):
        sheet.write_string(0, column, at, styles["head"])
    for line, key in enumerate(answer.keys(series), start=1):
        sheet.write_string(line, 0, said[line - 1], styles["text"])
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
    _on_paper(sheet, column=0)
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
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    metric = question.metric
    pairs = [
        (gettext("Shown"), title),
        (gettext("Question"), question.address()),
        (pgettext("metric", "Figure"), f"{metric.id} v{metric.version}"),
        (gettext("Definition"), words.formula(metric)),
        *words.convention(metric),
        (gettext("Source"), words.source(metric)),
        (gettext("Currency"), question.coin),
        (gettext("As of"), str(as_of)),
        (gettext("Fingerprint"), fingerprint),
        (gettext("Loans counted"), gettext("those the person may see")),
    ]
    for line, (name, told) in enumerate(pairs):
        sheet.write_string(line, 0, name, styles["head"])
        sheet.write_string(line, 1, told, styles["wrap"])


def _matrix(
    question: Question, person: people.Person
) -> tuple[RollMatrix, Month, str] | None:
    """The matrix on the page, its month and its fingerprint."""
    counted = lab.months()
    month = months.chosen(question, counted) if counted else None
    if month is None:
        return None
    amount = question.metric.basis is Basis.AMOUNT
    asked: Any = {"month": month.name, "amount": amount, "scope": person.scope}
    found = lab.matrix(question, **asked)
    if isinstance(found, lab.Unknown) or not any(map(sum, found.count)):
        return None
    return found, month, lab.matrix_print(question, **asked)


def _matrix_book(
    question: Question, title: str, *, person: people.Person, mark: Mark
) -> Taken | None:
    told = _matrix(question, person)
    if told is None:
        return None
    found, month, made = told
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        styles = _styles(book, question)
        _square(book, styles, found, question, shares=True)
        _square(book, styles, found, question, shares=False)
        _about(book, styles, question, title, made, month.as_of)
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
    _on_paper(sheet, column=1)
    sheet.set_column(0, len(matrix.states) + 1, 10 if shares else 15)
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
    question, _choice = coins.settled(question, scope=person.scope)
    if question.view is View.MATRIX:
        return _matrix_columns(question, person=person, mark=mark)
    if question.view is View.FORECAST:
        return None
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
    return _written(table, question, series.fingerprint, series.as_of, mark)


def _matrix_columns(
    question: Question, *, person: people.Person, mark: Mark
) -> Taken | None:
    """The matrix as columns: before, after, loans, opening amount in minor units."""
    told = _matrix(question, person)
    if told is None:
        return None
    found, month, made = told
    size = range(len(found.states))
    cells = [(i, j) for i in size for j in size if found.count[i][j]]
    columns = {
        "before": pa.array([found.states[i] for i, _j in cells], pa.string()),
        "after": pa.array([found.states[j] for _i, j in cells], pa.string()),
        "count": pa.array([found.count[i][j] for i, j in cells], pa.int64()),
    }
    if found.amount is not None:
        amounts = [found.amount[i][j] for i, j in cells]
        columns["amount"] = pa.array(amounts, pa.int64())
    asked = replace(question, month=month.name)
    return _written(pa.table(columns), asked, made, month.as_of, mark)


def _written(
    table: pa.Table, question: Question, fingerprint: str, as_of: date, mark: Mark
) -> Taken:
    told = {
        "daihou.question": question.address(),
        "daihou.metric": f"{question.metric.id} v{question.metric.version}",
        "daihou.convention": _plain(question.metric),
        "daihou.currency": question.coin,
        "daihou.fingerprint": fingerprint,
        "daihou.as_of": as_of.isoformat(),
        "daihou.mark": mark.line,
    }
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(told), sink)
    return Taken(sink.getvalue(), fingerprint)


def _plain(metric: Metric) -> str:
    return "; ".join(f"{what}: {told}" for what, told in metric.convention.items())


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _major(units: int, question: Question) -> Decimal:
    if question.metric.basis is not Basis.AMOUNT:
        return Decimal(units)
    return Decimal(units) / 10 ** digits(question.coin)
