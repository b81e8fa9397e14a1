"""The command line finds its commands by file, and starts fast."""

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from daihou.config.cli import COMMANDS, daihou
from daihou.kit import speech

HEAVY = {"django", "pyarrow", "numba", "psycopg", "numpy"}
LATIN_SENTENCE = re.compile(r"(?<!daihou )\b(?!daihou)[A-Za-z]+ [a-z]+ [a-z]+")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")


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


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["travel", "tomorrow"],
        ["pay", "--nix"],
        ["pay", "L1"],
        ["demo", "--port", "0"],
        ["day-end", "--as-of", "2026-01-01", "--through", "2026-01-01"],
        ["positions", "--as-of", "2026-01-01", "--format", "pdf"],
        ["user", "add", "lin", "--role", "king"],
        ["serve", "too", "many"],
        *([name, "--help"] for name in daihou.list_commands(None) if name != "manage"),
        *(["user", name, "--help"] for name in ("add", "branch", "change", "list")),
    ],
    ids=" ".join,
)
def test_help_and_usage_errors_are_chinese_for_chinese_readers(words):
    for asked in (["--language", "zh"], ["--language=zh"]):
        said = CliRunner().invoke(daihou, [*asked, *words]).output
        assert re.search(r"[\u4e00-\u9fff]", said)
        assert not LATIN_SENTENCE.search(said), LATIN_SENTENCE.search(said)
    english = CliRunner().invoke(daihou, ["--language", "en", *words]).output
    assert not re.search(r"[\u4e00-\u9fff]", english.replace("贷后", ""))


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US"}, "zh"),
        ({"DAIHOU_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"DAIHOU_LANGUAGE": "klingon", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_who_asks_for_no_language_is_spoken_to_as_the_system_is(environment, spoken):
    assert speech.usual(environment) == spoken


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
