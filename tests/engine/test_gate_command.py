"""`daihou gate check --json -`: a line in, a line out, and never a crash."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from daihou.config.cli import daihou
from daihou.engine.gate.book import GateBook
from daihou.packs import law, law_ask
from tests.engine import gate_requests

BOOK = GateBook(law.known())
PLAIN: dict[str, Any] = {
    "id": "r-1",
    "jurisdiction": "cn",
    "at": "2026-11-23T10:00:00+08:00",
    "purpose": "collect",
    "channel": "call",
    "licence": "bank",
    "person": {
        "id": "p",
        "role": "borrower",
        "time_zone": "Asia/Shanghai",
        "flags": [],
        "refused": False,
    },
    "debtor_flags": [],
    "debtor_unreachable": False,
    "contact_point": "n",
    "debt": "d",
    "staff_count": 1,
    "history": [
        {
            "at": "2026-11-23T09:00:00+08:00",
            "person": "p",
            "contact_point": "n",
            "debt": "d",
            "channel": "call",
            "connected": True,
            "conversation": False,
            "failed": False,
            "actor": "staff",
        }
    ],
    "consents": [
        {
            "kind": "channel",
            "channel": "sms",
            "given_at": "2026-01-01T09:00:00+08:00",
            "withdrawn_at": None,
        }
    ],
}


def answered(line: bytes, language: str = "en") -> dict[str, Any]:
    said = law_ask.answer_line(line, BOOK, language=language, explain=False)
    assert "\n" not in said
    answer = json.loads(said)
    assert isinstance(answer, dict)
    return answer


def changed(path: str, value: object) -> dict[str, Any]:
    """The plain request with one place in it changed; ... takes it out."""
    request = json.loads(json.dumps(PLAIN))
    place: Any = request
    *way, last = [int(x) if x.isdigit() else x for x in path.split(".")]
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return request  # type: ignore[no-any-return]


def test_the_plain_request_is_allowed() -> None:
    assert answered(json.dumps(PLAIN).encode()) == {
        "id": "r-1",
        "verdict": "allow",
        "until": None,
        "rules": [],
    }


NEEDED = [
    *("id", "jurisdiction", "at", "purpose", "channel", "licence", "person"),
    *("debtor_flags", "contact_point", "debt", "history", "consents"),
    *(f"person.{name}" for name in ("id", "role", "time_zone", "flags")),
    *(f"history.0.{name}" for name in PLAIN["history"][0]),
    *("consents.0.kind", "consents.0.channel", "consents.0.given_at"),
]


def named(path: str) -> str:
    for digit in "012":
        path = path.replace(f".{digit}", f"[{digit}]")
    return path


def is_right(path: str, value: object) -> bool:
    """Whether the plain request stays one with this value."""
    last = path.rsplit(".", 1)[-1]
    if last in {"history", "consents", "debtor_flags", "flags"}:
        return value == []
    if last in {"connected", "conversation", "failed"}:
        return value is True
    is_name = last in {"id", "contact_point", "debt"} or path == "history.0.person"
    return is_name and value in ("nonsense\x00", -1)


VALUES = [..., None, [], {}, "nonsense\x00", 3.5, -1, True]
WRONG = [(path, v) for path in NEEDED for v in VALUES if not is_right(path, v)]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_field_that_is_missing_or_wrong_is_named(path: str, value: object) -> None:
    answer = answered(json.dumps(changed(path, value)).encode())
    assert (answer["verdict"], answer["rules"]) == ("deny", [])
    assert answer["error"].split(":")[0].startswith(named(path)), answer
    assert answer["id"] == (PLAIN["id"] if path != "id" else answer["id"])
    chinese = answered(json.dumps(changed(path, value)).encode(), "zh")["error"]
    assert chinese.startswith(named(path)) and chinese != answer["error"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("at", "2026-11-23T10:00:00"),
        ("at", "2026-02-30T10:00:00+08:00"),
        ("at", "1999-01-01T10:00:00+08:00"),
        ("at", "9999-12-31T23:59:59-23:59"),
        ("at", "0001-01-01T00:00:00+23:59"),
        ("at", 1763863200),
        ("person.time_zone", "localtime"),
        ("person.time_zone", "../../etc/passwd"),
        ("person.time_zone", "/etc/localtime"),
        ("person.time_zone", "Asia"),
        ("person.time_zone", "+08:00"),
        ("person.flags", ["cease", "x"]),
        ("person.flags", [["cease"]]),
        ("jurisdiction", "example"),
        ("jurisdiction", "fr"),
        ("licence", "debt_collector"),
        ("history.0.actor", "friend"),
        ("consents.0.withdrawn_at", "tomorrow"),
        ("staff_count", "two"),
        ("person.refused", "no"),
        ("debtor_unreachable", 1),
        ("history", [1]),
        ("consents", {"kind": "channel"}),
    ],
)
def test_a_value_that_is_not_known_is_named(path: str, value: object) -> None:
    answer = answered(json.dumps(changed(path, value)).encode())
    assert answer["verdict"] == "deny" and answer["id"] == "r-1"
    assert answer["error"].startswith(named(path).split("[")[0])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("note", "note"),
        ("person.flag", "person.flag"),
        ("history.0.from", "history[0].from"),
        ("consents.0.withdrawn", "consents[0].withdrawn"),
    ],
)
def test_a_field_nobody_knows_is_no_request(path: str, told: str) -> None:
    answer = answered(json.dumps(changed(path, "x")).encode())
    assert answer["verdict"] == "deny" and answer["error"].startswith(f"{told}:")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"nonsense",
        b"[]",
        b"7",
        b"null",
        b'"text"',
        b"{",
        b'{"id": 1, "id": 2}',
        b'{"id": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        b'{"id": "\\ud800", "at": 3}',
        json.dumps(PLAIN).encode("utf-16"),
    ],
)
def test_a_line_that_is_no_request_is_answered_all_the_same(line: bytes) -> None:
    answer = answered(line)
    assert answer["verdict"] == "deny" and answer["error"]


def test_names_may_be_numbers() -> None:
    request = changed("person.id", 7)
    request["history"][0]["person"] = "7"
    request["history"] *= 3
    answer = answered(json.dumps(request).encode())
    assert answer["rules"] == ["CN-COL-02"]


def test_a_mark_at_the_beginning_of_the_file_is_no_matter() -> None:
    line = b"\xef\xbb\xbf" + json.dumps(PLAIN).encode() + b"\r\n"
    assert answered(line)["verdict"] == "allow"


def run(*arguments: str, send: bytes = b"") -> list[dict[str, Any]]:
    words = ["gate", "check", "--language", "en", *arguments]
    found = CliRunner().invoke(daihou, words, input=send)
    assert found.exit_code == 0, found.output
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_answers_come_in_the_order_of_the_requests(tmp_path: Path) -> None:
    rng = random.Random(7)
    asked = [gate_requests.plain(gate_requests.one(rng)) | {"id": n} for n in range(50)]
    lines = [json.dumps(each).encode() for each in asked]
    lines[13:13] = [b"nonsense", b'{"id": "x"}']
    sent = b"\n".join(lines)
    answers = run("--json", "-", send=sent)
    expected = [*range(13), None, "x", *range(13, 50)]
    assert [each["id"] for each in answers] == expected
    assert {each["verdict"] for each in answers} == {"allow", "defer", "deny"}
    file = tmp_path / "asked.jsonl"
    file.write_bytes(sent + b"\n")
    assert run("--json", str(file)) == answers


def test_the_text_of_the_rule_comes_with_the_answer() -> None:
    request = changed("at", "2026-11-23T23:00:00+08:00")
    (answer,) = run("--json", "-", "--explain", send=json.dumps(request).encode())
    assert answer["until"] == "2026-11-24T08:00:00+08:00"
    (because,) = answer["because"]
    assert because["rule"] == "CN-COL-01" and because["status"] == "verified"
    assert "22:00" in because["text"] and because["sources"]
    assert because["title"] == "No collection at night"


def test_the_lenders_policy_is_asked_too(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    row = {"rule": "CN-COL-02", "begins_on": "2026-01-01", "because": "x"}
    row |= {"values": {"most_connected_a_day": 1}}  # type: ignore[dict-item]
    file.write_text(yaml.safe_dump({"title": "ours", "changes": [row]}), "utf-8")
    send = json.dumps(PLAIN).encode()
    (answer,) = run("--json", "-", "--policy", str(file), send=send)
    assert (answer["verdict"], answer["rules"]) == ("defer", ["CN-COL-02"])
    file.write_text(file.read_text().replace(": 1\n", ": 9\n"), "utf-8")
    words = ["gate", "check", "--json", "-", "--policy", str(file)]
    refused = CliRunner().invoke(daihou, [*words, "--language", "en"], input=send)
    assert refused.exit_code == 1 and "may only be stricter" in refused.output
