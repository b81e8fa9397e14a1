"""What the town's borrowers owe: repayment plans and charges as flat arrays."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from daihou.columnar.layout import FAR
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import LoanTerms
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
    """The repayment plan of every loan from its terms, made by the engine.

    Loans that differ in nothing that moves an amount share one plan: their due
    dates differ, their cents do not.
    """
    example, which = _alike(terms, policies)
    sizes, cents = _amounts(terms, policies, example)
    size = sizes[which]
    bounds = np.concatenate([[0], np.cumsum(size)])
    loan = np.repeat(np.arange(len(terms)), size)
    place = np.arange(len(loan)) - bounds[loan]
    begins = np.concatenate([[0], np.cumsum(sizes)])[which]
    principal, interest = cents[:, begins[loan] + place]
    month = terms.first_month[loan] + place
    # Due days lie between the 5th and the 27th: every month has them.
    day = terms.first_due_on - calendar.first_days(
        calendar.months_of(terms.first_due_on)
    )
    return Demands(
        bounds=bounds,
        loan=loan,
        seq=place + 1,
        due_on=calendar.first_days(month) + day[loan],
        begins_on=terms.disbursed_on[loan],
        ends_on=np.full(len(loan), FAR),
        version=np.ones(len(loan), np.int64),
        principal=principal,
        interest=interest,
        fee=np.zeros(len(loan), np.int64),
    )


def _alike(terms: Terms, policies: Mapping[str, Policy]) -> tuple[Array, Array]:
    """One example of each plan, and which plan each loan has."""
    rules = [policies[o.product] for o in OFFERS]
    kinds = sorted({(p.day_count, p.rounding) for p in rules})
    kind = np.array([kinds.index((p.day_count, p.rounding)) for p in rules])
    even = np.array([p.day_count == "30/360" for p in rules])[terms.offer]
    first = terms.first_due_on - terms.disbursed_on
    start = terms.disbursed_on
    # Under 30/360 only the first period has odd days.
    stub = np.where(even, _days_360(terms), start * 128 + first)
    columns = (
        *(kind[terms.offer], terms.method, terms.rate_millionths),
        *(terms.principal, terms.periods, stub),
    )
    order = np.lexsort(columns)
    edge = np.zeros(len(terms), bool)
    edge[:1] = True
    for column in columns:
        edge[1:] |= column[order][1:] != column[order][:-1]
    which = np.empty(len(terms), np.int64)
    which[order] = np.cumsum(edge) - 1
    return order[edge], which


def _days_360(terms: Terms) -> Array:
    """Length of the first period as 30/360 counts it (a 31st is a 30th)."""
    months = calendar.months_of(np.stack([terms.disbursed_on, terms.first_due_on]))
    starts = calendar.first_days(months)
    day = np.minimum(terms.disbursed_on - starts[0] + 1, 30)
    due_day = terms.first_due_on - starts[1] + 1
    days: Array = (months[1] - months[0]) * 30 + due_day - day
    return days


def _amounts(
    terms: Terms, policies: Mapping[str, Policy], examples: Array
) -> tuple[Array, Array]:
    """Rows of each example's plan, and all their principal and interest in order."""
    sizes = np.zeros(len(examples), np.int64)
    principal, interest = array("q"), array("q")
    for number, i in enumerate(examples.tolist()):
        plan = schedule(loan_terms(terms, i, policies))
        sizes[number] = len(plan)
        principal.extend([row.principal for row in plan])
        interest.extend([row.interest for row in plan])
    cents = np.stack([np.array(principal, np.int64), np.array(interest, np.int64)])
    return sizes, cents


def loan_terms(terms: Terms, i: int, policies: Mapping[str, Policy]) -> LoanTerms:
    """The contract of loan `i` as the engine reads it."""
    policy = policies[OFFERS[terms.offer[i]].product]
    return LoanTerms(
        currency="CNY",
        principal_minor=int(terms.principal[i]),
        annual_rate=Decimal(int(terms.rate_millionths[i])).scaleb(-6),
        method=METHODS[terms.method[i]],
        periods=int(terms.periods[i]),
        period_unit="months",
        disbursed_on=calendar.date_of(terms.disbursed_on[i]),
        first_due_on=calendar.date_of(terms.first_due_on[i]),
        day_count=policy.day_count,
        rounding=policy.rounding,
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
