"""Lines on a plane: where everything stands in a drawing of a fixed size.

A line is told from others by its dash, its marker and the word at its end, and only
then by its colour.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

WIDTH, HEIGHT = 960, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 190, 14, 44
STYLES = 8  # kinds of lines; a chart has no more lines than that
REST = STYLES  # the kind of the line that stands for all others
MOST_TICKS = 24  # written under the axis
_LABEL = 110  # wide is a word with its value
_LABEL_STEP = 15  # between the words at the ends of lines
# Around 0, 0; filled or not is the style sheet's affair.
MARKERS = (
    "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z",
    "M-3 -3h6v6h-6z",
    "M0 -4L4 3H-4z",
    "M0 -4L4 0L0 4L-4 0z",
    "M-3 -3L3 3M-3 3L3 -3",
    "M0 -4V4M-4 0H4",
    "M0 4L4 -3H-4z",
    "M-4 0L-1 -1L0 -4L1 -1L4 0L1 1L0 4L-1 1z",
    "M-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0z",  # of the rest
)


@dataclass(frozen=True, slots=True)
class Given:
    """One line to draw: a value for each place, None where it is not known."""

    word: str
    values: Sequence[Fraction | None]
    said: Sequence[str]  # each value in words, for whoever points at it
    links: Sequence[str] = ()
    rest: bool = False  # it stands for all that have no line of their own
    last: str = ""  # its last value in words, at its end


@dataclass(frozen=True, slots=True)
class Spot:
    """One marked value."""

    x: float
    y: float
    said: str
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its markers and the place of its word."""

    style: int
    word: str
    last: str
    path: str
    marker: str
    spots: Sequence[Spot]
    label_x: float
    label_y: float
    leader: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what is written there, in one line or two."""

    at: float
    word: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, ready for the template; `title` and `told` are read aloud."""

    title: str
    told: str
    lines: Sequence[Line]
    across: Sequence[Tick]
    up: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM


def chart(
    lines: Sequence[Given], *, places: Sequence[str], title: str, told: str
) -> Chart:
    """Draw lines over the same places; values are shares, written as percent."""
    assert all(len(line.values) == len(places) for line in lines), title
    assert len(lines) <= STYLES, len(lines)
    known = [v for line in lines for v in line.values if v is not None]
    top = nice(max([*known, Fraction(0)]))
    low = min([*known, Fraction(0)])
    floor = -nice(-low) if low < 0 else 0.0
    across = [_x(n, len(places)) for n in range(len(places))]
    drawn = [
        _line(REST if line.rest else n, line, across, floor, top)
        for n, line in enumerate(lines)
    ]
    return Chart(
        title=title,
        told=told,
        lines=_spread(drawn),
        across=_ticks(places, across),
        up=[
            Tick(_y(value, floor, top), percent_word(value))
            for value in (floor + (top - floor) * n / 4 for n in range(5))
        ],
    )


def nice(value: Fraction) -> float:
    """The end of an axis that holds a value, and whose quarters are round numbers."""
    if value <= 0:
        return 0.01
    power = 10.0 ** math.floor(math.log10(value))
    steps = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)
    fits = (step * power for step in steps if value <= step * power * 1.0000001)
    return next(fits)


def percent_word(value: float) -> str:
    """A share on an axis, no longer than it need be: `2.5%`."""
    return f"{round(value * 100, 4):g}%".replace("-", "\N{MINUS SIGN}")


def _x(place: int, places: int) -> float:
    wide = WIDTH - _LEFT - _RIGHT
    return round(_LEFT + wide * (place / (places - 1) if places > 1 else 0.5), 1)


def _y(value: float, floor: float, top: float) -> float:
    high = HEIGHT - _TOP - _BOTTOM
    return round(HEIGHT - _BOTTOM - high * (value - floor) / (top - floor), 1)


def _line(
    style: int, line: Given, across: Sequence[float], floor: float, top: float
) -> Line:
    spots, path, drawing = [], [], False
    for n, value in enumerate(line.values):
        if value is None:
            drawing = False
            continue
        x, y = across[n], _y(float(value), floor, top)
        path.append(f"{'L' if drawing else 'M'}{x} {y}")
        drawing = True
        link = line.links[n] if line.links else ""
        spots.append(Spot(x, y, line.said[n], link))
    last = spots[-1].y if spots else HEIGHT - _BOTTOM
    return Line(
        style=style,
        word=line.word,
        last=line.last,
        path="".join(path),
        marker=MARKERS[style],
        spots=spots,
        label_x=0.0,
        label_y=last,
        leader="",
    )


def _spread(lines: Sequence[Line]) -> Sequence[Line]:
    """Put the words at the ends of lines, apart so that none lies on another.

    A line that ends early has its word there; the others stand in a column.
    """
    right = WIDTH - _RIGHT
    early = {line.style: line for line in lines if _early(line)}
    ends = [line for line in lines if line.spots and line.style not in early]
    ends.sort(key=lambda line: line.label_y)
    places: list[float] = []
    for line in ends:
        least = places[-1] + _LABEL_STEP if places else 10.0
        places.append(max(line.label_y, least))
    for n in reversed(range(len(places))):  # back up from the foot of the drawing
        highest = HEIGHT - _BOTTOM - (len(places) - 1 - n) * _LABEL_STEP
        places[n] = min(places[n], highest)
    moved = {}
    for line, place in zip(ends, places, strict=True):
        last, y = line.spots[-1], round(place, 1)
        leader = f"M{last.x + 5} {last.y}L{right + 11} {y}"
        moved[line.style] = replace(line, label_x=right + 14, label_y=y, leader=leader)
    taken: list[tuple[float, float]] = []
    for style, line in sorted(early.items(), key=lambda each: each[1].spots[-1].x):
        x, y = line.spots[-1].x + 4, max(10.0, line.spots[-1].y - 12)
        step = 1.0 if y < HEIGHT / 2 else -1.0
        while any(abs(x - a) < _LABEL and abs(y - b) < _LABEL_STEP for a, b in taken):
            y += step
        taken.append((x, y))
        moved[style] = replace(line, label_x=x, label_y=round(y, 1))
    return [moved[line.style] for line in lines if line.style in moved]


def _early(line: Line) -> bool:
    return bool(line.spots) and line.spots[-1].x < WIDTH - _RIGHT - 60


def _ticks(places: Sequence[str], across: Sequence[float]) -> Sequence[Tick]:
    """What is written under the axis; a year stands once, under its first month."""
    every = max(1, math.ceil(len(places) / MOST_TICKS))
    last, year, found = len(places) - 1, "", []
    for n, (place, x) in enumerate(zip(places, across, strict=True)):
        begins, dash, month = place.partition("-")
        if (last - n if dash else n) % every:
            continue
        if not dash:
            found.append(Tick(x, place))
            continue
        found.append(Tick(x, month, begins if begins != year else ""))
        year = begins
    return found


def spark(values: Sequence[Fraction | None]) -> tuple[str, float, float]:
    """A small line of 132 by 34 without axes: its path and where it ends."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return "", 0.0, 0.0
    low, high = min(known), max(known)
    span = high - low or 1.0
    path, drawing, x, y = [], False, 0.0, 0.0
    for n, value in enumerate(values):
        if value is None:
            drawing = False
            continue
        x = round(2 + 126 * (n / (len(values) - 1) if len(values) > 1 else 1), 1)
        y = round(30 - 26 * (float(value) - low) / span, 1)
        path.append(f"{'L' if drawing else 'M'}{x} {y}")
        drawing = True
    return "".join(path), x, y
