"""The figures of the portfolio for programs."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from daihou.engine.metrics.definition import Basis, Metric
from daihou.engine.metrics.dictionary import METRICS
from daihou.kit.api.router import Router
from daihou.kit.api.values import Schema, money
from daihou.kit.portfolio import Axis
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.reporting import api_reports, words
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting.asked import reader
from daihou.rooms.reporting.pages import coins, months
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question

router = Router(tags=["Portfolio"])
router.add_router("", api_reports.router)
CutName = Literal[
    "product",
    "branch",
    "officer",
    "channel",
    "region",
    "strategy",
    "cohort",
    "bucket",
    "asset_class",
    "none",
]
MonthName = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
_PLACES = Decimal("0.000001")


class PortfolioMonth(Schema):
    """A month that can be asked for; its last closed day stands for it."""

    month: str
    as_of: date
    loans: int
    fingerprint: str
    complete: bool


class PortfolioMonths(Schema):
    """Every counted month, the earliest first; `complete` is false while one runs."""

    months: list[PortfolioMonth]


class PortfolioMetric(Schema):
    """One definition: figures of different conventions must not be compared."""

    id: str
    en: str
    zh: str
    family: str
    formula: str
    formula_zh: str
    basis: str
    numerator: str
    denominator: str
    written_off: str
    threshold: int | None
    mob_base: int | None
    expression: str
    source: str
    owner: str
    version: int


class PortfolioMetrics(Schema):
    """The dictionary of figures."""

    metrics: list[PortfolioMetric]


class SeriesQuestion(Schema):
    """Which figure, broken down how, over which months.

    Months are those of observation, or of disbursement for a figure by age. Money is
    of one currency: that with most loans unless another is asked for.
    """

    metric: str
    by: CutName | None = None
    since: MonthName | None = None
    until: MonthName | None = None
    product: list[str] = Field(default_factory=list, max_length=60)
    branch: list[str] = Field(default_factory=list, max_length=60)
    channel: list[str] = Field(default_factory=list, max_length=60)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class SeriesPoint(Schema):
    """Part and whole of a cell: amounts in major units, or numbers; a share of six
    decimals. All three are null where the cell cannot be known yet. The true share
    lies from low to high in 95 of 100 cases; null where nobody reckons that."""

    key: str
    at: str
    part: str | None
    whole: str | None
    share: str | None
    low: str | None
    high: str | None


class PortfolioSeries(Schema):
    """The answer; the same book and question give the same fingerprint."""

    metric: str
    version: int
    axis: Literal["month", "age"]
    as_of: date
    currency: str
    fingerprint: str
    points: list[SeriesPoint]


class MatrixQuestion(Schema):
    """Which states, in which month; the last whole one unless another is asked for."""

    of: Literal["bucket", "asset_class"] = "bucket"
    basis: Literal["amount", "count"] = "count"
    month: MonthName | None = None
    product: list[str] = Field(default_factory=list, max_length=60)
    branch: list[str] = Field(default_factory=list, max_length=60)
    channel: list[str] = Field(default_factory=list, max_length=60)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class PortfolioMatrix(Schema):
    """Rows from, columns to, in the order of `states`; shares of a row add up to 1.

    Cells are numbers of loans, or opening amounts in major units. Rows of nobody have
    no shares.
    """

    month: str
    as_of: date
    currency: str
    fingerprint: str
    states: list[str]
    cells: list[list[str]]
    shares: list[list[str] | None]


@router.read(
    "/portfolio/months",
    scope=ApiScope.PORTFOLIO_READ,
    returns=PortfolioMonths,
    allow=reader,
)
def get_portfolio_months(request: HttpRequest) -> PortfolioMonths:
    """List the months of the portfolio

    The night counts the last closed day of every month.
    """
    return PortfolioMonths(
        months=[
            PortfolioMonth(
                month=each.name,
                as_of=each.as_of,
                loans=each.loans,
                fingerprint=each.fingerprint,
                complete=each.complete,
            )
            for each in lab.months()
        ]
    )


@router.read(
    "/portfolio/metrics",
    scope=ApiScope.PORTFOLIO_READ,
    returns=PortfolioMetrics,
    allow=reader,
)
def get_portfolio_metrics(request: HttpRequest) -> PortfolioMetrics:
    """Read the dictionary of figures

    Every figure of the portfolio is made by one of these definitions.
    """
    return PortfolioMetrics(metrics=[_metric(each) for each in METRICS.values()])


def _metric(metric: Metric) -> PortfolioMetric:
    return PortfolioMetric(
        id=metric.id,
        en=metric.en,
        zh=metric.zh,
        family=str(questions.family(metric)),
        formula=metric.formula,
        formula_zh=metric.formula_zh,
        basis=metric.basis,
        numerator=metric.numerator,
        denominator=metric.denominator,
        written_off=metric.written_off,
        threshold=metric.threshold,
        mob_base=metric.mob_base,
        expression=words.expression(metric),
        source=metric.source,
        owner=metric.owner,
        version=metric.version,
    )


@router.read(
    "/portfolio/series",
    scope=ApiScope.PORTFOLIO_READ,
    returns=PortfolioSeries,
    allow=reader,
)
def get_portfolio_series(
    request: HttpRequest, asked: Query[SeriesQuestion]
) -> PortfolioSeries:
    """Read a figure by month or by age

    Of the loans the token's person may see. A point that cannot be known yet has no
    part, no whole and no share.
    """
    scope = request.person.scope
    question = _question(
        asked, asked.metric, scope=scope, by=asked.by or "", view="chart"
    )
    series = lab.series(question, scope=request.person.scope)
    if isinstance(series, lab.Unknown):
        raise _not_known(series)
    metric = question.metric
    return PortfolioSeries(
        metric=metric.id,
        version=metric.version,
        axis="month" if series.axis is Axis.MONTH else "age",
        as_of=series.as_of,
        currency=question.coin,
        fingerprint=series.fingerprint,
        points=[
            SeriesPoint(
                key=point.key,
                at=point.at,
                part=_quantity(question, point.part) if point.known else None,
                whole=_quantity(question, point.whole) if point.known else None,
                share=None if point.value is None else _share(point.value),
                low=None if point.low is None else _share(point.low),
                high=None if point.high is None else _share(point.high),
            )
            for point in series.points
        ],
    )


@router.read(
    "/portfolio/matrix",
    scope=ApiScope.PORTFOLIO_READ,
    returns=PortfolioMatrix,
    allow=reader,
)
def get_portfolio_matrix(
    request: HttpRequest, asked: Query[MatrixQuestion]
) -> PortfolioMatrix:
    """Read the roll matrix of a month

    Where the loans of the end of the month before stand at the end of this one, each
    followed by itself.
    """
    scope = request.person.scope
    question = _question(
        asked,
        f"roll_{asked.basis}",
        scope=scope,
        of=asked.of,
        month=asked.month or "",
    )
    counted = lab.months()
    stands = months.chosen(question, counted) if counted else None
    if stands is None:
        raise NotFound("month_unknown", _("This month has not been counted."))
    month = stands.name
    amount = asked.basis == "amount"
    told: Any = {"month": month, "amount": amount, "scope": scope}
    found = lab.matrix(question, **told)
    if isinstance(found, lab.Unknown):
        raise _not_known(found)
    cells = found.amount if amount and found.amount is not None else found.count
    return PortfolioMatrix(
        month=month,
        as_of=stands.as_of,
        currency=question.coin,
        fingerprint=lab.matrix_print(question, **told),
        states=list(found.states),
        cells=[[_quantity(question, units) for units in row] for row in cells],
        shares=[
            [_share(Fraction(units, sum(row))) for units in row] if sum(row) else None
            for row in cells
        ],
    )


def _question(
    asked: SeriesQuestion | MatrixQuestion, metric: str, *, scope: Scope, **more: str
) -> Question:
    query = QueryDict(mutable=True)
    query["metric"], query["currency"] = metric, asked.currency or ""
    for name in ("since", "until"):
        query[name] = getattr(asked, name, None) or ""
    for name in ("product", "branch", "channel"):
        query.setlist(name, getattr(asked, name))
    for name, value in more.items():
        query[name] = value
    question = questions.read(query)
    if asked.currency:  # a program gets what it asks for, or nothing
        return question
    return coins.settled(question, scope=scope)[0]


def _not_known(found: lab.Unknown) -> NotFound:
    plain = _("This figure is not known for this book.")
    return NotFound("figure_not_known", f"{plain} {found.why}".strip())


def _quantity(question: Question, units: int) -> str:
    if question.metric.basis is Basis.AMOUNT:
        return str(money(units, question.coin))
    return str(units)


def _share(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(_PLACES))
