"""Penalty and compound interest of overdue demands, day by day, at each day's rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from daihou.engine.basics.money import NANO
from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.fixed.account import ACCRUING, Account
from daihou.engine.ledger.values import Loan
from daihou.engine.rulebook.policy import Component, CostCap, PenaltyTerms, Policy


@dataclass(frozen=True, slots=True)
class Rate:
    """Yearly rates, in 10**-9, of the days after `after` up to `until`."""

    after: date
    until: date
    claimed: int
    above: int  # what the contract has beyond the cost cap


def penalty_rates(
    loan: Loan, policy: Policy, *, cap: CostCap | None
) -> tuple[Rate, ...]:
    """Return the yearly penalty rates of a loan, one after the other.

    A step counts for the days after its own (CN-INT-01: the rate in force each day).
    Under a cap the rate claimed is at most the cap's, each over its own days in the
    year, rounded down.
    """
    steps = sorted(loan.rate_steps, key=lambda each: each.begins_on)
    begins = [date.min, *(each.begins_on for each in steps)]
    given = [loan.penalty_rate_nano, *(each.penalty_rate_nano for each in steps)]
    most = max(given)
    if cap is not None:
        share, whole = cap.annual_rate.as_integer_ratio()
        most = share * policy.penalty.days_in_year * NANO // (whole * cap.days_in_year)
    return tuple(
        Rate(begin, end, min(rate, most), max(0, rate - most))
        for begin, end, rate in zip(begins, [*begins[1:], date.max], given, strict=True)
    )


def _weigh(rates: Iterable[Rate], begin: date, end: date) -> tuple[int, int]:
    """Return days x rate over the days after `begin` up to `end`: claimed, above."""
    claimed = above = 0
    for rate in rates:
        days = (min(end, rate.until) - max(begin, rate.after)).days
        if days > 0:
            claimed += rate.claimed * days
            above += rate.above * days
    return claimed, above


def accrue(
    accounts: Iterable[Account], policy: Policy, rates: Iterable[Rate], *, to: date
) -> None:
    """Run penalty and compound of every demand due before `to` up to that day.

    罚息 and 复利 at the penalty rate from the day after the due date until paid
    (银发〔2003〕251号); each is rounded once, from its whole accumulator.
    """
    terms = policy.penalty
    if not (terms.on_principal or terms.on_interest):
        return
    grace = timedelta(days=terms.grace_days)
    for account in accounts:
        if account.due >= to:
            continue
        start = account.due if terms.from_due else account.due + grace
        begin = max(account.run_to, start)
        if begin < to:
            account.run_to = to  # cents taken back accrue from that day
            if not account.bare:
                _add(account, *_weigh(rates, begin, to))
        if to > account.due + grace:
            _claim(account, policy)


def _add(account: Account, claimed: int, above: int) -> None:
    for component, base in ACCRUING:
        account.accrued[component] += account.left[base] * claimed
        account.above[component] += account.left[base] * above


def _claim(account: Account, policy: Policy) -> None:
    for component in _wanted(policy.penalty):
        total = _rounded(account.accrued[component], policy)
        gone = account.paid[component] + account.waived[component]
        account.left[component] = total - gone


def above_rate(
    accounts: Iterable[Account], component: Component, policy: Policy, *, on: date
) -> int:
    """Return what the contract rate asks beyond the cap's, in minor units, on a day."""
    if component not in _wanted(policy.penalty):
        return 0
    grace = timedelta(days=policy.penalty.grace_days)
    return sum(
        _rounded(account.above[component], policy)
        for account in accounts
        if on > account.due + grace
    )


def _wanted(terms: PenaltyTerms) -> list[Component]:
    wanted = (
        (terms.on_principal, Component.PENALTY),
        (terms.on_interest, Component.COMPOUND),
    )
    return [component for agreed, component in wanted if agreed]


def _rounded(accumulated: int, policy: Policy) -> int:
    year = NANO * policy.penalty.days_in_year
    return divide(accumulated, year, rounding=policy.rounding)


def forgive_in_grace(accounts: Iterable[Account], policy: Policy, *, on: date) -> None:
    """A demand cleared of principal and interest within the grace owes no penalty."""
    grace = timedelta(days=policy.penalty.grace_days)
    for account in accounts:
        if account.due <= on <= account.due + grace and account.bare:
            account.accrued = dict.fromkeys(Component, 0)
            account.above = dict.fromkeys(Component, 0)
