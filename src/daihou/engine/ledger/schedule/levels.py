"""The equal instalment: the one number that brings the balance to zero."""

from collections.abc import Sequence
from fractions import Fraction

from daihou.engine.basics import rounding
from daihou.engine.ledger.schedule.periods import (
    Inflow,
    Layout,
    Share,
    level_shares,
)
from daihou.engine.ledger.terms import LoanTerms


def annuity(
    principal: int,
    shares: Sequence[Share],
    *,
    mode: str,
    balloon: int = 0,
    inflows: Sequence[Inflow] = (),
    multiple_of: int = 1,
) -> int:
    """Return the equal instalment that pays `principal` off, rounded once.

    Exact: with growth g_k = 1 + share_k it is P x g_1...g_n / sum over k of
    g_(k+1)...g_n, kept in integers over the common denominator. A `balloon` stays
    owed at the end; `inflows` are paid out inside the first period. The result is a
    whole number of `multiple_of` minor units.
    """
    whole, parts = 1, 0  # the product of growths, and the sum of its tails
    scale = 1
    for part, year in shares:
        grown = year + part
        whole *= grown
        parts = parts * grown + scale * year
        scale *= year
    # All now stand over the product of all denominators.
    top = principal * whole - balloon * scale
    if inflows:
        first = Fraction(shares[0][0], shares[0][1]) + 1
        after = Fraction(whole) / first
        grown_in = sum(
            inflow.amount * (1 + Fraction(*inflow.share)) for inflow in inflows
        )
        exact = (top + after * grown_in) / (parts * multiple_of)
        top, parts = exact.as_integer_ratio()
        return rounding.divide(top, parts, rounding=mode) * multiple_of
    return rounding.divide(top, parts * multiple_of, rounding=mode) * multiple_of


def to_multiple(terms: LoanTerms, amount: int) -> int:
    """Round minor units to the multiple agreed on."""
    if terms.multiple_of == 1:
        return amount
    mode = terms.multiple_rounding or terms.rounding
    return rounding.divide(amount, terms.multiple_of, rounding=mode) * terms.multiple_of


def level(terms: LoanTerms, layout: Layout, at: int, balance: int, *, last: int) -> int:
    """Return the instalment from period `at` to row `last` for an opening balance."""
    return annuity(
        balance,
        level_shares(terms, layout.periods[at:last]),
        mode=terms.multiple_rounding or terms.rounding,
        balloon=terms.balloon_minor,
        inflows=layout.periods[at].inflows,
        multiple_of=terms.multiple_of,
    )


def even_part(terms: LoanTerms, total: int, count: int, *, whole: bool) -> int:
    """Return one of `count` equal parts; a `whole` one in the multiple agreed on."""
    if not whole or terms.multiple_of == 1:
        return rounding.divide(total, count, rounding=terms.rounding)
    mode, unit = terms.multiple_rounding or terms.rounding, terms.multiple_of
    return rounding.divide(total, count * unit, rounding=mode) * unit


def even_parts(total: int, count: int, *, mode: str) -> list[int]:
    """Split an amount into equal parts, rounded; the last takes what is left."""
    even = rounding.divide(total, count, rounding=mode)
    parts, left = [], total
    for _ in range(count - 1):
        parts.append(min(even, left))
        left -= parts[-1]
    return [*parts, left]
