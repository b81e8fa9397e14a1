"""Principal and interest of each period, by repayment method."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from daihou.engine.basics import rounding
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule.levels import even_part, level, to_multiple
from daihou.engine.ledger.schedule.periods import MOST_PERIODS, Layout, Period
from daihou.engine.ledger.terms import LastRow, LoanTerms


class Part(NamedTuple):
    """What one period asks for, in minor units."""

    due_on: date
    principal: int
    interest: int


class _Instalment:
    """The equal instalment of each period: as stated, or solved where plans change.

    `last` is the number of rows: as agreed, until a new rate keeps the instalment.
    """

    def __init__(self, terms: LoanTerms, layout: Layout) -> None:
        self.terms = terms
        self.layout = layout
        self.amount = terms.instalment_minor
        self.stated = terms.instalment_minor is not None
        self.last = terms.periods

    def on(self, seq: int, period: Period, balance: int) -> int | None:
        """Return the instalment of a period; None inside the grace on principal."""
        self.stated = self.stated and not period.fresh
        if period.fresh or (period.inflows and not self.stated):
            self.amount = None
        if seq <= self.terms.grace_principal:
            return None
        if self.amount is None:
            self.amount = level(
                self.terms, self.layout, seq - 1, balance, last=self.last
            )
        elif period.keeps:
            self.last = self._rows_needed(self.amount, seq, balance)
        return self.amount

    def _rows_needed(self, amount: int, seq: int, balance: int) -> int:
        """Return the row that clears the loan at the rate now known."""
        mode = self.terms.rounding
        here = self.layout.periods[seq - 1]
        interest = here.interest(balance, mode)
        balance += here.paid_out()
        for after in (*self.layout.periods[seq:], None):
            balance -= amount - interest
            if balance < seq:
                return seq
            if after is None or amount <= interest:
                break
            (rate, per), (part, year) = here.rate, after.year
            interest = rounding.divide(balance * rate * part, per * year, rounding=mode)
            seq += 1
        raise TermsError("rate_changes_endless", value=amount, periods=MOST_PERIODS)


def _equal_instalment(terms: LoanTerms, layout: Layout, balance: int) -> Iterator[Part]:
    """等额本息: one instalment a period; the last row takes what rounding left."""
    instalments, final_payout = _Instalment(terms, layout), _final_payout(layout)
    ends_when_paid = terms.last_row == LastRow.WHEN_PAID
    for seq, period in enumerate(layout.periods, 1):
        interest = period.interest(balance, terms.rounding)
        instalment = instalments.on(seq, period, balance)
        balance += period.paid_out()
        principal, last = 0, instalments.last
        if instalment is not None:
            _covers(terms, instalment, interest, seq)
            room = balance - terms.balloon_minor
            principal = max(0, min(instalment - interest, room))
            if ends_when_paid and balance - principal < seq:
                principal = balance
        if seq == last:
            principal = balance
        yield Part(period.due_on, principal, interest)
        balance -= principal
        if seq == last:
            return
        if final_payout <= seq and balance == terms.balloon_minor:
            if ends_when_paid:
                return
            _not_too_soon(terms, seq)


def _final_payout(layout: Layout) -> int:
    numbers = (seq for seq, each in enumerate(layout.periods, 1) if each.inflows)
    return max(numbers, default=0)


def _covers(terms: LoanTerms, instalment: int, interest: int, seq: int) -> None:
    """Refuse an agreed instalment that pays nothing back from the start."""
    if instalment > interest or not terms.grace_principal + 1 == seq < terms.periods:
        return
    if terms.instalment_minor is not None:
        raise TermsError("instalment_minor", value=instalment, interest=interest)
    if terms.multiple_of > 1:
        raise TermsError("multiple_small", value=terms.multiple_of)


def _not_too_soon(terms: LoanTerms, seq: int) -> None:
    """Refuse an agreed instalment that leaves nothing for the rows after it."""
    stated = terms.instalment_minor is not None
    if stated and terms.method == "equal_instalment":
        raise TermsError(
            "instalment_too_large",
            value=terms.instalment_minor,
            cleared=seq,
            periods=terms.periods,
        )
    if terms.multiple_of > 1:
        raise TermsError(
            "multiple_clears",
            value=terms.multiple_of,
            cleared=seq,
            periods=terms.periods,
        )


def _equal_principal(terms: LoanTerms, layout: Layout, balance: int) -> Iterator[Part]:
    """等额本金: one part of principal a period, interest on the balance."""

    def own(part: int, _: int) -> int:
        return part

    return _in_parts(terms, layout, balance, own=own)


def _flat(terms: LoanTerms, layout: Layout, balance: int) -> Iterator[Part]:
    """等本等息: even principal, and interest on all paid out, every period."""

    def own(part: int, interest: int) -> int:
        return to_multiple(terms, part + interest) - interest

    return _in_parts(terms, layout, balance, own=own, falling=False)


def _in_parts(
    terms: LoanTerms,
    layout: Layout,
    balance: int,
    *,
    own: Callable[[int, int], int],
    falling: bool = True,
) -> Iterator[Part]:
    """Yield even parts of principal, evened anew after every payout."""
    last, base, part = terms.periods, balance, None
    final_payout = _final_payout(layout)
    for seq, period in enumerate(layout.periods, 1):
        interest = period.interest(balance if falling else base, terms.rounding)
        balance += period.paid_out()
        base += period.paid_out()
        principal, left = 0, balance - terms.balloon_minor
        if seq > terms.grace_principal:
            if part is None or period.inflows:
                part = even_part(terms, left, last - seq + 1, whole=falling)
            principal = max(0, min(own(part, interest), left))
            if terms.multiple_of > 1 and seq == terms.grace_principal + 1 < last:
                _gives(terms, principal)
        if seq == last:
            principal = balance
        yield Part(period.due_on, principal, interest)
        balance -= principal
        if balance == terms.balloon_minor and final_payout <= seq < last:
            _not_too_soon(terms, seq)


def _gives(terms: LoanTerms, principal: int) -> None:
    if principal == 0:
        raise TermsError("multiple_small", value=terms.multiple_of)


def _interest_only(terms: LoanTerms, layout: Layout, balance: int) -> Iterator[Part]:
    """先息后本: interest every period, all principal with the last."""
    last = len(layout.periods)
    for seq, period in enumerate(layout.periods, 1):
        interest = period.interest(balance, terms.rounding)
        balance += period.paid_out()
        yield Part(period.due_on, balance if seq == last else 0, interest)


def _bullet(terms: LoanTerms, layout: Layout, balance: int) -> Iterator[Part]:
    """到期一次还本付息: all on the last day, interest rounded once for the whole."""
    exact = Fraction(0)
    for period in layout.periods:
        exact += period.exact(balance)
        balance += period.paid_out()
    interest = rounding.divide(*exact.as_integer_ratio(), rounding=terms.rounding)
    yield Part(layout.periods[-1].due_on, balance, interest)


METHODS: Mapping[str, Callable[[LoanTerms, Layout, int], Iterator[Part]]] = (
    MappingProxyType(
        {
            "equal_instalment": _equal_instalment,
            "equal_principal": _equal_principal,
            "interest_only": _interest_only,
            "bullet": _bullet,
            "flat": _flat,
        }
    )
)
