"""The command line finds its commands by file, and starts fast."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from daihou.config.cli import COMMANDS, daihou

HEAVY = {"django", "pyarrow", "numba", "psycopg", "numpy"}


def test_every_file_is_a_command_with_a_line_of_help():
    said = CliRunner().invoke(daihou, ["--help"]).output
    for path in COMMANDS.glob("[a-z]*.py"):
        assert f"\n  {path.stem.replace('_', '-')} " in said
    assert "\n  migrate " in said
    assert "Bring the database up to date." in said


def test_every_command_explains_itself():
    for name in daihou.list_commands(None):
        if name == "manage":  # passes --help on to Django
            continue
        told = CliRunner().invoke(daihou, [name, "--help"])
        assert told.exit_code == 0, told.output
        assert "Usage:" in told.output


def test_an_unknown_command_is_refused():
    told = CliRunner().invoke(daihou, ["nonsense"])
    assert told.exit_code == 2
    assert "No such command 'nonsense'" in told.output


@pytest.mark.parametrize("name", sorted(p.stem for p in COMMANDS.glob("[a-z]*.py")))
def test_a_command_imports_nothing_heavy_before_it_runs(name):
    ask = (
        f"import sys, daihou.config.commands.{name};"
        f" print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
