"""The cases of classification, as a lawyer reads them, on the reference and the book."""

from collections import Counter
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pytest

from daihou.columnar.classification import ClassBook, classify_book
from daihou.columnar.classification.book import DAY
from daihou.columnar.classification.scales import grades, standings
from daihou.engine.classification.codes import (
    BY_CODE,
    AssetClass,
    Cause,
    Grade,
    Standing,
    names,
)
from daihou.engine.classification.eu import EuRules, Exposure
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.india import Account, IndiaRules
from daihou.engine.classification.rules import SIGNS, ClassificationRules
from daihou.engine.classification.words import words
from daihou.engine.rulebook.decision import Decision
from daihou.packs import law
from daihou.packs.classification_cases import Case, of_classification
from daihou.packs.classification_json import Question, ask
from daihou.packs.decision_json import from_json, to_json

BOOK = law.known()
CASES = list(of_classification(BOOK))
IN_CHINA = [case for case in CASES if case.question.jurisdiction == "cn"]


def told(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=told)
def test_the_reference_answers_as_the_case_says(case):
    found = ask(case.question, BOOK)
    inputs = dict(found.inputs)
    assert found.answer == case.expect["class"], "\n".join(words(found, "en"))
    for name in ("stage", "machine_class", "asserted_class"):
        if name in case.expect:
            assert inputs[name] == case.expect[name], name
    for name in ("observed_until", "upgrade_from", "material_since", "until"):
        if name in case.expect:
            assert inputs[name] == date.fromisoformat(case.expect[name]), name
    if "causes" in case.expect:
        assert set(inputs.get("causes", ())) == set(case.expect["causes"])
    assert set(case.expect.get("rules", ())) <= set(found.rules)
    flips_agree(found, case.expect.get("flips", {}))


def flips_agree(found: Decision, expected: dict[str, Any]) -> None:
    flips = {each.input: each for each in found.flips}
    for name, said in expected.items():
        assert name in flips, (name, found.flips)
        assert flips[name].answer == said["class"]
        if "day" in said:
            assert flips[name].on == date.fromisoformat(said["day"])


@pytest.mark.parametrize("case", IN_CHINA, ids=told)
def test_the_book_answers_as_the_case_says(case):
    asked = case.question
    rules = ClassificationRules.of(BOOK, asked.licence, asked.as_of)
    book = ClassBook.of_facts([asked.claim, *asked.others])
    found = classify_book(book, rules, as_of=asked.as_of)
    assert AssetClass(int(found.asset_class[0])).code == case.expect["class"]
    for name in ("machine_class", "asserted_class"):
        if name in case.expect:
            assert getattr(found, name)[0] == BY_CODE[case.expect[name]]
    if "stage" in case.expect:
        assert found.stage[0] == case.expect["stage"]
    for name in ("observed_until", "upgrade_from"):
        if name in case.expect:
            assert getattr(found, name)[0] == np.datetime64(case.expect[name])
    if "causes" in case.expect:
        causes = names(Cause(int(found.causes[0])))
        assert set(causes) == set(case.expect["causes"])


def column(values: list[Any]) -> np.ndarray:
    if any(isinstance(each, date) for each in values) or None in values:
        return np.array([np.datetime64(each or "NaT", "D") for each in values], DAY)
    return np.array(values)


def columns(rows: list[Any], scale: list[Any]) -> dict[str, np.ndarray]:
    found = {}
    for each in fields(rows[0]):
        values = [getattr(row, each.name) for row in rows]
        if each.name == "previous":
            found["previous"] = np.array(
                [-1 if value is None else scale.index(value) for value in values]
            )
        elif each.name == "signs":
            found["signs"] = np.array([int(value) for value in values], np.int32)
        elif each.name not in ("loan", "currency"):
            found[each.name] = column(values)
    return found


@pytest.mark.parametrize("jurisdiction", ["in", "eu"])
def test_the_book_of_another_scale_answers_as_its_cases_say(jurisdiction):
    days: dict[date, list[Case]] = {}
    for case in CASES:
        if case.question.jurisdiction == jurisdiction:
            days.setdefault(case.question.as_of, []).append(case)
    assert days
    for as_of, cases in days.items():
        rows = [case.question.claim for case in cases]
        licence = cases[0].question.licence
        if jurisdiction == "in":
            rules = IndiaRules.of(BOOK, licence, as_of)
            codes = grades(columns(rows, list(Grade)), rules, as_of=as_of)
            said = [list(Grade)[code].value for code in codes]
        else:
            rules = EuRules.of(BOOK, licence, as_of)
            stood = standings(columns(rows, list(Standing)), rules, as_of=as_of)
            said = [list(Standing)[code].value for code in stood.standing]
            for case, until in zip(cases, stood.until, strict=True):
                if "until" in case.expect:
                    assert until == np.datetime64(case.expect["until"])
        assert said == [case.expect["class"] for case in cases]


@pytest.mark.parametrize("case", CASES, ids=told)
def test_a_decision_goes_through_json_and_is_said_in_both_languages(case):
    found = ask(case.question, BOOK)
    assert from_json(to_json(found)) == found
    for language in ("zh", "en"):
        assert all(words(found, language))
        assert len(words(found, language)) > 1
    english = " ".join(words(found, "en"))
    assert english.isascii() or "→" in english or "不良" in english


def test_there_are_many_cases_of_every_pack_and_class():
    assert len(CASES) >= 150
    counted = Counter(
        (each.question.jurisdiction, each.expect["class"]) for each in CASES
    )
    for each in AssetClass:
        assert counted["cn", each.code] >= 10, each
    for grade in Grade:
        assert counted["in", grade.value] >= 2, grade
    for standing in Standing:
        assert counted["eu", standing.value] >= 4, standing


def test_no_two_cases_have_one_name():
    counted = Counter(each.name for each in CASES)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_rule_that_classifies_is_named_in_a_case():
    named = {rule for case in CASES for rule in ask(case.question, BOOK).rules}
    asked = {
        f"CN-CLS-{number:02}" for number in (3, 4, 5, 6, 7, 10, 11, 15, 17, 18, 19)
    }
    assert named >= asked | {"CN-ACC-01", "IN-01", "EU-01", "EU-02", "EU-03"}


def test_bad_is_what_the_measures_call_bad():
    (version,) = BOOK.rules["CN-CLS-02"].versions
    bad = {each.code for each in AssetClass if each.is_bad}
    assert set(version.values["bad"]) == bad


def test_every_sign_of_a_rule_is_known_and_has_a_case():
    rules = ClassificationRules.of(BOOK, "bank", date(2026, 8, 31))
    named = {cause.code for _, cause, _ in rules.signs}
    assert named == set(SIGNS)
    causes = {cause for case in IN_CHINA for cause in case.expect.get("causes", ())}
    assert named <= causes
    assert {each.code for each in Cause} == causes


def test_what_a_case_asks_is_a_claim_of_its_scale():
    kinds = {"cn": ClassFacts, "in": Account, "eu": Exposure}
    for case in CASES:
        asked: Question = case.question
        assert isinstance(asked.claim, kinds[asked.jurisdiction])
