"""Rules as rows and differences for people and programs to read."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from daihou.engine.rulebook.law import InForce, Lawbook, Rule, Value, Version
from daihou.packs.law_errors import LawError
from daihou.packs.law_policy import shown


def find(book: Lawbook, rule_id: str) -> Rule:
    """Return a rule by its id, or raise LawError."""
    if rule_id not in book.rules:
        raise LawError("unknown_rule", rule=rule_id)
    return book.rules[rule_id]


def jurisdiction(book: Lawbook, name: str | None) -> None:
    """Refuse a jurisdiction the book does not have; None is all of them."""
    if name is not None and name not in book.packs:
        known = ", ".join(book.packs)
        raise LawError("unknown_jurisdiction", jurisdiction=name, known=known)


def row(rule: Rule, version: Version) -> dict[str, Any]:
    """Return the line of a rule in a list."""
    return {
        "id": rule.id,
        "title": dict(rule.title),
        "jurisdiction": rule.jurisdiction,
        "licences": sorted(rule.licences),
        "force": [each.value for each in rule.force],
        "begins_on": version.begins_on.isoformat(),
        "ends_on": version.ends_on.isoformat() if version.ends_on else None,
        "status": version.status.value,
    }


def content(rule: Rule) -> dict[str, Any]:
    """Return a rule with everything it says; amounts are in minor units."""
    return {
        "id": rule.id,
        "title": dict(rule.title),
        "jurisdiction": rule.jurisdiction,
        "licences": sorted(rule.licences),
        "force": [each.value for each in rule.force],
        "verbs": list(rule.verbs),
        "enforcement": dict(rule.enforcement),
        "tighten_only": rule.tighten_only,
        "versions": [_version(rule, each) for each in rule.versions],
        "digest": rule.digest,
    }


def _version(rule: Rule, version: Version) -> dict[str, Any]:
    return {
        "begins_on": version.begins_on.isoformat(),
        "ends_on": version.ends_on.isoformat() if version.ends_on else None,
        "dates_stated": version.dates_stated,
        "text": dict(version.text),
        "values": {
            name: {
                "value": _plain(version.values.get(name)),
                "unit": term.unit,
                "stricter": term.stricter.value,
                "asserted": version.is_asserted(name),
            }
            for name, term in rule.terms.items()
            if name in version.values or name in version.unverified_values
        },
        "sources": [
            {"text": each.text, "place": each.place, "evidence": each.evidence.value}
            for each in version.sources
        ],
        "status": version.status.value,
        "binding": rule.is_binding(version),
    }


def _plain(value: Value | None) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "items"):
        return {name: _plain(each) for name, each in value.items()}
    return str(value)


def difference(
    before: Lawbook, after: Lawbook, on: date | None, then: date | None
) -> Iterator[dict[str, Any]]:
    """Yield what changes, rule by rule: begins, ends, a value, or its text.

    A book is looked at on a day, or, without one, in the last version of each rule.
    """
    for rule_id in sorted({*before.rules, *after.rules}):
        first, second = _at(before, rule_id, on), _at(after, rule_id, then)
        either = second or first
        if either is None:
            continue
        head = {
            "rule": rule_id,
            "title": dict(either.rule.title),
            "jurisdiction": either.rule.jurisdiction,
        }
        if first is None or second is None:
            yield {**head, "kind": "begins" if first is None else "ends"}
            continue
        changed = list(_values(first, second))
        yield from ({**head, **each} for each in changed)
        if not changed and first.version.text != second.version.text:
            yield {**head, "kind": "text"}


def _at(book: Lawbook, rule_id: str, day: date | None) -> InForce | None:
    if rule_id not in book.rules:
        return None
    if day is not None:
        return book.on(rule_id, day)
    rule = book.rules[rule_id]
    last = rule.versions[-1]
    return InForce(rule, last, last.values)


def _values(first: InForce, second: InForce) -> Iterator[dict[str, Any]]:
    for name in sorted({*first.values, *second.values}):
        was, now = first.values.get(name), second.values.get(name)
        if was == now:
            continue
        term = (second.rule.terms.get(name)) or first.rule.terms[name]
        yield {
            "kind": "value",
            "value": name,
            "name": dict(term.title),
            "was": None if was is None else shown(was),
            "is": None if now is None else shown(now),
        }
