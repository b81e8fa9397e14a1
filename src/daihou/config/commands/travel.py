"""Live the days up to a date one by one, past the real one if asked."""

from typing import Any

import click

from daihou.config.commands import _language, _night


@click.command()
@click.argument("to", type=_night.DATE)
@_language.option
def command(to: Any) -> None:
    """Turn the business date to the day named, closing every day before it.

    Nothing is skipped: each day is closed as it would have been. Past the real date
    the business date is marked as simulated. A book without a business date begins
    to live on that day.
    """
    from datetime import timedelta

    from rich.progress import Progress

    from daihou.config import clock

    on = _night.day(to)
    assert on is not None
    say = _night.speaker()
    count = 0
    with _night.night() as night, Progress(transient=True) as progress:
        task = progress.add_task(str(on), total=None)
        night.must_lie_ahead(on)
        begun = night.begin(on)
        for closed in () if begun else night.close(through=on - timedelta(days=1)):
            count += 1
            left = (on - closed.run.as_of).days - 1
            progress.update(
                task,
                completed=count,
                total=count + left,
                description=str(closed.run.as_of),
            )
    click.echo(say("begun", on=on) if begun else say("travel", days=count, on=on))
    if on > clock.today():
        click.echo(say("simulated"))
