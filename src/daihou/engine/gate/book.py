"""The rules of a law book as questions: built from data, kept by day and licence."""

from collections.abc import Callable, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any

from daihou.engine.gate.checks import (
    Cap,
    Check,
    Counts,
    DebtorOutOfReach,
    Hold,
    Hours,
    NeedsConsent,
    NotRefused,
    NotWithdrawn,
    Per,
    Quiet,
    Roles,
    Scope,
    Staff,
)
from daihou.engine.rulebook.law import InForce, Lawbook, Pack


class GateBook:
    """What the gate needs of a law book; it never changes."""

    def __init__(self, law: Lawbook) -> None:
        """Take a law book; the questions are made when a day is first asked for."""
        self.law = law
        self._checks = lru_cache(maxsize=4096)(self._build)

    def pack(self, jurisdiction: str) -> Pack | None:
        """Return the pack of a jurisdiction whose contacts may be asked about."""
        pack = self.law.packs.get(jurisdiction)
        return pack if pack is not None and pack.open else None

    def checks(self, day: date, jurisdiction: str, licence: str) -> tuple[Check, ...]:
        """Return the questions of a local day; none means no rules are known."""
        return self._checks(day, jurisdiction, licence)

    def _build(self, day: date, jurisdiction: str, licence: str) -> tuple[Check, ...]:
        rules = self.law.in_force(day, jurisdiction=jurisdiction, licence=licence)
        made = tuple(
            build(each, clause) for each in rules for clause in each.version.checks
        )
        # Without hours, roles and holds a day is not covered: fail closed.
        kinds = {type(each) for each in made}
        return made if {Hours, Roles, Hold} <= kinds else ()


def build(found: InForce, clause: Mapping[str, Any]) -> Check:
    """Return the question a rule asks, with its values of the day."""
    kind = clause["check"]
    assert kind in KINDS, kind
    scope = Scope(
        roles=_scope(clause, "for_roles"),
        channels=_scope(clause, "for_channels"),
        purposes=_scope(clause, "for_purposes"),
    )
    given = {
        name: found.values[value]
        for name, value in clause.items()
        if name in VALUE_FIELDS
    }
    return KINDS[kind](found.rule.id, scope, given, clause)


def _scope(clause: Mapping[str, Any], name: str) -> frozenset[str] | None:
    return frozenset(clause[name]) if name in clause else None


def _hours(rule: str, scope: Scope, given: Any, _: Mapping[str, Any]) -> Check:
    agreed = frozenset(given.get("night_consent_of", ()))
    opens = time.fromisoformat(given["opens"])
    closes = time.fromisoformat(given["closes"])
    # A policy that closes before it opens leaves no hours: nobody is contacted.
    return Hours(rule, scope, opens, closes, agreed)


def _cap(rule: str, scope: Scope, given: Any, clause: Mapping[str, Any]) -> Check:
    counts, per = Counts(clause["counts"]), Per(clause["per"])
    days, hours = given.get("days", 1), given.get("hours")
    return Cap(rule, scope, counts, per, given["most"], days, hours)


def _quiet(rule: str, scope: Scope, given: Any, clause: Mapping[str, Any]) -> Check:
    return Quiet(rule, scope, Per(clause["per"]), given["days"])


def _hold(rule: str, scope: Scope, given: Any, clause: Mapping[str, Any]) -> Check:
    spared = frozenset(clause.get("spares_debtor", ()))
    return Hold(rule, scope, frozenset(given["flags"]), spared)


# The values a question may need, by the name of a value of its rule.
VALUE_FIELDS = frozenset(
    {
        *("opens", "closes", "night_consent_of", "most", "days", "hours"),
        *("may", "flags", "channels", "least"),
    }
)
_Build = Callable[[str, Scope, Any, Mapping[str, Any]], Check]
KINDS: Mapping[str, _Build] = {
    "hours": _hours,
    "cap": _cap,
    "quiet": _quiet,
    "roles": lambda r, s, v, _: Roles(r, s, frozenset(v["may"])),
    "debtor_out_of_reach": lambda r, s, v, _: DebtorOutOfReach(
        r, s, frozenset(v["flags"])
    ),
    "not_refused": lambda r, s, _, __: NotRefused(r, s),
    "hold": _hold,
    "consent": lambda r, s, v, _: NeedsConsent(r, s, frozenset(v["channels"])),
    "not_withdrawn": lambda r, s, _, __: NotWithdrawn(r, s),
    "staff": lambda r, s, v, _: Staff(r, s, v["least"]),
}
