"""What a strategy does: look for gaps and overlaps, ask it, try it on sample cases.

Needs no database and no server: enough is the package without its extras.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from daihou.config.commands import _language, _questions
from daihou.kit import speech
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.engine.strategy.strategy import Strategy

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_USUAL = "consumer"


@click.command()
@click.argument("file", type=_FILE, required=False)
@_questions.some_lines
@click.option("--write", is_flag=True, help="Print it as YAML in the one form.")
@_language.option
def command(file: Path | None, questions: BinaryIO | None, *, write: bool) -> None:
    """Look at a strategy (FILE, YAML; else the one that ships).

    Says what overlaps, what is left out, what is never reached and which names lead
    nowhere; exit code 1 when anything is found. With --json each line of facts is
    answered by the row, why, and what would change it; a line with `expect` names the
    row it should be, and exit code 1 says that one was another. The forms are in
    docs/explanation/strategy.md.
    """
    from daihou.packs import strategies

    text, name = strategies.shipped_text(_USUAL), f"{_USUAL}.yaml"
    if file is not None:
        text, name = file.read_text("utf-8"), file.name
    strategy = strategies.read(text, name=name)
    if write:
        click.echo(strategies.write(strategy), nl=False)
    elif questions is not None:
        _ask(strategy, questions)
    else:
        _look(strategy)


def _look(strategy: "Strategy") -> None:
    from daihou.engine.strategy.checking import check_strategy
    from daihou.packs import strategies

    findings = check_strategy(strategy)
    for each in findings:
        click.echo(f"[{each.kind}] {each.say(speech.language())}")
    said = gettext("{rows} rows, {findings} findings, digest {digest}")
    rows, digest = len(strategy.table.rows), strategies.digest(strategy)[:16]
    click.echo(said.format(rows=rows, findings=len(findings), digest=digest))
    if findings:
        raise click.exceptions.Exit(1)


def _ask(strategy: "Strategy", questions: BinaryIO) -> None:
    from daihou.packs import strategy_questions

    language, others = speech.language(), []

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        said = strategy_questions.answer(asked, strategy, language=language)
        if said.get("is_expected") is False:
            others.append(asked.get("id"))
        return said

    _questions.answer_all(questions, answer, language=language)
    if others:
        raise click.exceptions.Exit(1)
