"""`daihou strategy`: findings, answers in words, and sample cases for continuous tests."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daihou.config.cli import daihou
from daihou.packs import strategies

FACTS: dict[str, Any] = {
    "held": False,
    "plan_state": "none",
    "promise_state": "none",
    "dpd": 12,
    "overdue_total": "1234.56",
    "outstanding_total": "5000.00",
    "new_late": "no",
    "broken_promises": 0,
    "days_since_contact": None,
    "days_to_due": 10,
    "customer_kind": "person",
}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")


def run(*words: str, lines: list[dict[str, Any]] | None = None) -> Result:
    given = "\n".join(json.dumps(each) for each in lines or [])
    return CliRunner().invoke(daihou, ["strategy", *words], input=given)


def asked(**changes: Any) -> dict[str, Any]:
    return {"id": "C-1", "as_of": "2026-01-05", "facts": FACTS | changes}


def test_what_ships_has_no_findings() -> None:
    found = run()
    assert found.exit_code == 0, found.output
    assert "31 rows, 0 findings, digest" in found.output


def test_findings_are_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    text = strategies.shipped_text("consumer").replace("dpd: 16..30", "dpd: 17..30")
    file = tmp_path / "mine.yaml"
    file.write_text(text, "utf-8")
    found = run(str(file))
    assert found.exit_code == 1
    assert "[gap] No row matches" in found.output and "dpd = 16" in found.output
    chinese = run(str(file), "--language", "zh")
    assert "没有任何行命中" in chinese.output


def test_questions_are_answered_with_the_reason_and_the_flip() -> None:
    found = run("--json", "-", lines=[asked(), asked(held="yes")])
    one, other = map(json.loads, found.output.splitlines())
    assert (one["answer"], other["answer"]) == ("M1-15", "HOLD")
    assert one["gives"]["action"] == "call"
    assert one["words"][-1].startswith("If ")
    assert one["decision"]["flips"][0]["answer"] == "M1-30"


def test_cases_with_what_is_expected_test_a_strategy() -> None:
    right = asked() | {"expect": "M1-15"}
    wrong = asked(dpd=40) | {"expect": "M1-15"}
    assert run("--json", "-", lines=[right]).exit_code == 0
    found = run("--json", "-", lines=[right, wrong])
    assert found.exit_code == 1
    assert [json.loads(e)["is_expected"] for e in found.output.splitlines()] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dpd": "12"}, "facts.dpd"),
        ({"overdue_total": 1234}, "facts.overdue_total"),
        ({"promise_state": "lively"}, "facts.promise_state"),
        ({"held": None}, "facts.held"),
        ({"weather": 1}, "facts.weather"),
    ],
)
def test_what_cannot_be_read_names_the_field(change: Any, field: str) -> None:
    found = run("--json", "-", lines=[asked(**change)])
    assert json.loads(found.output)["error"].startswith(field)


def test_a_strategy_is_written_in_the_one_form(tmp_path: Path) -> None:
    found = run("--write")
    file = tmp_path / "mine.yaml"
    file.write_text(found.output, "utf-8")
    assert run(str(file), "--write").output == found.output
    assert strategies.read(found.output, name="x") == strategies.shipped()["consumer"]


def test_a_file_that_is_no_strategy_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("id: [", "utf-8")
    found = run(str(file))
    assert found.exit_code == 1
    assert "mine.yaml is not readable YAML" in found.output
