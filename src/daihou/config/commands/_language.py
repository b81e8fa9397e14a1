"""The language a command speaks: `--language`, else as the system is set up."""

from inspect import cleandoc
from typing import Any

import click

from daihou.kit import speech
from daihou.kit.speech import gettext, gettext_noop, ngettext_noop


def _speak(ctx: click.Context, _param: click.Parameter, value: str) -> None:
    speech.speak(value)
    if ctx.parent is None:  # else the command above is not done yet
        ctx.call_on_close(speech.hush)


option = click.option(
    "--language",
    type=click.Choice(speech.LANGUAGES, case_sensitive=False),
    default=speech.language,
    show_default=False,
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="What it speaks; else as DAIHOU_LANGUAGE or the system says.",
)


def in_language(command: click.Command) -> click.Command:
    """Put what a command says of itself into the language spoken now."""
    texts = [command, *(p for p in command.params if isinstance(p, click.Option))]
    command._help_option = None  # click keeps it in the language it was made in
    for each in texts:
        kept: dict[str, Any] = each.__dict__
        english = kept.setdefault("english", cleandoc(each.help or ""))
        each.help = gettext(english) if english else None
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            in_language(inner)
            inner.short_help = (inner.help or "").split("\n", maxsplit=1)[0]
    return command


# What click itself says and looks up in the same catalog.
CLICKS_OWN = (
    gettext_noop("Usage:"),
    gettext_noop("Options"),
    gettext_noop("Commands"),
    gettext_noop("required"),
    gettext_noop("default: {default}"),
    gettext_noop("Aborted!"),
    gettext_noop("Error: {message}"),
    gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("Invalid value: {message}"),
    gettext_noop("Invalid value for {param_hint}: {message}"),
    gettext_noop("Missing command."),
    gettext_noop("Missing argument"),
    gettext_noop("Missing option"),
    gettext_noop("No such option {name!r}."),
    gettext_noop("No such command {name!r}."),
    gettext_noop("Choose from:\n\t{choices}"),
    gettext_noop("{value!r} is not a valid {number_type}."),
    gettext_noop("{value} is not in the range {range}."),
    gettext_noop("file"),
    gettext_noop("directory"),
    gettext_noop("path"),
    gettext_noop("{name} {filename!r} does not exist."),
    gettext_noop("{name} {filename!r} is a file."),
    gettext_noop("{name} {filename!r} is a directory."),
    gettext_noop("{name} {filename!r} is not readable."),
    gettext_noop("{name} {filename!r} is not writable."),
    gettext_noop("Repeat for confirmation"),
    gettext_noop("Error: The two entered values do not match."),
    gettext_noop("Option {name!r} does not take a value."),
    gettext_noop("%(prog)s, version %(version)s"),
    gettext_noop("Show the version and exit."),
    gettext_noop("Show this message and exit."),
    ngettext_noop(
        "Got unexpected extra argument ({args})",
        "Got unexpected extra arguments ({args})",
    ),
    ngettext_noop("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ngettext_noop(
        "Option {name!r} requires an argument.",
        "Option {name!r} requires {nargs} arguments.",
    ),
    ngettext_noop(
        "Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"
    ),
)
