"""A flow from states before to states after, as bands between two columns of bars."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 380
_BAR, _GAP, _LEFT, _RIGHT = 12, 6, 120, 520
_LEAST = 1.0  # no bar is thinner, so that few are seen beside many


@dataclass(frozen=True, slots=True)
class Bar:
    """All of one state, before or after."""

    x: float
    y: float
    high: float
    word: str
    share: str  # of all who moved
    label_y: float
    style: int


@dataclass(frozen=True, slots=True)
class Band:
    """Those who went from one state to another."""

    path: str
    told: str
    worse: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """A drawing of who moved; those who stayed are left out."""

    title: str
    before: Sequence[Bar]
    after: Sequence[Bar]
    bands: Sequence[Band]
    width: int = WIDTH
    height: int = HEIGHT
    bar: int = _BAR


def flow(names: Sequence[str], cells: Sequence[Sequence[int]], *, title: str) -> Flow:
    """Draw who changed state; nothing where nobody did."""
    size = range(len(names))
    moved = [[0 if i == j else cells[i][j] for j in size] for i in size]
    left = [sum(row) for row in moved]
    right = [sum(moved[i][j] for i in size) for j in size]
    total = sum(left)
    if not total:
        return Flow(title, (), (), ())
    starts, before = _column(names, left, total, _LEFT)
    ends, after = _column(names, right, total, _RIGHT)
    bands = []
    for i in size:
        for j in size:
            if moved[i][j]:
                high = _high(moved[i][j], total, len(names))
                path = _band(starts[i], ends[j], high)
                told = f"{names[i]} → {names[j]}: {moved[i][j] / total:.1%}"
                bands.append(Band(path, told, j > i))
                starts[i] += high
                ends[j] += high
    return Flow(title, before, after, bands)


def _high(units: int, total: int, bars: int) -> float:
    return (HEIGHT - 20 - _GAP * bars) * units / total


def _column(
    names: Sequence[str], sums: Sequence[int], total: int, x: int
) -> tuple[list[float], Sequence[Bar]]:
    """Where the bands of each state begin, and the bars of a column."""
    tops, bars, y, last = [], [], 10.0, 0.0
    # The gaps of the fuller column decide the scale, so that both are as tall.
    for n, units in enumerate(sums):
        tops.append(y)
        if not units:
            continue
        high = _high(units, total, len(names))
        label = max(y + high / 2 + 4, last + 13)
        last = label
        shown = max(high, _LEAST)
        share = f"{units / total:.1%}"
        place = round(y, 1), round(shown, 1)
        bars.append(Bar(x, *place, names[n], share, round(label, 1), n))
        y += high + _GAP
    return tops, bars


def _band(start: float, end: float, high: float) -> str:
    x0, x1 = _LEFT + _BAR, _RIGHT
    middle = (x0 + x1) / 2
    high = max(high, 0.5)
    a, b = round(start, 1), round(end, 1)
    c, d = round(end + high, 1), round(start + high, 1)
    return (
        f"M{x0} {a}C{middle} {a} {middle} {b} {x1} {b}"
        f"V{c}C{middle} {c} {middle} {d} {x0} {d}z"
    )
