"""The ledger of one loan run from its start to the end of one day."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from daihou.engine.basics.dates import DAY, next_open_day
from daihou.engine.delinquency.dpd import (
    Arrears,
    days_past_due,
    first_late_day,
    first_over,
    is_material,
)
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.account import Account, arrears_of
from daihou.engine.ledger.fixed.allocation import Order, Replay
from daihou.engine.ledger.fixed.standing import CLOSED, given_status
from daihou.engine.ledger.values import Allocation, Loan, Payment, Waiver
from daihou.engine.rulebook.policy import Component, Mode, Policy

Calendar = AbstractSet[date]  # the days on which nothing can fall due


@dataclass(frozen=True, slots=True)
class Replayed:
    """The ledger of one loan run to a day, before anything is judged or summed."""

    loan: Loan
    policy: Policy
    as_of: date
    accounts: tuple[Account, ...]
    arrears: tuple[Arrears, ...]
    allocations: tuple[Allocation, ...]
    orders: Mapping[date, Order]  # of components, on the days money was placed
    over_cap: Mapping[Component, int]
    cap_room: int | None
    credit: int
    closed: bool

    def dpd(self, on: date) -> int:
        """Return days past due at the end of a day up to `as_of`, by this replay."""
        return days_past_due(
            self.arrears, self.policy.dpd, pauses=self.loan.pauses, on=on
        )

    @property
    def non_accrual_since(self) -> date | None:
        """The day since which the loan earns nothing on the balance sheet, if any.

        From the first day-end more than `non_accrual_after` days past due until one
        with nothing late (CN-PAY-04); only where the ledger is ours.
        """
        limit = self.policy.non_accrual_after
        if limit is None or self.policy.mode is Mode.MIRROR:
            return None
        return first_over(
            limit,
            *(self.arrears, self.policy.dpd),
            pauses=self.loan.pauses,
            on=self.as_of,
        )

    @property
    def late(self) -> tuple[Account, ...]:
        """The demands late at the end of `as_of`, in order of allocation."""
        ids = {each.demand_id for each in self.arrears if each.late_on(self.as_of)}
        return tuple(each for each in self.accounts if each.demand.demand_id in ids)


def replay(
    loan: Loan, policy: Policy, *, as_of: date, calendar: Calendar | None = None
) -> Replayed:
    """Run the ledger of `loan` to the end of `as_of`; nothing is summed yet.

    A mirrored loan that was written off is ours from that day on: what its core
    system then reported unpaid stands, money that comes in later is allocated, and
    penalties run from that day; what the core system reports later counts no more.
    """
    if as_of < loan.disbursed_on:
        raise LoanError(
            "not_disbursed",
            loan_id=loan.loan_id,
            disbursed_on=loan.disbursed_on,
            as_of=as_of,
        )
    taken_over = _taken_over_on(loan, policy, as_of)
    accounts = _accounts(loan, policy, as_of=taken_over or as_of, calendar=calendar)
    policy = policy if taken_over is None else replace(policy, mode=Mode.OWN)
    money = Replay(accounts, loan, policy, ours_since=taken_over)
    if policy.mode is Mode.MIRROR or taken_over:
        for account in money.accounts:
            _take_as_reported(account)
            if taken_over:
                account.paid[Component.PENALTY] = 0  # of the time before
                account.run_to = taken_over
    if policy.mode is Mode.OWN:
        _post_all(loan, money, since=taken_over or date.min, as_of=as_of)
    closed = given_status(loan, as_of) in CLOSED
    judged_to = _last_judged(loan, as_of) if closed else as_of
    return Replayed(
        loan=loan,
        policy=policy,
        as_of=as_of,
        accounts=tuple(money.accounts),
        arrears=_arrears(money.accounts, policy, until=judged_to, as_of=as_of),
        allocations=tuple(money.allocations),
        orders=money.orders,
        over_cap=_over_cap(money, as_of=as_of, closed=closed),
        cap_room=money.room(as_of),
        credit=money.credit,
        closed=closed,
    )


def _taken_over_on(loan: Loan, policy: Policy, as_of: date) -> date | None:
    """Return the day a mirrored loan was written off, if it was and is known."""
    written_off = given_status(loan, as_of) == "written_off"
    return loan.status_on if policy.mode is Mode.MIRROR and written_off else None


def kept_by_us(loan: Loan, policy: Policy, *, as_of: date) -> bool:
    """Say whether our ledger decides what `loan` owes at the end of `as_of`."""
    taken_over = _taken_over_on(loan, policy, as_of)
    return policy.mode is Mode.OWN or taken_over is not None


def _post_all(loan: Loan, money: Replay, *, since: date, as_of: date) -> None:
    """Post what came in after `since` and by `as_of`; run everything to `as_of`.

    The waivers of a day come before its money.
    """
    facts: list[Waiver | Payment] = [*loan.waivers, *loan.payments]
    for fact in sorted(facts, key=_place):
        day, _, _ = _place(fact)
        if not since < day <= as_of or _ended(fact.ends_on, as_of):
            continue
        if isinstance(fact, Waiver):
            money.waive(fact)
        else:
            money.post(fact.payment_id, fact.amount, on=day)
    money.run(as_of)


def _place(fact: Waiver | Payment) -> tuple[date, int, int]:
    """Return the place of a fact in time: of one day, waivers come first."""
    if isinstance(fact, Waiver):
        return (fact.on, 0, fact.waiver_id)
    return (fact.paid_on, 1, fact.payment_id)


def _over_cap(money: Replay, *, as_of: date, closed: bool) -> Mapping[Component, int]:
    """Return what is above the cost cap by component; zeros where none holds."""
    if closed or money.policy.mode is Mode.MIRROR:
        return dict.fromkeys(Component, 0)
    return money.over_cap(as_of)


def _ended(ends_on: date | None, as_of: date) -> bool:
    return ends_on is not None and ends_on <= as_of


def _accounts(
    loan: Loan, policy: Policy, *, as_of: date, calendar: Calendar | None
) -> list[Account]:
    """Open an account for each demand in force, at its effective due date."""
    moves = policy.dpd.move_holidays and calendar is not None
    return [
        Account(
            demand,
            next_open_day(demand.due_on, calendar or ()) if moves else demand.due_on,
        )
        for demand in loan.demands
        if demand.begins_on <= as_of and not _ended(demand.ends_on, as_of)
    ]


def _take_as_reported(account: Account) -> None:
    """Mirror mode: what is paid is what the core system says is paid."""
    demand = account.demand
    for component, paid in (
        (Component.FEE, demand.paid_fee),
        (Component.INTEREST, demand.paid_interest),
        (Component.PRINCIPAL, demand.paid_principal),
    ):
        account.paid[component] = paid
        account.left[component] = max(0, account.left[component] - paid)
    account.paid[Component.PENALTY] = demand.paid_penalty
    account.steps = [(date.min, account.unpaid)]


def _last_judged(loan: Loan, as_of: date) -> date:
    """Return the last day-end before a loan was closed; lateness ends with it."""
    closed_on = loan.status_on or loan.disbursed_on
    return min(as_of, closed_on - DAY)


def _arrears(
    accounts: list[Account], policy: Policy, *, until: date, as_of: date
) -> tuple[Arrears, ...]:
    """Return the demands that were late, with their spans of day-ends.

    A mirrored ledger knows only today: one day-end, and none once closed.
    """
    method = policy.dpd
    if policy.mode is Mode.OWN:
        return arrears_of(accounts, method, until=until)
    return tuple(
        Arrears(account.demand.demand_id, account.due, ((as_of, as_of),))
        for account in accounts
        if until == as_of
        and first_late_day(account.due, method) <= as_of
        and is_material(account.unpaid, owed=account.owed, method=method)
    )
