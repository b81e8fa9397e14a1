"""Charts of the portfolio pages as SVG text: a heat map, and lines with their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 860
INK, GRID, PAPER = "#3b4250", "#e3e7ee", "#ffffff"
STROKES = ("", "7 4", "2 3", "10 3 2 3", "14 5")  # told apart without colour
COLOURS = ("#1f6feb", "#c0462f", "#2f7d4f", "#8a5cc2", "#6b7280")
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the axis across that is named."""

    begin: float
    end: float
    name: str


def _text(
    x: float, y: float, words: str, *, anchor: str = "middle", **more: str
) -> str:
    rest = "".join(
        f' {name.replace("_", "-")}="{value}"' for name, value in more.items()
    )
    fill = "" if "fill" in more else f' fill="{INK}"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12"'
        f"{fill}{rest}>{escape(words)}</text>"
    )


def _page(title: str, height: int, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" font-family="system-ui, sans-serif"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>'
    )
    named = _text(16, 24, title, anchor="start", font_weight="600")
    return "\n".join([head, named, *parts, "</svg>"]) + "\n"


def heat(title: str, states: Sequence[str], rates: Sequence[Sequence[float]]) -> str:
    """Shares from (down) and to (across), each with its number."""
    left, top, high = 90, 66, 34
    wide = (WIDTH - left - 20) / len(states)
    parts = [_text(left - 14, top - 14, "from / to", anchor="end")]
    for n, state in enumerate(states):
        parts.append(_text(left + (n + 0.5) * wide, top - 14, state, font_weight="600"))
        y = top + n * high + 22
        parts.append(_text(left - 14, y, state, anchor="end", font_weight="600"))
        for m, rate in enumerate(rates[n]):
            # The root lets small shares be seen; the number says what they are.
            depth = round(100 - 62 * rate**0.5)
            x = left + m * wide
            parts.append(
                f'<rect x="{x + 1:.1f}" y="{y - 21}" width="{wide - 2:.1f}"'
                f' height="{high - 2}" fill="hsl(215 70% {depth}%)"/>'
            )
            ink = PAPER if depth < 62 else INK
            parts.append(_text(x + wide / 2, y, f"{rate:.4f}", fill=ink))
    return _page(title, top + len(states) * high + 16, parts)


def lines(
    title: str, series: Mapping[str, Line], *, across: str, marked: Mark | None = None
) -> str:
    """Shares by age, each line with its own stroke and its name at its end.

    `marked`: a stretch that stands out, with its name above it.
    """
    height, left, right, top, bottom = 360, 60, 170, 46, 46
    xs = [x for line in series.values() for x, _ in line]
    most = max(y for line in series.values() for _, y in line)
    low, high = min(xs), max(xs)

    def place(x: float, y: float) -> tuple[float, float]:
        width, tall = WIDTH - left - right, height - top - bottom
        return (
            left + (x - low) / (high - low) * width,
            height - bottom - y / most * tall,
        )

    parts: list[str] = []
    if marked:
        begin, end = place(marked.begin, 0)[0], place(marked.end, 0)[0]
        parts.append(
            f'<rect x="{begin:.1f}" y="{top}" width="{end - begin:.1f}"'
            f' height="{height - top - bottom}" fill="{GRID}" fill-opacity="0.6"/>'
        )
        parts.append(_text((begin + end) / 2, top - 4, marked.name))
    ends: list[tuple[float, float, str, str]] = []
    for n in range(5):
        level = most * n / 4
        _, y = place(low, level)
        parts.append(
            f'<line x1="{left}" x2="{WIDTH - right}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="{GRID}"/>'
        )
        parts.append(_text(left - 8, y + 4, f"{level:.2%}", anchor="end"))
    for n in range(7):
        age = round(low + (high - low) * n / 6)
        parts.append(_text(place(age, 0)[0], height - bottom + 20, str(age)))
    parts.append(_text((left + WIDTH - right) / 2, height - 8, across))
    for n, (name, line) in enumerate(series.items()):
        points = [place(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        stroke, colour = STROKES[n % len(STROKES)], COLOURS[n % len(COLOURS)]
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}"'
            f' stroke-width="2.2" stroke-dasharray="{stroke}"/>'
        )
        ends.append((points[-1][1], points[-1][0], name, colour))
    below = 0.0
    for y, x, name, colour in sorted(ends):
        below = max(y + 4, below + 15)  # names do not cover each other
        parts.append(_text(x + 6, below, name, anchor="start", fill=colour))
    return _page(title, height, parts)
