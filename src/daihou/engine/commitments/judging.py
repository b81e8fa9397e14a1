"""Which money a promise takes, and whether it was kept: from all the facts, anew.

Nothing is remembered between two judgements. Money that went back, or that was booked
late for a day that is over, therefore leads to the verdict that is right now; who
keeps verdicts keeps the former one beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from daihou.engine.commitments.promise import ENDED, Promise, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """One payment to a loan, minor units; below zero where money went back.

    `known_at` is when we learnt of it. `reversed_on`: it bounced or was taken back on
    that day; its reversal is no row here.
    """

    id: int
    loan: int
    amount: int
    paid_on: date
    known_at: datetime
    reversed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a payment counts for one part of a promise."""

    promise: int
    part: int
    payment: int
    amount: int
    paid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a promise stands on a day.

    `decided_on` is the day since which it is so: the last payment that was needed,
    or the day after the one on which a part was missed. `met` parts have their money.
    """

    state: State
    amount: int
    appropriated: int
    met: int
    decided_on: date | None
    shares: tuple[Share, ...] = ()

    @property
    def ratio(self) -> int:
        """How much of the promise was paid, per mille, rounded down."""
        return self.appropriated * 1000 // self.amount


def net(payments: Iterable[Money]) -> list[Money]:
    """The payments in order of their days, less refunds and chargebacks.

    Money that went back is taken from the newest payments of the loan before it.
    """
    left: dict[int, list[Money]] = defaultdict(list)
    for each in sorted(payments, key=lambda one: (one.paid_on, one.id)):
        mine = left[each.loan]
        if each.amount > 0:
            mine.append(each)
            continue
        back = -each.amount
        for place in range(len(mine) - 1, -1, -1):
            if mine[place].reversed_on is not None:
                continue
            taken = min(back, mine[place].amount)
            back -= taken
            mine[place] = replace(mine[place], amount=mine[place].amount - taken)
    found = [each for mine in left.values() for each in mine if each.amount > 0]
    return sorted(found, key=lambda one: (one.paid_on, one.id))


def appropriate(
    promises: Sequence[Promise], payments: Iterable[Money], *, as_of: date
) -> tuple[Share, ...]:
    """Pour the payments into the parts of promises: the earliest due part first.

    No part takes more than was promised and no cent counts twice. More money never
    leaves any part with less.
    """
    known = {each.id: each for each in promises}
    assert len(known) == len(promises), "a promise stands here twice"
    parts = sorted(
        (part.due_on, promise.id, place)
        for promise in promises
        for place, part in enumerate(promise.parts)
    )
    room = {
        (number, place): known[number].parts[place].amount
        for _due, number, place in parts
    }
    shares: list[Share] = []
    for money in net(each for each in payments if each.paid_on <= as_of):
        rest = money.amount
        for _due, number, place in parts:
            taken = min(rest, room[number, place])
            if taken and _counts(money, known[number], place, as_of):
                rest -= taken
                room[number, place] -= taken
                shares.append(Share(number, place, money.id, taken, money.paid_on))
    return tuple(shares)


def _counts(money: Money, promise: Promise, part: int, as_of: date) -> bool:
    """Whether a payment may count for a part at all."""
    if money.loan not in promise.loans or money.paid_on > promise.deadline(part):
        return False
    if promise.ended_at is not None and money.known_at > promise.ended_at:
        return False
    if money.paid_on < promise.made_on:
        return False
    if money.paid_on == promise.made_on and money.known_at < promise.made_at:
        return False
    back = money.reversed_on
    if back is None or back > as_of:
        return True
    last = promise.deadline(len(promise.parts) - 1)
    return back > last + timedelta(days=promise.window_days)


def judge(
    promises: Sequence[Promise], payments: Iterable[Money], *, as_of: date
) -> Mapping[int, Standing]:
    """How every promise of a customer stands on `as_of`, by its id.

    A part is missed once the day of its grace is over, not on it. Promises that ended
    otherwise are judged like the others: who keeps them knows that they ended.
    """
    by_promise: dict[int, list[Share]] = defaultdict(list)
    for share in appropriate(promises, payments, as_of=as_of):
        by_promise[share.promise].append(share)
    return {each.id: _standing(each, by_promise[each.id], as_of) for each in promises}


def _standing(promise: Promise, shares: Sequence[Share], as_of: date) -> Standing:
    total = sum(each.amount for each in shares)
    met_on = [
        _met_on(promise, place, [each for each in shares if each.part == place])
        for place in range(len(promise.parts))
    ]
    met = sum(1 for each in met_on if each is not None)
    missed = [
        promise.deadline(place)
        for place, met_day in enumerate(met_on)
        if met_day is None and as_of > promise.deadline(place)
    ]
    state, decided_on = State.ACTIVE, None
    if missed:
        state = State.PARTIALLY_KEPT if total else State.BROKEN
        decided_on = missed[0] + timedelta(days=1)
    elif met == len(promise.parts):
        state = State.KEPT
        decided_on = max(day for day in met_on if day is not None)
    return Standing(
        state=state,
        amount=promise.amount,
        appropriated=total,
        met=met,
        decided_on=decided_on,
        shares=tuple(shares),
    )


def _met_on(promise: Promise, part: int, shares: Sequence[Share]) -> date | None:
    """The day on which a part had its money; None while it has not."""
    needed, sum_of = promise.needed(part), 0
    for share in sorted(shares, key=lambda one: (one.paid_on, one.payment)):
        sum_of += share.amount
        if sum_of >= needed:
            return share.paid_on
    return None


def next_state(now: State, found: State, *, cleared: bool) -> State:
    """The state a promise goes to, judged `found`; the same where nothing moves.

    What ended stays ended. One whose debt is gone before it was decided, or by the
    time its money was taken back, was not broken: it is no longer needed.
    """
    if now in ENDED or now is State.DRAFT:
        return now
    undecided = State.ACTIVE in (now, found)
    if undecided and found is not State.KEPT and cleared:
        return State.INVALIDATED
    return found
