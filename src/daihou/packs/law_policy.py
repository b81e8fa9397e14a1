"""A lender's own policy: dated changes to rules that may only make the law stricter."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from daihou.engine.basics.money import DIGITS, to_major
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
    changes = tuple(change_of(row, law, name=name) for row in content["changes"])
    for place, each in enumerate(changes):
        check_against_law(each, law.rules[each.rule], name=name)
        for other in changes[:place]:
            _check_not_twice(other, each, name)
    text = json.dumps([law.digest, content], sort_keys=True).encode()
    digest = hashlib.sha256(text).hexdigest()
    return replace(law, changes=law.changes + changes, digest=digest)


def with_changes(law: Lawbook, changes: Sequence[Change]) -> Lawbook:
    """Return the law book under a lender's changes, as far as it lets them go.

    They were looked at when they were made; where a rule became stricter since, it is
    the stricter one that holds. A change of a rule that went is left out.
    """
    lawful = tuple(
        piece
        for each in changes
        if each.rule in law.rules
        for piece in as_lawful(each, law.rules[each.rule])
    )
    if not lawful:
        return law
    told = json.dumps([law.digest, [_told(each) for each in lawful]])
    digest = hashlib.sha256(told.encode()).hexdigest()
    return replace(law, changes=law.changes + lawful, digest=digest)


def _told(change: Change) -> list[object]:
    values = {name: shown(each) for name, each in sorted(change.values.items())}
    days = [str(change.begins_on), str(change.ends_on)]
    return [change.rule, *days, values, change.switched_on]


def as_lawful(change: Change, rule: Rule) -> Iterator[Change]:
    """Yield what of a change may stand beside each version of its rule."""
    for version in rule.versions:
        if not _overlap(change, version):
            continue
        begins_on = max(change.begins_on, version.begins_on)
        ends = [each for each in (change.ends_on, version.ends_on) if each is not None]
        values, switched_on = change.values, change.switched_on
        if rule.is_binding(version):
            values = MappingProxyType(
                {
                    name: value
                    for name, value in values.items()
                    if _may_be(value, rule, version, name)
                }
            )
            switched_on = True
        if values or not switched_on:
            yield replace(
                change,
                begins_on=begins_on,
                ends_on=min(ends, default=None),
                values=values,
                switched_on=switched_on,
            )


def _may_be(value: Value, rule: Rule, version: Version, name: str) -> bool:
    law = version.bound_of(name, rule.terms[name])
    return law is None or is_as_strict(value, law, rule.terms[name].stricter)


def change_of(row: dict[str, Any], law: Lawbook, *, name: str) -> Change:
    """Return a change as a file has it, or raise LawError; `name` is the file's."""
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


def check_against_law(change: Change, rule: Rule, *, name: str) -> None:
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
            if _may_be(value, rule, version, each):
                continue
            term = rule.terms[each]
            law = version.bound_of(each, term)
            assert law is not None, (rule.id, each)
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


def written(value: Value, unit: str) -> Any:
    """Return a value as a file has it; `value_of` reads it back."""
    if isinstance(value, tuple):
        return [str(each) for each in value]
    if isinstance(value, Mapping):
        return {row: written(each, unit) for row, each in value.items()}
    if isinstance(value, bool | str):
        return value
    if unit in DIGITS:
        assert isinstance(value, int), value
        return str(to_major(value, unit))
    return value if isinstance(value, int) else str(value)


def shown(value: Value) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, Mapping):
        return "; ".join(f"{row}: {each}" for row, each in value.items())
    return str(value)
