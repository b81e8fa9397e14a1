"""The keys of personal data: list them, turn them, drop old ones."""

from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.rooms.ledger.door import personal


@click.group()
@_language.option
def command() -> None:
    """Documents, addresses and telephone numbers are sealed with these keys.

    They lie in DAIHOU_HOME/secrets/keyring.json (or where DAIHOU_KEY_RING says) and
    in no backup of the database: keep a copy apart, for without it nothing opens.
    """


@command.command("list")
@_language.option
def list_keys() -> None:
    """Every key, and how many values it has sealed."""
    from daihou.config import wiring

    wiring.start()
    from daihou.kit import keyring
    from daihou.rooms.ledger.door import personal

    click.echo(gettext("Key ring: %(path)s") % {"path": keyring.path()})
    for line in personal.key_lines():
        state = gettext("seals") if line.newest else gettext("opens")
        if line.made_at == "?":
            state = gettext("missing")
        made = line.made_at[:10] or "-"
        click.echo(f"{line.id:12} {made:12} {state:8} {line.values:>12,}")
        for place, values in sorted(line.by_place.items()):
            click.echo(f"{'':12} {place:36} {values:>10,}")


@command.command()
@click.option("--go-on", is_flag=True, help="Only finish; make no new key.")
@_language.option
def rotate(*, go_on: bool) -> None:
    """Add a key and seal everything with it; broken off, run it with --go-on.

    The old key stays in the ring, for backups, until it is dropped. Copy the ring to
    where it is kept apart before and after.
    """
    doing = _doing()
    from daihou.rooms.ledger.door import personal

    if not go_on:
        key = personal.add_key(doing=doing)
        click.echo(gettext("%(key)s seals from now on.") % {"key": key})

    def say(place: str, done: int) -> None:
        click.echo(f"{place}: {done:,}")

    total = personal.reseal_all(doing=doing, say=say)
    click.echo(gettext("%(count)s values sealed anew.") % {"count": f"{total:,}"})


@command.command()
@click.argument("key")
@_language.option
def drop(key: str) -> None:
    """Take KEY out of the ring for good; only one that no value needs."""
    doing = _doing()
    from daihou.rooms.ledger.door import personal

    personal.drop_key(key, doing=doing)
    click.echo(gettext("%(key)s is gone.") % {"key": key})


def _doing() -> "personal.Doing":
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.ledger.door import personal
    from daihou.rooms.people import door as people

    day = dayend.business_date()
    return personal.Doing(
        by=people.process("command line"),
        at=clock.now(),
        business_date=day.on if day else None,
    )
