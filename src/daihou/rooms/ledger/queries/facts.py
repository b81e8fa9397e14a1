"""One loan's facts as the engine takes them: terms, demands, payments, policy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Value
from django.db.models.functions import Coalesce

from daihou.engine.basics.money import nano
from daihou.engine.ledger import values as engine
from daihou.kit.scope import EVERYTHING, Scope
from daihou.packs import products
from daihou.rooms.ledger.models import (
    Change,
    Demand,
    Loan,
    Payment,
    RateStep,
    Waiver,
)
from daihou.rooms.ledger.queries import seen


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """A loan ready to be settled: the row, the engine's loan and the policy."""

    row: Loan
    loan: engine.Loan
    policy: engine.Policy

    def under_policy_of(self, day: date) -> "LoanFacts":
        """The same facts under the version of the product in force on `day`."""
        policy = products.policy(self.row.product, on=day)
        rate = penalty_rate_nano(self.row, policy)
        return LoanFacts(self.row, replace(self.loan, penalty_rate_nano=rate), policy)


def facts_mark() -> str:
    """Which notes of changed facts there are; another text once another one came.

    The night marks what it looked at in the same words (`dayend_request.plan`).
    """
    row = Change.objects.aggregate(rows=Count("id"), last=Max("id"))
    return f"{row['rows']}-{row['last'] or 0}"


def facts_of(loan_id: int, *, as_of: date, scope: Scope = EVERYTHING) -> LoanFacts:
    """Read one loan in three queries, or raise NotFound.

    The policy is the version of the product in force on `as_of`; which demands and
    payments count on it is the engine's business, so all of them are read.
    """
    row = seen.loans(scope).select_related("customer").filter(pk=loan_id).first()
    if row is None:
        raise seen.no_such_loan(loan_id)
    return facts_of_row(row, as_of=as_of)


def facts_of_row(row: Loan, *, as_of: date) -> LoanFacts:
    """The facts of a loan whose row was read (and perhaps locked) before.

    Two queries; four where something was given up or the plan was made anew.
    """
    return facts_of_rows([row], as_of=as_of)[row.pk]


def facts_of_rows(rows: Sequence[Loan], *, as_of: date) -> Mapping[int, LoanFacts]:
    """The facts of many loans by their number, in as many queries as those of one."""
    every = [row.pk for row in rows]
    relieved = [row.pk for row in rows if row.relieved]
    demands, payments = _demands(every), _payments(every)
    waivers, steps = _waivers(relieved), _rate_steps(relieved)
    found = {}
    for row in rows:
        policy = products.policy(row.product, on=as_of)
        loan = engine.Loan(
            loan_id=row.pk,
            currency=row.currency,
            principal=row.principal,
            disbursed_on=row.disbursed_on,
            demands=tuple(demands.get(row.pk, ())),
            payments=tuple(payments.get(row.pk, ())),
            penalty_rate_nano=penalty_rate_nano(row, policy),
            status=row.status,
            status_on=row.closed_on,
            waivers=tuple(waivers.get(row.pk, ())),
            rate_steps=tuple(steps.get(row.pk, ())),
        )
        found[row.pk] = LoanFacts(row=row, loan=loan, policy=policy)
    return found


def stands_on(loan: engine.Loan, *, business_date: date) -> date:
    """The date of the current position: the last closed day, as for the whole book.

    Something that happened to the loan on the open day moves it to the open day, so
    that a payment received today shows today; the day-end then finds the same.
    """
    days = {loan.disbursed_on}
    days |= {payment.paid_on for payment in loan.payments}
    days |= {payment.ends_on for payment in loan.payments if payment.ends_on}
    days |= {demand.begins_on for demand in loan.demands}
    days |= {demand.ends_on for demand in loan.demands if demand.ends_on}
    days |= {waiver.on for waiver in loan.waivers}
    days |= {waiver.ends_on for waiver in loan.waivers if waiver.ends_on}
    days |= {step.begins_on for step in loan.rate_steps}
    return business_date if business_date in days else business_date - timedelta(days=1)


def load_loan(
    loan_id: int, *, as_of: date, scope: Scope = EVERYTHING
) -> tuple[engine.Loan, engine.Policy]:
    """The engine's loan and policy, for settling it on `as_of`; three queries."""
    facts = facts_of(loan_id, as_of=as_of, scope=scope)
    return facts.loan, facts.policy


def penalty_rate_nano(row: Loan, policy: engine.Policy) -> int:
    """Yearly rate of 罚息 in 10**-9: the loan's rate times its or the product's
    multiplier."""
    multiplier = row.penalty_multiplier
    if multiplier is None:
        multiplier = policy.penalty.multiplier
    return nano(Decimal(row.annual_rate) * multiplier)


_DEMAND = [
    "pk",
    "seq",
    "due_on",
    "principal",
    "interest",
    "fee",
    "begins_on",
    "ends_on",
    "paid_principal",
    "paid_interest",
    "paid_fee",
    "paid_penalty",
]


def _demands(loans: Sequence[int]) -> Mapping[int, list[engine.Demand]]:
    rows = Demand.objects.filter(loan_id__in=loans).order_by("due_on", "seq", "pk")
    opens_on = Coalesce("opens_on", Value(date.min))
    found = defaultdict(list)
    for loan_id, *row in rows.values_list("loan_id", *_DEMAND, opens_on):
        found[loan_id].append(engine.Demand(*row))
    return found


def _payments(loans: Sequence[int]) -> Mapping[int, list[engine.Payment]]:
    """What came and went; a reversal only ends what it reverses."""
    rows = Payment.objects.filter(loan_id__in=loans, reversal_of=None)
    found = defaultdict(list)
    for loan_id, pk, paid_on, amount, ends_on in rows.order_by(
        "paid_on", "pk"
    ).values_list("loan_id", "pk", "paid_on", "amount", "reversed_by__paid_on"):
        found[loan_id].append(
            engine.Payment(
                payment_id=pk, paid_on=paid_on, amount=amount, ends_on=ends_on
            )
        )
    return found


_WAIVER = ["pk", "waived_on", "component", "amount", "demand_id", "ends_on", "moved"]


def _waivers(loans: Sequence[int]) -> Mapping[int, list[engine.Waiver]]:
    found: dict[int, list[engine.Waiver]] = defaultdict(list)
    if loans:
        rows = Waiver.objects.filter(loan_id__in=loans).order_by("waived_on", "pk")
        for loan_id, *row in rows.values_list("loan_id", *_WAIVER):
            found[loan_id].append(engine.Waiver(*row))
    return found


def _rate_steps(loans: Sequence[int]) -> Mapping[int, list[engine.RateStep]]:
    found: dict[int, list[engine.RateStep]] = defaultdict(list)
    if loans:
        rows = RateStep.objects.filter(loan_id__in=loans).order_by("begins_on", "pk")
        for loan_id, *row in rows.values_list(
            "loan_id", "begins_on", "penalty_rate_nano"
        ):
            found[loan_id].append(engine.RateStep(*row))
    return found
