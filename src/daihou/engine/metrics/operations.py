"""Promises and contacts, counted by the conventions that are told apart by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from daihou.engine.metrics.cures import Share


class Outcome(StrEnum):
    """What became of a promise; each is exactly one of these."""

    KEPT = "kept"
    PARTIAL = "partial"  # some of it came in time
    LATE = "late"  # enough of it came, after the days of grace
    BROKEN = "broken"
    OPEN = "open"  # its days of grace are not over


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay `amount` by `due_on`, and the money that came for it (day, minor)."""

    amount: int
    due_on: date
    made_on: date
    receipts: Sequence[tuple[date, int]] = ()

    def __post_init__(self) -> None:
        """Somebody promises something, not for yesterday."""
        assert self.amount > 0, self
        assert self.made_on <= self.due_on, self


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises of a window, by outcome, and their money.

    `promised` and `came` are of promises that are due; what came for a promise counts
    up to its amount.
    """

    kept: int
    partial: int
    late: int
    broken: int
    open: int
    promised: int
    came: int

    @property
    def due(self) -> int:
        """Promises whose days of grace are over."""
        return self.kept + self.partial + self.late + self.broken

    @property
    def made(self) -> int:
        """All of them: METRICS identity 8."""
        return self.due + self.open

    @property
    def kept_rate(self) -> Fraction | None:
        """Kept over due; open ones are in neither."""
        return Fraction(self.kept, self.due) if self.due else None

    @property
    def amount_kept_rate(self) -> Fraction | None:
        """Money that came in time over money promised, of those due."""
        return Fraction(self.came, self.promised) if self.promised else None


def outcome(
    promise: Promise,
    *,
    as_of: date,
    share: Fraction = Fraction(1),
    grace_days: int = 1,
) -> Outcome:
    """What became of a promise by the end of `as_of`.

    Kept: at least `share` of it came from the day it was made until `grace_days` after
    its date. Open until that day is over, unless it is kept already.
    """
    assert 0 < share <= 1, share
    until = promise.due_on + timedelta(grace_days)
    in_time = _came(promise, min(until, as_of))
    if in_time >= share * promise.amount:
        return Outcome.KEPT
    if as_of <= until:
        return Outcome.OPEN
    if _came(promise, as_of) >= share * promise.amount:
        return Outcome.LATE
    return Outcome.PARTIAL if in_time > 0 else Outcome.BROKEN


def _came(promise: Promise, until: date) -> int:
    return sum(
        amount for day, amount in promise.receipts if promise.made_on <= day <= until
    )


def promises(
    rows: Iterable[Promise],
    *,
    as_of: date,
    share: Fraction = Fraction(1),
    grace_days: int = 1,
) -> Promises:
    """Promises by outcome; see `outcome`."""
    counts = dict.fromkeys(Outcome, 0)
    promised = came = 0
    for each in rows:
        what = outcome(each, as_of=as_of, share=share, grace_days=grace_days)
        counts[what] += 1
        if what is Outcome.OPEN:
            continue
        until = each.due_on + timedelta(grace_days)
        promised += each.amount
        came += min(max(_came(each, min(until, as_of)), 0), each.amount)
    told = {what.value: count for what, count in counts.items()}
    return Promises(**told, promised=promised, came=came)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach somebody about an account.

    `connected`: somebody answered. `right_party`: it was the one looked for, which
    needs an answer; `promised`: and they promised to pay.
    """

    account: str
    connected: bool = False
    right_party: bool = False
    promised: bool = False

    def __post_init__(self) -> None:
        """Each step stands on the one before."""
        assert self.connected or not self.right_party, self
        assert self.right_party or not self.promised, self


@dataclass(frozen=True, slots=True)
class Funnel:
    """From accounts assigned to promises; every share says of what it is one."""

    assigned: int
    tried: int  # accounts with at least one attempt
    attempts: int
    connected: int  # attempts
    right_party: int  # attempts
    reached: int  # accounts with a right-party contact
    promised: int  # attempts that ended in a promise

    @property
    def coverage(self) -> Share:
        """Accounts tried of accounts assigned 覆盖率."""
        return Share(self.tried, self.assigned)

    @property
    def penetration(self) -> Share:
        """Attempts that were answered of attempts 接通率."""
        return Share(self.connected, self.attempts)

    @property
    def rpc_per_attempt(self) -> Share:
        """Right-party contacts of attempts."""
        return Share(self.right_party, self.attempts)

    @property
    def rpc_per_account(self) -> Share:
        """Accounts reached of accounts tried."""
        return Share(self.reached, self.tried)

    @property
    def rpc_share_of_connects(self) -> Share:
        """Right-party contacts of attempts that were answered."""
        return Share(self.right_party, self.connected)

    @property
    def promise_rate(self) -> Share:
        """Promises of right-party contacts."""
        return Share(self.promised, self.right_party)


def funnel(attempts: Iterable[Attempt], *, assigned: Iterable[str]) -> Funnel:
    """The contact funnel of the accounts assigned; attempts at others do not count."""
    ours = set(assigned)
    told = [each for each in attempts if each.account in ours]
    return Funnel(
        assigned=len(ours),
        tried=len({each.account for each in told}),
        attempts=len(told),
        connected=sum(each.connected for each in told),
        right_party=sum(each.right_party for each in told),
        reached=len({each.account for each in told if each.right_party}),
        promised=sum(each.promised for each in told),
    )
