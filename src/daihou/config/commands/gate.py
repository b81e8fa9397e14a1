"""Ask the gate: may this person be contacted now, so, about this?

Needs no database and no server: enough is the package without its extras. Where a
lender has a database, its approved changes of the rules count.
"""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from daihou.config.commands import _books, _language
from daihou.kit import speech


@click.group()
@_language.option
def command() -> None:
    """Ask the gate in front of every contact."""


@command.command()
@click.option(
    "--json",
    "requests",
    type=click.File("rb"),
    required=True,
    help="JSON lines, one request each (- for standard input).",
)
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The lender's own policy, which may only be stricter.",
)
@_books.shipped
@click.option("--explain", is_flag=True, help="Also give the text of each rule.")
@_language.option
def check(
    requests: BinaryIO, policy: Path | None, *, shipped: bool, explain: bool
) -> None:
    """Answer each request by one line of JSON: allow, defer or deny.

    Answers come in the order of the requests. A line that cannot be read is denied,
    with an error that names the field. The form is in docs/explanation/gate.md.
    """
    from daihou.engine.gate.book import GateBook
    from daihou.packs import law_ask

    found = _books.chosen(shipped=shipped, policy=policy)
    book, language = GateBook(found), speech.language()
    out = sys.stdout.buffer
    for line in requests:
        answer = law_ask.answer_line(line, book, language=language, explain=explain)
        out.write(answer.encode() + b"\n")
        out.flush()  # a dialer waits for each answer
