"""Questions of law as JSON lines: the options and the loop of such commands."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from daihou.engine.rulebook.law import Lawbook
    from daihou.packs.questions import Answer

lines = click.option(
    "--json",
    "questions",
    type=click.File("rb"),
    required=True,
    help="JSON lines, one question each (- for standard input).",
)
some_lines = click.option(
    "--json",
    "questions",
    type=click.File("rb"),
    help="JSON lines, one question each (- for standard input).",
)
policy = click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The lender's own policy, which may only be stricter.",
)


def law(policy: Path | None) -> "Lawbook":
    """Return the rule book that ships, under the lender's policy if there is one."""
    from daihou.packs import law as books
    from daihou.packs import law_policy

    found = books.known()
    if policy is None:
        return found
    return law_policy.under(found, policy, name=policy.name)


def answer_all(questions: BinaryIO, answer: "Answer", *, language: str) -> None:
    """Write one line of JSON for each line, in the same order."""
    from daihou.packs.questions import answer_line

    out = sys.stdout.buffer
    for line in questions:
        out.write(answer_line(line, answer, language=language).encode() + b"\n")
        out.flush()  # whoever asks may wait for each answer
