"""Classify claims 五级分类: one line of JSON each, or a whole book of a file.

Needs no database and no server: enough is the package without its extras.
"""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from daihou.config.commands import _files, _language, _night, _panel
from daihou.kit import speech
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.columnar.classification import ClassBook, Classes
    from daihou.engine.rulebook.law import Lawbook

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--json",
    "questions",
    type=click.File("rb"),
    help="JSON lines, one claim each (- for standard input).",
)
@click.option("--as-of", type=_night.DATE, help="The day, for a FILE.")
@click.option(
    "--licence",
    type=click.Choice(["bank", "consumer_finance", "microloan"]),
    help="The lender's licence, for a FILE.",
)
@click.option("--events", type=_FILE, help="Events of restructured loans (Parquet).")
@click.option("--out", type=_files.NEW_FILE, help="Write the classes to this Parquet.")
@click.option(
    "--policy", type=_FILE, help="The lender's own policy, which may only be stricter."
)
@click.option("--explain", is_flag=True, help="Also say each decision in words.")
@_language.option
def command(
    file: Path | None,
    questions: BinaryIO | None,
    as_of: object,
    licence: str | None,
    events: Path | None,
    out: Path | None,
    policy: Path | None,
    *,
    explain: bool,
) -> None:
    """Classify by the rules of the day: lines of JSON, or a FILE (Parquet).

    Lines are answered in their order by one line of JSON each; one that cannot be
    read by class null and an error that names the field. The forms are in
    docs/how-to/classification.md.
    """
    if (file is None) == (questions is None):
        raise click.UsageError(gettext("Give a FILE or --json, one of them."))
    law = _law(policy)
    if questions is not None:
        _answer(questions, law, explain=explain)
        return
    day = _night.day(as_of)
    if day is None or licence is None:
        raise click.UsageError(gettext("A FILE needs --as-of and --licence."))
    assert file is not None
    _classify(file, events, law, licence=licence, on=day, out=out)


def _law(policy: Path | None) -> "Lawbook":
    from daihou.packs import law, law_policy

    found = law.known()
    if policy is not None:
        found = law_policy.under(found, policy, name=policy.name)
    return found


def _answer(questions: BinaryIO, law: "Lawbook", *, explain: bool) -> None:
    from daihou.packs import classification_json

    language, out = speech.language(), sys.stdout.buffer
    for line in questions:
        said = classification_json.answer_line(
            line, law, language=language, explain=explain
        )
        out.write(said.encode() + b"\n")
        out.flush()


def _classify(
    file: Path,
    events: Path | None,
    law: "Lawbook",
    *,
    licence: str,
    on: date,
    out: Path | None,
) -> None:
    from daihou.columnar.classification import classify_book, files
    from daihou.engine.classification.errors import ClassError
    from daihou.engine.classification.rules import ClassificationRules

    try:
        table, book = files.read(file, events=events)
        rules = ClassificationRules.of(law, licence, on)
        found = classify_book(book, rules, as_of=on)
    except ClassError as error:
        raise click.ClickException(error.say(speech.language())) from None
    if out is not None:
        files.write(table, found, out)
    _print(book, found)


def _print(book: "ClassBook", found: "Classes") -> None:
    from daihou.engine.classification.codes import AssetClass
    from daihou.engine.classification.words import PHRASES

    texts = PHRASES.of(speech.language())
    head = [gettext("Class"), gettext("Loans"), gettext("Balance (minor units)")]
    rows = []
    for each in AssetClass:
        mine = found.asset_class == each
        balance = int(book.balance[mine].astype(object).sum())
        rows.append([texts[f"={each.code}"], f"{mine.sum():,}", f"{balance:,}"])
    click.echo(_panel.grid(head, rows))
    doubted = int((found.asserted_class < found.machine_class).sum())
    if doubted:
        note = gettext("%(count)s of them rest on rules that are unverified.")
        click.echo(note % {"count": f"{doubted:,}"})
