"""Classify the loans of closed days: what is due, one day again, or the whole book."""

from typing import Any

import click

from daihou.config.commands import _language, _night
from daihou.kit import speech
from daihou.kit.speech import gettext


@click.command()
@click.option("--day", type=_night.DATE, help="Only this closed day, once more.")
@click.option(
    "--full", is_flag=True, help="The whole book, not only what changed since."
)
@_language.option
def command(day: Any, *, full: bool) -> None:
    """Put every open loan into one of the five classes as of each closed day.

    The worker does this by itself after each day-end. The same facts and rules give
    the same fingerprint.
    """
    from daihou.config import clock, wiring
    from daihou.nightly.errors import NightError

    wiring.start()
    from daihou.kit import grades
    from daihou.rooms.grading import door as grading

    grader = grades.grader()
    assert grader is not None
    wanted = _night.day(day)
    try:
        days = [wanted] if wanted else list(grader.due())
        if not days and full:
            last = grading.last_runs(limit=1)
            days = [run.as_of for run in last]
        for as_of in days:
            done = grading.grade_day(as_of, at=clock.now(), by="console", full=full)
            assert done is not None
            click.echo(_line(done))
        # A day graded again may leave later ones that rest on it.
        for as_of in grader.due() if wanted else ():
            done = grading.grade_day(as_of, at=clock.now(), by="console")
            assert done is not None
            click.echo(_line(done))
        grader.show()
    except NightError as error:
        raise click.ClickException(error.say(speech.language())) from None
    if not days:
        click.echo(gettext("Every closed day is classified."))


def _line(done: Any) -> str:
    words = gettext(
        "%(day)s: %(loans)s loans, %(looked_at)s looked at, %(moved)s moved, "
        "%(seconds)s s, fingerprint %(fingerprint)s"
    )
    return words % {
        "day": done.as_of,
        "loans": f"{done.loans:,}",
        "looked_at": f"{done.looked_at:,}",
        "moved": f"{done.moved:,}",
        "seconds": f"{done.seconds:.2f}",
        "fingerprint": done.fingerprint[:12],
    }
