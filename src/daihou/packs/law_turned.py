"""A law book in which one version of a rule begins on another day: to rehearse with."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from daihou.engine.rulebook.law import Lawbook
from daihou.packs.law_errors import LawError


def turned(book: Lawbook, rule_id: str, begins_on: date, to: date) -> Lawbook:
    """Return the book with the version from `begins_on` beginning on `to`.

    The version before it ends on the new day, if it ended on the old one. Raises
    LawError `turned` (with `first` and `last`, the days it may begin on: from `first`,
    before `last`) where the version would overtake a neighbour or its own end.
    """
    rule = book.rules[rule_id]
    versions = list(rule.versions)
    place = next(
        (n for n, each in enumerate(versions) if each.begins_on == begins_on), None
    )
    assert place is not None, (rule_id, begins_on)
    version = versions[place]
    former = versions[place - 1] if place else None
    first = former.begins_on + timedelta(days=1) if former else date.min
    last = version.ends_on
    if to < first or (last is not None and to >= last):
        raise LawError("turned", rule=rule_id, first=first, last=last)
    versions[place] = replace(version, begins_on=to)
    if former is not None and former.ends_on == begins_on:
        versions[place - 1] = replace(former, ends_on=to)
    other = replace(rule, versions=tuple(versions))
    told = f"{book.digest} {rule_id} {begins_on} {to}"
    return replace(
        book,
        rules=MappingProxyType({**book.rules, rule_id: other}),
        digest=book.digest if to == begins_on else _digest(told),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
