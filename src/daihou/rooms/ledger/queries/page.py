"""One loan as its page tells it: state, plan, payments, months, why, what if."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from daihou.engine.ledger import values as engine
from daihou.engine.ledger.fixed import whatif
from daihou.engine.ledger.fixed.history import strip
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import Line, LoanState, Policy
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import Demand, Loan, Party, Payment
from daihou.rooms.ledger.queries import seen
from daihou.rooms.ledger.queries.facts import (
    LoanFacts,
    facts_of,
    facts_of_row,
    stands_on,
)

MONTHS = 24


@dataclass(frozen=True, slots=True)
class LoanTermsLine:
    """Who borrowed what and how; `annual_rate` a share, amounts in minor units.

    `id_no` and personal attributes are masked: nothing of a list or page is whole.
    """

    loan_id: int
    source: str
    number: str
    customer_id: int
    customer_number: str
    name: str
    id_no: str
    product: str
    currency: str
    principal: int
    annual_rate: Decimal
    method: str
    periods: int
    period_unit: str
    disbursed_on: date
    first_due_on: date
    maturity_on: date | None
    branch: str
    officer: str
    purpose: str
    guarantee_kind: str
    status: str
    closed_on: date | None
    attributes: Mapping[str, object]
    licence: str = ""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment with where it went: `shares` component -> minor units.

    `held` is what is still credit, nothing due; `reversed_on` tells when it was taken
    back. `not_yet` marks one dated after the date of the page.
    """

    payment_id: int
    source: str
    external_id: str
    paid_on: date
    recorded_at: datetime
    amount: int
    kind: str
    channel: str
    payer: str
    reversed_on: date | None
    not_yet: bool
    shares: Mapping[str, int]

    @property
    def held(self) -> int:
        """What of it is not allocated."""
        gone = self.reversed_on is not None or self.not_yet
        return 0 if gone else self.amount - sum(self.shares.values())


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Somebody else who stands behind or beside the loan."""

    role: str
    name: str
    customer_id: int
    liability: str
    guarantee_kind: str


@dataclass(frozen=True, slots=True)
class LoanPage:
    """Everything the page of one loan shows as of one date.

    `state.demands` is the plan with its states, `schedule` the number of the schedule
    version in force, `months` the last 24 months with their worst dpd (None: before
    the loan). `per_day` is what one more late day costs. `kinds` names what each demand
    is: demand id -> kind of charge, or empty for an instalment.
    """

    as_of: date
    terms: LoanTermsLine
    loan: engine.Loan
    policy: Policy
    state: LoanState
    schedule: int
    kinds: Mapping[int, str]
    payments: tuple[PaymentLine, ...]
    parties: tuple[PartyLine, ...]
    months: tuple[tuple[date, int | None], ...]
    changes: tuple[Line, ...]
    payoff: whatif.Payoff
    per_day: int


def loan_page(loan_id: int, *, as_of: date, scope: Scope) -> LoanPage:
    """The page of one loan at the end of `as_of`; six queries, whatever the loan.

    NotFound outside the scope; LoanError (engine) before the loan was paid out.
    """
    return _page(facts_of(loan_id, as_of=as_of, scope=scope), as_of=as_of)


def loan_page_now(loan_id: int, *, open_on: date, scope: Scope) -> LoanPage:
    """The page on the date of the loan's current position, while `open_on` is open.

    That is the last closed day, or the open day once something happened to the loan
    on it. Refuses what `loan_page` refuses.
    """
    return _now(facts_of(loan_id, as_of=open_on, scope=scope), open_on=open_on)


def loan_now(loan_id: int, *, open_on: date, scope: Scope) -> LoanPage | LoanTermsLine:
    """As `loan_page_now`; of a loan that is not paid out yet its terms alone."""
    row = seen.loans(scope).select_related("customer").filter(pk=loan_id).first()
    if row is None:
        raise seen.no_such_loan(loan_id)
    if row.disbursed_on > open_on:
        return _terms(row)
    return _now(facts_of_row(row, as_of=open_on), open_on=open_on)


def _now(facts: LoanFacts, *, open_on: date) -> LoanPage:
    as_of = stands_on(facts.loan, business_date=open_on)
    return _page(facts.under_policy_of(as_of), as_of=as_of)


def _page(facts: LoanFacts, *, as_of: date) -> LoanPage:
    loan, policy = facts.loan, facts.policy
    loan_id = loan.loan_id
    state = settle(loan, policy, as_of=as_of)
    schedule, kinds = _demand_words(loan_id, as_of=as_of)
    return LoanPage(
        as_of=as_of,
        terms=_terms(facts.row),
        loan=loan,
        policy=policy,
        state=state,
        schedule=schedule,
        kinds=kinds,
        payments=_payment_lines(loan_id, state),
        parties=_parties(loan_id),
        months=strip(loan, policy, as_of=as_of, months=MONTHS),
        changes=whatif.what_would_change(loan, policy, as_of=as_of, state=state),
        payoff=whatif.payoff(loan, policy, on=as_of, state=state),
        per_day=whatif.cost_of_a_day(loan, policy, state),
    )


def preview_payment(
    loan_id: int, *, amount: int, on: date, scope: Scope
) -> whatif.Preview:
    """What `amount` minor units would do if they arrived on `on`; nothing is kept."""
    facts: LoanFacts = facts_of(loan_id, as_of=on, scope=scope)
    return whatif.preview(facts.loan, facts.policy, amount, on=on)


def _terms(row: Loan) -> LoanTermsLine:
    return LoanTermsLine(
        loan_id=row.pk,
        source=row.source,
        number=row.external_id,
        customer_id=row.customer_id,
        customer_number=row.customer.external_id,
        name=row.customer.name,
        id_no=sealing.masked(row.customer.id_no, about=sealing.ID_NO),
        product=row.product,
        currency=row.currency,
        principal=row.principal,
        annual_rate=row.annual_rate,
        method=row.method,
        periods=row.periods,
        period_unit=row.period_unit,
        disbursed_on=row.disbursed_on,
        first_due_on=row.first_due_on,
        maturity_on=row.maturity_on,
        branch=row.branch,
        officer=row.officer,
        purpose=row.purpose,
        guarantee_kind=row.guarantee_kind,
        status=row.status,
        closed_on=row.closed_on,
        attributes=sealing.masked_attributes(row.attributes),
        licence=row.licence,
    )


def _demand_words(loan_id: int, *, as_of: date) -> tuple[int, Mapping[int, str]]:
    """The schedule version in force, and the kind of charge of every demand."""
    rows = Demand.objects.filter(loan_id=loan_id, begins_on__lte=as_of)
    schedule, kinds = 1, {}
    for pk, kind, charge_kind, version in rows.values_list(
        "pk", "kind", "charge_kind", "schedule"
    ):
        kinds[pk] = charge_kind if kind == "charge" else ""
        schedule = max(schedule, version)
    return schedule, kinds


def _payment_lines(loan_id: int, state: LoanState) -> tuple[PaymentLine, ...]:
    """Newest first; reversals are told at the payment they take back."""
    shares: dict[int, Counter[str]] = {}
    for each in state.allocations:
        own = shares.setdefault(each.payment_id, Counter())
        own[each.component] += each.amount
    rows = (
        Payment.objects.filter(loan_id=loan_id, reversal_of=None)
        .select_related("reversed_by")
        .order_by("-paid_on", "-pk")
    )
    return tuple(
        PaymentLine(
            payment_id=row.pk,
            source=row.source,
            external_id=row.external_id,
            paid_on=row.paid_on,
            recorded_at=row.recorded_at,
            amount=row.amount,
            kind=row.kind,
            channel=row.channel,
            payer=row.payer,
            reversed_on=_reversed_on(row, as_of=state.as_of),
            not_yet=row.paid_on > state.as_of,
            shares=dict(shares.get(row.pk, {})),
        )
        for row in rows
    )


def _reversed_on(row: Payment, *, as_of: date) -> date | None:
    reversal = getattr(row, "reversed_by", None)
    if reversal is None or reversal.paid_on > as_of:
        return None
    day: date = reversal.paid_on
    return day


def _parties(loan_id: int) -> tuple[PartyLine, ...]:
    rows = Party.objects.filter(loan_id=loan_id).exclude(role="borrower")
    return tuple(
        PartyLine(
            role=row.role,
            name=row.customer.name,
            customer_id=row.customer_id,
            liability=row.liability,
            guarantee_kind=row.guarantee_kind,
        )
        for row in rows.select_related("customer").order_by("pk")
    )
