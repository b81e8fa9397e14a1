"""Questions of classification as JSON, and their answers; without a database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from daihou.engine.classification import deciding, eu, eu_deciding, india, words
from daihou.engine.classification.codes import Cause, Grade, Sign, Standing
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.decision import Decision
from daihou.engine.rulebook.law import Lawbook
from daihou.packs import classification_fields as fields
from daihou.packs.decision_json import to_json

_QUESTION: Mapping[str, fields.Read] = {
    "id": fields.text,
    "jurisdiction": fields.word({each: each for each in ("cn", "in", "eu")}),
    "licence": fields.text,
    "as_of": fields.day,
    "claim": lambda given, _: given,
    "others": fields.listed(lambda given, _: given),
}
_NEEDED = ("jurisdiction", "licence", "as_of", "claim")


def _of_china(currency: str) -> Mapping[str, fields.Read]:
    money = fields.amount(currency)
    return {
        "loan": fields.text,
        "customer": fields.text,
        "currency": fields.text,
        "balance": money,
        "arrears": money,
        "dpd": fields.count,
        "due_on": fields.day,
        "is_retail": fields.truth,
        "guarantee": fields.GUARANTEE,
        "signs": fields.bits(Sign),
        "expected_loss": money,
        "market_late": money,
        "market_total": money,
        "period": fields.period,
        "cleared_on": fields.day,
        "missed_on": fields.day,
        "acquired_on": fields.day,
        "judged_class": fields.CLASS,
        "previous_class": fields.CLASS,
        "previous_causes": fields.bits(Cause),
        "previous_since": fields.day,
        "upgrade_to": fields.CLASS,
        "upgrade_on": fields.day,
        "events": fields.listed(fields.happened),
    }


_OF_INDIA: Mapping[str, fields.Read] = {
    "loan": fields.text,
    "currency": fields.text,
    "arrears": fields.amount("INR"),
    "dpd": fields.count,
    "due_on": fields.day,
    "due_date_counted": fields.truth,
    "previous": fields.word({each.value: each for each in Grade}),
    "previous_since": fields.day,
    "approved_on": fields.day,
}
_EUR = fields.amount(eu.CURRENCY)
_OF_THE_EU: Mapping[str, fields.Read] = {
    "loan": fields.text,
    "currency": fields.text,
    "exposure": _EUR,
    "arrears": _EUR,
    "dpd": fields.count,
    "is_retail": fields.truth,
    "signs": fields.bits(Sign),
    "material_since": fields.day,
    "previous": fields.word({each.value: each for each in Standing}),
    "ceased_on": fields.day,
    "forborne_on": fields.day,
    "left_default_on": fields.day,
    "npv_before": _EUR,
    "npv_after": _EUR,
    "approved_on": fields.day,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One claim to be classified, with the debtor's others where that matters."""

    jurisdiction: str
    licence: str
    as_of: date
    claim: ClassFacts | india.Account | eu.Exposure
    others: tuple[ClassFacts, ...] = ()


def answer_line(line: bytes, law: Lawbook, *, language: str, explain: bool) -> str:
    """Answer one line of JSON by one line of JSON; never raises for what it holds.

    What cannot be read is answered by `class` null and an `error` that names the
    field. `explain` adds the decision in words.
    """
    asked: object = None
    try:
        content = parse(line)
        given = content.get("id")
        plain = isinstance(given, str | int) and not isinstance(given, bool)
        asked = given if plain else None
        found = ask(read(content), law)
    except ClassError as error:
        said = {"id": asked, "class": None, "error": error.say(language)}
        return _written(said)
    return _written(answer(found, asked, language=language, explain=explain))


def answer(
    found: Decision, asked: object, *, language: str, explain: bool
) -> dict[str, Any]:
    """Return the answer to a question: the class, its causes, the whole decision."""
    inputs = dict(found.inputs)
    said: dict[str, Any] = {
        "id": asked,
        "class": found.answer,
        "causes": list(inputs.get("causes", ()) or ()),  # type: ignore[arg-type]
        "rules": list(found.rules),
        "unverified": found.is_unverified,
        "decision": to_json(found),
    }
    if explain:
        said["because"] = words.words(found, language)
    return said


def ask(question: Question, law: Lawbook) -> Decision:
    """Put a question that was read to the rules of its day."""
    claim, as_of, licence = question.claim, question.as_of, question.licence
    if isinstance(claim, ClassFacts):
        rules = ClassificationRules.of(law, licence, as_of)
        return deciding.classify(claim, question.others, rules, as_of=as_of)
    if isinstance(claim, india.Account):
        of_india = india.IndiaRules.of(law, licence, as_of)
        return india.classify(claim, of_india, as_of=as_of)
    of_the_eu = eu.EuRules.of(law, licence, as_of)
    return eu_deciding.classify(claim, of_the_eu, as_of=as_of)


def parse(line: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a line, or raise ClassError."""
    try:
        content = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        problem = fields.short(str(error))
        raise ClassError("line", problem=problem) from None
    if not isinstance(content, dict):
        raise ClassError("line", problem=type(content).__name__)
    return content


def read(content: Mapping[str, Any]) -> Question:
    """Return the question an object asks, or raise ClassError naming the field."""
    found = fields.take(content, "", _QUESTION, _NEEDED)
    jurisdiction, as_of = found["jurisdiction"], found["as_of"]
    claim: ClassFacts | india.Account | eu.Exposure
    others: tuple[ClassFacts, ...] = ()
    if jurisdiction == "cn":
        claim = _claim(found["claim"], "claim.", as_of)
        others = tuple(
            _claim(each, f"others[{place}].", as_of)
            for place, each in enumerate(found.get("others", ()))
        )
        _check_debtor(claim, others)
    elif "others" in found:
        known = ", ".join(name for name in _QUESTION if name != "others")
        raise ClassError("unknown_field", field="others", known=known)
    elif jurisdiction == "in":
        claim = _account(found["claim"], as_of)
    else:
        needed = ("loan", "exposure")
        claim = eu.Exposure(**fields.take(found["claim"], "claim.", _OF_THE_EU, needed))
    return Question(jurisdiction, found["licence"], as_of, claim, others)


def _claim(content: Any, place: str, as_of: date) -> ClassFacts:
    currency = content.get("currency", "CNY") if isinstance(content, dict) else "CNY"
    readers = _of_china(currency if isinstance(currency, str) else "CNY")
    found = fields.take(content, place, readers, ("loan", "customer", "balance"))
    if "due_on" in found:
        if "dpd" in found:
            raise ClassError("unknown_field", field=f"{place}due_on", known="dpd")
        found["dpd"] = max(0, (as_of - found.pop("due_on")).days)
    for name, other in (("upgrade_to", "upgrade_on"), ("upgrade_on", "upgrade_to")):
        if name in found and other not in found:
            raise ClassError("missing", field=place + other)
    if found.get("previous_causes") and "previous_class" not in found:
        raise ClassError("missing", field=f"{place}previous_class")
    if found.get("market_late", 0) > found.get("market_total", 0):
        raise ClassError(
            "fact",
            field=f"{place}market_late",
            problem="it is more than market_total.",
            problem_zh="大于 market_total。",
        )
    return ClassFacts(**found)


def _account(content: Any, as_of: date) -> india.Account:
    found = fields.take(content, "claim.", _OF_INDIA, ("loan",))
    if "due_on" in found:
        due = found.pop("due_on")
        found["dpd"] = max(0, (as_of - due).days + 1)
        found["due_date_counted"] = True
    found.setdefault("dpd", 0)
    return india.Account(**found)


def _check_debtor(claim: ClassFacts, others: tuple[ClassFacts, ...]) -> None:
    loans = {claim.loan}
    for place, each in enumerate(others):
        field = f"others[{place}]."
        if each.customer != claim.customer:
            problem, chinese = "another customer's claim.", "不是同一客户的债权。"
            raise ClassError(
                "fact", field=f"{field}customer", problem=problem, problem_zh=chinese
            )
        if each.loan in loans:
            problem, chinese = "the loan is given twice.", "借据重复。"
            raise ClassError(
                "fact", field=f"{field}loan", problem=problem, problem_zh=chinese
            )
        loans.add(each.loan)


def _written(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(content)
    return text
