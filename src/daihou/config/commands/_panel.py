"""What the commands on panel files share: options, refusals, tables of text."""

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from daihou.kit import speech
from daihou.kit.speech import gettext

GAP = "  "
Command = TypeVar("Command", bound=Callable[..., Any])


def shared(command: Command) -> Command:
    """The file, its columns of account and period, and how to answer."""
    for option in reversed(_SHARED):
        command = option(command)
    return command


_SHARED: tuple[Callable[[Any], Any], ...] = (
    click.argument("file", type=click.Path(exists=True, path_type=Path)),
    click.option(
        "--id", "account", metavar="COLUMN", required=True, help="The account."
    ),
    click.option(
        "--period",
        metavar="COLUMN",
        required=True,
        help="The period: whole numbers, or months as YYYY-MM.",
    ),
    click.option(
        "--keep",
        type=click.Choice(["first", "last"]),
        help="Which row counts if an account has several in one period;"
        " without it that is refused.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one line of JSON."),
)


def listed(text: str | None) -> tuple[str, ...]:
    """The words of a list with commas."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def refused(error: Any) -> click.ClickException:
    """What is wrong with the panel, in the language spoken."""
    return click.ClickException(error.say(speech.language()))


def noted(odd: Any) -> None:
    """What is odd about the panel without being wrong, on standard error."""
    note = gettext("Note: %(what)s") % {"what": odd.say(speech.language())}
    click.echo(note, err=True)


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text: the first column to the left, the others to the right."""
    both = [list(head), *map(list, rows)]
    widths = [max(map(_width, column)) for column in zip(*both, strict=True)]
    lines = []
    for row in both:
        cells = [
            _padded(cell, width, left=n == 0)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(GAP.join(cells).rstrip())
    return "\n".join(lines)


def _padded(cell: str, width: int, *, left: bool) -> str:
    blank = " " * (width - _width(cell))
    return cell + blank if left else blank + cell


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def percent(share: Any) -> str:
    """A share with two decimals of a percent; nothing for what is not known."""
    return "" if share is None else f"{float(share):.2%}"
