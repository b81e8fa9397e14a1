"""Published expectations of another ledger: never fewer matches than reached once."""

import json

import pytest

from tools.conformance.__main__ import shared_cases
from tools.conformance.page import page
from tools.conformance.score import Score, run

CASES = shared_cases()
pytestmark = pytest.mark.skipif(
    not CASES.is_file(), reason="the shared conformance file is not here"
)


@pytest.fixture(scope="module")
def data():
    return json.loads(CASES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def score(data) -> Score:
    return run(data)


def share(pair: list[int]) -> float:
    return pair[0] / pair[1]


def test_schedules(score):
    assert share(score.schedules) >= 0.99


def test_checkpoints_with_fixed_interest(score):
    assert share(score.fixed) >= 0.986


def test_checkpoints_with_recalculated_interest(score):
    assert share(score.recalculated) >= 0.959


def test_delinquency(score):
    assert share(score.by_category["delinquency"]) >= 0.97
    assert share(score.by_check["delinquency"]) == 1


def test_only_what_is_out_of_scope_is_left_out(score):
    assert set(score.skipped) <= {
        "capitalised income",
        "buy-down fee",
        "tranche approval",
    }
    cases = score.cases[1] + sum(score.skipped.values())
    assert sum(score.skipped.values()) < 0.1 * cases


def test_nothing_breaks_off(score):
    assert [each.error for each in score.mismatches if each.error] == []


def test_every_difference_is_on_the_page_with_its_reason(score, data):
    text = page(score, data)
    for each in score.mismatches:
        assert f"| {each.case}, {each.step} | {each.check} |" in text


def test_a_wrong_number_is_seen(data):
    case = next(each for each in data["schedule_cases"] if each["reference_match"])
    wrong = json.loads(json.dumps(case))
    wrong["rows"][1][case["columns"].index("interest")] = "1234.56"
    assert run({"meta": data["meta"], "schedule_cases": [case]}).schedules == [1, 1]
    assert run({"meta": data["meta"], "schedule_cases": [wrong]}).schedules == [0, 1]
