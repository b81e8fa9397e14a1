"""`daihou classify`: lines in, lines out, and whole books; no database, no server."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from daihou.config.commands import classify
from daihou.engine.classification.codes import Sign
from daihou.kit import speech

CLAIM = {"loan": "L-1", "customer": "C-1", "balance": "1000.00", "dpd": 88}
ASKED = {
    "id": "q",
    "jurisdiction": "cn",
    "licence": "bank",
    "as_of": "2026-06-27",
    "claim": {**CLAIM, "arrears": "1200.00"},
}


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(speech, "_spoken", ["en"])


def lines(*asked, arguments=()):
    text = "\n".join(
        each if isinstance(each, str) else json.dumps(each) for each in asked
    )
    found = CliRunner().invoke(
        classify.command, ["--json", "-", *arguments], input=text + "\n"
    )
    assert found.exit_code == 0, found.output
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_a_line_is_answered_by_a_line_in_order():
    first, second = lines(ASKED, {**ASKED, "id": 7, "claim": {**CLAIM, "dpd": 0}})
    assert (first["id"], first["class"]) == ("q", "special_mention")
    assert first["causes"] == ["overdue"] and not first["unverified"]
    assert first["rules"] == ["CN-CLS-03", "CN-ACC-01"]
    assert (second["id"], second["class"]) == (7, "normal")


def test_the_decision_says_what_would_flip_it():
    (found,) = lines(ASKED, arguments=["--explain"])
    flips = {each["input"]: each for each in found["decision"]["flips"]}
    assert flips["arrears"]["now"] == {"amount": "1200.00", "currency": "CNY"}
    assert flips["arrears"]["answer"] == "normal"
    assert (flips["dpd"]["becomes"], flips["dpd"]["on"]) == (91, "2026-06-30")
    assert "pay 1,200.00 by 2026-06-29 → normal" in found["because"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("{", "line"),
        ("[]", "line"),
        ({**ASKED, "claim": {"loan": "a", "customer": "b"}}, "claim.balance"),
        ({**ASKED, "claim": {**CLAIM, "dpd": -1}}, "claim.dpd"),
        ({**ASKED, "claim": {**CLAIM, "dpd": True}}, "claim.dpd"),
        ({**ASKED, "claim": {**CLAIM, "balance": "1.001"}}, "claim.balance"),
        ({**ASKED, "claim": {**CLAIM, "balance": "-1"}}, "claim.balance"),
        ({**ASKED, "claim": {**CLAIM, "balance": 1.5}}, "claim.balance"),
        ({**ASKED, "claim": {**CLAIM, "sings": []}}, "claim.sings"),
        ({**ASKED, "claim": {**CLAIM, "signs": ["evil"]}}, "claim.signs[0]"),
        ({**ASKED, "claim": {**CLAIM, "upgrade_to": "normal"}}, "claim.upgrade_on"),
        ({**ASKED, "claim": {**CLAIM, "due_on": "2026-01-01"}}, "claim.due_on"),
        (
            {**ASKED, "claim": {**CLAIM, "previous_causes": ["overdue"]}},
            "claim.previous_class",
        ),
        (
            {**ASKED, "claim": {**CLAIM, "events": [{"event": "missed"}]}},
            "claim.events[0].happened_on",
        ),
        (
            {**ASKED, "claim": {**CLAIM, "period": {"months": 1, "days": 3}}},
            "claim.period",
        ),
        ({**ASKED, "claim": {**CLAIM, "market_late": "1"}}, "claim.market_late"),
        ({**ASKED, "claim": {**CLAIM, "currency": "QQQ"}}, "claim.balance"),
        ({**ASKED, "others": [CLAIM]}, "others[0].loan"),
        ({**ASKED, "others": [{**CLAIM, "customer": "D"}]}, "others[0].customer"),
        ({**ASKED, "jurisdiction": "us"}, "jurisdiction"),
        ({**ASKED, "as_of": "yesterday"}, "as_of"),
        ({**ASKED, "licence": "private_lending"}, "No rule classifies"),
        ({**ASKED, "as_of": "1999-01-01"}, "No rule classifies"),
        (
            {
                **ASKED,
                "jurisdiction": "eu",
                "licence": "lender",
                "claim": {"loan": "L", "exposure": 1, "currency": "USD"},
            },
            "The threshold of default is in EUR",
        ),
    ],
)
def test_a_line_that_cannot_be_read_names_the_field(asked, field):
    (found,) = lines(asked)
    assert found["class"] is None
    assert found["error"].startswith(field), found["error"]


def test_other_scales_are_asked_the_same_way():
    india = {**ASKED, "jurisdiction": "in", "licence": "lender"}
    india["claim"] = {"loan": "L", "due_on": "2026-03-29"}
    europe = {**ASKED, "jurisdiction": "eu", "licence": "lender"}
    europe["claim"] = {"loan": "L", "exposure": 100, "signs": ["unlikely_to_pay"]}
    assert [each["class"] for each in lines(india, europe)] == ["npa", "default"]


def test_a_stricter_policy_is_followed(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "title: stricter\nchanges:\n"
        "  - {rule: CN-CLS-04, begins_on: 2026-01-01, because: house,\n"
        "     values: {overdue_over_days: 60}}\n",
        encoding="utf-8",
    )
    (found,) = lines(ASKED, arguments=["--policy", str(policy)])
    assert found["class"] == "substandard"


def book(folder: Path, **more: object) -> Path:
    columns: dict[str, object] = {
        "loan_id": ["a", "b", "c", "d"],
        "customer_id": ["x", "x", "y", "z"],
        "balance": [100, 900, 500, 500],
        "dpd": [91, 0, 8, 0],
        "is_retail": [False, False, True, True],
        "previous_class": [None, None, None, "doubtful"],
        "previous_since": pa.array([None, None, None, date(2026, 1, 1)], pa.date32()),
        **more,
    }
    file = folder / "book.parquet"
    parquet.write_table(pa.table(columns), file)
    return file


def run(*arguments: object):
    return CliRunner().invoke(classify.command, [str(each) for each in arguments])


def test_a_book_of_a_file_is_classified(tmp_path):
    out = tmp_path / "out.parquet"
    file = book(tmp_path)
    found = run(file, "--as-of", "2026-08-31", "--licence", "bank", "--out", out)
    assert found.exit_code == 0, found.output
    written = parquet.read_table(out)
    assert written["loan_id"].to_pylist() == ["a", "b", "c", "d"]
    assert written["asset_class"].to_pylist() == [
        *("substandard", "special_mention", "special_mention", "doubtful"),
    ]
    assert "doubtful" in found.output


def test_events_of_a_file_are_followed(tmp_path):
    events = tmp_path / "events.parquet"
    rows = {
        "loan_id": ["d", "d"],
        "event": [0, 1],
        "happened_on": [date(2025, 12, 20), date(2026, 7, 15)],
        "first_due_on": pa.array([date(2026, 1, 15), None], pa.date32()),
        "period_months": [1, None],
        "period_days": [None, None],
    }
    table = pa.table(
        rows,
        schema=pa.schema(
            [
                ("loan_id", pa.string()),
                ("event", pa.int8()),
                ("happened_on", pa.date32()),
                ("first_due_on", pa.date32()),
                ("period_months", pa.int16()),
                ("period_days", pa.int16()),
            ]
        ),
    )
    parquet.write_table(table, events)
    out = tmp_path / "out.parquet"
    asked = (book(tmp_path), "--as-of", "2026-08-31", "--licence", "bank")
    found = run(*asked, "--events", events, "--out", out)
    assert found.exit_code == 0, found.output
    until = parquet.read_table(out)["observed_until"].to_pylist()
    assert until == [None, None, None, date(2027, 7, 15)]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"previous_class": ["x", None, None, None]}, "previous_class"),
        ({"previous_class": [9, None, None, None]}, "previous_class"),
        ({"dpd": [-1, 0, 0, 0]}, "dpd"),
        ({"dpd": ["a", "b", "c", "d"]}, "dpd"),
        ({"customer_id": [None, "x", "x", "x"]}, "customer_id"),
        ({"guarantee": ["gold", "gold", "gold", "gold"]}, "guarantee"),
    ],
)
def test_a_column_that_is_wrong_is_named(tmp_path, more, named):
    file = book(tmp_path, **more)
    found = run(file, "--as-of", "2026-08-31", "--licence", "bank")
    assert found.exit_code == 1 and f"column {named}" in found.output


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    file = tmp_path / "book.parquet"
    file.write_text("no")
    found = run(file, "--as-of", "2026-08-31", "--licence", "bank")
    assert found.exit_code == 1 and "book.parquet cannot be read" in found.output


def test_what_is_needed_is_said(tmp_path):
    assert run().exit_code == 2
    assert "--as-of" in run(book(tmp_path)).output
    short = tmp_path / "short.parquet"
    parquet.write_table(pa.table({"loan_id": [1]}), short)
    found = run(short, "--as-of", "2026-08-31", "--licence", "bank")
    assert found.exit_code == 1 and "customer_id" in found.output


PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "classification.md"


def test_the_page_shows_what_is_answered():
    """The example of the how-to page, word for word."""
    text = PAGE.read_text("utf-8")
    asked, said = (block.split("```")[0] for block in text.split("```json\n")[1:])
    (found,) = lines(json.loads(asked), arguments=["--explain"])
    assert found["because"] == json.loads(said)


def test_the_python_of_the_page_runs():
    (code,) = (
        block.split("```")[0]
        for block in PAGE.read_text("utf-8").split("```python\n")[1:]
    )
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - our own page
    assert names["found"].asset_class.tolist() == [2, 1]


def test_the_page_names_every_sign():
    text = PAGE.read_text("utf-8")
    of_others = {Sign.DUE_DATE_COUNTED, Sign.UNLIKELY_TO_PAY}
    missing = [each.code for each in Sign if each.code not in text]
    assert set(missing) <= {each.code for each in of_others}
