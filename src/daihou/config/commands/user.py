"""Make or change a login, name a branch, list who there is."""

from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language
from daihou.kit import speech
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.rooms.people.door import Person


@click.group()
@_language.option
def command() -> None:
    """Make or change a login, name a branch, list who there is."""


@command.command()
@click.argument("username")
@click.option(
    "--role",
    required=True,
    help="A role: one of those shipped or of your own making.",
)
@click.option("--branch", help="Code of the branch; a collector sees only its loans.")
@click.option("--name", default="", help="Name shown on screen.")
@click.option(
    "--language",
    default="zh-hans",
    type=click.Choice(["zh-hans", "en"]),
    help="Of the pages this person sees.",
)
@click.option("--reads-only", is_flag=True, help="An auditor: sees, never changes.")
@click.option("--password", help="Asked for when it is not given.")
def add(
    username: str,
    role: str,
    branch: str | None,
    name: str,
    language: str,
    password: str | None,
    *,
    reads_only: bool,
) -> None:
    """Make a login; the password is asked for."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.kit.refusal import Refused
    from daihou.rooms.people import door as people

    if role == people.Role.COLLECTOR:
        _check_branch(branch)
    try:
        person = people.create_user(
            username=username,
            password=password if password is not None else _asked_password(),
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
    click.echo(_line(person))


def _asked_password() -> str:
    again = gettext("Repeat for confirmation")
    told: str = click.prompt(
        gettext("Password"), hide_input=True, confirmation_prompt=again
    )
    return told


def _check_branch(code: str | None) -> None:
    """A collector without a branch would see nothing: say which there are."""
    from daihou.rooms.people import door as people

    known = people.branch_names(
        language="zh-hans" if speech.language() == "zh" else "en"
    )
    if code in known:
        return
    wrong = gettext("A collector needs a --branch.")
    if code:
        wrong = gettext("There is no branch %(code)s.") % {"code": code}
    ways = ", ".join(f"{each} ({name})" for each, name in sorted(known.items()))
    way = gettext("None is named yet: daihou user branch CODE NAME")
    if ways:
        way = gettext("Known: %(ways)s.") % {"ways": ways}
    told = gettext("%(wrong)s %(way)s") % {"wrong": wrong, "way": way}
    raise click.ClickException(told)


@command.command()
@click.argument("username")
@click.option("--role", help="A role: one of those shipped or of your own making.")
@click.option("--branch", help="Code of the branch; an empty text takes it away.")
@click.option("--reads-only/--may-write", default=None, help="An auditor, or not.")
@click.option("--active/--off-duty", default=None, help="May sign in, or not.")
def change(
    username: str,
    role: str | None,
    branch: str | None,
    *,
    reads_only: bool | None,
    active: bool | None,
) -> None:
    """Change what is named of a login; the rest stays."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.kit.refusal import Refused
    from daihou.rooms.people import door as people

    try:
        before = people.person(username)
        if (role or before.role) == people.Role.COLLECTOR:
            _check_branch(before.branch if branch is None else branch)
        person = people.change_user(
            username=username,
            role=role,
            branch=branch,
            reads_only=reads_only,
            active=active,
            by=people.process("command line"),
            at=clock.now(),
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(_line(person))


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
        click.echo(_line(person))


def _line(person: "Person") -> str:
    marks = [person.role, person.branch or "-"]
    marks += [gettext("reads only")] if person.reads_only else []
    marks += [] if person.active else [gettext("off duty")]
    return f"{person.username}: {', '.join(marks)}"
