"""Figures as a table of HTML, which is what a notebook shows of them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from typing import Final

_BLANK: Final = ""  # not known, or nobody stood there: never a zero


def percent(value: Fraction | None) -> str:
    """A share as percent of two decimals, half-even and exact; blank for None."""
    if value is None:
        return _BLANK
    whole = round(value * 10_000)
    sign = "-" if whole < 0 else ""
    units, rest = divmod(abs(whole), 100)
    return f"{sign}{units}.{rest:02}%"


def table(
    heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], *, caption: str
) -> str:
    """A table with a caption; every row has a word and then its cells."""
    lines = ["<table>", f"<caption>{escape(caption)}</caption>", "<thead><tr>"]
    lines += [f'<th scope="col">{escape(head)}</th>' for head in heads]
    lines.append("</tr></thead><tbody>")
    for word, cells in rows:
        drawn = "".join(
            f'<td style="text-align:right">{escape(cell)}</td>' for cell in cells
        )
        lines.append(f'<tr><th scope="row">{escape(word)}</th>{drawn}</tr>')
    lines.append("</tbody></table>")
    return "\n".join(lines)
