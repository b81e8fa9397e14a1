"""The answer to a question as lines: the largest ones, and all others as one."""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext, ngettext

from daihou.engine.metrics.definition import Metric
from daihou.kit.portfolio import Axis, Cut, Point, Series
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import chart
from daihou.rooms.reporting.pages.answer import (
    Doors,
    Grid,
    grid,
    has_loans,
    keys,
    line_word,
    made_of,
    places,
    sizes,
)
from daihou.rooms.reporting.question import Question

FEW: Final = 3  # lines; the spots of more say their value alone


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
    chosen = _chosen(series, question, most)
    few = len(chosen) * (1 + len(others)) <= FEW
    across = list(places(series))
    drawn = _lines(series, question, say, chosen, few=few)
    left = [key for key in keys(series) if key not in set(chosen)]
    rest = ""
    if left and not others and _adds_up(series, question):
        drawn = [*drawn, _rest(series, question, left)]
        rest = gettext("The largest stand alone; the table has every line.")
    elif left:
        rest = ngettext(
            "%(n)s more line stands in the table only.",
            "%(n)s more lines stand in the table only.",
            len(left),
        ) % {"n": len(left)}
    for metric, other in others:
        theirs = _chosen(other, question, most)
        more = _lines(other, question, say, theirs, few=few, metric=metric)
        drawn = [*drawn, *_on(across, places(other), more)]
    made = chart.chart(
        drawn, places=across, title=title, told=_told(drawn, across, title)
    )
    return made, rest


def _chosen(series: Series, question: Question, most: int) -> Sequence[str]:
    """The keys that get a line of their own, in the order they came."""
    every, across, found = keys(series), places(series), grid(series)
    if question.by is Cut.COHORT and most > 1:
        return _spread(every, found, across, most)
    if len(every) <= most:
        return every
    wholes = sizes(series, found, across)
    alone = most - 1 if _adds_up(series, question) else most
    biggest = sorted(every, key=lambda key: (-wholes[key], key))[:alone]
    return [key for key in every if key in set(biggest)]


def _adds_up(series: Series, question: Question) -> bool:
    """Whether parts and wholes of several values of the cut are those of them all."""
    by_part = question.by not in (None, Cut.COHORT)
    aged = question.metric.mob_base is None and series.axis is Axis.AGE
    return by_part and not aged


def _lines(
    series: Series,
    question: Question,
    say: words.Keys,
    chosen: Sequence[str],
    *,
    few: bool,
    metric: Metric | None = None,
) -> Sequence[chart.Given]:
    metric = metric or question.metric
    across, found = places(series), grid(series)
    doors = Doors(question, metric)

    def said(point: Point | None) -> str:
        if point is None or point.value is None:
            return ""
        told = f"{point.at}  {words.share(point.value)}"
        made = made_of(metric, point, currency=question.coin)
        return f"{told}  {made}" if few else told

    def link(point: Point | None) -> str:
        if point is None or not point.part or not point.known:
            return ""
        if not has_loans(metric):
            return ""
        return doors.to(at=point.at, key=point.key)

    return [
        chart.Given(
            word=line_word(question, say, key, metric),
            values=[_value(found.get((key, at))) for at in across],
            said=[said(found.get((key, at))) for at in across],
            # Of many lines the table has the addresses: a page stays light.
            links=[link(found.get((key, at))) for at in across] if few else (),
            last=_last(found.get((key, at)) for at in across),
        )
        for key in chosen
    ]


def _rest(series: Series, question: Question, left: Collection[str]) -> chart.Given:
    """All the other values of the cut as one line: their parts over their wholes."""
    kept, across = set(left), places(series)
    parts, wholes = dict.fromkeys(across, 0), dict.fromkeys(across, 0)
    for point in series.points:
        if point.key in kept and point.known:
            parts[point.at] += point.part
            wholes[point.at] += point.whole
    values = [Fraction(parts[at], wholes[at]) if wholes[at] else None for at in across]
    word = ngettext("%(n)s other", "%(n)s others", len(kept)) % {"n": len(kept)}
    said = [
        f"{at}  {words.share(value)}" for at, value in zip(across, values, strict=True)
    ]
    known = [value for value in values if value is not None]
    last = words.share(known[-1]) if known else ""
    return chart.Given(word, values, said, rest=True, last=last)


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


def _last(points: Iterable[Point | None]) -> str:
    known = [each.value for each in points if each is not None]
    told = [value for value in known if value is not None]
    return words.share(told[-1]) if told else ""


def _value(point: Point | None) -> Fraction | None:
    return point.value if point is not None else None


def _on(
    across: Sequence[str], theirs: Sequence[str], given: Sequence[chart.Given]
) -> Sequence[chart.Given]:
    """Lines moved onto the places of another series; what has no place is left out."""
    where = {at: n for n, at in enumerate(theirs)}
    return [
        chart.Given(
            word=line.word,
            last=line.last,
            values=[line.values[where[at]] if at in where else None for at in across],
            said=[line.said[where[at]] if at in where else "" for at in across],
            links=[line.links[where[at]] if at in where else "" for at in across]
            if line.links
            else (),
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
