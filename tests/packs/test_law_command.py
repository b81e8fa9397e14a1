"""`daihou rulebook`: the rules listed, shown, checked and compared, in two languages."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from daihou.config.cli import daihou
from daihou.packs import law, law_files

FOLDER = Path(str(law_files.packaged()))


def said(*words: str, language: str = "en", code: int = 0) -> str:
    arguments = ["rulebook", *words, "--language", language]
    found = CliRunner().invoke(daihou, arguments)
    assert found.exit_code == code, found.output
    # Standard error names the book where a test before this one made a database.
    return found.output if code else found.stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list(language: str) -> None:
    lines = said("list", "--jurisdiction", "cn", language=language).splitlines()
    rules = [each for each in law.known().rules.values() if each.jurisdiction == "cn"]
    assert len(lines) == len(rules) + 1
    title = {"en": "No collection at night", "zh": "夜间不催收"}[language]
    assert any(line.startswith("CN-COL-01 ") and title in line for line in lines)
    assert law.known().digest[:12] in lines[-1]


def test_the_list_of_a_day_and_a_licence() -> None:
    words = ("list", "--jurisdiction", "us", "--licence", "creditor", "--json")
    found = json.loads(said(*words, "--on", "2026-11-22"))
    ids = {each["id"] for each in found["rules"]}
    assert "US-02" not in ids and "US-POL-01" in ids
    assert found["version"] == law.known().digest
    early = json.loads(said("list", "--on", "1999-01-01", "--json"))
    assert early["rules"] == []


def test_a_rule_with_what_is_not_sure_marked() -> None:
    text = said("show", "CN-CLS-05")
    assert "overdue_over_days (days past due above): 270 days\n" in text
    assert "0.50 share [" in text and "[M]" in text and "[S]" in text
    annex = said("show", "CN-WO-08")
    assert "personal_most" in annex and "CNY" in annex
    content = json.loads(said("show", "CN-COL-02", "--json"))
    value = content["versions"][0]["values"]["most_connected_a_day"]
    assert value == {
        "value": 3,
        "unit": "count",
        "stricter": "lower_is_stricter",
        "asserted": True,
    }
    assert content["versions"][0]["binding"] is True


def test_what_changes_between_two_days() -> None:
    found = said("diff", "2018-02-27", "2018-02-28")
    assert "CN-PRV-01" in found
    rows = json.loads(said("diff", "2026-01-29", "2026-01-30", "--json"))
    assert {"CN-COL-03", "CN-COL-07"} <= {
        each["rule"] for each in rows if each["kind"] == "begins"
    }
    assert json.loads(said("diff", "2026-03-03", "2026-03-04", "--json")) == []


def test_what_changes_between_a_day_and_a_folder(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    shutil.copytree(FOLDER / "us", ours / "us")
    shutil.rmtree(ours / "us" / "cases")
    file = ours / "us" / "US-03.yaml"
    text = file.read_text("utf-8").replace("quiet_days: 7", "quiet_days: 8")
    file.write_text(text, "utf-8")
    words = ("diff", "2026-11-22", str(ours), "--jurisdiction", "us", "--json")
    (row,) = json.loads(said(*words))
    assert (row["rule"], row["was"], row["is"]) == ("US-03", "7", "8")


def test_the_book_and_a_policy_are_checked(tmp_path: Path) -> None:
    assert law.known().digest[:12] in said("check")
    file = tmp_path / "ours.yaml"
    row = {"rule": "CN-POL-11", "begins_on": "2026-01-01", "because": "signed off"}
    content = {"title": "ours", "changes": [row | {"switched": "off"}]}
    file.write_text(yaml.safe_dump(content), "utf-8")
    assert law.known().digest[:12] not in said("check", "--policy", str(file))
    file.write_text(file.read_text().replace("POL-11", "COL-02"), "utf-8")
    for language, words in (("en", "cannot be switched off"), ("zh", "不能停用")):
        refused = said("check", "--policy", str(file), language=language, code=1)
        assert words in refused and "CN-COL-02" in refused


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "CN-COL-99"), "CN-COL-99"),
        (("list", "--jurisdiction", "fr"), "example"),
        (("diff", "yesterday", "2026-01-01"), "yesterday"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(
    words: tuple[str, ...], told: str
) -> None:
    assert told in said(*words, code=1)
