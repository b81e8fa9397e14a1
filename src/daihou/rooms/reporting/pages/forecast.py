"""Where the loans of today will stand if the months to come roll like the last ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext, ngettext

from daihou.engine.metrics.forecast import (
    Quality,
    Trial,
    forecast,
    interval,
    quality,
)
from daihou.engine.metrics.matrix import RollMatrix, added
from daihou.kit.portfolio import Month
from daihou.kit.scope import Scope
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import chart
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question

WINDOW: Final = 3  # months whose rolls are taken as those to come
AHEAD: Final = 6
HORIZONS: Final = (1, 3, 6)  # months ahead at which past forecasts are judged
# Who has left the book, or was not there: not among those whose way is forecast.
GONE: Final = frozenset(
    {"paid", "closed", "transferred", "written_off", "missing", "new"}
)
TRIALS: Final = 12  # past forecasts of a horizon, the last ones
_PARTS: Final = 10**6


@dataclass(frozen=True, slots=True)
class Line:
    """One month to come: what is expected in each state."""

    ahead: int
    cells: Sequence[str]
    bad: str
    around: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One forecast of the past beside what came of it."""

    month: str
    ahead: int
    expected: str
    actual: str
    error: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast, what it rests on, and how such forecasts did before."""

    month: str
    window: str
    heads: Sequence[str]
    lines: Sequence[Line]
    among: str
    drawing: chart.Chart
    tried: Sequence[Tried]
    quality: Sequence[str]


def forecast_page(
    question: Question, months: Sequence[Month], *, scope: Scope
) -> Forecast | None:
    """The page; None where there are too few months to roll anything."""
    whole = [each.name for each in months if each.complete]
    if question.month in whole:
        whole = whole[: whole.index(question.month) + 1]
    found = _matrices(question, whole, scope)
    if len(found) < WINDOW:
        return None
    names = list(found)
    recent = [found[name] for name in names[-WINDOW:]]
    states, among = recent[-1].states, bad_states(recent[-1].states)
    opening = _standing(recent[-1], after=True)
    total = sum(opening.values())
    if not total or not among:
        return None
    ahead = forecast(opening, added(recent), periods=AHEAD)
    trials = {
        ahead: _trials(question, found, among, ahead, scope) for ahead in HORIZONS
    }
    shares = [sum(step[s] for s in among) / total for step in ahead]
    shown = [s for s in states if opening.get(s) or any(a[s] >= 0.5 for a in ahead)]
    past = _past(found, among)
    return Forecast(
        month=names[-1],
        window=ngettext(
            "as in the last %(n)s month", "as in the last %(n)s months", WINDOW
        )
        % {"n": WINDOW},
        heads=[words.state_word(state) for state in shown],
        lines=[
            Line(
                ahead=n,
                cells=[f"{round(step[state]):,}" for state in shown],
                bad=_percent(share),
                around=_around(share, trials[n]) if n in trials else "",
            )
            for n, (step, share) in enumerate(zip(ahead, shares, strict=True), 1)
        ],
        among=" + ".join(words.state_word(state) for state in among),
        drawing=_drawing(past, shares, names[-1]),
        tried=[
            _tried(names, trial, ahead)
            for ahead in HORIZONS
            for trial in reversed(trials[ahead])
        ],
        quality=[_quality(ahead, quality(trials[ahead])) for ahead in HORIZONS],
    )


def bad_states(states: Sequence[str]) -> Sequence[str]:
    """The states whose share is forecast: more than three months late, written off."""
    late = [s for s in states if s[:1] == "M" and s[1:].isdecimal() and int(s[1:]) > 3]
    return [*late, *(s for s in states if s == "written_off")]


def _matrices(
    question: Question, months: Sequence[str], scope: Scope
) -> Mapping[str, RollMatrix]:
    """The matrix of every month that has one before it."""
    found = {}
    plain = replace(question, since="", until="")
    for month in months[1:]:
        matrix = lab.matrix(plain, month=month, amount=False, scope=scope)
        if isinstance(matrix, RollMatrix) and any(map(sum, matrix.count)):
            found[month] = matrix
    return found


def _standing(matrix: RollMatrix, *, after: bool) -> dict[str, int]:
    """How many of the book stand in each state, before or after."""
    size = range(len(matrix.states))
    if after:
        sums = [sum(matrix.count[i][j] for i in size) for j in size]
    else:
        sums = [sum(row) for row in matrix.count]
    return {
        state: n
        for state, n in zip(matrix.states, sums, strict=True)
        if n and state not in GONE
    }


def _trials(
    question: Question,
    found: Mapping[str, RollMatrix],
    among: Sequence[str],
    ahead: int,
    scope: Scope,
) -> tuple[Trial, ...]:
    """Forecasts `ahead` months from past months, each from what was known then alone."""
    names, trials = list(found), []
    first = max(WINDOW - 1, len(names) - ahead - TRIALS)
    for n in range(first, len(names) - ahead):
        came = found[names[n + 1]]
        if ahead > 1:
            since = replace(question, since=names[n])
            asked = lab.matrix(since, month=names[n + ahead], amount=False, scope=scope)
            if isinstance(asked, lab.Unknown):
                return ()
            came = asked
        opening = _standing(came, after=False)
        total = sum(opening.values())
        if not total:
            continue
        window = added(found[name] for name in names[n - WINDOW + 1 : n + 1])
        step = forecast(opening, window, periods=ahead)[-1]
        arrived = _arrived(came, among)
        expected = sum(step[state] for state in among) / total
        trials.append(Trial(period=n, expected=expected, actual=arrived / total))
    return tuple(trials)


def _arrived(came: RollMatrix, among: Sequence[str]) -> int:
    """How many of those that were there before stand in these states."""
    places = [came.states.index(state) for state in among]
    starts = [i for i, state in enumerate(came.states) if state not in GONE]
    return sum(came.count[i][j] for i in starts for j in places)


def _past(
    found: Mapping[str, RollMatrix], among: Sequence[str]
) -> Sequence[tuple[str, Fraction | None]]:
    """The share that stood in the bad states at the end of each month."""
    past = []
    for month, matrix in found.items():
        standing = _standing(matrix, after=True)
        total = sum(standing.values())
        bad = sum(standing.get(state, 0) for state in among)
        past.append((month, Fraction(bad, total) if total else None))
    return past


def _drawing(
    past: Sequence[tuple[str, Fraction | None]], shares: Sequence[float], last: str
) -> chart.Chart:
    coming = [f"+{n}" for n in range(1, len(shares) + 1)]
    places = [month for month, _share in past] + coming
    expected = [_exact(share) for share in shares]
    none: list[Fraction | None] = [None]
    lines = [
        chart.Given(
            gettext("so far"),
            [share for _month, share in past] + none * len(coming),
            [f"{month}  {words.share(share)}" for month, share in past]
            + [""] * len(coming),
            last=words.share(past[-1][1]),
        ),
        chart.Given(
            gettext("expected"),
            none * (len(past) - 1) + [past[-1][1], *expected],
            [""] * (len(past) - 1)
            + [
                f"{at}  {words.share(share)}"
                for at, share in zip(
                    [last, *coming], [past[-1][1], *expected], strict=True
                )
            ],
            last=words.share(expected[-1]),
        ),
    ]
    title = gettext("Share more than three months late or written off")
    return chart.chart(lines, places=places, title=title, told=title)


def _exact(share: float) -> Fraction:
    return Fraction(round(share * _PARTS), _PARTS)


def _percent(share: float) -> str:
    return words.share(_exact(share))


def _around(share: float, trials: Sequence[Trial]) -> str:
    found = interval(share, trials)
    if found is None:
        return gettext("too few months to say")
    return gettext("%(low)s to %(high)s") % {
        "low": _percent(found[0]),
        "high": _percent(found[1]),
    }


def _tried(names: Sequence[str], trial: Trial, ahead: int) -> Tried:
    return Tried(
        month=names[trial.period],
        ahead=ahead,
        expected=_percent(trial.expected),
        actual=_percent(trial.actual),
        error=words.points(_exact(trial.error)),
    )


def _quality(ahead: int, judged: Quality | None) -> str:
    if judged is None:
        return gettext(
            "%(ahead)s months ahead: too few past forecasts to say how good they are."
        ) % {"ahead": ahead}
    return gettext(
        "%(ahead)s months ahead: %(n)s past forecasts, each made only from what was"
        " known then, were off by %(error)s on average; %(inside)s lay inside their"
        " range of 80%%."
    ) % {
        "ahead": ahead,
        "n": judged.trials,
        "error": _percent(judged.absolute_error),
        "inside": _percent(judged.inside),
    }
