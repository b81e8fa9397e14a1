"""A lender's own policy: dated changes to rules that may only make the law stricter."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from daihou.engine.rulebook.law import (
    Change,
    Lawbook,
    Rule,
    Value,
    Version,
    is_as_strict,
)
from daihou.packs import law_files
from daihou.packs.law import value_of
from daihou.packs.law_errors import LawError


def under(law: Lawbook, file: Traversable, *, name: str) -> Lawbook:
    """Return the law book as a lender's policy file changes it, or raise LawError."""
    content = law_files.read_file(file, name=name)
    law_files.check(content, schema="lender_policy.json", name=name)
    changes = tuple(_change(row, law, name) for row in content["changes"])
    for place, each in enumerate(changes):
        _check_against_law(each, law.rules[each.rule], name)
        for other in changes[:place]:
            _check_not_twice(other, each, name)
    text = json.dumps([law.digest, content], sort_keys=True).encode()
    digest = hashlib.sha256(text).hexdigest()
    return replace(law, changes=law.changes + changes, digest=digest)


def _change(row: dict[str, Any], law: Lawbook, name: str) -> Change:
    rule_id = row["rule"]
    rule = law.rules.get(rule_id)
    if rule is None:
        raise LawError("policy_rule", file=name, rule=rule_id)
    place = {"file": name, "rule": rule_id}
    values: dict[str, Value] = {}
    for each, given in row.get("values", {}).items():
        if each not in rule.terms:
            names = ", ".join(rule.terms) or "-"
            raise LawError("policy_name", **place, name=each, names=names)
        values[each] = value_of(given, rule.terms[each], name=each, place=place)
    begins_on = date.fromisoformat(row["begins_on"])
    ends_on = date.fromisoformat(row["ends_on"]) if "ends_on" in row else None
    if ends_on is not None and ends_on <= begins_on:
        raise LawError("policy_days", **place, begins_on=begins_on)
    return Change(
        rule=rule_id,
        begins_on=begins_on,
        ends_on=ends_on,
        values=MappingProxyType(values),
        switched_on=row.get("switched", "on") == "on",
        because=row["because"],
    )


def _check_against_law(change: Change, rule: Rule, name: str) -> None:
    """Refuse a change that would allow what a version that binds does not."""
    for version in rule.versions:
        if not (rule.is_binding(version) and _overlap(change, version)):
            continue
        place: dict[str, Any] = {
            "file": name,
            "rule": rule.id,
            "begins_on": version.begins_on,
        }
        if not change.switched_on:
            raise LawError("switched_off", **place)
        for each, value in change.values.items():
            law, term = version.values.get(each), rule.terms[each]
            if law is None or is_as_strict(value, law, term.stricter):
                continue
            raise LawError(
                "loosened",
                **place,
                name=each,
                value=shown(value),
                law=shown(law),
                stricter=term.stricter.value,
            )


def _check_not_twice(first: Change, second: Change, name: str) -> None:
    same = first.rule == second.rule
    if same and _overlap(first, second):
        begins_on = max(first.begins_on, second.begins_on)
        raise LawError("policy_twice", file=name, rule=first.rule, begins_on=begins_on)


def _overlap(one: Change, other: Change | Version) -> bool:
    return (one.ends_on is None or other.begins_on < one.ends_on) and (
        other.ends_on is None or one.begins_on < other.ends_on
    )


def shown(value: Value) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, MappingProxyType):
        return "; ".join(f"{row}: {each}" for row, each in value.items())
    return str(value)
