"""When a legal clock ends: limitation, guarantees, complaints and the other deadlines.

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
    "--holidays",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The lender's own list of days off.",
)
@_language.option
def command(questions: BinaryIO, policy: Path | None, holidays: Path | None) -> None:
    """Answer each question by one line of JSON: the clock, its events and alarms.

    Answers come in the order of the questions. A line that cannot be read is answered
    with an error that names the field. The form is in docs/explanation/clocks.md.
    """
    from daihou.kit import speech
    from daihou.packs import clocks
    from daihou.packs import holidays as days_off

    law, language = _questions.law(policy), speech.language()
    calendar = days_off.holidays(holidays)
    _questions.answer_all(
        questions,
        lambda asked: clocks.answer(asked, law, calendar, language=language),
        language=language,
    )
