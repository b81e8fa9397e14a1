"""What stands beside the sum: above the cap, waived, off the balance sheet, rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.basics.money import NANO
from daihou.engine.ledger.fixed.cap import cap_of
from daihou.engine.ledger.values import Loan, LoanState
from daihou.engine.rulebook.policy import Component, Policy
from daihou.kit import numbers
from daihou.rooms.ledger.pages.words import short_component


@dataclass(frozen=True)
class Note:
    """One fact: a label, what it is worth, and from what it follows."""

    label: str
    text: str
    reason: str


def notes(loan: Loan, policy: Policy, state: LoanState) -> Sequence[Note]:
    """The notes of one loan on the day of `state`, those that say nothing left out."""
    found = (
        _above(loan, policy, state),
        _claimable(state, loan.currency),
        _waived(loan, state),
        _non_accrual(state, loan.currency),
        _rates(loan, state.as_of),
    )
    return [note for note in found if note is not None]


def _parts(amounts: Mapping[str, int], currency: str) -> str:
    """`Penalty 1.00, Compound 2.00`: the components that are not zero."""
    said = [
        f"{short_component(part)} {numbers.money_text(amounts[part], currency=currency)}"
        for part in Component
        if amounts.get(part)
    ]
    return pgettext("between parts of a sum", ", ").join(said)


def _day(day: date) -> str:
    return numbers.day_text(day, language=get_language() or "zh-hans")


def _rate(share: Decimal) -> str:
    text = numbers.percent(share, places=4).rstrip("0").rstrip(".")
    return gettext("%(rate)s%% a year") % {"rate": text}


def _above(loan: Loan, policy: Policy, state: LoanState) -> Note | None:
    cap, above = cap_of(loan, policy), sum(state.over_cap.values())
    if cap is None or not above:
        return None
    reason = gettext("cap of %(rate)s (%(rule)s): %(parts)s") % {
        "rate": _rate(cap.annual_rate),
        "rule": cap.rule,
        "parts": _parts(state.over_cap, loan.currency),
    }
    amount = numbers.money_text(above, currency=loan.currency)
    return Note(gettext("Above the cap, not claimed"), amount, reason)


def _claimable(state: LoanState, currency: str) -> Note | None:
    """Only where it is less than what the contract asks for."""
    if state.claimable == state.outstanding_total:
        return None
    amount = numbers.money_text(state.claimable, currency=currency)
    reason = gettext("outstanding less interest and fees above the cap")
    return Note(gettext("Can be claimed"), amount, reason)


def _waived(loan: Loan, state: LoanState) -> Note | None:
    """What was given up; rows that a restructuring moved were not."""
    moved = {waiver.demand_id for waiver in loan.waivers if waiver.moved}
    amounts = {
        part: sum(
            each.waived.get(part, 0)
            for each in state.demands
            if each.demand.demand_id not in moved
        )
        for part in Component
    }
    total = sum(amounts.values())
    if not total:
        return None
    amount = numbers.money_text(total, currency=loan.currency)
    return Note(gettext("Waived"), amount, _parts(amounts, loan.currency))


def _non_accrual(state: LoanState, currency: str) -> Note | None:
    if state.non_accrual_since is None:
        return None
    total = sum(state.memo.values())
    reason = gettext("kept as a memo: %(amount)s") % {
        "amount": numbers.money_text(total, currency=currency)
    }
    if total:
        reason = f"{reason} ({_parts(state.memo, currency)})"
    since = gettext("since %(day)s") % {"day": _day(state.non_accrual_since)}
    return Note(gettext("Off the balance sheet"), since, reason)


def _rates(loan: Loan, as_of: date) -> Note | None:
    """The penalty rate in force, and those before it, where it was ever repriced."""
    steps = [step for step in loan.rate_steps if step.begins_on <= as_of]
    if not steps:
        return None
    first = Decimal(loan.penalty_rate_nano) / NANO
    told = [gettext("first %(rate)s") % {"rate": _rate(first)}]
    told += [
        gettext("from %(day)s %(rate)s")
        % {
            "day": _day(step.begins_on),
            "rate": _rate(Decimal(step.penalty_rate_nano) / NANO),
        }
        for step in steps
    ]
    now = _rate(Decimal(steps[-1].penalty_rate_nano) / NANO)
    joined = pgettext("between parts of a sum", ", ").join(told)
    return Note(gettext("Penalty rate"), now, joined)
