"""`daihou clocks|caps|provision --json -`: a line in, a line out, and never a crash."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from daihou.config.cli import daihou
from daihou.packs import caps, clocks, holidays, law, lpr, provision, question_cases
from daihou.packs.questions import answer_line

BOOK = law.known()
PLAIN: dict[str, dict[str, Any]] = {
    "clocks": {
        "id": "q",
        "clock": "limitation",
        "licence": "bank",
        "as_of": "2026-11-22",
        "begins_on": "2024-03-31",
        "events": [
            {
                "happened_on": "2025-01-10",
                "kind": "demand",
                "evidence": "document_delivered",
                "signed_by": "self",
                "arrived": True,
                "debtor_missing": False,
                "until": "2025-01-11",
                "party": "p",
                "id": "e-1",
            }
        ],
    },
    "caps": {
        "id": "q",
        "ask": "claim",
        "licence": "assignee",
        "originator": "bank",
        "originated_on": "2025-01-02",
        "as_of": "2026-11-22",
        "facilitated": False,
        "currency": "CNY",
        "days_in_year": 360,
        "kept_back": "0.00",
        "first_principal": "100.00",
        "stretches": [
            {
                "begins_on": "2025-03-01",
                "ends_on": "2026-03-01",
                "principal": "100.00",
            }
        ],
        "charges": {"penalty": "10.00"},
    },
    "provision": {
        "id": "q",
        "ask": "book",
        "licence": "bank",
        "as_of": "2026-09-30",
        "table": "CN_PBC2002",
        "shares": {"doubtful": "0.55"},
        "held": "10.00",
        "loans": [
            {
                "loan": "a",
                "asset_class": "loss",
                "balance": "10.00",
                "model": "9.00",
            }
        ],
    },
}


def answered(
    question: str, line: bytes | dict[str, Any], language: str = "en"
) -> dict[str, Any]:
    def answer(content: dict[str, Any]) -> dict[str, Any]:
        if question == "clocks":
            return clocks.answer(content, BOOK, holidays.holidays(), language=language)
        if question == "caps":
            return caps.answer(content, BOOK, lpr.known(), language=language)
        return provision.answer(content, BOOK, language=language)

    given = line if isinstance(line, bytes) else json.dumps(line).encode()
    said = answer_line(given, answer, language=language)
    assert "\n" not in said
    found = json.loads(said)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("question", PLAIN)
def test_the_plain_question_is_answered(question: str) -> None:
    answer = answered(question, PLAIN[question])
    assert answer["id"] == "q" and "error" not in answer
    assert answer["rules"] and answer["words"] and answer["decision"]["path"]


def places(content: Any, way: str = "") -> list[str]:
    """Every place of a question, inside lists and objects too."""
    if isinstance(content, dict):
        inside = [
            each
            for name, value in content.items()
            for each in (f"{way}{name}", *places(value, f"{way}{name}."))
        ]
        return [each for each in inside if each]
    if isinstance(content, list):
        return [
            each
            for n, value in enumerate(content)
            for each in places(value, f"{way}{n}.")
        ]
    return []


def changed(question: str, path: str, value: object) -> dict[str, Any]:
    request = json.loads(json.dumps(PLAIN[question]))
    place: Any = request
    *way, last = [int(x) if x.isdigit() else x for x in path.split(".")]
    for step in way:
        place = place[step]
    place[last] = value
    return request  # type: ignore[no-any-return]


WRONG: list[object] = [[3], {"x": 1}, "nonsense\x00", 3.5, -1, "\ud800", 10**40]
NAMES = {"id", "events.0.id", "events.0.party", "loans.0.loan"}


@pytest.mark.parametrize(
    ("question", "path"),
    [(question, path) for question in PLAIN for path in places(PLAIN[question])],
)
def test_a_field_that_is_wrong_is_named(question: str, path: str) -> None:
    for value in WRONG:
        if path in NAMES and isinstance(value, str | int):
            continue  # whatever names something may be any text or number
        answer = answered(question, changed(question, path, value))
        if path == "id" or (path == "loans.0.loan" and value == 3.5):
            continue
        assert "error" in answer, (path, value)
        field = answer["error"].split(":")[0]
        named = path
        for digit in "0123":
            named = named.replace(f".{digit}", f"[{digit}]")
        assert field.startswith(named) or path == "table", (field, named)
        chinese = answered(question, changed(question, path, value), "zh")["error"]
        assert chinese != answer["error"]


@pytest.mark.parametrize("question", PLAIN)
def test_a_field_nobody_knows_is_refused(question: str) -> None:
    for path in ("note", *(f"{each}.note" for each in ("events.0", "loans.0"))):
        head = path.split(".")[0]
        if head != "note" and head not in PLAIN[question]:
            continue
        answer = answered(question, changed(question, path, "x"))
        assert "note" in answer["error"].split(":")[0]


@pytest.mark.parametrize("question", PLAIN)
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"nonsense",
        b"[]",
        b"7",
        b"null",
        b"{",
        b"{}",
        b'{"id": 1, "id": 2}',
        b'{"id": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        b'{"id": "\\ud800", "clock": 3, "ask": 3}',
    ],
)
def test_a_line_that_is_no_question_is_answered_all_the_same(
    question: str, line: bytes
) -> None:
    answer = answered(question, line)
    assert answer["error"] and set(answer) == {"id", "error"}


def run(command: str, *arguments: str, send: bytes) -> list[dict[str, Any]]:
    words = [command, "--language", "en", "--json", "-", *arguments]
    found = CliRunner().invoke(daihou, words, input=send)
    assert found.exit_code == 0, found.output
    return [json.loads(line) for line in found.stdout.splitlines()]


@pytest.mark.parametrize("question", PLAIN)
def test_answers_come_in_the_order_of_the_questions(question: str) -> None:
    cases = [each for each in question_cases.all_cases() if each.question == question][
        :20
    ]
    lines = [json.dumps({**each.ask, "id": n}).encode() for n, each in enumerate(cases)]
    lines[7:7] = [b"nonsense", b'{"id": "x"}']
    answers = run(question, send=b"\n".join(lines) + b"\n")
    expected = [*range(7), None, "x", *range(7, len(cases))]
    assert [each["id"] for each in answers] == expected


def test_the_lenders_policy_is_asked_too(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    row = {"rule": "CN-CMP-01", "begins_on": "2026-01-01", "because": "x"}
    content = {"title": "ours", "changes": [row | {"values": {"simple_days": 10}}]}
    file.write_text(yaml.safe_dump(content), "utf-8")
    asked = {"clock": "complaint", "licence": "bank", "begins_on": "2026-11-02"}
    send = json.dumps(asked | {"as_of": "2026-11-10"}).encode()
    (answer,) = run("clocks", "--policy", str(file), send=send)
    assert answer["ends_on"] == "2026-11-12"
    file.write_text(file.read_text().replace(": 10", ": 16"), "utf-8")
    words = ["clocks", "--json", "-", "--policy", str(file), "--language", "en"]
    refused = CliRunner().invoke(daihou, words, input=send)
    assert refused.exit_code == 1 and "may only be stricter" in refused.output


def test_own_holidays_and_own_rates_stand_in_place(tmp_path: Path) -> None:
    days = tmp_path / "days.yaml"
    days.write_text(
        "id: ours\nname: {zh-Hans: 甲, en: A}\nweekend: []\nyears:\n"
        "  - year: 2027\n    source: {text: 本行, evidence: P}\n    days:\n"
        "      - {first: 2027-03-31, last: 2027-04-02, name: {zh-Hans: 庆, en: F}}\n",
        "utf-8",
    )
    send = json.dumps(PLAIN["clocks"] | {"events": []}).encode()
    (answer,) = run("clocks", "--holidays", str(days), send=send)
    assert answer["ends_on"] == "2027-04-03"
    rates = tmp_path / "lpr.yaml"
    rates.write_text(
        "id: ours\nname: {zh-Hans: 甲, en: A}\n"
        "sources: {notice: {text: 公告, evidence: P}}\nrows:\n"
        "  - {begins_on: 2026-01-20, rate: '0.0250', status: verified, from: [notice]}\n",
        "utf-8",
    )
    asked = {"ask": "price", "licence": "private_lending", "rate": "0.11"}
    asked |= {"originated_on": "2026-06-01", "as_of": "2026-11-22"}
    (answer,) = run("caps", "--lpr", str(rates), send=json.dumps(asked).encode())
    assert (answer["standing"], answer["cap"]) == ("over", "0.1")
