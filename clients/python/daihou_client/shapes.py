"""What is sent to the API and answered by it.

Made from the specification by `python tools/client.py`; do not edit.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

__all__ = [
    "BatchIn",
    "BatchItem",
    "BatchOut",
    "BusinessDate",
    "CalcPayoff",
    "CalcRow",
    "CalcSchedule",
    "ChargeIn",
    "ChargeOut",
    "ClosedPosition",
    "ClosedPositionPage",
    "Components",
    "Contact",
    "Customer",
    "CustomerLine",
    "CustomerLinePage",
    "CustomerLoan",
    "DayEnd",
    "DayEndAsked",
    "DayEndIn",
    "DayEndPage",
    "DayEndRequest",
    "DayEndRequestPage",
    "Delivery",
    "DeliveryDone",
    "DeliveryPage",
    "Demand",
    "Event",
    "EventPage",
    "Finding",
    "Intake",
    "IntakeDone",
    "IntakePage",
    "IntakeRows",
    "Loan",
    "LoanPage",
    "Me",
    "Payment",
    "PaymentIn",
    "PaymentPage",
    "Payoff",
    "Plan",
    "PlanIn",
    "PlanOut",
    "Position",
    "PostedOut",
    "Replayed",
    "ReversalIn",
    "RowIn",
    "Standing",
    "Step",
    "Subject",
    "TakenFile",
    "TakenRows",
    "Webhook",
    "WebhookDone",
    "WebhookIn",
    "WebhookKey",
    "WebhookPage",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentIn:
    """A payment, by the number it has at its source, so that it counts once.

    A refund or chargeback counts against the borrower by its kind; the amount is
    positive. `keep_credit` lets money far beyond the payoff be held.
    """

    source: str
    number: str
    loan: str
    paid_on: date | str
    amount: Decimal | str
    currency: str
    loan_source: str = ""
    kind: Literal["payment", "recovery", "refund", "chargeback"] = "payment"
    channel: str = ""
    payer: str = ""
    keep_credit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchIn:
    """Payments that are posted one by one: each stands for itself."""

    items: list[PaymentIn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a loan stands at the end of `as_of`."""

    as_of: date
    dpd: int
    bucket: str
    overdue_total: Decimal
    outstanding_total: Decimal
    unapplied_credit: Decimal
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedOut:
    """What it did.

    `new` is false when the same had been posted before. `shares` says where the money
    went; the rest is held as credit. `id` is null on a dry run: what was undone has no
    number.
    """

    id: int | None
    loan_id: int
    currency: str
    new: bool
    dry_run: bool
    shares: dict[str, Decimal]
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """What became of one of them: posted, or refused with a code and the words."""

    number: str
    status: Literal["posted", "refused"]
    posted: PostedOut | None
    code: str | None
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOut:
    """What became of each, in the order they were sent."""

    dry_run: bool
    posted: int
    refused: int
    items: list[BatchItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessDate:
    """The open day; everything up to `closed_on` is closed."""

    on: date
    closed_on: date
    simulated: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalcPayoff:
    """What closes the loan at the end of `on`."""

    on: str
    currency: str
    principal: Decimal
    due: Decimal
    running_interest: Decimal
    credit: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CalcRow:
    """One instalment."""

    seq: int
    due_on: str
    principal: Decimal
    interest: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CalcSchedule:
    """The plan that follows from the contract."""

    currency: str
    rows: list[CalcRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeIn:
    """A fee owed on a day, by the number it has at its source."""

    source: str
    number: str
    kind: str
    due_on: date | str
    amount: Decimal | str
    currency: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOut:
    """What recording it did; `new` is false when it was there before.

    `id` is null on a dry run: what was undone has no number.
    """

    id: int | None
    loan_id: int
    new: bool
    dry_run: bool
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPosition:
    """One loan at the end of a closed day, as the day-end found it."""

    loan_id: int
    number: str
    as_of: date
    currency: str
    dpd: int
    dpd_method: str
    bucket: str
    asset_class: str | None
    class_rule: str | None
    overdue_principal: Decimal
    overdue_interest: Decimal
    overdue_fee: Decimal
    overdue_penalty: Decimal
    overdue_compound: Decimal
    overdue_total: Decimal
    overdue_loan_balance: Decimal
    oldest_unpaid_due_on: date | None
    next_due_on: date | None
    next_due_amount: Decimal
    outstanding_principal: Decimal
    outstanding_total: Decimal
    unapplied_credit: Decimal
    times_late: int
    worst_dpd: int
    late_instalments: int
    status: str
    over_cap: Decimal
    non_accrual_since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPositionPage:
    """Page[ClosedPosition]"""

    items: list[ClosedPosition]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """An amount in its five parts."""

    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A way to reach somebody, masked; whether it may be used is not said here."""

    kind: str
    value: str
    owner_role: str
    verified_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLoan:
    """A loan of the customer, with its current position where there is one."""

    id: int
    number: str
    product: str
    branch: str
    status: str
    currency: str
    principal: Decimal
    disbursed_on: date
    dpd: int | None
    bucket: str | None
    overdue_total: Decimal | None
    outstanding_total: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer with their loans; document, name and contacts are masked."""

    id: int
    number: str
    kind: str
    name: str
    id_no: str
    region: str
    industry: str
    worst_dpd: int
    loans: list[CustomerLoan]
    contacts: list[Contact]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLine:
    """A customer in a list; the name is masked."""

    id: int
    source: str
    number: str
    kind: str
    name: str
    region: str
    industry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLinePage:
    """Page[CustomerLine]"""

    items: list[CustomerLine]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a run: when it began, how long it took, rows handled."""

    name: str
    started_at: datetime
    seconds: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """One run of the night for one day. `current`: its positions stand for the day."""

    id: int
    as_of: date
    kind: str
    state: str
    current: bool
    by: str
    reason: str
    problem: str
    loans: int
    started_at: datetime
    finished_at: datetime | None
    seconds: float
    fingerprint: str
    inputs_digest: str
    rules_digest: str
    steps: list[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEndRequest:
    """What the office asked of the night; the worker takes it up."""

    id: int
    as_of: date | None
    kind: str
    state: str
    by: str
    asked_at: datetime
    finished_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEndAsked:
    """The request that was made, or the same one that waits already."""

    request: DayEndRequest
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEndIn:
    """`next` closes the open day, `through` every day up to `as_of`, `again` runs a
    closed day once more, `plan` only tells what closing the open day would change.
    """

    kind: Literal["next", "through", "again", "plan"] = "next"
    as_of: date | str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEndPage:
    """Page[DayEnd]"""

    items: list[DayEnd]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEndRequestPage:
    """Page[DayEndRequest]"""

    items: list[DayEndRequest]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to a receiver and how it went."""

    id: int
    message_id: str
    type: str
    subject: str
    state: str
    attempts: int
    made_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    status: int | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDone:
    """The message after what was done; `id` means nothing on a dry run."""

    delivery: Delivery
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """Page[Delivery]"""

    items: list[Delivery]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One row of the plan, or a charge (seq 0) with its kind."""

    id: int
    seq: int
    kind: str
    due_on: date
    principal: Decimal
    interest: Decimal
    fee: Decimal
    paid: Components
    unpaid: Components
    late: bool
    settled_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an event is about."""

    type: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. Personal data is masked, amounts are minor units."""

    id: str
    type: str
    subject: Subject
    at: datetime
    business_date: date | None
    happened_on: date | None
    by: str
    on_behalf_of: str
    request_id: str
    data: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Page[Event]"""

    items: list[Event]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with one row, what would be right; personal values are masked."""

    file: str
    line: int | None
    column: str
    value: str
    code: str
    problem: str
    right: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """One file of an intake and what it did, in rows."""

    name: str
    digest: str
    table: str
    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One intake with its files."""

    id: int
    source: str
    mapping: str
    state: str
    by: str
    started_at: datetime
    finished_at: datetime | None
    error_count: int
    files: list[TakenFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRows:
    """What an intake did to one table."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeDone:
    """What an intake came to: applied, refused, or known (nothing new).

    `tables` counts rows taken in, `refused` rows left out, `codes` every finding; of
    each finding the first rows are in `findings`. `id` is null on a dry run, and when
    all files were known.
    """

    id: int | None
    state: str
    dry_run: bool
    tables: dict[str, TakenRows]
    refused: dict[str, int]
    codes: dict[str, int]
    findings: list[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePage:
    """Page[Intake]"""

    items: list[Intake]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRows:
    """Rows of the contract's tables (docs/reference/data-contract.md), by table.

    Amounts are decimal text. All is taken in or nothing, unless `accept_good` asks for
    the good rows alone.
    """

    source: str
    tables: dict[str, list[dict[str, str | int | bool | None]]]
    mapping: str = ""
    accept_good: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
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
    principal: Decimal
    annual_rate: Decimal
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
    overdue_total: Decimal | None
    outstanding_principal: Decimal | None
    outstanding_total: Decimal | None
    next_due_on: date | None
    changed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanPage:
    """Page[Loan]"""

    items: list[Loan]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The token, and the person it acts as."""

    token: str
    login: str
    role: str
    scopes: list[str]
    permissions: list[str]
    sees_everything: bool
    business_date: date | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came (positive) or went back (negative); the payer is masked."""

    id: int
    source: str
    number: str
    loan_id: int
    loan_number: str
    currency: str
    amount: Decimal
    paid_on: date
    recorded_at: datetime
    kind: str
    channel: str
    payer: str
    reversal_of: int | None
    reversed_by: int | None
    reversed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPage:
    """Page[Payment]"""

    items: list[Payment]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoff:
    """What closes a loan on a day; `credit` is held already and taken off."""

    loan_id: int
    on: date
    currency: str
    principal: Decimal
    due: Decimal
    running_interest: Decimal
    credit: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is owed when; `schedule` is the number of the version in force."""

    loan_id: int
    as_of: date
    currency: str
    schedule: int
    demands: list[Demand]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowIn:
    """One instalment of a new plan."""

    seq: int
    due_on: date | str
    principal: Decimal | str
    interest: Decimal | str
    fee: Decimal | str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIn:
    """Instalments that replace those from the first one's number on."""

    begins_on: date | str
    currency: str
    rows: list[RowIn]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOut:
    """What the new plan did: its version, and how many rows it ended."""

    loan_id: int
    schedule: int
    replaced: int
    begins_on: date
    dry_run: bool
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a loan owes and how late it is at the end of `as_of`."""

    loan_id: int
    as_of: date
    currency: str
    status: str
    dpd: int
    dpd_method: str
    bucket: str
    overdue: Components
    overdue_total: Decimal
    outstanding_principal: Decimal
    outstanding_total: Decimal
    unapplied_credit: Decimal
    oldest_unpaid_due_on: date | None
    next_due_on: date | None
    next_due_amount: Decimal
    times_late: int
    worst_dpd: int
    cost_of_a_day: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How many messages are sent once more."""

    messages: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalIn:
    """Since when the payment does not count, and why."""

    reversed_on: date | str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A receiver of events, and how many messages wait or were given up."""

    id: int
    name: str
    url: str
    types: list[str]
    active: bool
    old_key_until: datetime | None
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDone:
    """The receiver after what was done."""

    webhook: Webhook
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookIn:
    """A receiver: where it is, and which types of events it gets (`*`: all)."""

    name: str
    url: str
    types: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookKey:
    """A receiver with its new key, shown this once; empty on a dry run."""

    webhook: Webhook
    key: str
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage:
    """Page[Webhook]"""

    items: list[Webhook]
    has_more: bool
    next_cursor: str | None
