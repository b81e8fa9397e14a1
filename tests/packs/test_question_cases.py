"""Clocks, caps and provisions answer as the cases say that a lawyer can read."""

from collections import Counter
from typing import Any

import pytest

from daihou.packs import clocks, law, law_files, question_cases

BOOK = law.known()
CASES = list(question_cases.all_cases())


def told(case: question_cases.Case) -> str:
    return f"{case.file}: {case.name['en']}"


def answered(case: question_cases.Case, language: str = "en") -> dict[str, Any]:
    return question_cases.answered(case, BOOK, language=language)


@pytest.mark.parametrize("case", CASES, ids=told)
def test_the_answer_is_what_the_case_says(case: question_cases.Case) -> None:
    answer = answered(case)
    assert question_cases.differences(case, answer) == []


@pytest.mark.parametrize("case", CASES, ids=told)
def test_the_answer_says_why_in_both_languages(case: question_cases.Case) -> None:
    english, chinese = answered(case), answered(case, "zh")
    if "error" in case.expect:
        assert english["error"] and chinese["error"] != english["error"]
    elif "words" in english:  # a movement explains itself by its lines
        assert len(english["words"]) == len(chinese["words"]) > 1
        assert not any("{" in line for line in english["words"] + chinese["words"])
        assert english["words"][0] != chinese["words"][0]


def test_a_case_that_expects_something_else_is_seen() -> None:
    case = next(each for each in CASES if each.expect.get("state") == "running")
    answer = answered(case)
    assert question_cases.differences(case, answer | {"state": "met"})
    assert question_cases.differences(case, {"error": "as_of: x"})


def test_there_are_cases_of_every_clock_cap_and_table() -> None:
    counted = Counter(each.question for each in CASES)
    assert counted["clocks"] >= 100 and counted["caps"] >= 40
    assert counted["provision"] >= 40
    asked = {each.ask.get("clock") for each in CASES}
    assert set(clocks.KINDS) <= asked
    states = {each.expect.get("state") for each in CASES}
    for state in ("running", "stopped", "due", "met", "late", "expired", "no_rule"):
        assert state in states
    assert {each.expect.get("standing") for each in CASES} >= {
        *("within", "over", "not_asserted")
    }


def test_no_two_cases_have_one_name() -> None:
    names = Counter(told(each) for each in CASES)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_file_of_cases_is_somebody_s() -> None:
    for place in law_files.jurisdictions(law_files.packaged()):
        if (place / "cases").is_dir():
            for file in (place / "cases").iterdir():
                kind = file.name.split("_")[0]
                assert kind in {"gate", "class", *question_cases.KINDS}, file.name
