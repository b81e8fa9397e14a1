"""An arrangement 分期协议: its life, its rows, and how it stands by the money that came.

How it stands is worked out anew from the receipts each time: a payment taken back
makes an instalment missed again, one that comes late is caught up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from daihou.engine.basics.dates import add_period
from daihou.engine.basics.errors import UserError
from daihou.engine.commitments.receipts import Receipt, counting, reached_on

MILLE = 1000


class ArrangementError(UserError):
    """A plan that cannot be."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "count": (
            "A plan of {count} instalments is not possible; choose from 1 to {most}.",
            "分期数不能为 {count}；请在 1 至 {most} 之间选择。",
        ),
        "amount": (
            "The amount is too small for {count} instalments; ask for fewer.",
            "金额太小，无法分成 {count} 期；请减少期数。",
        ),
        "no_skip": (
            (
                "The plan allows {rights} skipped instalments, {used} are used. Make a new"
                " plan instead."
            ),
            "本协议可跳期 {rights} 次，已用 {used} 次；请改为重新协商。",
        ),
        "skip_past": (
            "Instalment {seq} is paid or was due already; skip one to come.",
            "第 {seq} 期已还或已到期，不能跳过；请选择尚未到期的一期。",
        ),
    }


class ArrangementState(StrEnum):
    """Where an arrangement stands."""

    PROPOSED = "proposed"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    ACTIVE = "active"
    AT_RISK = "at_risk"
    DEFAULTED = "defaulted"
    COMPLETED = "completed"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


_S = ArrangementState
LIVE = frozenset({_S.ACCEPTED, _S.ACTIVE, _S.AT_RISK})
ARRANGEMENT_MOVES = (
    (_S.PROPOSED, _S.APPROVED),
    (_S.PROPOSED, _S.PENDING),
    (_S.PENDING, _S.APPROVED),
    (_S.PENDING, _S.REJECTED),
    (_S.PENDING, _S.WITHDRAWN),
    (_S.APPROVED, _S.ACCEPTED),
    (_S.APPROVED, _S.LAPSED),
    (_S.APPROVED, _S.WITHDRAWN),
    (_S.ACCEPTED, _S.ACTIVE),
    (_S.ACCEPTED, _S.LAPSED),
    (_S.ACTIVE, _S.AT_RISK),
    (_S.AT_RISK, _S.ACTIVE),
    (_S.ACTIVE, _S.DEFAULTED),
    (_S.AT_RISK, _S.DEFAULTED),
    (_S.ACTIVE, _S.COMPLETED),
    (_S.AT_RISK, _S.COMPLETED),
    # A payment that was taken back undoes what rested on it.
    (_S.COMPLETED, _S.ACTIVE),
    (_S.COMPLETED, _S.AT_RISK),
    (_S.COMPLETED, _S.DEFAULTED),
    (_S.ACTIVE, _S.ACCEPTED),
    (_S.AT_RISK, _S.ACCEPTED),
    (_S.COMPLETED, _S.ACCEPTED),
    *((live, _S.SUPERSEDED) for live in (_S.ACTIVE, _S.AT_RISK)),
    *((live, _S.SUSPENDED) for live in (_S.ACCEPTED, _S.ACTIVE, _S.AT_RISK)),
    *((_S.SUSPENDED, live) for live in (_S.ACCEPTED, _S.ACTIVE, _S.AT_RISK)),
    (_S.SUSPENDED, _S.DEFAULTED),
    (_S.SUSPENDED, _S.COMPLETED),
    *((live, _S.CANCELLED) for live in (_S.ACCEPTED, _S.ACTIVE, _S.AT_RISK)),
    (_S.SUSPENDED, _S.CANCELLED),
)


class Missed(StrEnum):
    """Which missed instalments count against the allowance.

    STANDING: those still unpaid. EVER: each that was not paid in time, made good or not.
    """

    STANDING = "standing"
    EVER = "ever"


@dataclass(frozen=True, slots=True)
class Instalment:
    """A row of a plan: `amount` minor units are to be there by `due_on`."""

    seq: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was agreed. `first_payment` is to come before the plan runs at all (0: none).

    `tolerance` is per mille of what is to be there. `skips` is how many instalments may
    be put off, `skipped` how many were.
    """

    rows: tuple[Instalment, ...]
    accepted_on: date
    first_payment: int = 0
    first_by: date | None = None
    allowance: int = 0
    grace_days: int = 0
    tolerance: int = 0
    missed: Missed = Missed.STANDING
    skips: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        """All that is to be paid, the first payment with it."""
        return self.first_payment + sum(row.amount for row in self.rows)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands; `misses` are the instalments that count, `on` the day of it.

    `paid` is what came in of all, `due` what should be there by now, minor units.
    """

    state: ArrangementState
    paid: int
    due: int
    misses: tuple[int, ...]
    next_due: Instalment | None
    on: date | None


def spread(
    total: int,
    *,
    count: int,
    first_due_on: date,
    every: int = 1,
    unit: str = "months",
    most: int = 120,
) -> tuple[Instalment, ...]:
    """Return equal instalments of `total` minor units; the last takes the rest.

    `unit` is days, weeks or months; month ends are kept. No cent is made or lost.
    """
    if not 1 <= count <= most:
        raise ArrangementError("count", count=count, most=most)
    part = total // count
    if part <= 0:
        raise ArrangementError("amount", count=count)
    rows = []
    for place in range(count):
        amount = part if place < count - 1 else total - part * (count - 1)
        due_on = add_period(first_due_on, place * every, unit)
        rows.append(Instalment(place + 1, due_on, amount))
    return tuple(rows)


def spread_by(
    total: int, weights: Sequence[int], days: Sequence[date]
) -> tuple[Instalment, ...]:
    """Return instalments by weight (a season's income), the last takes the rest."""
    assert len(weights) == len(days) and sum(weights) > 0, (weights, days)
    rows, left, whole = [], total, sum(weights)
    for place, (weight, due_on) in enumerate(zip(weights, days, strict=True), 1):
        share = Fraction(total * weight, whole)
        amount = left if place == len(days) else min(left, int(share))
        rows.append(Instalment(place, due_on, amount))
        left -= amount
    return tuple(rows)


def skip(
    plan: Plan, seq: int, *, every: int, unit: str, as_of: date, paid: int = 0
) -> Plan:
    """Put an instalment and all after it off by one period; raises ArrangementError.

    `paid` is what came in so far (minor units): what it covers is not put off.
    """
    if plan.skipped >= plan.skips:
        raise ArrangementError("no_skip", rights=plan.skips, used=plan.skipped)
    known = {row.seq: row for row in plan.rows}
    wanted = plan.first_payment + sum(r.amount for r in plan.rows if r.seq <= seq)
    if seq not in known or known[seq].due_on < as_of or paid >= wanted:
        raise ArrangementError("skip_past", seq=seq)
    rows = tuple(
        replace(row, due_on=add_period(row.due_on, every, unit))
        if row.seq >= seq
        else row
        for row in plan.rows
    )
    return replace(plan, rows=rows, skipped=plan.skipped + 1)


def standing(plan: Plan, receipts: Iterable[Receipt], *, as_of: date) -> Standing:
    """Return how a plan stands at the end of `as_of`.

    Money goes to the first payment, then to instalments in order. An instalment is
    missed when, `grace_days` after its due date, less is there than all up to it less
    the tolerance. More misses than the allowance, on any day so far, end the plan.
    """
    money = counting(receipts, since=plan.accepted_on, as_of=as_of)
    paid = max(0, sum(each.amount for each in money))
    coming = _next_due(plan, paid)
    due = plan.first_payment + sum(r.amount for r in plan.rows if r.due_on <= as_of)
    if plan.first_payment and paid < plan.first_payment:
        late = plan.first_by is not None and as_of > plan.first_by
        state = _S.LAPSED if late else _S.ACCEPTED
        return Standing(state, paid, due, (), coming, plan.first_by if late else None)
    done = reached_on(
        money, _enough(plan, plan.total), since=plan.accepted_on, as_of=as_of
    )
    broken, misses = _walk(plan, money, as_of=as_of, done=done)
    if broken is not None:
        return Standing(_S.DEFAULTED, paid, due, misses, coming, broken)
    if done is not None:
        return Standing(_S.COMPLETED, paid, due, (), None, done)
    behind = _behind(plan, paid, as_of)
    state = _S.AT_RISK if behind else _S.ACTIVE
    return Standing(state, paid, due, misses, coming, None)


def _enough(plan: Plan, amount: int) -> int:
    """The least that counts as `amount`: less the tolerance, rounded up to the cent."""
    return -(-amount * (MILLE - plan.tolerance) // MILLE)


def _next_due(plan: Plan, paid: int) -> Instalment | None:
    rest = paid - plan.first_payment
    for row in plan.rows:
        if rest < row.amount:
            return replace(row, amount=row.amount - max(0, rest))
        rest -= row.amount
    return None


def _behind(plan: Plan, paid: int, on: date) -> tuple[int, ...]:
    """Instalments past their grace that are not there, by all that was paid."""
    found, wanted = [], plan.first_payment
    for row in plan.rows:
        wanted += row.amount
        over = on > row.due_on + timedelta(days=plan.grace_days)
        if over and paid < _enough(plan, wanted):
            found.append(row.seq)
    return tuple(found)


def _walk(
    plan: Plan, money: Sequence[Receipt], *, as_of: date, done: date | None
) -> tuple[date | None, tuple[int, ...]]:
    """The day the allowance was first exceeded, and the misses that count on `as_of`.

    Looked at on the first day after each grace, before which nothing can be missed; a
    plan that was paid in full by then is over and misses nothing more.
    """
    ever: set[int] = set()
    for row in plan.rows:
        day = row.due_on + timedelta(days=plan.grace_days + 1)
        if day > as_of or (done is not None and done < day):
            break
        paid = max(0, sum(each.amount for each in money if each.on < day))
        behind = _behind(plan, paid, day)
        ever |= set(behind)
        count = len(ever) if plan.missed is Missed.EVER else len(behind)
        if count > plan.allowance:
            counted = ever if plan.missed is Missed.EVER else set(behind)
            return day, tuple(sorted(counted))
    paid = max(0, sum(each.amount for each in money))
    now = set(_behind(plan, paid, as_of))
    return None, tuple(sorted(ever | now if plan.missed is Missed.EVER else now))
