"""What was heard of a person and stops everything: to be confirmed in time, or undone.

That somebody died, is in custody, is bankrupt, or never took the loan themselves. It
holds at once on one person's word; another confirms or refutes it with evidence. When
nobody does, it goes up; and when nobody does then either, the hold ends by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.law import Lawbook


class Kind(StrEnum):
    """What was heard."""

    DECEASED = "deceased"
    JAILED = "jailed"
    IDENTITY_THEFT = "identity_theft"
    BANKRUPTCY = "bankruptcy"


class State(StrEnum):
    """How far it is."""

    RAISED = "raised"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    RETURNED = "returned"  # nobody confirmed it in time


OPEN: Final = frozenset({State.RAISED, State.ESCALATED})
MOVES: Final = (
    (State.RAISED, State.CONFIRMED),
    (State.RAISED, State.REFUTED),
    (State.RAISED, State.ESCALATED),
    (State.ESCALATED, State.CONFIRMED),
    (State.ESCALATED, State.REFUTED),
    (State.ESCALATED, State.RETURNED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerRules:
    """How many days there are to confirm each kind, and then how many once it went up."""

    rule: str
    confirm_days: Mapping[Kind, int]
    escalated_days: int

    @classmethod
    def of(
        cls, law: Lawbook, *, jurisdiction: str, licence: str, on: date
    ) -> "MarkerRules | None":
        """Return the lender's policy in force; None where there is none."""
        rule = f"{jurisdiction.upper()}-POL-31"
        article = Article.of(law, rule, on, licence=licence)
        if article is None:
            return None
        days = article.values["confirm_days"]
        assert isinstance(days, Mapping), rule
        return cls(
            rule=rule,
            confirm_days=MappingProxyType(
                {kind: int(str(days[kind.value])) for kind in Kind}
            ),
            escalated_days=article.whole("escalated_days"),
        )

    def confirm_by(self, kind: Kind, raised_on: date) -> date:
        """The last day on which it is confirmed without going up."""
        return raised_on + timedelta(days=self.confirm_days[kind])


def passed(state: State, *, confirm_by: date, escalated_days: int, on: date) -> State:
    """The state to which the days that went by lead; the same while there is time.

    A marker that nobody looked at for long still goes up before it is returned.
    """
    if state is State.RAISED and on > confirm_by:
        return State.ESCALATED
    last = confirm_by + timedelta(days=escalated_days)
    if state is State.ESCALATED and on > last:
        return State.RETURNED
    return state
