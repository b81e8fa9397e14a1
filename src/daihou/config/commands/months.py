"""Count the months of the book that the lab and the reports read, or list them."""

import click

from daihou.config.commands import _language, _night
from daihou.kit import speech
from daihou.kit.speech import gettext


@click.command()
@click.option("--count", is_flag=True, help="Count the months that are due.")
@_language.option
def command(*, count: bool) -> None:
    """List the counted months: one file a month, made of its last closed day.

    The worker counts by itself after each day-end; the same closed days give the same
    fingerprint.
    """
    from daihou.config import wiring
    from daihou.nightly.errors import NightError

    wiring.start()
    from daihou.kit.portfolio import portfolio

    book = portfolio()
    try:
        while count and (due := book.due()):
            made = book.count(due[0])
            told = gettext("%(month)s: %(loans)s loans counted.")
            click.echo(told % {"month": made.name, "loans": f"{made.loans:,}"})
        months, due = book.months(), book.due()
    except NightError as error:
        raise click.ClickException(error.say(speech.language())) from None
    head = tuple(map(gettext, ("month", "date", "loans", "state", "fingerprint")))
    rows = [
        (
            each.name,
            str(each.as_of),
            f"{each.loans:,}",
            gettext("complete") if each.complete else gettext("still runs"),
            each.fingerprint[:12],
        )
        for each in months
    ]
    if rows:
        _night.show([head, *rows])
    if due:
        told = gettext("Due: %(months)s. To count them: daihou months --count")
        click.echo(told % {"months": ", ".join(due)})
    elif not rows:
        click.echo(gettext("No day is closed yet, so there is no month to count."))
