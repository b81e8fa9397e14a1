"""`daihou intake`: what it prints, what it writes, and its exit codes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daihou.config.commands.intake import command
from tests.intake import files

pytestmark = pytest.mark.django_db


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_taken_in_then_known(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    first = _run(*paths, "--source", "core", "--language", "en")
    assert first.exit_code == 0, first.output
    assert "Taken in." in first.output
    second = _run(*paths, "--source", "core")
    assert second.exit_code == 0
    assert "此前已接入" in second.output


def test_refused_with_a_copy_of_the_errors(tmp_path: Path) -> None:
    tables = files.good()
    tables["payments"][0]["amount"] = "-1"
    paths = files.write(tables, tmp_path)
    out = tmp_path / "wrong.csv"
    result = _run(*paths, "--source", "core", "--errors", out)
    assert result.exit_code == 1
    assert "未接受" in result.output
    assert "金额为负" in out.read_text("utf-8-sig")


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    before = files.checksums()
    result = _run(*paths, "--source", "core", "--plan", "--language", "en")
    assert result.exit_code == 0
    assert "nothing was written" in result.output
    assert files.checksums() == before


def test_a_preview_shows_what_a_mapping_makes(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    result = _run(*paths, "--source", "core", "--preview", "--language", "en")
    assert result.exit_code == 0, result.output
    assert "customer_id*" in result.output
    assert "100.0 %" in result.output


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (("nothing.csv", "--source", "core"), "No such file", "没有这个文件"),
        (("{file}",), "Name the system", "来源系统"),
        (
            ("{file}", "--source", "core", "--mapping", "unheard"),
            "No mapping unheard",
            "没有映射 unheard",
        ),
        (("{file}", "--source", "c", "--table", "un"), "No table un", "没有 un 这张表"),
        (("{file}", "--source", "core", "--total", "amount"), "COLUMN=", "列名=金额"),
        (("{file}", "--source", "c", "--total", "amount=x"), "a number", "须是数字"),
    ],
)
def test_usage_errors_exit_with_two_and_speak_both_languages(
    arguments: tuple[str, ...],
    english: str,
    chinese: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = files.write({"customers": files.good()["customers"]}, tmp_path)[0]
    words = [argument.replace("{file}", str(file)) for argument in arguments]
    result = _run(*words)
    assert result.exit_code == 2 and chinese in result.output, result.output
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")
    told = _run(*words)
    assert told.exit_code == 2 and english in told.output, told.output
    assert chinese in _run(*words, "--language", "zh").output
