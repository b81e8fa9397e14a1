"""Delinquency of a case: their conventions around the engine's tags and pauses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from daihou.engine.delinquency.dpd import paused_days
from daihou.engine.delinquency.pauses import PauseAction, as_they_ran, is_paused
from daihou.engine.delinquency.tags import Ranges, StickyTag, by_range
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.state import Row

NONE = "NO_DELINQUENCY"
_FIRST_DAYS = (1, 4, 31, 61, 91, 121, 151, 181, 241)
# Each is named after the day before it, the first after itself.
_KNOWN = tuple((f"RANGE_{max(1, first - 1)}", first) for first in _FIRST_DAYS)


def ranges_of(bucket: Iterable[Mapping[str, Any]] | None) -> Ranges:
    """Read the ranges a file gives, or take those of the known files."""
    given = [(each["classification"], int(each["min_days"])) for each in bucket or ()]
    return tuple(sorted(given, key=lambda each: each[1])) or _KNOWN


@dataclass
class Lateness:
    """How late a loan is, as it was last judged."""

    grace: int
    ranges: Ranges = _KNOWN
    actions: list[PauseAction] = field(default_factory=list)
    sticky: StickyTag = field(init=False)

    def __post_init__(self) -> None:
        """Begin without a classification."""
        self.sticky = StickyTag(self.ranges)

    @property
    def tag(self) -> str:
        """The classification in their words."""
        return self.sticky.name or NONE

    @property
    def pauses(self) -> list[tuple[date, date]]:
        """Pauses as they really ran."""
        return as_they_ran(self.actions)

    def oldest(self, account: PlanAccount, on: date) -> Row | None:
        """Return the oldest row past due."""
        late = [row for row in account.state.rows if row.due < on and row.open]
        return late[0] if late and account.status == "active" else None

    def days(self, account: PlanAccount, on: date) -> tuple[int, int, date | None]:
        """Return delinquent days, past-due days and the delinquent date."""
        row = self.oldest(account, on)
        if row is None:
            return 0, 0, None
        since = self._since(account, row)
        past = (on - since).days
        days = past - self.grace - self._paused_days(on)
        return max(0, days), past, since + timedelta(days=self.grace)

    def _since(self, account: PlanAccount, row: Row) -> date:
        """Return since when a row is due: money charged back is due at once."""
        backs = [each.on for each in account.state.live("chargeback")]
        inside = [on for on in backs if row.begins < on <= row.due]
        if row.left("principal") <= row.owed["principal"] - row.credited["principal"]:
            return row.due
        return min([*inside, row.due])

    def _paused_days(self, on: date) -> int:
        return paused_days(self.pauses, begin=date.min, end=on)

    def amount(self, account: PlanAccount, on: date) -> int:
        """Return what is past due."""
        return sum(
            row.outstanding
            for row in account.state.rows
            if row.due < on and row.open and account.status == "active"
        )

    def classify(self, account: PlanAccount, on: date) -> None:
        """Judge the loan again, unless it is paused."""
        if is_paused(self.pauses, on) and self.oldest(account, on) is not None:
            return
        self.sticky.judge(self.days(account, on)[0], on=on)

    def by_instalment(self, account: PlanAccount, on: date) -> list[tuple[str, int]]:
        """Return overdue amounts by range, judged row by row without grace."""
        if self.days(account, on)[0] == 0 or self.tag == NONE:
            return []
        off = self._paused_days(on)
        rows = [row for row in account.state.rows if row.open]
        late = [((on - row.due).days - off, row.outstanding) for row in rows]
        return list(by_range(late, self.ranges).items())
