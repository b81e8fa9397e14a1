"""What a person can mend is told in one line, never as a traceback."""

import psycopg
import pytest
from click.testing import CliRunner, Result

from daihou.config import cli, complaints
from daihou.config.home import HomeError, home
from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor

DAY = ("--as-of", "2026-01-05")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")


def typed(*words: object) -> Result:
    return CliRunner().invoke(cli.daihou, [str(word) for word in words])


def refused(*words: object, code: int = 1) -> str:
    told = typed(*words)
    assert told.exit_code == code, (told.output, told.exception)
    assert "Error: " in told.output and "Traceback" not in told.output
    return told.output


def test_a_database_that_is_not_there_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/x")
    said = refused("day-end")
    assert "Cannot reach the database at 127.0.0.1:1; check DATABASE_URL" in said
    assert "refused" in said and "hidden" not in said


@pytest.mark.parametrize("url", ["mysql://h/x", "nothing", "postgresql://h:port/x"])
def test_an_address_that_cannot_be_read_says_how_it_is_written(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    assert "must be postgresql://" in refused("day-end")


def test_a_home_that_is_a_file_or_cannot_be_made_is_said(monkeypatch, tmp_path):
    file = tmp_path / "file"
    file.touch()
    for place in (file, file / "below"):
        monkeypatch.setenv("DAIHOU_HOME", str(place))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        with pytest.raises(HomeError, match="Point DAIHOU_HOME"):
            home()


def test_a_mistake_of_ours_keeps_its_traceback():
    assert complaints.line_of(ValueError("a bug")) is None
    assert complaints.line_of(AssertionError("a bug")) is None
    line = complaints.line_of(PermissionError(13, "Permission denied", "/x"))
    assert line == "/x: Permission denied."
    assert "migrate" in (complaints.line_of(psycopg.errors.UndefinedTable()) or "")


@pytest.mark.parametrize(
    "words",
    [
        ("demo", "--loans", "-3"),
        ("demo", "--port", "65536"),
        ("serve", "--port", "0"),
        ("serve", "--workers", "0"),
        ("travel", "2026-13-01"),
    ],
)
def test_numbers_and_dates_out_of_range_are_usage_errors(words):
    refused(*words, code=2)


def test_where_to_write_is_looked_at_first(tmp_path):
    file = tmp_path / "file.csv"
    file.touch()
    positions = ("positions", *DAY, "--out")
    assert "no folder" in refused(*positions, tmp_path / "no" / "p.csv", code=2)
    assert "is a directory" in refused(*positions, tmp_path, code=2)
    assert "is a file" in refused("town", "--out", file, code=2)
    errors = ("intake", file, "--errors", tmp_path / "no" / "e.csv")
    assert "no folder" in refused(*errors, code=2)


def test_dates_are_shown_as_people_write_them():
    for command in ("positions", "town", "day-end", "travel", "pay"):
        said = typed(command, "--help").output
        assert "YYYY-MM-DD" in said and "%Y" not in said, command


@pytest.mark.parametrize("text", ["1e999999999", "1" + "0" * 19])
def test_an_absurd_amount_is_refused_at_once(text):
    with pytest.raises(MoneyError) as refusal:
        to_minor(text, "CNY")
    assert refusal.value.code == "too_large"
