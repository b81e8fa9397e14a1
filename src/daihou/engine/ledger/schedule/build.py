"""The whole plan: its periods by method, and the rows that stand beside them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from daihou.engine.basics import rounding
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule.check import GIVEN, check, given
from daihou.engine.ledger.schedule.levels import even_parts, to_multiple
from daihou.engine.ledger.schedule.methods import METHODS, Part
from daihou.engine.ledger.schedule.periods import Layout, lay_out
from daihou.engine.ledger.terms import (
    FirstPeriod,
    GraceInterest,
    LoanTerms,
    Row,
)


def schedule(
    terms: LoanTerms,
    *,
    closed: Collection[date] = frozenset(),
    cap: Decimal | None = None,
) -> tuple[Row, ...]:
    """Return the rows of the plan, in order; amounts in minor units.

    `closed` are the days on which nothing can be paid, for terms that move their
    due dates; `cap` is the highest yearly rate (a share) that is lawful. The
    principal of the rows adds up to the principal (statement aside: bills come one
    by one). Raises TermsError naming the field and the way out.
    """
    check(terms, cap=cap)
    if terms.method in GIVEN:
        return given(terms)
    terms, beside = _down_payments(terms)
    layout = lay_out(terms, frozenset(closed))
    opening = terms.principal_minor - sum(each.amount_minor for each in terms.tranches)
    if layout.before is not None:
        opening += layout.before.paid_out()
    parts = list(METHODS[terms.method](terms, layout, opening))
    parts, own = _first_period(terms, layout, parts)
    parts = _without_interest(terms, parts)
    if not own and not beside:
        return tuple(Row(seq, *part) for seq, part in enumerate(parts, 1))
    return _in_order([*beside, *own], parts)


def _down_payments(terms: LoanTerms) -> tuple[LoanTerms, list[Part]]:
    """Return the terms of what is left to finance, and the down payments."""
    if not (terms.down_payment_minor or terms.down_payment_share):
        return terms, []
    payout = terms.principal_minor - sum(each.amount_minor for each in terms.tranches)
    first = terms.down_payment_minor or _share_of(terms, payout)
    if first >= payout:
        raise TermsError("down_payment_minor", value=first, principal=payout)
    parts, tranches = [Part(terms.disbursed_on, first, 0)], []
    for tranche in terms.tranches:
        own = _share_of(terms, tranche.amount_minor)
        parts.append(Part(tranche.on, own, 0))
        tranches.append(replace(tranche, amount_minor=tranche.amount_minor - own))
    left = terms.principal_minor - sum(part.principal for part in parts)
    if terms.balloon_minor > left:
        raise TermsError("balloon_minor", value=terms.balloon_minor, principal=left)
    parts = [part for part in parts if part.principal]
    return replace(terms, principal_minor=left, tranches=tuple(tranches)), parts


def _share_of(terms: LoanTerms, amount: int) -> int:
    part, whole = terms.down_payment_share.as_integer_ratio()
    exact = rounding.divide(amount * part, whole, rounding=terms.rounding)
    return min(to_multiple(terms, exact), amount)


def _first_period(
    terms: LoanTerms, layout: Layout, parts: list[Part]
) -> tuple[list[Part], list[Part]]:
    """Return the parts with a first period that is not whole, and rows of its own."""
    opening = terms.principal_minor - sum(each.amount_minor for each in terms.tranches)
    if layout.short is not None:
        interest = layout.short.interest(opening, terms.rounding)
        return [parts[0]._replace(interest=interest), *parts[1:]], []
    if layout.before is None:
        return parts, []
    interest = layout.before.interest(opening, terms.rounding)
    if terms.first_period == FirstPeriod.OWN_ROW:
        return parts, [Part(layout.before.due_on, 0, interest)]
    if terms.first_period == FirstPeriod.AT_DISBURSEMENT:
        return parts, [Part(terms.disbursed_on, 0, interest)]
    count = len(parts) if terms.first_period == FirstPeriod.SPREAD else 1
    extra = even_parts(interest, count, mode=terms.rounding)
    return _with_interest(parts, 0, extra), []


def _with_interest(parts: list[Part], start: int, extra: Sequence[int]) -> list[Part]:
    return [
        part._replace(interest=part.interest + extra[place - start])
        if 0 <= place - start < len(extra)
        else part
        for place, part in enumerate(parts)
    ]


def _without_interest(terms: LoanTerms, parts: list[Part]) -> list[Part]:
    """Return the parts with the interest of the grace moved to where it is due."""
    grace = min(terms.grace_interest, len(parts) - 1)
    if not grace or terms.grace_interest_to == GraceInterest.FREE:
        return parts
    kept = sum(part.interest for part in parts[:grace])
    parts = [part._replace(interest=0) for part in parts[:grace]] + parts[grace:]
    if terms.grace_interest_to == GraceInterest.NEXT:
        return _with_interest(parts, grace, [kept])
    if terms.grace_interest_to == GraceInterest.LAST:
        return _with_interest(parts, len(parts) - 1, [kept])
    extra = even_parts(kept, len(parts) - grace, mode=terms.rounding)
    return _with_interest(parts, grace, extra)


def _in_order(beside: list[Part], parts: list[Part]) -> tuple[Row, ...]:
    """Return all rows by date; what stands beside the periods comes first, one a day."""
    days: dict[date, Part] = {}
    for due_on, principal, interest in beside:
        before = days.get(due_on, Part(due_on, 0, 0))
        days[due_on] = Part(
            due_on, before.principal + principal, before.interest + interest
        )
    rows = sorted([*days.values(), *parts], key=lambda part: part.due_on)
    return tuple(Row(seq, *part) for seq, part in enumerate(rows, 1))
