"""A loan with interest by the day on the balance really owed, as facts for `settle`.

Early money becomes a demand of its own, due on its day: the interest run up to that
day, then principal. What is left is planned anew, so lateness, penalties, waivers
and caps are those of any other loan, and so are their laws.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from daihou.engine.ledger.fixed.replay import Calendar
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.moving.running import Early, Plan, walk
from daihou.engine.ledger.values import Demand, Loan, LoanState, LoanTerms, Payment
from daihou.engine.rulebook.policy import Advance, Policy

IDS = 1000  # demand ids: seq x IDS, and the early ones of a period after it

Rates = tuple[tuple[date, Decimal], ...]
Days = tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class Running:
    """The demands of a running loan as of a day, and interest not yet demanded.

    `accrued` is the interest of the period that has begun, in minor units: with it
    and what `settle` finds outstanding the loan is paid off that day.
    """

    loan: Loan
    accrued: int


def run_on_balance(
    loan: Loan,
    terms: LoanTerms,
    policy: Policy,
    *,
    as_of: date,
    calendar: Calendar | None = None,
    rates: Rates = (),
    free: Days = (),
) -> Running:
    """Return `loan` with its demands as they are at the end of `as_of`.

    `loan.demands` holds charges only (ids below 1000). Money beyond what is due pays
    the interest run up to its day, then principal; `policy.advance` says which
    instalments are smaller for it: the next, the last, or all (HOLD: it is kept and
    saves nothing). `rates` are yearly shares, each from the night of its day on;
    in `free`, half-open, no interest runs. Overdue principal bears penalty, not
    interest (银发〔2003〕251号). Raises LoanError for methods whose interest cannot
    follow a balance, TermsError for terms without a schedule.
    """
    plan = Plan.of(terms, rates=rates, free=free)
    early: list[Early] = []
    for on in _days_with_money(loan, as_of):
        early = _with_money_of(loan, plan, policy, early, on=on, calendar=calendar)
    return _running(loan, plan, early, as_of=as_of, advance=policy.advance)


def settle_running(
    loan: Loan,
    terms: LoanTerms,
    policy: Policy,
    *,
    as_of: date,
    calendar: Calendar | None = None,
    rates: Rates = (),
    free: Days = (),
) -> LoanState:
    """Return what a running loan owes at the end of `as_of`; see `run_on_balance`."""
    running = run_on_balance(
        *(loan, terms, policy), as_of=as_of, calendar=calendar, rates=rates, free=free
    )
    return settle(running.loan, policy, as_of=as_of, calendar=calendar)


def _counts(payment: Payment, as_of: date) -> bool:
    """Tell whether a payment has come by a day and is not taken back by then."""
    gone = payment.ends_on is not None and payment.ends_on <= as_of
    return payment.paid_on <= as_of and not gone


def _days_with_money(loan: Loan, as_of: date) -> list[date]:
    return sorted({each.paid_on for each in loan.payments if _counts(each, as_of)})


def _with_money_of(
    loan: Loan,
    plan: Plan,
    policy: Policy,
    early: list[Early],
    *,
    on: date,
    calendar: Calendar | None,
) -> list[Early]:
    """Return the early money with that of one day: all that is beyond what is due."""
    if policy.advance is Advance.HOLD:
        return []
    known = [each for each in loan.payments if _counts(each, max(on, each.paid_on))]
    before = tuple(each for each in known if each.paid_on < on)
    now = _running(
        replace(loan, payments=before), plan, early, as_of=on, advance=policy.advance
    )
    state = settle(now.loan, policy, as_of=on, calendar=calendar)
    amount = sum(each.amount for each in known if each.paid_on == on)
    due = sum(sum(each.unpaid.values()) for each in state.demands if each.due_on <= on)
    money = amount + max(0, state.unapplied_credit)
    if max(0, amount):
        return [*early, Early(on, max(0, money - due))]
    return _taken_back(early, state, max(0, -money))


def _taken_back(early: list[Early], state: LoanState, back: int) -> list[Early]:
    """Return early money as if what was given back of it had never come early."""
    found = list(early)
    days = {each.demand.demand_id: each.demand.due_on for each in state.demands}
    for each in reversed(state.allocations):
        if not back:
            break
        part = min(back, each.amount)  # below zero: taken back before, met first
        back -= part
        seq, number = divmod(each.demand_id, IDS)
        if seq and number:  # no charge, and not what the plan asks for itself
            day = days[each.demand_id]  # its money may have come again on a later day
            found = [
                replace(one, amount=one.amount - part) if one.on == day else one
                for one in found
            ]
    return found


def _running(
    loan: Loan,
    plan: Plan,
    early: Sequence[Early],
    *,
    as_of: date,
    advance: Advance,
) -> Running:
    walked = walk(plan, early, as_of=as_of, advance=advance)
    seen: dict[int, int] = {}
    demands = list(loan.demands)
    for line in walked.lines:
        seen[line.seq] = seen.get(line.seq, 0) + line.early
        number = line.seq * IDS + (seen[line.seq] if line.early else 0)
        demands.append(
            Demand(number, line.seq, line.due_on, line.principal, line.interest)
        )
    return Running(replace(loan, demands=tuple(demands)), walked.accrued)
