"""The front of the lab: a few figures, how they stand and how they moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext

from daihou.engine.metrics.definition import Metric, Numerator
from daihou.engine.metrics.dictionary import METRICS
from daihou.kit import numbers
from daihou.kit.portfolio import Axis, Cut, Month, Series
from daihou.kit.scope import Scope
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import chart, coins
from daihou.rooms.reporting.pages.lab import Group, groups
from daihou.rooms.reporting.queries import lab, standing

# What is shown first; a figure the dictionary lacks is left out.
FRONT: Final = (
    "overdue_1_amount",
    "overdue_30_amount",
    "overdue_90_amount",
    "npl_ratio",
    "overdue_90_over_npl",
    "migration_normal_to_bad",
    "fpd_30",
    "promise_kept",
)
# Of these a rise is good; of no other.
RISING_IS_GOOD: Final = frozenset({"promise_kept"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: its last value, its change and its course."""

    id: str
    word: str
    address: str
    value: str
    at: str
    change: str
    compared: bool  # with a month before
    rising: bool
    good: bool
    told: str
    path: str
    end_x: float
    end_y: float


@dataclass(frozen=True, slots=True)
class Start:
    """One question to begin with."""

    word: str
    told: str
    address: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page; without months it says what makes them."""

    months: Sequence[Month]
    last: Month | None
    tiles: Sequence[Tile]
    starts: Sequence[Start]
    groups: Sequence[Group]
    given: Sequence[standing.Line]
    nothing: bool  # the reader sees no loans at all


def overview(*, person: people.Person) -> Overview:
    """The front page for one reader."""
    months = lab.months()
    tiles = []
    if months and not person.scope.nothing:
        running = "" if months[-1].complete else months[-1].name
        found = [
            _tile(METRICS[id], person.scope, running=running)
            for id in FRONT
            if id in METRICS
        ]
        tiles = [each for each in found if each is not None]
    return Overview(
        months=months,
        last=months[-1] if months else None,
        tiles=tiles,
        starts=_starts(),
        groups=groups(None),
        given=standing.given_to(person),
        nothing=person.scope.nothing,
    )


def _tile(metric: Metric, scope: Scope, *, running: str) -> Tile | None:
    """The tile of a figure; of what flows in a month only whole months count."""
    plain = questions.read_plain(metric.id)
    question, _choice = coins.settled(plain, scope=scope)
    series = lab.series(question, scope=scope)
    if isinstance(series, lab.Unknown):
        return None
    flows = metric.numerator is Numerator.FLOW
    course = [point for point in series.points if not flows or point.at != running]
    places = [n for n, point in enumerate(course) if point.value is not None]
    if not places or series.axis is not Axis.MONTH:
        return None
    values = [point.value for point in course]
    last = course[places[-1]]
    # Only the month right before is compared with; one that is not known is none.
    before = values[places[-1] - 1] if places[-1] else None
    now = last.value
    assert now is not None
    change = now - before if before is not None else Fraction(0)
    path, end_x, end_y = chart.spark(values)
    return Tile(
        id=metric.id,
        word=words.name(metric),
        address=question.address(),
        value=words.share(now).removesuffix("%"),
        at=last.at,
        change=_moved(change),
        compared=before is not None,
        rising=change > 0,
        good=(change > 0) == (metric.id in RISING_IS_GOOD),
        told=_told(series, metric),
        path=path,
        end_x=end_x,
        end_y=end_y,
    )


def _moved(change: Fraction) -> str:
    said = words.points(change)
    return "" if said == numbers.DASH else said


def _told(series: Series, metric: Metric) -> str:
    """The course in words, for whoever does not see it."""
    known = [point for point in series.points if point.value is not None]
    return gettext("%(name)s: %(first)s in %(start)s, %(last)s in %(end)s") % {
        "name": words.name(metric),
        "first": words.share(known[0].value),
        "start": known[0].at,
        "last": words.share(known[-1].value),
        "end": known[-1].at,
    }


def _starts() -> Sequence[Start]:
    """Questions people begin with."""
    asked: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("roll_amount", {}, gettext("Where did last month's loans go?")),
        (
            "roll_count",
            {"view": questions.View.FORECAST},
            gettext("Where will today's loans stand?"),
        ),
        ("vintage_ever_30_amount", {}, gettext("Are younger cohorts worse?")),
        (
            "overdue_30_amount",
            {"by": Cut.PRODUCT},
            gettext("Which product is late?"),
        ),
        (
            "roll_amount",
            {"of": Cut.CLASS},
            gettext("How did the five classes move?"),
        ),
        (
            "fpd_30",
            {"by": Cut.CHANNEL},
            gettext("Who brings first defaults?"),
        ),
    )
    found = []
    for id, changes, word in asked:
        question = replace(questions.read_plain(id), **changes)
        found.append(Start(word, words.name(question.metric), question.address()))
    return found
