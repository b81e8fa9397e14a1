"""Any file of the form: whatever it holds or lacks, it is run to its end and counted."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tools.conformance import __main__ as command
from tools.conformance.page import page
from tools.conformance.score import run

STEPS = [f"{when}_{what}" for when in ("past_due", "due", "in_advance")
         for what in ("penalty", "fee", "interest", "principal")]  # fmt: skip
LOAN: dict[str, Any] = {
    "principal": "1000",
    "submitted_on": "2024-01-01",
    "rate_percent": "12",
    "rate_per": "year",
    "interest_method": "declining",
    "interest_period": "daily",
    "amortization": "equal_installments",
    "repayments": 2,
    "every": 1,
    "unit": "months",
    "days_in_year": "360",
    "days_in_month": "30",
    "schedule_type": "progressive",
    "arrears_grace_days": 3,
    "interest_recalculation": {"rest": "daily", "preclose": "till_preclose_date"},
    "allocation": "advanced",
    "advanced_allocation": {"default": {"future": "next_installment", "order": STEPS}},
    "product_charges": ["late_fee"],
}
# 1000 x 1.01^2 / 2.01 = 507.51; interest 10.00, then 1 % of 502.49.
ROWS = [
    [None, "2024-01-01", "1000", None, None],
    [1, "2024-02-01", "502.49", "497.51", "10"],
    [2, "2024-03-01", "0", "502.49", "5.02"],
]
COLUMNS = ["nr", "due_date", "balance", "principal", "interest"]
FILE: dict[str, Any] = {
    "meta": {
        "charges": {
            "late_fee": {
                "name": "Late",
                "when": "overdue",
                "calculation": "flat",
                "default_amount": "25",
                "penalty": True,
            }
        },
        "delinquency_bucket": [{"classification": "RANGE_1", "min_days": 1}],
    },
    "schedule_cases": [
        {
            "id": "plan",
            "terms": LOAN,
            "business_date": "2024-01-01",
            "approved_amount": "1000",
            "approved_expected": "2024-01-01",
            "disbursements": [["2024-01-01", "1000"]],
            "columns": COLUMNS,
            "rows": ROWS,
            "total": {"principal": "1000", "interest": "15.02"},
        }
    ],
    "cases": [
        {
            "id": "life",
            "category": "delinquency",
            "loan": LOAN,
            "steps": [
                {"op": "set_date", "date": "2024-01-01"},
                {"op": "approve", "date": "2024-01-01", "amount": "1000"},
                {"op": "disburse", "date": "2024-01-01", "amount": "1000"},
                {"check": "schedule", "columns": COLUMNS, "rows": ROWS},
                {"op": "set_date", "date": "2024-02-01"},
                {"op": "repayment", "date": "2024-02-01", "amount": "507.5"},
                {"check": "outstanding", "amount": "507.52"},
                {"op": "set_date", "date": "2024-02-06"},
                {"op": "classify_delinquency"},
                {"check": "delinquency", "delinquent_days": 2, "past_due_days": 5,
                 "classification": "RANGE_1", "amount": "0.01"},
                {"check": "journal", "type": "REPAYMENT", "rows": []},
                {"check": "status", "status": "active"},
            ],
        }
    ],
}  # fmt: skip


def test_the_file_as_it_stands_matches():
    score = run(FILE)
    assert score.mismatches == []
    assert (score.schedules, score.recalculated, score.fixed) == (
        [1, 1],
        [4, 4],
        [0, 0],
    )
    assert (score.cases, score.journals) == ([1, 1], 1)


def paths(value: object, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        inside: Any = value.items()
    else:
        inside = enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*before, key)
        yield from paths(part, (*before, key))


def damaged(path: tuple[Any, ...], how: str) -> dict[str, Any]:
    file = deepcopy(FILE)
    held: Any = file
    for key in path[:-1]:
        held = held[key]
    if how == "drop":
        del held[path[-1]]
    else:
        held[path[-1]] = json.loads(how)
    return file


@pytest.mark.parametrize("how", ["drop", "null", '"odd"', "-7", "[]", "{}"])
def test_no_damage_stops_the_run_or_goes_uncounted(how):
    whole = [path for path in paths(FILE) if len(path) > 2]
    for path in whole:
        file = damaged(path, how)
        score = run(file)
        assert score.schedules[1] == len(file["schedule_cases"])
        assert score.cases[1] == len(file["cases"])
        assert "# Conformance" in page(score, file)
        json.dumps(score.summary())


@pytest.mark.parametrize(
    "field", ["principal", "repayments", "unit", "rate_percent", "submitted_on"]
)
def test_a_case_that_cannot_be_computed_is_not_matched_and_says_why(field):
    file = damaged(("cases", 0, "loan", field), "drop")
    score = run(file)
    assert (score.cases, score.recalculated) == ([0, 1], [0, 4])
    assert all(field in each.error for each in score.mismatches)
    assert "| error |" in page(score, file)


def test_a_step_nobody_knows_spoils_what_follows_it_only():
    file = deepcopy(FILE)
    file["cases"][0]["steps"].insert(4, {"op": "hold_a_raffle"})
    score = run(file)
    assert (score.cases, score.recalculated) == ([0, 1], [1, 4])
    assert "hold_a_raffle" in score.mismatches[0].error


def test_a_last_step_nobody_knows_spoils_the_case():
    file = deepcopy(FILE)
    file["cases"][0]["steps"].append({"op": "hold_a_raffle"})
    score = run(file)
    assert (score.cases, score.recalculated) == ([0, 1], [4, 4])
    assert "hold_a_raffle" in page(score, file)


@pytest.mark.parametrize(
    "extra", [{"check": "omen", "sign": "good"}, {"check": "status", "luck": "good"}]
)
def test_what_we_cannot_compare_is_never_a_match(extra):
    file = deepcopy(FILE)
    file["cases"][0]["steps"].append(extra)
    score = run(file)
    assert (score.cases, score.recalculated) == ([0, 1], [4, 5])


def test_a_check_that_breaks_spoils_no_other():
    file = deepcopy(FILE)
    file["cases"][0]["steps"][3] = {"check": "schedule", "columns": 7, "rows": "?"}
    assert run(file).recalculated == [3, 4]


@pytest.mark.parametrize(
    "key", ["capitalized_income", "buy_down_fee", "update_approved_amount"]
)
def test_what_is_out_of_scope_is_left_out_and_counted(key):
    file = deepcopy(FILE)
    file["cases"][0]["steps"].append({"op": key, "amount": "1"})
    score = run(file)
    assert (score.cases, sum(score.skipped.values())) == ([0, 0], 1)


@pytest.mark.parametrize(
    "file",
    [
        {},
        {"meta": None, "schedule_cases": [], "cases": []},
        {"schedule_cases": None, "cases": None},
        {"meta": FILE["meta"], "schedule_cases": FILE["schedule_cases"]},
        {"meta": FILE["meta"], "cases": FILE["cases"]},
    ],
)
def test_a_part_of_a_file_is_a_file(file, tmp_path, monkeypatch, capsys):
    cases, written = tmp_path / "cases.json", tmp_path / "page.md"
    cases.write_text(json.dumps(file))
    monkeypatch.setattr(command, "PAGE", written)
    monkeypatch.setattr("sys.argv", ["conformance", str(cases)])
    assert command.main() == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["schedules"] == [len(file.get("schedule_cases") or ())] * 2
    assert last["cases"] == [len(file.get("cases") or ())] * 2
    assert written.read_text().startswith("<!-- Made by")


@pytest.mark.parametrize("text", ["not json", "[]", "7"])
def test_what_is_no_file_of_cases_is_refused(text, tmp_path, monkeypatch, capsys):
    cases = tmp_path / "cases.json"
    cases.write_text(text)
    monkeypatch.setattr("sys.argv", ["conformance", str(cases)])
    assert command.main() == 2
    assert str(cases) in capsys.readouterr().err
