"""The rule book: YAML files read into dated rules, as one version of the law."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.engine.gate.book import VALUE_FIELDS
from daihou.engine.rulebook.law import (
    ANY,
    Evidence,
    Force,
    Lawbook,
    Pack,
    Rule,
    Scalar,
    Source,
    Status,
    Stricter,
    Term,
    Value,
    Version,
)
from daihou.packs import law_files
from daihou.packs.law_errors import LawError

_CLOCK = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^23:59:59$")
_WHOLE = frozenset({"count", "days", "hours", "months", "years"})
_MONEY = frozenset({"CNY", "EUR", "USD", "GBP", "INR"})


@cache
def known() -> Lawbook:
    """Return the rule book that ships with the house.

    Its files were looked at by schema when they were packed (`rulebook check` and
    the tests do); here they are only read, which is several times as fast.
    """
    return load(law_files.packaged(), by_schema=False)


def load(folder: Traversable, *, by_schema: bool = True) -> Lawbook:
    """Read a rule book from a folder of jurisdictions, or raise LawError."""
    packs: dict[str, Pack] = {}
    rules: dict[str, Rule] = {}
    prints = []
    for place in law_files.jurisdictions(folder):
        pack, text = _pack(place, by_schema=by_schema)
        packs[pack.jurisdiction] = pack
        prints.append(f"{place.name}/pack.yaml {_hash(text)}")
        for file in law_files.rule_files(place):
            name = f"{place.name}/{file.name}"
            content = law_files.read_file(file, name=name)
            if by_schema:
                law_files.check(content, schema="rule.json", name=name)
            rule = read(content, name=name, pack=pack, digest=_hash(file.read_bytes()))
            if rule.id in rules:
                raise LawError("twice", file=name, rule=rule.id)
            rules[rule.id] = rule
            prints.append(f"{name} {rule.digest}")
    for rule in rules.values():
        _check_stand_in(rule, rules)
    ordered = {rule_id: rules[rule_id] for rule_id in sorted(rules)}
    return Lawbook(
        packs=MappingProxyType(packs),
        rules=MappingProxyType(ordered),
        digest=_hash("\n".join(prints).encode()),
    )


def _check_stand_in(rule: Rule, rules: Mapping[str, Rule]) -> None:
    """Refuse a stand-in for a rule that is not there, or of another jurisdiction."""
    for each in rule.yields_to:
        other = rules.get(each)
        if other is None or other.jurisdiction != rule.jurisdiction:
            file = f"{rule.jurisdiction}/{rule.id}.yaml"
            raise LawError("stand_in", file=file, rule=rule.id, other=each)


def _pack(place: Traversable, *, by_schema: bool) -> tuple[Pack, bytes]:
    name = f"{place.name}/pack.yaml"
    file = place / "pack.yaml"
    content = law_files.read_file(file, name=name)
    if by_schema:
        law_files.check(content, schema="rulebook_pack.json", name=name)
    if content["jurisdiction"] != place.name:
        told = content["jurisdiction"]
        raise LawError("folder", file=name, rule="pack.yaml", jurisdiction=told)
    pack = Pack(
        jurisdiction=place.name,
        title=_words(content["title"]),
        licences=MappingProxyType(
            {each: _words(words) for each, words in content["licences"].items()}
        ),
        example_licence=content["example"]["licence"],
        example_zone=content["example"]["time_zone"],
        open=content["open"],
    )
    return pack, file.read_bytes()


def read(content: Mapping[str, Any], *, name: str, pack: Pack, digest: str) -> Rule:
    """Return a rule as a file has it; `name` is what an error calls the file."""
    rule = content["id"]
    if name.rpartition("/")[2] != f"{rule}.yaml":
        raise LawError("name", file=name, rule=rule)
    if content["jurisdiction"] != pack.jurisdiction:
        told = content["jurisdiction"]
        raise LawError("folder", file=name, rule=rule, jurisdiction=told)
    for licence in content["licences"]:
        if licence != ANY and licence not in pack.licences:
            raise LawError("licence", file=name, rule=rule, licence=licence)
    terms = {
        term: Term(
            each["unit"],
            Stricter(each["stricter"]),
            _words(each["title"]),
            each.get("least", ""),
        )
        for term, each in content.get("values", {}).items()
    }
    return Rule(
        id=rule,
        title=_words(content["title"]),
        jurisdiction=content["jurisdiction"],
        licences=frozenset(content["licences"]),
        force=tuple(Force(each) for each in content["force"]),
        verbs=tuple(content["verbs"]),
        enforcement=_words(content["enforcement"]),
        terms=MappingProxyType(terms),
        versions=tuple(_versions(content, terms, name)),
        digest=digest,
        tighten_only=content.get("tighten_only", False),
        yields_to=tuple(content.get("yields_to", ())),
        vectors=tuple(content.get("vectors", ())),
    )


def _versions(
    content: Mapping[str, Any], terms: Mapping[str, Term], name: str
) -> Iterator[Version]:
    """Yield the versions in order; each ends where the next begins."""
    rule, rows = content["id"], content["versions"]
    begins = [date.fromisoformat(row["begins_on"]) for row in rows]
    if begins != sorted(set(begins)):
        raise LawError("order", file=name, rule=rule)
    for row, begins_on, following in zip(
        rows, begins, [*begins[1:], None], strict=True
    ):
        ends_on = following
        if "ends_on" in row:
            ends_on = date.fromisoformat(row["ends_on"])
        place = {"file": name, "rule": rule}
        if ends_on and (ends_on <= begins_on or (following and ends_on > following)):
            raise LawError("overlap", **place, begins_on=begins_on, ends_on=ends_on)
        if ends_on and following and ends_on < following:
            raise LawError("gap", **place, begins_on=following, ends_on=ends_on)
        yield _version(row, terms, (begins_on, ends_on), place)


def _version(
    row: Mapping[str, Any],
    terms: Mapping[str, Term],
    days: tuple[date, date | None],
    place: Mapping[str, str],
) -> Version:
    begins_on, ends_on = days
    given = row.get("values", {})
    if not given.keys() <= terms.keys():
        names = ", ".join(terms) or "-"
        raise LawError("values", **place, begins_on=begins_on, names=names)
    values = {
        name: value_of(each, terms[name], name=name, place=place)
        for name, each in given.items()
        if each is not None
    }
    unknown = given.keys() - values.keys()
    doubted = frozenset(row.get("unverified_values", ())) | unknown
    for each in sorted(doubted - given.keys()):
        raise LawError("unverified_values", **place, name=each)
    sources = tuple(
        Source(each["text"], each.get("place", ""), Evidence(each["evidence"]))
        for each in row["sources"]
    )
    status = Status(row["status"])
    seen = {Evidence.PRIMARY, Evidence.SECONDARY} & {each.evidence for each in sources}
    if status is Status.VERIFIED and (unknown or not seen):
        raise LawError("asserted", **place, begins_on=begins_on)
    checks = tuple(MappingProxyType(dict(each)) for each in row.get("gate", ()))
    for each in checks:
        _check_values(each, values, place)
    return Version(
        begins_on=begins_on,
        ends_on=ends_on,
        dates_stated=row.get("dates", "stated") == "stated",
        text=_words(row["text"]),
        values=MappingProxyType(values),
        sources=sources,
        status=status,
        unverified_values=doubted,
        checks=checks,
    )


def _check_values(
    clause: Mapping[str, Any], values: Mapping[str, Value], place: Mapping[str, str]
) -> None:
    """Refuse a question of the gate whose number is not given."""
    for name, value in clause.items():
        if name in VALUE_FIELDS and value not in values:
            raise LawError("check", **place, check=clause["check"], name=value)


def value_of(given: Any, term: Term, *, name: str, place: Mapping[str, str]) -> Value:
    """Return a value as its unit asks for it, exactly, or raise LawError."""
    if isinstance(given, dict):
        rows = {
            str(row): _scalar(each, term.unit, f"{name}.{row}", place)
            for row, each in given.items()
        }
        return MappingProxyType(rows)
    if term.unit == "set":
        if not isinstance(given, list) or not all(isinstance(x, str) for x in given):
            raise LawError("value", **place, name=name, unit=term.unit, value=given)
        return tuple(given)
    return _scalar(given, term.unit, name, place)


def _scalar(given: Any, unit: str, name: str, place: Mapping[str, str]) -> Scalar:
    found = _read_scalar(given, unit)
    if found is None:
        raise LawError("value", **place, name=name, unit=unit, value=given)
    return found


def _read_scalar(given: Any, unit: str) -> Scalar | None:
    if unit in _WHOLE:
        is_whole = isinstance(given, int) and not isinstance(given, bool)
        return given if is_whole and given >= 0 else None
    if unit == "yes_no":
        return given if isinstance(given, bool) else None
    if not isinstance(given, str):
        return None
    if unit in {"share", "multiple"}:
        is_exact = re.fullmatch(r"[0-9]+(\.[0-9]+)?", given) is not None
        return Decimal(given) if is_exact else None
    if unit in _MONEY:
        try:
            return to_minor(given, unit)
        except MoneyError:
            return None
    if unit == "date":
        try:
            return date.fromisoformat(given)
        except ValueError:
            return None
    if unit == "local_time":
        return given if _CLOCK.match(given) else None
    return given if unit == "text" else None


def _words(given: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(given))


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
