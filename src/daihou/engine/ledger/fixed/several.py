"""One sum for several debts of a customer: which is paid first (民法典 560).

As agreed; else as the debtor says on paying; else what is due first, of that what
has the least security, of that what weighs heaviest, of that what fell due earliest,
and what is alike in proportion. Inside one loan its own order decides (民法典 561).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from daihou.engine.basics.line import Line
from daihou.engine.basics.money import Money
from daihou.engine.basics.rounding import in_proportion
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.replay import Calendar
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import Preview, preview
from daihou.engine.ledger.values import Loan, LoanState
from daihou.engine.rulebook.policy import Policy

LAW = "民法典 560"


@dataclass(frozen=True, slots=True)
class Claim:
    """One loan of the customer: what secures it and how much it weighs.

    `security` is the value of what secures it in minor units (0: nothing does).
    `burden` is its yearly cost in 10**-9 while overdue; None: its penalty rate.
    """

    number: str
    loan: Loan
    policy: Policy
    security: int = 0
    burden: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What of the money goes to one loan, and what it does there (None: nothing)."""

    number: str
    amount: int
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Where one sum goes over several loans; `held` found nothing due to pay."""

    shares: tuple[Share, ...]
    held: int
    because: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Debt:
    """What is due of one loan on one day."""

    claim: Claim
    due_on: date
    amount: int
    cover: Fraction

    @property
    def rank(self) -> tuple[Fraction, int, date]:
        burden = self.claim.burden
        if burden is None:
            burden = self.claim.loan.penalty_rate_nano
        return (self.cover, -burden, self.due_on)


def spread(
    claims: Sequence[Claim],
    amount: int,
    *,
    on: date,
    agreed: Sequence[str] = (),
    designated: Sequence[str] = (),
    calendar: Calendar | None = None,
) -> Spread:
    """Return how `amount` minor units of one currency pay several loans on a day.

    `agreed` and `designated` name loans in the order agreed, or chosen by the debtor
    on paying; what is due of those is paid first. Money beyond all that is due is
    held. Raises LoanError for an amount of zero or less.
    """
    if amount <= 0:
        raise LoanError("amount", amount=amount)
    currencies = {each.loan.currency for each in claims}
    assert len(currencies) == 1, currencies
    due = [
        debt
        for claim in claims
        for debt in _debts(
            claim, settle(claim.loan, claim.policy, as_of=on, calendar=calendar)
        )
    ]
    named = list(dict.fromkeys([*agreed, *designated]))
    paid: dict[str, int] = {each.number: 0 for each in claims}
    lines: list[Line] = []
    rest = amount
    for number in named:
        own = sorted(
            (d for d in due if d.claim.number == number), key=lambda d: d.due_on
        )
        part = min(rest, sum(each.amount for each in own))
        if part:
            code = "several_agreed" if number in agreed else "several_designated"
            lines.append(_line(code, number, part, own[0]))
            paid[number] += part
            rest -= part
    others = sorted(
        (each for each in due if each.claim.number not in named),
        key=lambda each: each.rank,
    )
    rest = _by_law(others, rest, paid, lines)
    if rest:
        lines.append(
            Line("several_held", {"amount": _money(claims[0], rest)}, rest, LAW)
        )
    shares = tuple(_share(claim, paid[claim.number], on, calendar) for claim in claims)
    return Spread(shares, rest, tuple(lines))


def _by_law(
    debts: Sequence[_Debt], rest: int, paid: dict[str, int], lines: list[Line]
) -> int:
    """Pay debts in order of rank, those alike in proportion; return what is left."""
    for _, group in groupby(debts, key=lambda each: each.rank):
        alike = list(group)
        parts = in_proportion([each.amount for each in alike], rest)
        later = [each for each in debts if each.rank > alike[0].rank]
        for debt, part in zip(alike, parts, strict=True):
            if not part:
                continue
            code = _why(debt, later, alone=len(alike) == 1, last=not later)
            lines.append(_line(code, debt.claim.number, part, debt))
            paid[debt.claim.number] += part
            rest -= part
        assert rest >= 0, rest
    return rest


def _why(debt: _Debt, later: Sequence[_Debt], *, alone: bool, last: bool) -> str:
    """Name the first thing that sets a debt before the next one."""
    if not alone:
        return "several_in_proportion"
    if last:
        return "several_last"
    following = min(later, key=lambda each: each.rank)
    reasons = ("several_less_secured", "several_heavier", "several_earlier")
    ranks = zip(debt.rank, following.rank, reasons, strict=True)
    return next(reason for own, other, reason in ranks if own != other)


def _debts(claim: Claim, state: LoanState) -> list[_Debt]:
    owed = state.outstanding_total
    cover = Fraction(claim.security, owed) if owed else Fraction(0)
    sums: dict[date, int] = {}
    for each in state.demands:
        left = sum(each.unpaid.values())
        if each.due_on <= state.as_of and left:
            sums[each.due_on] = sums.get(each.due_on, 0) + left
    return [_Debt(claim, due_on, left, cover) for due_on, left in sums.items()]


def _share(claim: Claim, amount: int, on: date, calendar: Calendar | None) -> Share:
    trial = (
        preview(claim.loan, claim.policy, amount, on=on, calendar=calendar)
        if amount
        else None
    )
    return Share(claim.number, amount, trial)


def _money(claim: Claim, amount: int) -> Money:
    return Money(claim.loan.currency, amount)


def _line(code: str, number: str, amount: int, debt: _Debt) -> Line:
    params = {
        "loan": number,
        "amount": _money(debt.claim, amount),
        "due": debt.due_on,
    }
    return Line(code, params, amount, LAW)
