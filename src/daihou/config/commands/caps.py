"""What a loan may cost: rates and claims against the caps of law.

Needs no database and no server: enough is the package without its extras.
"""

from pathlib import Path
from typing import BinaryIO

import click

from daihou.config.commands import _language, _questions


@click.command()
@_questions.lines
@_questions.policy
@click.option(
    "--lpr",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The lender's own list of loan prime rates.",
)
@_language.option
def command(questions: BinaryIO, policy: Path | None, lpr: Path | None) -> None:
    """Answer each question by one line of JSON: the cap, and what is above it.

    Answers come in the order of the questions. A line that cannot be read is answered
    with an error that names the field. The form is in docs/explanation/caps.md.
    """
    from daihou.kit import speech
    from daihou.packs import caps
    from daihou.packs import lpr as rates

    law, language = _questions.law(policy), speech.language()
    table = rates.known(lpr)
    _questions.answer_all(
        questions,
        lambda asked: caps.answer(asked, law, table, language=language),
        language=language,
    )
