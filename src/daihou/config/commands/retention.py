"""What personal data has been kept long enough: plan its removal, then carry it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language, _night
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.rooms.ledger.door import personal


@click.group()
@_language.option
def command() -> None:
    """The schedule is DAIHOU_HOME/retention.yaml, else the one that is shipped.

    Who is on hold keeps everything. One person plans, another carries out.
    """


@command.command("list")
@_language.option
def list_runs() -> None:
    """Plans and runs, newest first."""
    from daihou.config import wiring

    wiring.start()
    from daihou.rooms.ledger.door import personal

    for run in personal.runs():
        who = f"{run.planned_by} {run.done_by}".strip()
        click.echo(f"{run.id:>6} {run.as_of} {run.state:8} {run.rows:>10,} {who}")
        click.echo(f"       {run.digest}")


@command.command()
@click.option("--as-of", type=_night.DATE, help="Due on this day; else the open day.")
@click.option("--by", default="", help="The login of who plans.")
@_language.option
def plan(as_of: datetime | None, by: str) -> None:
    """List what is due by class, and keep the plan; nothing is removed."""
    doing = _doing(by)
    from daihou.rooms.ledger.door import personal

    day = as_of.date() if as_of else doing.business_date
    if day is None:
        raise click.UsageError(gettext("No business day is open yet; give --as-of."))
    planned = personal.plan(as_of=day, doing=doing)
    if planned.run_id is None:
        click.echo(gettext("Nothing is due on %(day)s.") % {"day": day})
        return
    _tell(planned.counts)
    click.echo(
        gettext("Plan %(n)s. Another person carries it out: %(command)s")
        % {
            "n": planned.run_id,
            "command": f"daihou retention run {planned.run_id} --by LOGIN",
        }
    )


@command.command()
@click.argument("run", type=int)
@click.option("--by", required=True, help="The login of who carries it out.")
@_language.option
def run(run: int, by: str) -> None:
    """Remove what the plan with the number RUN lists, all or nothing."""
    doing = _doing(by)
    from daihou.rooms.ledger.door import personal

    done = personal.carry_out(run, doing=doing)
    _tell(done.counts)
    click.echo(
        gettext("Done. Digest of the list: %(digest)s") % {"digest": done.digest}
    )


def _tell(counts: Mapping[str, int]) -> None:
    for name, rows in counts.items():
        click.echo(f"{name:20} {rows:>12,}")


def _doing(by: str) -> "personal.Doing":
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.ledger.door import personal
    from daihou.rooms.people import door as people

    at = clock.now()
    day = dayend.business_date()
    return personal.Doing(
        by=people.person(by, at=at) if by else people.process("command line"),
        at=at,
        business_date=day.on if day else None,
    )
