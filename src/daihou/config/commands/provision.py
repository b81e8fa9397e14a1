"""What loans need as provisions: by table, by class, and how they moved.

Needs no database and no server: enough is the package without its extras.
"""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from daihou.config.commands import _language, _night, _panel, _questions
from daihou.kit import speech
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.engine.provision.rules import ProvisionRules
    from daihou.engine.rulebook.law import Lawbook

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OF_A_FILE = (
    click.argument("file", type=_FILE, required=False),
    click.option("--as-of", type=_night.DATE, help="The day of a FILE."),
    click.option("--licence", help="The licence of whoever holds the loans of a FILE."),
    click.option("--table", default="CN_MOF2012", show_default=True, help="The table."),
    click.option("--held", help="The allowance held, in major units."),
    click.option("--opening", type=_FILE, help="An earlier FILE: also its movement."),
    click.option("--written-off", type=_FILE, help="loan_id and amount (Parquet)."),
    click.option("--as-json", is_flag=True, help="Print one object of JSON."),
)


def _of_a_file(command: Any) -> Any:
    for option in reversed(_OF_A_FILE):
        command = option(command)
    return command


@click.command()
@_of_a_file
@_questions.some_lines
@_questions.policy
@_language.option
def command(
    file: Path | None,
    questions: BinaryIO | None,
    policy: Path | None,
    **given: Any,
) -> None:
    """Answer questions of JSON, or provide for a book (FILE, Parquet).

    Each line of JSON is answered by one, in the same order; one that cannot be read
    with an error that names the field. The forms are in
    docs/explanation/provision.md.
    """
    from daihou.packs import provision

    if (file is None) == (questions is None):
        raise click.UsageError(gettext("Give a FILE or --json, one of them."))
    law, language = _questions.law(policy), speech.language()
    if questions is not None:
        _questions.answer_all(
            questions,
            lambda asked: provision.answer(asked, law, language=language),
            language=language,
        )
        return
    assert file is not None
    said = _provide(file, law, given, language=language)
    if given["as_json"]:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _print(said, language)


def _provide(
    file: Path, law: "Lawbook", given: dict[str, Any], *, language: str
) -> dict[str, Any]:
    """Return what a book needs, is short of, and how it moved, for JSON."""
    from daihou.columnar import provision as book
    from daihou.columnar import provision_files
    from daihou.engine.provision import required
    from daihou.engine.provision.words import BOOK
    from daihou.packs import provision
    from daihou.packs.questions import Fields, explained

    day: date | None = _night.day(given["as_of"])
    if day is None or given["licence"] is None:
        raise click.UsageError(gettext("Give --as-of and --licence with a FILE."))
    names = ("licence", "as_of", "table", "held")
    fields = Fields(
        {name: given[name] for name in names} | {"as_of": day.isoformat()}, "", names
    )
    rules = provision.rules_of(fields, law)
    found = provision_files.read(file)
    rows = book.totals(found.classes, found.balances, rules, model=found.model)
    held = fields.amount("held", "CNY") if fields.has("held") else None
    if held is None:
        total = sum(each.needed for each in rows.values())
        held = total if found.allowance is None else int(found.allowance.sum())
    said = required.assess(rows, rules, held=held, as_of=day)
    content = provision.book_json(said, rows, "CNY")
    content |= explained(said.decision, BOOK, language=language)
    if given["opening"] is not None:
        content["movement"] = _moved(given, found, rules)
    return content


def _moved(given: dict[str, Any], closing: Any, rules: "ProvisionRules") -> Any:
    import numpy as np
    import pyarrow as pa

    from daihou.columnar import provision as book
    from daihou.columnar import provision_files
    from daihou.engine.provision.errors import ProvisionError
    from daihou.packs import provision

    opening = provision_files.read(given["opening"])
    ids = pa.concat_arrays([opening.loans, closing.loans]).unique()
    off = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    if given["written_off"] is not None:
        off = provision_files.read_written_off(given["written_off"], ids)
    days = (opening.day(ids, rules), closing.day(ids, rules))
    try:
        found = book.movement(*days, off)
    except ProvisionError as error:  # the book knows loans by their place
        loan = ids[int(str(error.params["loan"]))].as_py()
        raise ProvisionError(error.code, **error.params | {"loan": loan}) from None
    return provision.moves_json(found.plain(), "CNY")


def _print(said: dict[str, Any], language: str) -> None:
    from daihou.engine.provision.movement import Line
    from daihou.engine.provision.words import BOOK, LINES

    for line in said["words"]:
        click.echo(line)
    if "movement" not in said:
        return
    texts, names = BOOK.of(language), LINES.of(language)
    for sheet in ("balances", "allowances"):
        rows = [
            [texts[f"={at}"], *(amounts[line.code] for line in Line)]
            for at, amounts in said["movement"][sheet].items()
        ]
        head = [names[f"={sheet}"], *(names[f"={line.code}"] for line in Line)]
        click.echo("\n" + _panel.grid(head, rows))
