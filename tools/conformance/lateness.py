"""Delinquency of a case: days, the sticky classification, pauses, its history."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from daihou.engine.delinquency.dpd import paused_days
from daihou.engine.ledger.plan.account import PlanAccount
from daihou.engine.ledger.plan.state import Row

_DAY = timedelta(days=1)
_RANGES = (1, 4, 31, 61, 91, 121, 151, 181, 241)
NONE = "NO_DELINQUENCY"


def range_name(days: int) -> str:
    """Return the name of the range of delinquent days."""
    name = NONE
    for first in _RANGES:
        if days >= first:
            name = f"RANGE_{first if first == 1 else first - 1}"
    return name


@dataclass
class Lateness:
    """How late a loan is, as it was last judged."""

    grace: int
    tag: str = NONE
    history: list[tuple[str, date, date | None]] = field(default_factory=list)
    actions: list[tuple[str, date, date | None]] = field(default_factory=list)

    def pause(self, start: date, end: date) -> None:
        """Pause from a day to a day, both included in the sense of the sender."""
        self.actions.append(("pause", start, end))

    def resume(self, start: date) -> None:
        """End the running pause on a day."""
        self.actions.append(("resume", start, None))

    @property
    def pauses(self) -> list[tuple[date, date]]:
        """Pauses as they really ran."""
        found: list[tuple[date, date]] = []
        for action, start, end in self.actions:
            if action == "pause" and end is not None:
                found.append((start, end))
            elif found:
                found[-1] = (found[-1][0], min(found[-1][1], start))
        return found

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
        paused = paused_days(self.pauses, begin=date.min, end=on)
        return (
            max(0, past - self.grace - paused),
            past,
            since + timedelta(days=self.grace),
        )

    def _since(self, account: PlanAccount, row: Row) -> date:
        """Return since when a row is due: money charged back is due at once."""
        backs = [each.on for each in account.state.live("chargeback")]
        inside = [on for on in backs if row.begins < on <= row.due]
        if row.left("principal") <= row.owed["principal"] - row.credited["principal"]:
            return row.due
        return min([*inside, row.due])

    def amount(self, account: PlanAccount, on: date) -> int:
        """Return what is past due."""
        return sum(
            row.outstanding
            for row in account.state.rows
            if row.due < on and row.open and account.status == "active"
        )

    def _paused(self, on: date) -> bool:
        return any(start <= on <= end for start, end in self.pauses)

    def classify(self, account: PlanAccount, on: date) -> None:
        """Judge the loan again, unless it is paused."""
        if self._paused(on) and self.oldest(account, on) is not None:
            return
        name = range_name(self.days(account, on)[0])
        if name == self.tag:
            return
        if self.tag != NONE:
            old, added, _ = self.history[0]
            self.history[0] = (old, added, on)
        if name != NONE:
            self.history.insert(0, (name, on, None))
        self.tag = name

    def by_instalment(self, account: PlanAccount, on: date) -> list[tuple[str, int]]:
        """Return overdue amounts by range, judged row by row without grace."""
        if self.days(account, on)[0] == 0 or self.tag == NONE:
            return []
        paused = paused_days(self.pauses, begin=date.min, end=on)
        sums: dict[str, int] = {}
        for row in account.state.rows:
            days = (on - row.due).days - paused
            if row.open and days > 0:
                name = range_name(days)
                sums[name] = sums.get(name, 0) + row.outstanding
        return sorted(sums.items(), key=lambda each: int(each[0].split("_")[1]))
