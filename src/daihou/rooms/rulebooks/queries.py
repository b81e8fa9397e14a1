"""The law book of this lender: what ships with the house, and the approved changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby, zip_longest
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from daihou.engine.rulebook.law import Change, Lawbook, Value
from daihou.packs import law, law_policy
from daihou.packs.law_errors import LawError
from daihou.rooms.rulebooks.models import PolicyChange
from daihou.rooms.rulebooks.states import Step


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One approved change as it is kept; `values` in the form of a rule file."""

    id: int
    rule: str
    begins_on: date
    ends_on: date | None
    step: str
    values: dict[str, Any]
    reason: str
    source: str
    proposal_id: int
    proposed_by: str
    decided_by: str
    decided_at: datetime
    decided_on: date
    law: str


@dataclass(frozen=True, slots=True)
class OwnVersion:
    """A change on the days on which it counts: [begins_on, ends_on)."""

    line: ChangeLine
    begins_on: date
    ends_on: date | None

    def holds(self, on: date) -> bool:
        """Tell whether it counts on a day."""
        return self.begins_on <= on and (self.ends_on is None or on < self.ends_on)


_FIELDS = tuple(ChangeLine.__dataclass_fields__)


def lines(*, rule: str = "", decided_by: date | None = None) -> list[ChangeLine]:
    """Every approved change, by rule and first day; those decided by a business date."""
    rows = PolicyChange.objects.order_by("rule", "begins_on", "id")
    if rule:
        rows = rows.filter(rule=rule)
    if decided_by is not None:
        rows = rows.filter(decided_on__lte=decided_by)
    return [ChangeLine(*values) for values in rows.values_list(*_FIELDS)]


def newest_first(*, limit: int, before: int = 0) -> list[ChangeLine]:
    """The approved changes in the order in which they were made, newest first."""
    rows = PolicyChange.objects.order_by("-id")
    if before:
        rows = rows.filter(id__lt=before)
    return [ChangeLine(*values) for values in rows.values_list(*_FIELDS)[:limit]]


def own_versions(found: Sequence[ChangeLine]) -> list[OwnVersion]:
    """The changes of one rule on their days: each ends where the next begins.

    Of several that begin on one day the newest counts, and the others never did.
    """
    newest = {each.begins_on: each for each in sorted(found, key=lambda one: one.id)}
    ordered = [newest[day] for day in sorted(newest)]
    versions = []
    for line, following in zip_longest(ordered, ordered[1:]):
        ends = [line.ends_on, following.begins_on if following else None]
        known = [each for each in ends if each is not None]
        versions.append(OwnVersion(line, line.begins_on, min(known, default=None)))
    return versions


def changes_of(found: Sequence[ChangeLine], book: Lawbook) -> list[Change]:
    """The changes as the engine knows them, in order of rule and day."""
    changes = []
    for rule, of_one in groupby(found, key=lambda line: line.rule):
        if rule not in book.rules:
            continue
        for version in own_versions(list(of_one)):
            made = change_of(version.line, book)
            changes.append(
                replace(made, begins_on=version.begins_on, ends_on=version.ends_on)
            )
    return changes


def change_of(line: ChangeLine, book: Lawbook) -> Change:
    """A kept change as the engine knows it; a value the rule no longer has is left out."""
    terms = book.rules[line.rule].terms
    values: dict[str, Value] = {}
    for name, given in line.values.items():
        if name in terms:
            place = {"file": "", "rule": line.rule}
            try:
                values[name] = law.value_of(given, terms[name], name=name, place=place)
            except LawError:  # the unit changed with a new rule book
                continue
    return Change(
        rule=line.rule,
        begins_on=line.begins_on,
        ends_on=line.ends_on,
        values=MappingProxyType(values),
        switched_on=line.step != Step.OFF,
        because=line.reason,
    )


def lawbook(on: date | None = None) -> Lawbook:
    """The law book under the lender's approved changes; two queries at most.

    With `on`: as it was decided by that business date, for a day that is run again.
    The same changes give the same object, so what is built on it may be kept by it.
    """
    if on is None:
        with connection.cursor() as cursor:  # asked before every contact: no more
            cursor.execute("select count(*) from rulebooks_change")
            if not cursor.fetchone()[0]:
                return base()
    found = lines(decided_by=on)
    return _under(tuple(each.id for each in found), _Held(found)) if found else base()


def base() -> Lawbook:
    """The law book as it ships, without the lender's changes."""
    return law.known()


@dataclass(frozen=True)
class _Held:
    """The rows of a law book, alike when what they say is alike."""

    found: list[ChangeLine]

    def __hash__(self) -> int:
        return len(self.found)


@lru_cache(maxsize=16)
def _under(_ids: tuple[int, ...], held: _Held) -> Lawbook:
    return law_policy.with_changes(base(), changes_of(held.found, base()))


def jurisdiction() -> str:
    """The jurisdiction of this lender: DAIHOU_JURISDICTION, cn unless it says so."""
    code = str(settings.JURISDICTION)
    if code not in base().packs:
        known = ", ".join(base().packs)
        raise ImproperlyConfigured(f"DAIHOU_JURISDICTION={code}: known are {known}.")
    return code


def licence() -> str:
    """What this lender is licensed as, in words of its pack: DAIHOU_LICENCE."""
    code, pack = str(settings.LICENCE), base().packs[jurisdiction()]
    if code not in pack.licences:
        known = ", ".join(pack.licences)
        raise ImproperlyConfigured(f"DAIHOU_LICENCE={code}: known are {known}.")
    return code
