"""The answer to a question as a table and as lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from daihou.engine.metrics.definition import Metric
from daihou.kit.portfolio import Axis, Cut, Point, Series
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import chart
from daihou.rooms.reporting.question import Question

DEEP = 5  # steps of shade of a table


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
    shaded: bool


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


def place_word(axis: Axis, at: str) -> str:
    """What stands under the axis: a month as it is, an age as a number."""
    return at


def line_word(question: Question, say: words.Keys, key: str, metric: Metric) -> str:
    """What one line is called: a value of the cut, a move, or the figure itself."""
    if question.by is not None:
        return say.word(question.by, key)
    if "→" in key:
        return " → ".join(words.state_word(state) for state in key.split("→"))
    return key or words.name(metric)


def drill(question: Question, *, at: str, key: str, metric: Metric) -> str:
    """The address of the loans behind one cell."""
    more = urlencode({"at": at, "key": key})
    asked = question.address(metric=metric, other=None)
    return f"{reverse('reporting:lab_loans')}?{asked}&{more}"


def made_of(metric: Metric, point: Point, *, currency: str) -> str:
    """Part and whole of a cell in a sentence."""
    return gettext("%(part)s of %(whole)s") % {
        "part": words.quantity(metric, point.part, currency=currency),
        "whole": words.quantity(metric, point.whole, currency=currency),
    }


def table(series: Series, question: Question, say: words.Keys) -> Table:
    """The numbers under the chart."""
    across, found = places(series), grid(series)
    metric = question.metric
    highest = max((p.value for p in series.points if p.value is not None), default=None)
    shaded = series.axis is Axis.AGE and len(keys(series)) > 1

    def cell(key: str, at: str) -> Cell:
        point = found.get((key, at))
        if point is None or not point.known:
            return Cell("", known=False)
        value = point.value
        shade = 0
        if shaded and value and highest:
            shade = min(DEEP, 1 + int(value / highest * (DEEP - 1)))
        link = drill(question, at=at, key=key, metric=metric) if point.part else ""
        told = made_of(metric, point, currency=question.currency)
        return Cell(words.share(value), told, link, shade)

    def size(key: str) -> str:
        there = (found[key, at] for at in across if (key, at) in found)
        first = next((point for point in there if point.known), None)
        if first is None:
            return ""
        return words.quantity(metric, first.whole, currency=question.currency)

    rows = [
        Row(
            key,
            line_word(question, say, key, metric),
            [cell(key, at) for at in across],
            size(key) if shaded else "",
        )
        for key in keys(series)
    ]
    blank = any(not each.known for row in rows for each in row.cells)
    heads = [place_word(series.axis, at) for at in across]
    return Table(heads, rows, shaded, blank, shaded)


def lines(
    series: Series, question: Question, say: words.Keys, *, most: int, metric: Metric
) -> tuple[Sequence[chart.Given], int]:
    """The lines to draw, the largest wholes first, and how many there are in all."""
    across, found = places(series), grid(series)
    every = keys(series)
    if question.by is Cut.COHORT and most > 1:
        chosen = _spread(every, found, across, most)
    else:
        biggest = sorted(every, key=lambda key: -_last(found, key, across))
        kept = set(biggest[:most])
        chosen = tuple(key for key in every if key in kept)
    return [
        chart.Given(
            word=line_word(question, say, key, metric),
            values=[_value(found.get((key, at))) for at in across],
            said=[
                _said(found.get((key, at)), at, metric, question.currency)
                for at in across
            ],
            links=[_link(found.get((key, at)), question, metric) for at in across],
        )
        for key in chosen
    ], len(every)


def _spread(
    every: Sequence[str], found: Grid, across: Sequence[str], most: int
) -> Sequence[str]:
    """Cohorts evenly from the oldest to the youngest that has a course yet."""

    def known(key: str) -> int:
        points = (found.get((key, at)) for at in across)
        return sum(1 for point in points if point is not None and point.known)

    told = [key for key in every if known(key) > 1] or list(every)
    if len(told) <= most:
        return told
    return [told[n * (len(told) - 1) // (most - 1)] for n in range(most)]


def _last(found: Grid, key: str, across: Sequence[str]) -> int:
    wholes = [found[key, at].whole for at in across if (key, at) in found]
    return wholes[-1] if wholes else 0


def _value(point: Point | None) -> Fraction | None:
    return point.value if point is not None else None


def _said(point: Point | None, at: str, metric: Metric, currency: str) -> str:
    if point is None or point.value is None:
        return ""
    told = made_of(metric, point, currency=currency)
    return f"{at}  {words.share(point.value)}  {told}"


def _link(point: Point | None, question: Question, metric: Metric) -> str:
    if point is None or not point.part or not point.known:
        return ""
    return drill(question, at=point.at, key=point.key, metric=metric)


def drawing(
    series: Series,
    question: Question,
    say: words.Keys,
    *,
    title: str,
    others: Sequence[tuple[Metric, Series]] = (),
) -> tuple[chart.Chart, str]:
    """The chart of an answer and of others on its axis, and what it leaves out."""
    most = chart.STYLES // (1 + len(others))
    given, total = lines(series, question, say, most=most, metric=question.metric)
    across = list(places(series))
    drawn = list(given)
    for metric, other in others:
        more, _all = lines(other, question, say, most=most, metric=metric)
        drawn += _on(across, places(other), more)
    left = total - len(given)
    rest = ""
    if left > 0:
        rest = ngettext(
            "%(n)s more line stands in the table only.",
            "%(n)s more lines stand in the table only.",
            left,
        ) % {"n": left}
    shown = [place_word(series.axis, at) for at in across]
    made = chart.chart(
        drawn, places=shown, title=title, told=_told(drawn, shown, title)
    )
    return made, rest


def _on(
    across: Sequence[str], theirs: Sequence[str], given: Sequence[chart.Given]
) -> Sequence[chart.Given]:
    """Lines moved onto the places of another series; what has no place is left out."""
    where = {at: n for n, at in enumerate(theirs)}
    return [
        chart.Given(
            word=line.word,
            values=[line.values[where[at]] if at in where else None for at in across],
            said=[line.said[where[at]] if at in where else "" for at in across],
            links=[line.links[where[at]] if at in where else "" for at in across],
        )
        for line in given
    ]


def _told(given: Sequence[chart.Given], across: Sequence[str], title: str) -> str:
    """The drawing in words: each line with its first and last value."""
    said = [title]
    for line in given:
        known = [
            (at, v) for at, v in zip(across, line.values, strict=True) if v is not None
        ]
        if known:
            said.append(
                gettext("%(line)s: %(first)s at %(start)s, %(last)s at %(end)s")
                % {
                    "line": line.word,
                    "first": words.share(known[0][1]),
                    "start": known[0][0],
                    "last": words.share(known[-1][1]),
                    "end": known[-1][0],
                }
            )
    return ". ".join(said)
