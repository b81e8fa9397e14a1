"""Where the loans of a month went: the matrix as a heat map, a flow, and the rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext, pgettext

from daihou.engine.metrics.definition import Basis, Metric
from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.matrix import RollMatrix, shares
from daihou.engine.metrics.regulatory import CLASSES
from daihou.kit import numbers
from daihou.kit.portfolio import Cut, Series
from daihou.kit.scope import Scope
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer, flow
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question, View

NOT_BEFORE = frozenset({"new"})  # who was not there before has not moved
_DEEP = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """Who went from one state to another; `kind` is stays, worse, better or gone."""

    text: str
    told: str
    shade: int
    kind: str
    link: str


@dataclass(frozen=True, slots=True)
class Row:
    """Where those of one state went; the cells add up to all of them."""

    word: str
    size: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Step:
    """One rate from a state to the next worse."""

    word: str
    rate: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One published rate of a month, with its definition."""

    metric: Metric
    word: str
    text: str
    told: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The whole of it for one month."""

    month: str
    heads: Sequence[str]
    rows: Sequence[Row]
    steps: Sequence[Step]
    through: str  # the product of all the steps
    rates: Sequence[Rate]
    drawing: flow.Flow
    basis: Sequence[tuple[str, str, bool]]
    kinds: Sequence[tuple[str, str, bool]]


def roll(question: Question, matrix: RollMatrix, *, month: str, scope: Scope) -> Roll:
    """The page of a matrix of one month."""
    amount = question.metric.basis is Basis.AMOUNT
    cells = matrix.amount if amount and matrix.amount is not None else matrix.count
    states = matrix.states
    sums = [sum(row) for row in cells]
    arrived = [sum(row[j] for row in cells) for j in range(len(states))]
    rows = [i for i, total in enumerate(sums) if total]
    across = [j for j, total in enumerate(arrived) if total]
    rate = shares(cells)
    steps = _steps(question.of, states, rate)
    product = _product(steps)
    return Roll(
        month=month,
        heads=[words.state_word(states[j]) for j in across],
        rows=[
            Row(
                words.state_word(states[i]),
                words.quantity(question.metric, sums[i], currency=question.coin),
                [
                    _cell(question, states, i, j, cells[i][j], rate[i][j], month)
                    for j in across
                ],
            )
            for i in rows
        ],
        steps=[
            Step(word, words.share(found)) for word, found in steps if found is not None
        ],
        through=words.share(product) if product is not None else "",
        rates=_rates(question, month, scope) if question.of is Cut.CLASS else (),
        drawing=flow.flow(
            [words.state_word(state) for state in states],
            [
                [0] * len(row) if state in NOT_BEFORE else row
                for state, row in zip(states, cells, strict=True)
            ],
            title=gettext("From the end of the month before to the end of %(month)s")
            % {"month": month},
        ),
        basis=_basis(question),
        kinds=[
            (question.address(of=cut), words.cut_word(cut), cut is question.of)
            for cut in (Cut.BUCKET, Cut.CLASS)
        ],
    )


def _cell(
    question: Question,
    states: Sequence[str],
    i: int,
    j: int,
    units: int,
    rate: Fraction | None,
    month: str,
) -> Cell:
    shade = min(_DEEP, 1 + int((rate or 0) * (_DEEP - 1))) if units else 0
    link = ""
    if units:
        asked = Question(
            metric=question.metric,
            by=question.of,
            only=question.only,
            currency=question.currency,
            view=View.CHART,
        )
        key = f"{states[i]}→{states[j]}"
        link = answer.drill(asked, at=month, key=key, metric=question.metric)
    return Cell(
        text=words.share(rate) if units else numbers.DASH,
        told=words.quantity(question.metric, units, currency=question.coin),
        shade=shade,
        kind=_kind(states, i, j) if units else "",
        link=link,
    )


def _kind(states: Sequence[str], i: int, j: int) -> str:
    """Whether it got worse: states stand from the best to the worst."""
    if i == j:
        return "stays"
    if states[j] in ("paid", "closed", "missing", "transferred"):
        return "gone"
    if states[i] == "new":
        return "gone"
    return "worse" if j > i else "better"


def _steps(
    of: Cut, states: Sequence[str], rate: Sequence[Sequence[Fraction | None]]
) -> Sequence[tuple[str, Fraction | None]]:
    """The rates from each step to the next worse one, as far as the ladder goes."""
    if of is Cut.CLASS:
        ladder = [state for state in CLASSES if state in states]
    else:
        ladder = [s for s in states if s[:1] == "M" and s[1:].isdecimal()]
    found = []
    for start, end in pairwise(ladder):
        i, j = states.index(start), states.index(end)
        word = f"{words.state_word(start)} → {words.state_word(end)}"
        found.append((word, rate[i][j]))
    return found


def _product(steps: Sequence[tuple[str, Fraction | None]]) -> Fraction | None:
    product = Fraction(1)
    for _word, rate in steps:
        if rate is None:
            return None
        product *= rate
    return product if steps else None


def _basis(question: Question) -> Sequence[tuple[str, str, bool]]:
    found = []
    for id, word in (
        ("roll_count", pgettext("basis", "Number")),
        ("roll_amount", gettext("Amount")),
    ):
        metric = METRICS[id]
        chosen = metric.id == question.metric.id
        address = question.address(metric=metric, view=View.MATRIX, other=None)
        found.append((address, word, chosen))
    return found


def _rates(question: Question, month: str, scope: Scope) -> Sequence[Rate]:
    """The published rates of the five classes for the month."""
    found = []
    for metric in METRICS.values():
        made_by = getattr(metric.expression, "function", "")
        if "regulatory" not in made_by:
            continue
        asked = Question(
            metric=metric,
            since=month,
            until=month,
            only=question.only,
            currency=question.currency,
        )
        series = lab.series(asked, scope=scope)
        if not isinstance(series, Series):
            continue
        points = [point for point in series.points if point.at == month]
        if points:
            found.append(
                Rate(
                    metric,
                    words.name(metric),
                    words.share(points[0].value),
                    answer.made_of(metric, points[0], currency=question.coin),
                )
            )
    return found
