"""The cases of the gate, as a lawyer reads them, are answered as they say."""

import json
from collections import Counter
from datetime import datetime

import pytest

from daihou.engine.gate.book import GateBook
from daihou.packs import law, law_ask, law_cases, law_files

BOOK = GateBook(law.known())
CASES = list(law_cases.of_the_gate(BOOK.law))


def told(case: law_cases.Case) -> str:
    return f"{case.file}: {case.name['en']}"


@pytest.mark.parametrize("case", CASES, ids=told)
def test_the_gate_answers_as_the_case_says(case: law_cases.Case) -> None:
    line = law_ask.answer_line(case.line, BOOK, language="en", explain=False)
    answer = json.loads(line)
    assert answer["verdict"] == case.verdict, line
    until = answer["until"] and datetime.fromisoformat(answer["until"])
    assert until == case.until, line
    assert set(case.rules) <= set(answer["rules"]), line
    assert bool(case.rules) == bool(answer["rules"]), line
    if case.unknown:
        assert answer["error"].startswith(case.unknown), line
    else:
        assert "error" not in answer, line


def test_there_are_cases_for_every_pack_and_verdict() -> None:
    counted = Counter((each.request["jurisdiction"], each.verdict) for each in CASES)
    for jurisdiction, pack in BOOK.law.packs.items():
        if pack.open:
            for verdict in ("allow", "defer", "deny"):
                assert counted[jurisdiction, verdict] >= 5, (jurisdiction, verdict)
    assert len(CASES) >= 300


def test_every_rule_that_asks_a_question_is_named_in_a_case() -> None:
    asking = {
        each.id
        for each in BOOK.law.rules.values()
        if BOOK.law.packs[each.jurisdiction].open
        and any(version.checks for version in each.versions)
    }
    named = {rule for case in CASES for rule in case.rules}
    assert asking - named == set()


def test_no_two_cases_have_one_name() -> None:
    names = Counter(told(each) for each in CASES)
    assert [name for name, count in names.items() if count > 1] == []


def test_the_rules_own_cases_have_the_form_of_the_others() -> None:
    for rule in BOOK.law.rules.values():
        if rule.vectors:
            content = {"title": dict(rule.title), "cases": [*map(dict, rule.vectors)]}
            law_files.check(content, schema="gate_cases.json", name=rule.id)
