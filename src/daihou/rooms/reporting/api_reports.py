"""The reports for programs: which there are, and one as of a closed day."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from daihou.kit import masking, ports
from daihou.kit.api.router import Router
from daihou.kit.api.values import Currency, Day, Schema, Word, money
from daihou.kit.refusal import NotAllowed, NotFound
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.reporting.asked import reader, reader_of_loans
from daihou.rooms.reporting.pages.reports import catalogue
from daihou.rooms.reporting.pages.reports import page as report_page
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Report,
    Table,
    Value,
)

router = Router(tags=["Portfolio"])
MOST = 500  # rows of a table in one answer


class ReportEntry(Schema):
    """One report there is."""

    code: str
    title: str
    about: str
    compares_two_days: bool


class ReportEntries(Schema):
    """Every report, and the closed days they can be asked for."""

    reports: list[ReportEntry]
    first: date | None
    last: date | None


class ReportColumn(Schema):
    """One column: `kind` says what the text of its cells is."""

    key: str
    title: str
    kind: str


class ReportTable(Schema):
    """Rows from `offset` on; money in major units, shares of one, dates in ISO-8601.

    A cell is text in codes, never a word of a language; null where there is nothing.
    """

    key: str
    title: str
    columns: list[ReportColumn]
    rows: list[list[str | None]]
    totals: dict[str, str]
    row_count: int
    metric: str
    problem: str


class ReportShown(Schema):
    """A report of a day; the same day and conditions, the same `fingerprint`."""

    code: str
    as_of: date
    since: date | None
    currency: str
    fingerprint: str
    positions: str
    unverified_rules: list[str]
    tables: list[ReportTable]


class ReportQuestion(Schema):
    """Of which day (the last one closed on or before `as_of`) and which loans."""

    as_of: Day | None = None
    since: Day | None = None
    currency: Currency | None = None
    branch: Word = ""
    product: Word = ""
    officer: Word = ""
    bucket: Word = ""
    by: Word = ""
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


@router.read(
    "/reports", scope=ApiScope.PORTFOLIO_READ, returns=ReportEntries, allow=reader
)
def get_reports(request: HttpRequest) -> ReportEntries:
    """List the reports there are

    With the first and the last closed day they can be asked for.
    """
    dates = sorted(ports.book().standing())
    return ReportEntries(
        reports=[
            ReportEntry(
                code=each.code,
                title=str(each.title),
                about=str(each.about),
                compares_two_days=each.period,
            )
            for each in catalogue.REPORTS.values()
        ],
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
    )


@router.read(
    "/reports/{code}",
    scope=ApiScope.PORTFOLIO_READ,
    returns=ReportShown,
    allow=reader,
)
def get_report(
    request: HttpRequest, code: str, asked: Query[ReportQuestion]
) -> ReportShown:
    """Read one report as of a closed day

    At most 500 rows of each table from `offset` on; names are masked. Asking again for
    the same day gives the same fingerprint. A report with a row for each loan or
    customer takes the scope loans:read as well.
    """
    if catalogue.entry(code).names:
        _must_read_loans(request)
    told = asked.dict(exclude={"offset"})
    query = {name: str(value) for name, value in told.items() if value}
    desk = report_page.desk_of(ports.book(), query, scope=request.person.scope)
    if desk is None:
        raise NotFound("no_closed_day", _("No day has been closed yet."))
    found = catalogue.report(code, desk)
    return ReportShown(
        code=code,
        as_of=found.as_of,
        since=found.since,
        currency=found.currency,
        fingerprint=found.fingerprint,
        positions=found.positions,
        unverified_rules=list(found.doubted),
        tables=[_table(found, each, asked.offset) for each in found.tables],
    )


def _must_read_loans(request: HttpRequest) -> None:
    """Rows of loans are read as the loans are: by right and by scope of the token."""
    reader_of_loans(request)
    if ApiScope.LOANS_READ not in request.caller.scopes:
        raise NotAllowed(
            "scope_missing",
            _("This token may not do that; it lacks the scope %(scope)s.")
            % {"scope": ApiScope.LOANS_READ.value},
            scope=ApiScope.LOANS_READ.value,
        )


def _table(report: Report, table: Table, offset: int) -> ReportTable:
    currency, columns = report.currency, table.columns
    return ReportTable(
        key=table.key,
        title=table.title,
        columns=[
            ReportColumn(key=each.key, title=each.title, kind=each.kind.value)
            for each in columns
        ],
        rows=[
            [
                _text(column, value, currency)
                for column, value in zip(columns, row, strict=True)
            ]
            for row in table.cut(offset, offset + MOST)
        ],
        totals={
            each.key: str(_text(each, table.total(each), currency))
            for each in columns
            if each.sums
        },
        row_count=table.rows,
        metric=table.metric,
        problem=table.problem,
    )


def _text(column: Column, value: Value, currency: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if column.kind is Kind.MONEY:
        assert isinstance(value, int)
        return str(money(value, currency))
    return masking.name(str(value)) if column.kind is Kind.NAME else str(value)
