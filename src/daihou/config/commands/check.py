"""Say what of this set-up is unsafe, and how to put it right."""

import json

import click

from daihou.config.commands import _language
from daihou.kit.speech import gettext


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--strict", is_flag=True, help="Advice counts as unsafe too.")
@_language.option
def command(*, as_json: bool, strict: bool) -> None:
    """Look at settings, files, database and logins before others are let in.

    Exit code 1 when anything is unsafe. Nothing is changed but the tables of the
    database inside, if they are old.
    """
    from daihou.config import clock, safety, wiring
    from daihou.config.home import home

    found = safety.look(home=home(), at=clock.now())
    wiring.start()
    from daihou.rooms.people import door as people

    found += safety.of_logins(people.open_demo_logins())
    found += safety.of_law()
    found += safety.of_key_ring()
    found += safety.of_database_rights()
    unsafe = [each for each in found if strict or each.level == safety.UNSAFE]
    if as_json:
        listed = [vars(each) for each in found]
        click.echo(json.dumps({"safe": not unsafe, "findings": listed}, indent=1))
    else:
        words = {safety.UNSAFE: gettext("unsafe"), safety.ADVICE: gettext("advice")}
        for each in found:
            click.echo(f"{words[each.level]} [{each.code}] {each.words}")
        if not unsafe:
            click.echo(gettext("Nothing unsafe was found."))
    if unsafe:
        raise SystemExit(1)
