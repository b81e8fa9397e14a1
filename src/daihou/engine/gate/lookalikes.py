"""Lawful acts that look like refused ones: types of their own, each behind its facts."""

from collections.abc import Mapping
from dataclasses import dataclass

from daihou.engine.gate.refused import Basis, Refusal


@dataclass(frozen=True, slots=True)
class LookAlike:
    """One lawful act, and the facts that must be known to be so before it is done."""

    id: str
    looks_like: Refusal
    title: Mapping[str, str]
    needs: tuple[str, ...]
    basis: tuple[Basis, ...]


def missing(act: LookAlike, facts: Mapping[str, bool]) -> tuple[str, ...]:
    """Return the facts that stand in the way; none means the act is open.

    Pure and fail-closed: a fact nobody told is as one that is not so. Who asks makes
    `facts` from the ledger and the approvals, never from what a person typed.
    """
    return tuple(each for each in act.needs if facts.get(each) is not True)
