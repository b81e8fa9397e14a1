"""Small charts as SVG text: stacked columns and lines over months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 320
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 56, 34
# From yellow to dark red: later is darker; grey and blue for comparisons.
LADDER = (
    "#f4d58d",
    "#eeb462",
    "#e68f4a",
    "#d96a3b",
    "#c0462f",
    "#982b28",
    "#661a1e",
)
PAIR = ("#8a94a6", "#1f6feb")


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area: `top` percent at its upper edge, one slot a month."""

    months: Sequence[date]
    top: float

    @property
    def slot(self) -> float:
        """Width of one month."""
        return (WIDTH - LEFT - RIGHT) / len(self.months)

    def x(self, index: int) -> float:
        """Left edge of a month."""
        return LEFT + index * self.slot

    def y(self, percent: float) -> float:
        """Height of a share."""
        return HEIGHT - BOTTOM - percent / self.top * (HEIGHT - TOP - BOTTOM)


def _text(x: float, y: float, words: str, *, anchor: str, size: int = 11) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'font-size="{size}" fill="#3b4250">{escape(words)}</text>'
    )


def _axes(frame: Frame, step: float) -> list[str]:
    parts = []
    level = 0.0
    while level <= frame.top:
        y = frame.y(level)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            'stroke="#e3e7ee"/>'
        )
        parts.append(_text(LEFT - 6, y + 4, f"{level:g}%", anchor="end"))
        level += step
    every = max(1, round(len(frame.months) / 8))
    for index, month in enumerate(frame.months):
        if index % every == 0:
            x = frame.x(index) + frame.slot / 2
            parts.append(_text(x, HEIGHT - 12, month.isoformat()[:7], anchor="middle"))
    return parts


def _legend(names: Sequence[str], colours: Sequence[str]) -> list[str]:
    parts, x = [], float(LEFT)
    for name, colour in zip(names, colours, strict=True):
        parts.append(
            f'<rect x="{x:.1f}" y="32" width="11" height="11" fill="{colour}"/>'
        )
        parts.append(_text(x + 16, 42, name, anchor="start"))
        x += 34 + 6.5 * len(name)
    return parts


def _page(title: str, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" font-family="system-ui, sans-serif"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    )
    body = [head, _text(LEFT, 20, title, anchor="start", size=14), *parts, "</svg>"]
    return "\n".join(body) + "\n"


def _scale(highest: float) -> tuple[float, float]:
    """The top of the axis and the step of its lines, in percent."""
    step = next(s for s in (1, 2, 5, 10, 20) if highest <= 6 * s or s == 20)
    return step * (int(highest / step) + 1), step


def columns(
    title: str, months: Sequence[date], series: Mapping[str, Sequence[float]]
) -> str:
    """Stacked columns: one a month, one layer a series, the first at the bottom."""
    total = [sum(layer) for layer in zip(*series.values(), strict=True)]
    top, step = _scale(max(total))
    frame = Frame(months, top)
    colours = LADDER[-len(series) :]
    parts = _axes(frame, step)
    for index in range(len(months)):
        base = 0.0
        for (_, layer), colour in zip(series.items(), colours, strict=True):
            upper = frame.y(base + layer[index])
            parts.append(
                f'<rect x="{frame.x(index) + 1:.1f}" y="{upper:.1f}" '
                f'width="{frame.slot - 2:.1f}" '
                f'height="{frame.y(base) - upper:.1f}" fill="{colour}"/>'
            )
            base += layer[index]
    return _page(title, [*parts, *_legend(tuple(series), colours)])


def lines(
    title: str, months: Sequence[date], series: Mapping[str, Sequence[float]]
) -> str:
    """One or two lines over months."""
    top, step = _scale(max(max(values) for values in series.values()))
    frame = Frame(months, top)
    colours = PAIR[-len(series) :]
    parts = _axes(frame, step)
    for (_, values), colour in zip(series.items(), colours, strict=True):
        points = " ".join(
            f"{frame.x(i) + frame.slot / 2:.1f},{frame.y(value):.1f}"
            for i, value in enumerate(values)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" '
            'stroke-width="2.5"/>'
        )
    return _page(title, [*parts, *_legend(tuple(series), colours)])
