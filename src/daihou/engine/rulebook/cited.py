"""A value of a rule together with where it was taken from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from daihou.engine.rulebook.decision import Said, Step
from daihou.engine.rulebook.law import InForce, Lawbook, Value

T = TypeVar("T")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Cited(Generic[T]):
    """A value with its rule, the first day of the version, and its standing.

    `unverified`: neither the text nor a copy of it was seen, so it is no law.
    """

    rule: str
    version: date
    value: T
    unverified: bool = False

    def map(self, change: Callable[[T], Other]) -> "Cited[Other]":
        """Return the same citation of a value made from this one."""
        return Cited(self.rule, self.version, change(self.value), self.unverified)

    def step(self, outcome: str, **params: Said) -> Step:
        """Return a step of a decision that asked this value."""
        return Step(self.rule, self.version, outcome, params, self.unverified)


def in_force(
    law: Lawbook, rule: str, *, licence: str | None, on: date
) -> InForce | None:
    """Return a rule as it holds on a day if it speaks to the licence, else None.

    A rule that the book does not have (a lender's own book of a few packs) does
    not hold either.
    """
    if rule not in law.rules:
        return None
    if licence is not None and not law.rules[rule].covers(licence):
        return None
    return law.on(rule, on)


def cited(found: InForce, name: str) -> Cited[Value] | None:
    """Return one value of a rule in force; None where its number is not known.

    A lender's own value of a verified rule is the lender's decision, not a doubt.
    """
    if name not in found.values:
        return None
    doubted = not found.version.is_asserted(name)
    return Cited(found.rule.id, found.version.begins_on, found.values[name], doubted)
