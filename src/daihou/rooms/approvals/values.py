"""A proposal and what was said of it, as pages, handlers and other rooms get them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daihou.rooms.approvals.states import UNDECIDED


@dataclass(frozen=True, slots=True)
class Said:
    """What one person decided at one level, and for whom."""

    level: int
    verdict: str
    by: str
    for_whom: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal without its content; `read` gives that to who may see it.

    `levels` are the roles that decide one after the other ("": whoever holds
    `permission`); `level`, from 1, is the one it waits for. `amount` is in minor
    units of `currency`, or a count where that is empty.
    """

    id: int
    kind: str
    subject_type: str
    subject_id: str
    title: str
    amount: int | None
    currency: str
    reason: str
    proposed_by: str
    proposed_for: str
    proposed_at: datetime
    business_date: date | None
    levels: tuple[str, ...]
    level: int
    waits_for: str
    permission: str
    due_at: datetime
    state: str
    decided_by: str
    closed_at: datetime | None
    serves_until: datetime | None
    before: Mapping[str, object]
    after: Mapping[str, object]

    @property
    def undecided(self) -> bool:
        """Whether somebody has to decide."""
        return self.state in UNDECIDED

    @property
    def url(self) -> str:
        """Where it is shown."""
        return f"/approvals/{self.id}/"

    def late(self, at: datetime) -> bool:
        """Whether its deadline has passed."""
        return self.undecided and self.due_at <= at
