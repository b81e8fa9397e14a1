"""What the town's borrowers owe: repayment plans and charges as flat arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from daihou.columnar.layout import FAR
from daihou.columnar.schedule import DAY_COUNTS, Contracts, schedules
from daihou.columnar.schedule import METHODS as PLANNED
from daihou.engine.basics import rounding
from daihou.engine.rulebook.policy import Policy
from daihou.town import calendar, draws
from daihou.town.borrowers import Paths
from daihou.town.draws import Array
from daihou.town.products import METHODS, OFFERS
from daihou.town.terms import Span, Terms

LATE_FEE_FEN = 5_000
LATE_FEE_CHANCE = 0.12


@dataclass(frozen=True, slots=True)
class Demands:
    """Flat, by loan (position in the book), due date and sequence; money in fen.

    Loan i owns `bounds[i]` to `bounds[i + 1]`. A charge has seq 0 and a fee only.
    A row is in force from `begins_on` until before `ends_on` (day numbers, `FAR`
    where it still is); `version` counts the plans of a loan from 1.
    """

    bounds: Array
    loan: Array
    seq: Array
    due_on: Array
    begins_on: Array
    ends_on: Array
    version: Array
    principal: Array
    interest: Array
    fee: Array

    def __len__(self) -> int:
        """Number of demands."""
        return len(self.loan)


def plans(terms: Terms, policies: Mapping[str, Policy]) -> Demands:
    """The repayment plan of every loan from its terms, made by the engine's rules."""
    rules = [policies[offer.product] for offer in OFFERS]
    counts = np.array([DAY_COUNTS.index(rule.day_count) for rule in rules])
    modes = np.array([rounding.MODES.index(rule.rounding) for rule in rules])
    methods = np.array([PLANNED.index(method) for method in METHODS])
    made = schedules(
        Contracts(
            principal=terms.principal,
            rate_nano=terms.rate_millionths * 1000,
            method=methods[terms.method],
            periods=terms.periods,
            disbursed_on=terms.disbursed_on,
            first_due_on=terms.first_due_on,
            day_count=counts[terms.offer],
            rounding=modes[terms.offer],
        )
    )
    loan = np.repeat(np.arange(len(terms)), np.diff(made.bounds))
    return Demands(
        bounds=made.bounds,
        loan=loan,
        seq=np.arange(len(loan)) - made.bounds[loan] + 1,
        due_on=made.due_on,
        begins_on=terms.disbursed_on[loan],
        ends_on=np.full(len(loan), FAR),
        version=np.ones(len(loan), np.int64),
        principal=made.principal,
        interest=made.interest,
        fee=np.zeros(len(loan), np.int64),
    )


def with_late_fees(
    plan: Demands, terms: Terms, paths: Paths, *, span: Span, seed: int
) -> Demands:
    """Add a late fee, rarely: to a loan two months behind, due the month after."""
    rng = draws.stream(seed, "late fees")
    months = span.months
    behind = months[:-1, None] - terms.first_month - paths.cleared[:-1]
    here = (behind == 2) & (paths.cleared[:-1] < terms.instalments)
    here &= rng.random(here.shape) < LATE_FEE_CHANCE
    month, loan = np.nonzero(here)
    due_on = calendar.first_days(months[month + 1])
    keep = due_on <= calendar.day_number(span.until)
    loan, due_on = loan[keep], due_on[keep]
    count = len(loan)
    zeros = np.zeros(count, np.int64)
    extra = {
        "loan": loan,
        "seq": zeros,
        "due_on": due_on,
        "begins_on": due_on,
        "ends_on": np.full(count, FAR),
        "version": zeros,
        "principal": zeros,
        "interest": zeros,
        "fee": np.full(count, LATE_FEE_FEN, np.int64),
    }
    return _joined(plan, extra, loans=len(terms))


def _joined(plan: Demands, extra: Mapping[str, Array], *, loans: int) -> Demands:
    joined = {
        name: np.concatenate([getattr(plan, name), added])
        for name, added in extra.items()
    }
    order = np.lexsort((joined["seq"], joined["due_on"], joined["loan"]))
    sizes = np.bincount(joined["loan"], minlength=loans)
    return Demands(
        bounds=np.concatenate([[0], np.cumsum(sizes)]),
        **{name: values[order] for name, values in joined.items()},
    )


def with_payoffs(
    plan: Demands, terms: Terms, early: Array, closed_on: Array
) -> Demands:
    """Replace what lies ahead of a loan settled early by one row due that day.

    `early` are positions of loans, `closed_on` the day of each: principal left and
    interest to the day, as the payer was asked for it.
    """
    day_of = np.full(len(terms), FAR)
    day_of[early] = closed_on
    day = day_of[plan.loan]
    ahead = plan.due_on > day
    principal = np.bincount(
        plan.loan[ahead], plan.principal[ahead], minlength=len(terms)
    ).astype(np.int64)[early]
    since = terms.disbursed_on.copy()
    np.maximum.at(since, plan.loan[~ahead], plan.due_on[~ahead])
    first = np.full(len(terms), FAR)
    np.minimum.at(first, plan.loan[ahead], plan.seq[ahead])
    days = closed_on - since[early]
    count = len(early)
    extra = {
        "loan": early,
        "seq": first[early],
        "due_on": closed_on,
        "begins_on": closed_on,
        "ends_on": np.full(count, FAR),
        "version": np.full(count, 2),
        "principal": principal,
        "interest": principal * terms.rate_millionths[early] * days // 360_000_000,
        "fee": np.zeros(count, np.int64),
    }
    ended = replace(plan, ends_on=np.where(ahead, day, plan.ends_on))
    return _joined(ended, extra, loans=len(terms))
