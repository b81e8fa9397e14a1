"""Make a login, name a branch, list who there is."""

import click


@click.group()
def command() -> None:
    """Make a login, name a branch, list who there is."""


def _roles() -> "click.Choice[str]":
    from daihou.rooms.people.permissions import Role

    return click.Choice([role.value for role in Role])


@command.command()
@click.argument("username")
@click.option("--role", required=True, type=_roles())
@click.option("--branch", help="Code of the branch; a collector sees only its loans.")
@click.option("--name", default="", help="Name shown on screen.")
@click.option("--language", default="zh-hans", type=click.Choice(["zh-hans", "en"]))
@click.option("--reads-only", is_flag=True, help="An auditor: sees, never changes.")
@click.password_option()
def add(
    username: str,
    role: str,
    branch: str | None,
    name: str,
    language: str,
    password: str,
    *,
    reads_only: bool,
) -> None:
    """Make a login; the password is asked for."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.kit.refusal import Refused
    from daihou.rooms.people import door as people

    try:
        person = people.create_user(
            username=username,
            password=password,
            role=role,
            branch=branch,
            full_name=name,
            language=language,
            reads_only=reads_only,
            by="command line",
            at=clock.now(),
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{person.username}: {person.role}, {person.branch or '-'}")


@command.command()
@click.argument("code")
@click.argument("name")
@click.option("--english", default="", help="Its name on English pages.")
def branch(code: str, name: str, english: str) -> None:
    """Name a branch, by the code that loans carry; again to rename it."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.rooms.people import door as people

    people.save_branches([(code, name, english)], by="command line", at=clock.now())
    click.echo(f"{code}: {name}")


@command.command(name="list")
def list_() -> None:
    """List who has a login."""
    from daihou.config import wiring

    wiring.start()
    from daihou.rooms.people import door as people

    for person in people.people():
        marks = [person.role, person.branch or "-"]
        marks += ["reads only"] if person.reads_only else []
        marks += [] if person.active else ["off duty"]
        click.echo(f"{person.username}: {', '.join(marks)}")
