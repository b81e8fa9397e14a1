"""The command line `daihou`: every module in `config/commands` is one command.

A new command is a new file `config/commands/<name>.py` that holds a click command
named `command`; `_` in the file name is `-` on the command line. The first sentence
of the module is its line in `daihou --help`. A module is imported only when its
command is run, so keep imports of Django, Arrow and the like inside the function,
and call `daihou.config.wiring.start()` before using the rooms. What a command says
goes through `speech.gettext`; its help is looked up in the same catalog.
"""

import ast
import importlib
import itertools
import signal
import sys
from pathlib import Path
from typing import Any

import click

from daihou.config.commands import _language
from daihou.kit import speech
from daihou.kit.speech import gettext

COMMANDS = Path(__file__).parent / "commands"


class Commands(click.Group):
    """Commands found by file name, imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (path.stem for path in COMMANDS.glob("*.py"))
        return sorted(n.replace("_", "-") for n in names if not n.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"daihou.config.commands.{name}")
        command: click.Command = module.command
        return _language.in_language(command)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look for the language first: a refusal of the other words speaks it too."""
        words = [word for each in args for word in each.split("=", maxsplit=1)]
        asked = {
            value for name, value in itertools.pairwise(words) if name == "--language"
        }
        known = asked.intersection(speech.LANGUAGES)
        speech.speak(known.pop() if known else speech.usual())
        ctx.call_on_close(speech.hush)
        _language.in_language(self)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what a person can mend is told in one line, exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            # Imported late: `--help` needs none of it.
            from daihou.config import complaints

            line = complaints.line_of(error)
            if line is None:
                raise
            raise click.ClickException(line) from None

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(n, _first_line(n)) for n in self.list_commands(ctx)])


def _first_line(command: str) -> str:
    path = COMMANDS / f"{command.replace('-', '_')}.py"
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return gettext(text.split("\n")[0])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="daihou")
@_language.option
def daihou() -> None:
    """Daihou 贷后: post-loan and delinquency management."""


def main(arguments: list[str] | None = None) -> Any:
    """Run one command; a request to end (SIGTERM) ends it in good order."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    return daihou(args=arguments, prog_name="daihou")


if __name__ == "__main__":
    main()
