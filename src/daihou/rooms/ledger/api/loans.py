"""Loans for programs: terms, position on a day, plan, payoff."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import MAX_ID, Day, Money, Rate, Ref, Schema, Word, money
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger.api import asked
from daihou.rooms.ledger.queries import LoanPage, listed, loan_page, loan_page_now

router = Router(tags=["Loans"])


class Loan(Schema):
    """A loan: its terms and how it stands now. `annual_rate` is a share (0.12)."""

    id: int
    source: str
    number: str
    customer_id: int
    customer_number: str
    product: str
    branch: str
    officer: str
    currency: str
    principal: Money
    annual_rate: Rate
    method: str
    periods: int
    period_unit: str
    disbursed_on: date
    first_due_on: date
    maturity_on: date | None
    status: str
    closed_on: date | None
    dpd: int | None
    bucket: str | None
    asset_class: str | None
    overdue_total: Money | None
    outstanding_principal: Money | None
    outstanding_total: Money | None
    next_due_on: date | None
    changed_on: date | None


class LoanFilter(Schema):
    """Which loans; what is not given does not narrow."""

    number: Word = ""
    source: Word = ""
    customer_id: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None
    product: Word = ""
    branch: Word = ""
    status: Word = ""
    late: bool | None = None


class Components(Schema):
    """An amount in its five parts."""

    principal: Money
    interest: Money
    penalty: Money
    compound: Money
    fee: Money


class Position(Schema):
    """What a loan owes and how late it is at the end of `as_of`."""

    loan_id: int
    as_of: date
    currency: str
    status: str
    dpd: int
    dpd_method: str
    bucket: str
    overdue: Components
    overdue_total: Money
    outstanding_principal: Money
    outstanding_total: Money
    unapplied_credit: Money
    oldest_unpaid_due_on: date | None
    next_due_on: date | None
    next_due_amount: Money
    times_late: int
    worst_dpd: int
    cost_of_a_day: Money


class Demand(Schema):
    """One row of the plan, or a charge (seq 0) with its kind."""

    id: int
    seq: int
    kind: str
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    paid: Components
    unpaid: Components
    late: bool
    settled_on: date | None


class Plan(Schema):
    """What is owed when; `schedule` is the number of the version in force."""

    loan_id: int
    as_of: date
    currency: str
    schedule: int
    demands: list[Demand]


class Payoff(Schema):
    """What closes a loan on a day; `credit` is held already and taken off."""

    loan_id: int
    on: date
    currency: str
    principal: Money
    due: Money
    running_interest: Money
    credit: Money
    total: Money


@router.read(
    "/loans", scope=ApiScope.LOANS_READ, returns=Page[Loan], allow=asked.reader
)
def list_loans(
    request: HttpRequest, paging: Query[Paging], wanted: Query[LoanFilter]
) -> Page[Loan]:
    """List loans

    In order of their ids, with how each stands now.
    """
    rows = listed.loans_after(
        begins_after(paging, of="loans"),
        scope=asked.asker(request).scope,
        limit=paging.limit + 1,
        late=wanted.late,
        external_id=wanted.number,
        source=wanted.source,
        customer_id=wanted.customer_id,
        product=wanted.product,
        branch=wanted.branch,
        status=wanted.status,
    )
    return cut(rows, paging, of="loans", key=lambda row: row.loan_id, show=_loan)


def _loan(row: listed.LoanRow) -> Loan:
    told = {name: getattr(row, name) for name in Loan.model_fields if name != "id"}
    for name in (
        "principal",
        "overdue_total",
        "outstanding_principal",
        "outstanding_total",
    ):
        if told[name] is not None:
            told[name] = money(told[name], row.currency)
    told["annual_rate"] = f"{row.annual_rate.normalize():f}"
    return Loan(id=row.loan_id, **told)


@router.read(
    "/loans/{loan}", scope=ApiScope.LOANS_READ, returns=Loan, allow=asked.reader
)
def get_loan(request: HttpRequest, loan: Ref, source: Word = "") -> Loan:
    """Read a loan

    Its terms, and how it stands on the date of its current position.
    """
    loan_id = asked.loan_id(request, loan, source)
    return _loan(listed.loan_row(loan_id, scope=asked.asker(request).scope))


def _page(request: HttpRequest, loan: str, source: str, as_of: date | None) -> LoanPage:
    loan_id = asked.loan_id(request, loan, source)
    scope = asked.asker(request).scope
    if as_of is not None:
        return loan_page(loan_id, as_of=as_of, scope=scope)
    return loan_page_now(loan_id, open_on=asked.open_on(request), scope=scope)


def _components(amounts: object, currency: str) -> Components:
    parts = {name: amounts.get(name, 0) for name in Components.model_fields}
    return Components(**{name: money(each, currency) for name, each in parts.items()})


@router.read(
    "/loans/{loan}/position",
    scope=ApiScope.LOANS_READ,
    returns=Position,
    allow=asked.reader,
)
def get_position(
    request: HttpRequest, loan: Ref, source: Word = "", as_of: Day | None = None
) -> Position:
    """Read how a loan stands on a day

    Reckoned from its facts, for any day past or to come; without `as_of` on the date
    of its current position.
    """
    page = _page(request, loan, source, as_of)
    state, currency = page.state, page.terms.currency
    return Position(
        loan_id=state.loan_id,
        as_of=state.as_of,
        currency=currency,
        status=state.status,
        dpd=state.dpd,
        dpd_method=state.dpd_method,
        bucket=state.bucket,
        overdue=_components(state.overdue, currency),
        overdue_total=money(state.overdue_total, currency),
        outstanding_principal=money(state.outstanding_principal, currency),
        outstanding_total=money(state.outstanding_total, currency),
        unapplied_credit=money(state.unapplied_credit, currency),
        oldest_unpaid_due_on=state.oldest_unpaid_due_on,
        next_due_on=state.next_due_on,
        next_due_amount=money(state.next_due_amount, currency),
        times_late=state.times_late,
        worst_dpd=state.worst_dpd,
        cost_of_a_day=money(page.per_day, currency),
    )


@router.read(
    "/loans/{loan}/schedule",
    scope=ApiScope.LOANS_READ,
    returns=Plan,
    allow=asked.reader,
)
def get_schedule(
    request: HttpRequest, loan: Ref, source: Word = "", as_of: Day | None = None
) -> Plan:
    """Read the plan of a loan

    Every instalment and charge in force, what was paid of it and what is left.
    """
    page = _page(request, loan, source, as_of)
    currency = page.terms.currency
    return Plan(
        loan_id=page.state.loan_id,
        as_of=page.as_of,
        currency=currency,
        schedule=page.schedule,
        demands=[
            Demand(
                id=each.demand.demand_id,
                seq=each.demand.seq,
                kind=page.kinds.get(each.demand.demand_id, "") or "instalment",
                due_on=each.due_on,
                principal=money(each.demand.principal, currency),
                interest=money(each.demand.interest, currency),
                fee=money(each.demand.fee, currency),
                paid=_components(each.paid, currency),
                unpaid=_components(each.unpaid, currency),
                late=each.late,
                settled_on=each.settled_on,
            )
            for each in page.state.demands
        ],
    )


@router.read(
    "/loans/{loan}/payoff",
    scope=ApiScope.LOANS_READ,
    returns=Payoff,
    allow=asked.reader,
)
def get_payoff(
    request: HttpRequest, loan: Ref, source: Word = "", on: Day | None = None
) -> Payoff:
    """Quote what closes a loan on a day

    Without `on`, the open business day.
    """
    day = on or asked.open_on(request)
    page = _page(request, loan, source, day)
    currency, payoff = page.terms.currency, page.payoff
    return Payoff(
        loan_id=page.state.loan_id,
        on=payoff.on,
        currency=currency,
        principal=money(payoff.principal, currency),
        due=money(payoff.due, currency),
        running_interest=money(payoff.running_interest, currency),
        credit=money(payoff.credit, currency),
        total=money(payoff.total, currency),
    )
