"""The form of a loan sent as JSON: parsed exactly, held to its schema, said in words."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

import jsonschema

from daihou.packs.loan_errors import HINTS, LIMITS, TYPES, LoanFileError

MONEY = frozenset({"principal", "instalment", "balloon", "down_payment", "multiple_of"})
RATES = frozenset({"annual_rate", "down_payment_share", "share", "penalty_rate"})
MOST_DIGITS = 40  # of a whole number: no loan has so many, and reading them is slow
FIRST_YEAR, LAST_YEAR = 1900, 2199


class _Strange(str):
    """What stands where a number should, such as NaN; refused with its place."""

    __slots__ = ()


def parse(text: str) -> Any:
    """Return JSON as values, digits kept as they are written; raises LoanFileError."""
    try:
        content = json.loads(
            text.removeprefix("\ufeff"),  # some editors begin a file so
            parse_float=str,  # exact: digits are never turned into a binary fraction
            parse_int=lambda digits: (
                int(digits) if len(digits) <= MOST_DIGITS else _Strange(digits)
            ),
            parse_constant=_Strange,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise LoanFileError(
            "json", line=error.lineno, column=error.colno, problem=error.msg
        ) from None
    except RecursionError:
        raise LoanFileError("json", line=1, column=1, problem="too deep") from None
    for place, value in _leaves(content, "$"):
        if isinstance(value, _Strange):
            raise LoanFileError("number", place=place, text=value[:MOST_DIGITS])
        if isinstance(value, str) and not value.isascii():
            _written(place, value)
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise LoanFileError("twice", name=name)
    return dict(pairs)


def _leaves(content: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _leaves(value, f"{place}.{name}")
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _leaves(value, f"{place}[{number}]")
    else:
        yield place, content


def _written(place: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair: no file and no screen can hold it
        raise _form(place, ascii(text)[1:-1], "text") from None


# --- The schema -------------------------------------------------------------------


@cache
def schema() -> Mapping[str, Any]:
    """Return the schema of a loan."""
    found: Mapping[str, Any] = _load("loan.json")
    return found


@cache
def policy_schema() -> Mapping[str, Any]:
    """Return the schema of a product's version in which nothing must be said."""
    product = deepcopy(_load("product.json"))
    version: dict[str, Any] = product["$defs"]["version"]
    version["required"] = []
    for name in ("begins_on", "ends_on", "currency", "methods", "sources"):
        del version["properties"][name]
    version["properties"]["dpd"]["required"] = []
    version["properties"]["allocation"]["required"] = []
    version["properties"]["penalty"]["required"] = ["multiplier"]
    return {"$defs": product["$defs"], "$ref": "#/$defs/version"}


def _load(name: str) -> Any:
    file = resources.files("daihou") / "rulebooks" / "schema" / name
    return json.loads(file.read_text(encoding="utf-8"))


def validate(content: Any, form: Mapping[str, Any], root: str) -> None:
    """Raise LoanFileError for the first thing that does not fit, with its place."""
    checker = jsonschema.Draft202012Validator(form)
    problems = sorted(
        checker.iter_errors(texts(content)), key=lambda each: each.json_path
    )
    for problem in problems:
        raise _said(problem, root)


def texts(content: Any, name: str = "") -> Any:
    """Let whole amounts and rates be given as numbers: they are read as text."""
    if isinstance(content, dict):
        return {key: texts(value, key) for key, value in content.items()}
    if isinstance(content, list):
        return [texts(value, name) for value in content]
    wanted = name in MONEY | RATES | {"amount", "interest", "fee", "tolerance"}
    if wanted and isinstance(content, int) and not isinstance(content, bool):
        return str(content)
    return content


def _said(problem: Any, root: str) -> LoanFileError:
    """Say in our words what a schema found wrong."""
    place = root + problem.json_path.removeprefix("$")
    value, form = problem.instance, problem.schema
    shown = json.dumps(value, ensure_ascii=False, default=str)[:60]
    rule = problem.validator
    if rule == "additionalProperties":
        known = form["properties"]
        name = next(each for each in value if each not in known)
        return LoanFileError("unknown", place=place, name=name, known=", ".join(known))
    if rule == "required":
        name = next(each for each in form["required"] if each not in value)
        return LoanFileError("missing", place=place, name=name)
    if rule in ("enum", "const"):
        known = ", ".join(map(str, form.get("enum", [form.get("const")])))
        return LoanFileError("choice", place=place, value=shown, known=known)
    if rule == "type":
        wanted, wanted_zh = TYPES.get(form["type"], (form["type"], form["type"]))
        return LoanFileError(
            "type", place=place, value=shown, wanted=wanted, wanted_zh=wanted_zh
        )
    if rule in ("pattern", "format"):
        return _misspelt(place, value, shown, form.get("pattern", ""))
    return outside(place, shown, rule, problem.validator_value)


def _misspelt(place: str, value: str, shown: str, pattern: str) -> LoanFileError:
    if "T[" in pattern:
        return _form(place, shown, "instant")
    if pattern.startswith("^DPD"):
        return _form(place, shown, "method")
    if "{2}-" in pattern:
        return _form(place, shown, "date")
    if "A-Z" in pattern:
        return _form(place, shown, "currency")
    if value[:1] == "-" and value[1:2].isdigit():
        return outside(place, shown, "minimum", 0)
    return _form(place, shown, "number")


def _form(place: str, shown: str, kind: str) -> LoanFileError:
    hint, hint_zh = HINTS[kind]
    return LoanFileError("form", place=place, value=shown, hint=hint, hint_zh=hint_zh)


def outside(place: str, shown: str, rule: str, bound: object) -> LoanFileError:
    """Return the error of a value beyond a bound; `rule` is one of LIMITS."""
    english, chinese = LIMITS.get(rule, (f"{rule} {bound}", f"{rule} {bound}"))
    return LoanFileError(
        "range",
        place=place,
        value=shown,
        limit=english.format(bound),
        limit_zh=chinese.format(bound),
    )


# --- Days and instants ------------------------------------------------------------


def day(place: str, text: str) -> date:
    """Read a date; raises LoanFileError with the place."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _form(place, text, "date") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _form(place, text, "date")
    return found


def instant(place: str, text: str) -> datetime:
    """Read an instant, which needs its offset; raises LoanFileError with the place."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _form(place, text, "instant") from None
    if found.tzinfo is None:
        raise _form(place, text, "instant")
    return found
