"""The answer to a question as a table, a page of its rows at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from daihou.engine.metrics.definition import Metric
from daihou.kit.paging import Paging, paging
from daihou.kit.portfolio import Axis, Cut, Point, Series
from daihou.kit.portfolio_cuts import PROVIDED
from daihou.rooms.reporting import words
from daihou.rooms.reporting.question import Question

DEEP = 5  # steps of shade of a table
MOST_CELLS: Final = 300  # of one page of a table
LEAST_ROWS: Final = 8  # of one page, however many columns it has


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its words, what it is made of, its loans, and how dark it stands."""

    text: str
    made_of: str = ""
    link: str = ""
    shade: int = 0
    known: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one value of the cut; `size` is the whole of the first of them."""

    key: str
    word: str
    cells: Sequence[Cell]
    size: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Everything known, places across and values of the cut down."""

    heads: Sequence[str]
    rows: Sequence[Row]
    sizes: bool
    blank: bool  # some cell cannot be known yet
    paging: Paging


Grid = Mapping[tuple[str, str], Point]


def places(series: Series) -> Sequence[str]:
    """Where its points stand, in order."""
    found = {point.at for point in series.points}
    if series.axis is Axis.AGE:
        return sorted(found, key=int)
    return sorted(found)


def keys(series: Series) -> Sequence[str]:
    """The values of the cut, in the order they came."""
    return tuple(dict.fromkeys(point.key for point in series.points))


def grid(series: Series) -> Grid:
    """The points by key and place."""
    return {(point.key, point.at): point for point in series.points}


def line_word(question: Question, say: words.Keys, key: str, metric: Metric) -> str:
    """What one line is called: a value of the cut, a move, or the figure itself."""
    if "→" in key:
        return " → ".join(words.state_word(state) for state in key.split("→"))
    if question.by is not None:
        return say.word(question.by, key)
    return key or words.name(metric)


class Doors:
    """The addresses of the loans behind the cells of one answer."""

    def __init__(self, question: Question, metric: Metric) -> None:
        """`metric` is the question's own, or the one beside it."""
        asked = question.address(metric=metric, other=None)
        self._front = f"{reverse('reporting:lab_loans')}?{asked}&"

    def to(self, *, at: str, key: str) -> str:
        """The address of one cell."""
        where = {"at": at, "key": key} if key else {"at": at}
        return self._front + urlencode(where)


def has_loans(metric: Metric) -> bool:
    """Whether a list of loans makes up a cell; provisions are kept as sums alone."""
    return metric.id not in PROVIDED


def drill(question: Question, *, at: str, key: str, metric: Metric) -> str:
    """The address of the loans behind one cell."""
    return Doors(question, metric).to(at=at, key=key)


def made_of(metric: Metric, point: Point, *, currency: str) -> str:
    """Part and whole of a cell in a sentence, and how sure the share is."""
    told: str = gettext("%(part)s of %(whole)s") % {
        "part": words.quantity(metric, point.part, currency=currency),
        "whole": words.quantity(metric, point.whole, currency=currency),
    }
    if point.low is None or point.high is None:
        return told
    return gettext("%(made_of)s; in 95 of 100 cases from %(low)s to %(high)s") % {
        "made_of": told,
        "low": words.share(point.low),
        "high": words.share(point.high),
    }


def sizes(series: Series, found: Grid, across: Sequence[str]) -> Mapping[str, int]:
    """The whole of the last known cell of every key."""
    told = {}
    for key in keys(series):
        there = (found[key, at] for at in reversed(across) if (key, at) in found)
        last = next((point for point in there if point.known), None)
        told[key] = last.whole if last is not None else 0
    return told


def _in_order(
    series: Series, question: Question, found: Grid, across: Sequence[str], size: int
) -> Sequence[str]:
    """The keys as they came; of more than fill a page the largest first.

    Months of disbursement keep their order, the youngest on the first page.
    """
    every = keys(series)
    if len(every) <= size:
        return every
    if question.by is Cut.COHORT:
        pages = [every[max(0, n - size) : n] for n in range(len(every), 0, -size)]
        return [key for page in pages for key in page]
    wholes = sizes(series, found, across)
    return sorted(every, key=lambda key: (-wholes[key], key))


def table(
    series: Series, question: Question, say: words.Keys, *, page: str | None = None
) -> Table:
    """The numbers under the chart: the rows of one page, with every column."""
    across, found = places(series), grid(series)
    triangle = question.by is Cut.COHORT  # half of its cells are blank
    cells = MOST_CELLS * (2 if triangle else 1)
    size = max(LEAST_ROWS, cells // max(1, len(across)))
    every = _in_order(series, question, found, across, size)
    paged = paging(page, total=len(every), size=size)
    shown = every[paged.start : paged.stop]
    shaded = series.axis is Axis.AGE and len(every) > 1
    rows = _rows(series, question, say, shown, found=found, shaded=shaded)
    blank = any(not each.known for row in rows for each in row.cells)
    return Table(across, rows, shaded, blank, paged)


def _rows(
    series: Series,
    question: Question,
    say: words.Keys,
    shown: Sequence[str],
    *,
    found: Grid,
    shaded: bool,
) -> Sequence[Row]:
    metric, across = question.metric, places(series)
    highest = max((p.value for p in series.points if p.value is not None), default=None)
    doors = Doors(question, metric)

    def cell(key: str, at: str) -> Cell:
        point = found.get((key, at))
        if point is None or not point.known:
            return Cell("", known=False)
        value = point.value
        shade = 0
        if shaded and value and highest:
            shade = min(DEEP, 1 + int(value / highest * (DEEP - 1)))
        link = doors.to(at=at, key=key) if point.part and has_loans(metric) else ""
        told = made_of(metric, point, currency=question.coin)
        return Cell(words.share(value), told, link, shade)

    def size(key: str) -> str:
        there = (found[key, at] for at in across if (key, at) in found)
        first = next((point for point in there if point.known), None)
        if first is None:
            return ""
        return words.quantity(metric, first.whole, currency=question.coin)

    return [
        Row(
            key,
            line_word(question, say, key, metric),
            [cell(key, at) for at in across],
            size(key) if shaded else "",
        )
        for key in shown
    ]
