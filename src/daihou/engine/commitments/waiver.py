"""A waiver 减免 from the request to its posting: states, condition, reversal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daihou.engine.commitments.receipts import Receipt, reached_on, received


class WaiverState(StrEnum):
    """Where a waiver stands."""

    REQUESTED = "requested"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CONDITIONAL = "conditional"
    APPLIED = "applied"
    LAPSED = "lapsed"
    REVERSED = "reversed"


_S = WaiverState
# APPROVED without a condition is APPLIED in the same moment; CONDITIONAL waits for
# money. What a reversed payment met is taken back, and waits again while there is time.
WAIVER_MOVES = (
    (_S.REQUESTED, _S.APPROVED),
    (_S.REQUESTED, _S.PENDING),
    (_S.PENDING, _S.APPROVED),
    (_S.PENDING, _S.REJECTED),
    (_S.PENDING, _S.WITHDRAWN),
    (_S.APPROVED, _S.CONDITIONAL),
    (_S.APPROVED, _S.APPLIED),
    (_S.CONDITIONAL, _S.APPLIED),
    (_S.CONDITIONAL, _S.LAPSED),
    (_S.CONDITIONAL, _S.WITHDRAWN),
    (_S.APPLIED, _S.REVERSED),
    (_S.REVERSED, _S.APPLIED),
    (_S.REVERSED, _S.LAPSED),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """`amount` minor units are to come in from `since` up to and including `until`."""

    amount: int
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Judged:
    """What a condition has come to: met on a day, lapsed, or still open."""

    state: WaiverState
    received: int
    met_on: date | None = None


def judge(
    condition: Condition | None,
    receipts: Iterable[Receipt],
    *,
    as_of: date,
    was: WaiverState = WaiverState.CONDITIONAL,
) -> Judged:
    """Return where an approved waiver stands at the end of `as_of`.

    `was` APPLIED and no longer met makes it REVERSED while the time runs, and so does
    one whose time is over: what was given up is owed again. Nothing else depends on
    the past, so that the same money judged in any order gives the same.
    """
    if condition is None:
        return Judged(WaiverState.APPLIED, 0, None)
    receipts = tuple(receipts)
    # Money that came in time counts as it stands today: a later reversal takes it away.
    in_time = [each for each in receipts if each.on <= condition.until]
    got = received(in_time, since=condition.since, as_of=as_of)
    met = reached_on(in_time, condition.amount, since=condition.since, as_of=as_of)
    if met is not None:
        return Judged(WaiverState.APPLIED, got, met)
    if was in (WaiverState.APPLIED, WaiverState.REVERSED):
        over = as_of > condition.until and was is WaiverState.REVERSED
        return Judged(WaiverState.LAPSED if over else WaiverState.REVERSED, got)
    if as_of > condition.until:
        return Judged(WaiverState.LAPSED, got)
    return Judged(WaiverState.CONDITIONAL, got)
