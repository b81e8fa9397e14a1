"""The reference: what one loan owes, and how late it is, at the end of one day."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from daihou.engine.delinquency.buckets import bucket
from daihou.engine.delinquency.dpd import worst
from daihou.engine.ledger.fixed.account import Account
from daihou.engine.ledger.fixed.derivation import derivation
from daihou.engine.ledger.fixed.replay import Calendar, Replayed, replay
from daihou.engine.ledger.fixed.standing import given_status
from daihou.engine.ledger.values import DemandState, Loan, LoanState
from daihou.engine.rulebook.policy import Component, Mode, Policy

# Kept off the balance sheet while a loan earns nothing on it (CN-PAY-04).
MEMO = (Component.INTEREST, Component.PENALTY, Component.COMPOUND)


def settle(
    loan: Loan, policy: Policy, *, as_of: date, calendar: Calendar | None = None
) -> LoanState:
    """Return what `loan` owes and how late it is at the end of `as_of`.

    All payments known on `as_of` are replayed from the start against the demands
    in force on it, so a late or reversed payment needs nothing special. `calendar`
    holds the closed days; due dates move past them where the policy says so.
    Amounts in minor units. Raises LoanError before the loan is paid out.
    """
    book = replay(loan, policy, as_of=as_of, calendar=calendar)
    dpd = 0 if book.closed else book.dpd(as_of)
    late = book.late
    outstanding = _outstanding_principal(book)
    next_due_on, next_due_amount = _next_due(book)
    overdue = _total(late)
    non_accrual_since = book.non_accrual_since
    return LoanState(
        loan_id=loan.loan_id,
        as_of=as_of,
        dpd=dpd,
        dpd_method=policy.dpd.id,
        bucket=bucket(dpd, policy.bucket_set),
        overdue=overdue,
        oldest_unpaid_due_on=min((each.due for each in late), default=None),
        next_due_on=next_due_on,
        next_due_amount=next_due_amount,
        outstanding_principal=outstanding,
        outstanding_total=_outstanding_total(book, outstanding),
        unapplied_credit=book.credit,
        times_late=len(book.arrears),
        worst_dpd=_worst(book),
        late_instalments=len(late),
        status=_status(book, outstanding),
        demands=tuple(_demand_state(each, late=each in late) for each in book.accounts),
        allocations=book.allocations,
        derivation=derivation(book, dpd=dpd),
        over_cap=_by_name(book.over_cap),
        cap_room=book.cap_room,
        non_accrual_since=non_accrual_since,
        memo=MappingProxyType(
            {part.value: overdue[part] if non_accrual_since else 0 for part in MEMO}
        ),
    )


def _by_name(amounts: Mapping[Component, int]) -> Mapping[str, int]:
    return MappingProxyType({part.value: amount for part, amount in amounts.items()})


def _worst(book: Replayed) -> int:
    return worst(
        book.arrears, book.policy.dpd, pauses=book.loan.pauses, until=book.as_of
    )


def _total(accounts: tuple[Account, ...]) -> Mapping[str, int]:
    """Sum what is left of each component over accounts."""
    return MappingProxyType(
        {
            component.value: sum(account.left[component] for account in accounts)
            for component in Component
        }
    )


def _outstanding_principal(book: Replayed) -> int:
    """All principal not yet paid, due or not; a core system knows it by itself."""
    if book.closed:
        return 0
    if book.policy.mode is Mode.MIRROR:
        paid = sum(account.demand.paid_principal for account in book.accounts)
        return max(0, book.loan.principal - paid)
    return sum(account.left[Component.PRINCIPAL] for account in book.accounts)


def _outstanding_total(book: Replayed, principal: int) -> int:
    """Outstanding principal and what is due and unpaid of everything else."""
    if book.closed:
        return 0
    due = tuple(account for account in book.accounts if account.due <= book.as_of)
    left = _total(due)
    return principal + sum(left.values()) - left[Component.PRINCIPAL]


def _next_due(book: Replayed) -> tuple[date | None, int]:
    """Return the next due date with anything unpaid, and all unpaid on it."""
    coming = [
        account
        for account in book.accounts
        if account.due > book.as_of and account.unpaid > 0
    ]
    if book.closed or not coming:
        return None, 0
    day = min(account.due for account in coming)
    return day, sum(account.unpaid for account in coming if account.due == day)


def _status(book: Replayed, outstanding_principal: int) -> str:
    """Return the sender's status if it holds, else settled once nothing is unpaid."""
    given = given_status(book.loan, book.as_of)
    if given is not None:
        return given
    unpaid = sum(_total(book.accounts).values()) + outstanding_principal
    return "settled" if book.accounts and not unpaid else "active"


def _demand_state(account: Account, *, late: bool) -> DemandState:
    settled_on = account.settled_on
    if settled_on is None and not account.owed:
        settled_on = account.due  # nothing was ever owed
    return DemandState(
        demand=account.demand,
        paid=_by_name(account.paid),
        waived=_by_name(account.waived),
        unpaid=_by_name(account.left),
        late=late,
        settled_on=settled_on,
        due_on=account.due,
    )
