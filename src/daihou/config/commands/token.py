"""Make, list or revoke the tokens of programs."""

from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.rooms.gateway.door import TokenLine


@click.group()
@_language.option
def command() -> None:
    """Make, list or revoke the tokens of programs."""


def _scopes() -> "click.Choice[str]":
    from daihou.rooms.gateway.permissions import ApiScope

    return click.Choice([scope.value for scope in ApiScope])


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The program that uses it.")
@click.option(
    "--scope", "scopes", multiple=True, type=_scopes(), help="What it may do; several."
)
@click.option("--reads", is_flag=True, help="Every scope that only reads.")
@click.option(
    "--days",
    default=90,
    show_default=True,
    type=click.IntRange(1, 366),
    help="Its life.",
)
@click.option(
    "--network", "networks", multiple=True, help="Used from there alone; several."
)
def add(
    username: str,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    networks: tuple[str, ...],
    *,
    reads: bool,
) -> None:
    """Make a token that acts as a login; it is printed this once."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.kit.refusal import Refused
    from daihou.rooms.gateway import door as gateway
    from daihou.rooms.gateway.permissions import READS
    from daihou.rooms.people import door as people

    try:
        line, secret = gateway.make_token(
            username=username,
            name=name,
            scopes=[*scopes, *(READS if reads else ())],
            days=days,
            networks=networks,
            by=people.process("command line"),
            at=clock.now(),
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(_line(line), err=True)
    click.echo(gettext("Keep it now; it is kept nowhere in the clear:"), err=True)
    click.echo(secret)


@command.command(name="list")
@click.option("--login", default="", help="Of one person alone.")
def list_(login: str) -> None:
    """List the tokens, newest first, without their secrets."""
    from daihou.config import wiring

    wiring.start()
    from daihou.rooms.gateway import door as gateway

    for line in gateway.tokens(username=login):
        click.echo(_line(line))


@command.command()
@click.argument("number")
def revoke(number: str) -> None:
    """End a token at once, by its number."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.kit.refusal import Refused
    from daihou.rooms.gateway import door as gateway
    from daihou.rooms.people import door as people

    try:
        line = gateway.revoke_token(
            public_id=number, by=people.process("command line"), at=clock.now()
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(_line(line))


def _line(line: "TokenLine") -> str:
    from daihou.config import clock
    from daihou.rooms.gateway.words import token_words

    state = token_words(line.state(at=clock.now()))[2]
    until = line.expires_at.date().isoformat()
    scopes = " ".join(line.scopes)
    return f"{line.public_id}  {line.username}  {line.name}  {state}  {until}  {scopes}"
