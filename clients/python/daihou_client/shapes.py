"""What is sent to the API and answered by it.

Made from the specification by `python tools/client.py`; do not edit.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

__all__ = [
    "Asked",
    "AssignGiven",
    "Assigned",
    "AttemptGiven",
    "AttemptSaid",
    "AttemptSaidPage",
    "BatchIn",
    "BatchItem",
    "BatchOut",
    "BatchSaid",
    "BatchSaidPage",
    "BusinessDate",
    "CalcPayoff",
    "CalcRow",
    "CalcSchedule",
    "CapCharge",
    "CapFinding",
    "CapFindingPage",
    "CaseEvent",
    "CaseEventPage",
    "CaseMade",
    "CaseSaid",
    "CaseSaidPage",
    "CaseWhole",
    "Change",
    "ChargeIn",
    "ChargeOut",
    "ClockEventIn",
    "ClockEventKept",
    "ClockIn",
    "ClockShown",
    "ClockShownPage",
    "ClockStarted",
    "ClockWhy",
    "CloseGiven",
    "ClosedPosition",
    "ClosedPositionPage",
    "Components",
    "ConsentGiven",
    "ConsentSaid",
    "ConsentSaidPage",
    "Contact",
    "Customer",
    "CustomerLine",
    "CustomerLinePage",
    "CustomerLoan",
    "CustomerStepLine",
    "CustomerStepLinePage",
    "DayEnd",
    "DayEndAsked",
    "DayEndIn",
    "DayEndPage",
    "DayEndRequest",
    "DayEndRequestPage",
    "Decided",
    "DecidedProposal",
    "DecisionIn",
    "DeedIn",
    "Delivery",
    "DeliveryDone",
    "DeliveryPage",
    "Demand",
    "Due",
    "DueIn",
    "Event",
    "EventPage",
    "Evidence",
    "FactIn",
    "FactKept",
    "Finding",
    "FlagGiven",
    "FlagSaid",
    "FlagSaidPage",
    "Found",
    "GotSaid",
    "HoldGiven",
    "HoldSaid",
    "HoldSaidPage",
    "HouseholdDeed",
    "HouseholdIn",
    "HouseholdLine",
    "HouseholdLinePage",
    "HouseholdMade",
    "HouseholdMeans",
    "HouseholdSource",
    "HouseholdTarget",
    "HouseholdWhole",
    "Intake",
    "IntakeDone",
    "IntakePage",
    "IntakeRows",
    "ItemGiven",
    "ItemSaid",
    "ItemSaidPage",
    "JoinGiven",
    "LetGoGiven",
    "Loan",
    "LoanCap",
    "LoanClassWhy",
    "LoanClassed",
    "LoanClassedPage",
    "LoanOfCase",
    "LoanPage",
    "LoanProvision",
    "LoanProvisions",
    "Made",
    "MarkerSaid",
    "MarkerSaidPage",
    "May",
    "MayGiven",
    "Me",
    "MeansIn",
    "NextGiven",
    "NextMade",
    "NotMoved",
    "Nothing",
    "Open",
    "OpenGiven",
    "OrderSaid",
    "Part",
    "PartGiven",
    "PartSaid",
    "PauseGiven",
    "Payment",
    "PaymentIn",
    "PaymentPage",
    "Payoff",
    "Plan",
    "PlanIn",
    "PlanOut",
    "PlanSaid",
    "PortfolioMatrix",
    "PortfolioMetric",
    "PortfolioMetrics",
    "PortfolioMonth",
    "PortfolioMonths",
    "PortfolioSeries",
    "Position",
    "PostedOut",
    "PromiseAsked",
    "PromiseGiven",
    "PromiseSaid",
    "PromiseSaidPage",
    "PromiseWhole",
    "Proposal",
    "ProposalPage",
    "ProvisionPart",
    "ProvisionShown",
    "QueueSaid",
    "QueueSaidPage",
    "ReasonGiven",
    "Receipt",
    "ReceiptPage",
    "ReliefLine",
    "ReliefLinePage",
    "ReliefMade",
    "ReliefWhole",
    "Remark",
    "Replayed",
    "ReportColumn",
    "ReportEntries",
    "ReportEntry",
    "ReportShown",
    "ReportTable",
    "ResultGiven",
    "ResultMade",
    "ResultSaid",
    "ResultSaidPage",
    "ReversalIn",
    "RuleChange",
    "RuleChangeAsked",
    "RuleChangeIn",
    "RuleLine",
    "RuleLinePage",
    "RuleSaid",
    "RuleSource",
    "RuleValue",
    "RuleVersion",
    "RuleWhole",
    "Said",
    "Seen",
    "SeriesPoint",
    "SettlementIn",
    "ShareGiven",
    "Shared",
    "SourceIn",
    "Standing",
    "Step",
    "StrategyDraftIn",
    "StrategyDraftKept",
    "StrategyFinding",
    "StrategyListed",
    "StrategyListedPage",
    "StrategyProposalIn",
    "StrategyProposed",
    "StrategyRehearsal",
    "StrategyRehearsalAsked",
    "StrategyRehearsalIn",
    "StrategyVersion",
    "StrategyVersionKept",
    "StrategyVersionWhole",
    "Subject",
    "TakenFile",
    "TakenRows",
    "TakenSaid",
    "TargetIn",
    "TermsIn",
    "UndoneSaid",
    "UpgradeIn",
    "VerdictSaid",
    "WaiverIn",
    "Webhook",
    "WebhookDone",
    "WebhookIn",
    "WebhookKey",
    "WebhookPage",
    "Week",
    "WholeProposal",
    "Why",
    "WorkMade",
    "WorthSaid",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKept:
    """A fact that was written down; `known_from` the run that first reads it."""

    id: int
    kind: str
    begins_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of it: a fact, or a proposal that others decide."""

    fact: FactKept | None
    proposal: int | None
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignGiven:
    """Cases, and to whom: a collector, a team, or (neither) the pool."""

    cases: list[int]
    collector: str = ""
    team: str = ""
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMoved:
    """A case that stays, and why."""

    case: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Which cases moved and which stay; undone for 15 minutes by the batch."""

    batch: int | None
    moved: list[int]
    left: list[NotMoved]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptGiven:
    """What came of a contact; `seconds` after the answer it was made."""

    decision: int
    result: str
    note: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSaid:
    """One contact."""

    id: int
    decision: int | None
    loan: int | None
    customer: int
    channel: str
    purpose: str
    actor: str
    at: datetime
    result: str
    connected: bool
    conversation: bool
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSaidPage:
    """Page[AttemptSaid]"""

    items: list[AttemptSaid]
    has_more: bool
    next_cursor: str | None


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
class BatchSaid:
    """Cases that changed hands together."""

    id: int
    kind: str
    mode: str
    queue: str
    business_date: date
    seed: int
    moved: int
    report: dict[str, Any]
    by: str
    at: datetime
    state: str
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSaidPage:
    """Page[BatchSaid]"""

    items: list[BatchSaid]
    has_more: bool
    next_cursor: str | None


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
class CapCharge:
    """One kind of charge: all of it, what is above the cap, what may be claimed.

    `claimable` None: a cap of that day is not known, so that nobody can say.
    """

    kind: str
    charged: Decimal
    above: Decimal
    claimable: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFinding:
    """An open loan above a cap, or whose cap nobody can assert, as of `as_of`.

    Rates are shares a year as decimals in text; `cap` None where none is known. `above`
    is what the ledger does not claim. `doubted`: a cap rests on what nobody checked.
    """

    loan_id: int
    number: str
    as_of: date
    standing: Literal["over", "not_asserted"]
    licence: str
    disbursed_on: date
    cap: str | None
    all_in: str
    excess: str
    multiple_above: bool
    doubted: bool
    above: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFindingPage:
    """Page[CapFinding]"""

    items: list[CapFinding]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """Something that happened to a case."""

    id: int
    type: str
    at: datetime
    business_date: date | None
    by: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEventPage:
    """Page[CaseEvent]"""

    items: list[CaseEvent]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSaid:
    """One case on its eight axes; amounts in major units of `currency`.

    `version` grows with every deed: send the one you saw, and you are told if somebody
    acted first. `expected_value` orders the work; `next_at` and `lawful_from` say
    before when it is given to nobody.
    """

    id: int
    number: str
    customer: int
    lifecycle: str
    delinquency: str
    treatment: str
    held: bool
    assignment: str
    collector: str
    team: str
    cover: str
    placement: str
    legal: str
    resolution: str
    queue: str
    segment: str
    action: str
    journey: str
    because: dict[str, str]
    priority: int
    expected_value: Decimal
    currency: str
    dpd: int
    loans: int
    overdue_total: Decimal
    outstanding_total: Decimal
    disputed: Decimal
    paid: Decimal
    branch: str
    product: str
    officer: str
    opened_on: date
    opened_because: str
    reopened: int
    closed_on: date | None
    close_code: str
    last_worked_at: datetime | None
    last_worked_by: str
    next_at: datetime | None
    lawful_from: datetime | None
    taken_by: str
    taken_until: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMade:
    """The case as it is after the deed; `id` None where it was only tried."""

    id: int | None
    case: CaseSaid
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSaidPage:
    """Page[CaseSaid]"""

    items: list[CaseSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanOfCase:
    """A loan of a case, and from when until when it was in it."""

    loan: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthSaid:
    """Expected value and its formula: asked x chance x after_broken^broken x just
    worked, per mille each, cut to whole minor units at each step.
    """

    value: Decimal
    asked: Decimal
    chance_per_mille: int
    broken: int
    after_broken_per_mille: int
    just_worked_per_mille: int
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWhole:
    """One case with its loans and what it is worth working."""

    id: int
    number: str
    customer: int
    lifecycle: str
    delinquency: str
    treatment: str
    held: bool
    assignment: str
    collector: str
    team: str
    cover: str
    placement: str
    legal: str
    resolution: str
    queue: str
    segment: str
    action: str
    journey: str
    because: dict[str, str]
    priority: int
    expected_value: Decimal
    currency: str
    dpd: int
    loans: int
    overdue_total: Decimal
    outstanding_total: Decimal
    disputed: Decimal
    paid: Decimal
    branch: str
    product: str
    officer: str
    opened_on: date
    opened_because: str
    reopened: int
    closed_on: date | None
    close_code: str
    last_worked_at: datetime | None
    last_worked_by: str
    next_at: datetime | None
    lawful_from: datetime | None
    taken_by: str
    taken_until: datetime | None
    version: int
    in_it: list[LoanOfCase]
    worth: WorthSaid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of the difference, in words; personal values are masked.

    `now` is what it is by now where that is no longer `before`.
    """

    field: str
    name: str
    before: str
    after: str
    masked: bool
    now: str | None


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
class ClockEventIn:
    """What happened, with its proof; `kind` as the clock's `restarts` and `stops` say."""

    kind: str
    happened_on: date | str
    evidence: str
    evidence_kind: str | None = None
    signed_by: (
        Literal["self", "adult_co_resident_relative", "agent", "neighbour", "unknown"]
        | None
    ) = None
    arrived: bool = False
    debtor_missing: bool = False
    until: date | str | None = None
    guarantor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEventKept:
    """The event that was written down."""

    id: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockIn:
    """A clock that is started by hand, with what its kind needs beside the beginning.

    `form`, `agreed_until` or `agreed_months` and `until_paid` are of a guarantee,
    `asset` of what was foreclosed, `contract_ends_on` of an agency. Needs a loan for
    claims, courts and recovery; else a customer, or what it is about.
    """

    kind: Literal[
        "limitation",
        "guarantee",
        "observation",
        "enforcement",
        "payment_order_accept",
        "payment_order_issue",
        "payment_order_object",
        "complaint",
        "credit_dispute",
        "credit_complaint",
        "adverse_data",
        "blame",
        "audit_report",
        "finance_report",
        "foreclosed",
        "evaluation",
        "transfer_pilot",
    ]
    begins_on: date | str
    evidence: str
    loan: int | None = None
    customer: int | None = None
    guarantor: int | None = None
    about: str = ""
    form: Literal["general", "joint"] | None = None
    agreed_until: date | str | None = None
    agreed_months: int | None = None
    until_paid: bool = False
    asset: Literal["real_estate", "equity", "movable"] | None = None
    contract_ends_on: date | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown:
    """One clock as it stood when it was last reckoned.

    `alarm` is the nearest step of the ladder that was raised, 0 once the end has
    passed. `unverified`: it rests on a rule whose text nobody has checked.
    """

    id: int
    kind: Literal[
        "limitation",
        "guarantee",
        "observation",
        "enforcement",
        "payment_order_accept",
        "payment_order_issue",
        "payment_order_object",
        "complaint",
        "credit_dispute",
        "credit_complaint",
        "adverse_data",
        "blame",
        "audit_report",
        "finance_report",
        "foreclosed",
        "evaluation",
        "transfer_pilot",
    ]
    loan_id: int | None
    customer_id: int | None
    guarantor_id: int | None
    about: str
    begins_on: date | None
    counted_to: date | None
    ends_on: date | None
    days_left: int | None
    state: str
    alarm: int | None
    rule: str
    unverified: bool
    by_hand: bool
    closed_on: date | None
    closed_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShownPage:
    """Page[ClockShown]"""

    items: list[ClockShown]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted:
    """The clock that was started."""

    id: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWhy:
    """The same with what it heard, its alarms, and the decision."""

    id: int
    kind: Literal[
        "limitation",
        "guarantee",
        "observation",
        "enforcement",
        "payment_order_accept",
        "payment_order_issue",
        "payment_order_object",
        "complaint",
        "credit_dispute",
        "credit_complaint",
        "adverse_data",
        "blame",
        "audit_report",
        "finance_report",
        "foreclosed",
        "evaluation",
        "transfer_pilot",
    ]
    loan_id: int | None
    customer_id: int | None
    guarantor_id: int | None
    about: str
    begins_on: date | None
    counted_to: date | None
    ends_on: date | None
    days_left: int | None
    state: str
    alarm: int | None
    rule: str
    unverified: bool
    by_hand: bool
    closed_on: date | None
    closed_because: str
    heard: list[dict[str, Any]]
    alarms: list[dict[str, Any]]
    stops: list[str]
    restarts: list[str]
    at_end: str
    decision: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGiven:
    """With which code and why; the figures of the ledger must bear the code out."""

    code: str
    reason: str
    version: int | None = None


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
class ConsentGiven:
    """A consent; no channel means all of them."""

    customer: str
    kind: str
    evidence: str
    source: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSaid:
    """One consent."""

    id: int
    customer: int
    kind: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSaidPage:
    """Page[ConsentSaid]"""

    items: list[ConsentSaid]
    has_more: bool
    next_cursor: str | None


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
class CustomerStepLine:
    """The step of a customer by the last run; `because` by language (`zh`, `en`)."""

    customer: int
    as_of: date
    version: int
    row: str
    arm: str
    segment: str
    queue: str
    action: str
    priority: int
    open_case: bool
    journey: str
    journey_step: str
    next_on: date | None
    alarm: str
    because: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStepLinePage:
    """Page[CustomerStepLine]"""

    items: list[CustomerStepLine]
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
class RuleSaid:
    """A rule in the way, with its text and how it is attested."""

    rule: str
    title: str
    text: str
    force: list[str]
    status: str
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The answer of the gate; `id` is what the contact must carry.

    An id of 0 is an answer that was not kept (`dry_run`). It is good for 15 minutes;
    `stands` says whether it still is: a flag takes it back at once.
    """

    id: int
    verdict: str
    until: datetime | None
    rules: list[str]
    unknown: list[str]
    because: list[RuleSaid]
    licence: str
    law: str
    asked_at: datetime
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something one person proposed and another decides, without what would change.

    `amount` is money in `currency`; `count` is how many of something. `levels` are the
    roles that decide one after the other (empty: whoever holds the permission).
    """

    id: int
    kind: str
    kind_name: str
    subject_type: str
    subject_id: str
    title: str
    amount: Decimal | None
    currency: str
    count: int | None
    reason: str
    proposed_by: str
    proposed_for: str
    proposed_at: datetime
    business_date: date | None
    levels: list[str]
    level: int
    waits_for: str
    due_at: datetime
    late: bool
    state: str
    decided_by: str
    closed_at: datetime | None
    serves_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedProposal:
    """The proposal after it was decided."""

    proposal: Proposal
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionIn:
    """The verdict on the level that waits; refusing needs a note.

    `level` is the one that was looked at: if it was decided meanwhile nothing is.
    """

    verdict: Literal["approve", "refuse"]
    note: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueIn:
    """An amount that is to come in by a day."""

    on: date | str
    amount: Decimal | str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedIn:
    """What is done; `version` is the one that was looked at."""

    deed: Literal[
        "accept", "counter", "skip", "withdraw", "cancel", "suspend", "resume"
    ]
    reason: str = ""
    evidence: str = ""
    seq: int | None = None
    parts: list[DueIn] = field(default_factory=list)
    version: int | None = None


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
class Due:
    """An instalment: due, amount, what of it came in."""

    seq: int
    due_on: date
    amount: Decimal
    paid: Decimal
    missed: bool


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
class Evidence:
    """On what evidence."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactIn:
    """A fact about a loan from a day on; figures as its kind needs them.

    `expected_loss` needs `amount`, `market` needs `late` and `total`, `judged` needs
    `to`, `restructured` needs `first_due_on` and `period_months`.
    """

    kind: Literal[
        "technical_overdue",
        "use_changed",
        "refinanced",
        "refinancing_excepted",
        "bad_elsewhere",
        "market",
        "credit_impaired",
        "expected_loss",
        "downgraded",
        "evasion",
        "bankruptcy_liquidation",
        "accepted_enhancement",
        "small_business",
        "acquired",
        "risk_increased",
        "stage_2_rebutted",
        "default_rebutted",
        "judged",
        "restructured",
        "solved",
        "unsolved",
    ]
    begins_on: date | str
    evidence: str
    currency: str = "CNY"
    amount: Decimal | str | None = None
    late: Decimal | str | None = None
    total: Decimal | str | None = None
    to: (
        Literal["normal", "special_mention", "substandard", "doubtful", "loss"] | None
    ) = None
    first_due_on: date | str | None = None
    period_months: int | None = None


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
class FlagGiven:
    """Something known of a person that holds contact."""

    customer: str
    kind: str
    evidence: str
    source: str = ""
    contact_point: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSaid:
    """A flag, and whether it stands."""

    id: int
    customer: int
    contact_point: int | None
    kind: str
    from_at: datetime
    until_at: datetime | None
    lifted_at: datetime | None
    confirmed_at: datetime | None
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSaidPage:
    """Page[FlagSaid]"""

    items: list[FlagSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """On what evidence, and the version of the case as it was seen."""

    evidence: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GotSaid:
    """What one collector got, and holds then."""

    collector: str
    new: int
    new_amount: Decimal
    cases: int
    amount: Decimal
    filled_per_cent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldGiven:
    """Why a case is left in peace, and until when; `amount` for a dispute in part."""

    kind: str
    reason: str
    evidence: str = ""
    expires_on: date | str | None = None
    amount: Decimal | str | None = None
    loan: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSaid:
    """A hold of a case, or of an amount of it."""

    id: int
    case: int
    kind: str
    amount: Decimal | None
    loan: int | None
    from_at: datetime
    expires_on: date
    placed_by: str
    released_at: datetime | None
    released_by: str
    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSaidPage:
    """Page[HoldSaid]"""

    items: list[HoldSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdDeed:
    """What is done; `version` is the one that was looked at."""

    deed: Literal["confirm", "done", "end"]
    reason: str = ""
    recoverable: str = ""
    review_on: date | str | None = None
    place: int | None = None
    outcome: str = ""
    next_on: date | str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceIn:
    """What the household can pay from, such as wages each month."""

    kind: str
    amount: Decimal | str
    every: str
    from_on: date | str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansIn:
    """What is to be done, by a day; in order, such as visit or plan."""

    code: str
    on: date | str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetIn:
    """What is to have come in by a day; grows from day to day."""

    on: date | str
    amount: Decimal | str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdIn:
    """A plan as it is begun."""

    goal: Decimal | str
    goal_on: date | str
    next_on: date | str
    review_on: date | str
    willingness: str
    story: str
    sources: list[SourceIn]
    means: list[MeansIn]
    targets: list[TargetIn] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLine:
    """A plan: its goal, what came in of it, and what is next; `stuck_because` a code."""

    id: int
    customer_id: int
    loan_id: int
    currency: str
    state: str
    proposed: str
    confirmed: str
    owner: str
    goal: Decimal
    goal_on: date
    got: Decimal
    next_on: date
    review_on: date
    stuck_because: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLinePage:
    """Page[HouseholdLine]"""

    items: list[HouseholdLine]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdSource:
    """What the household can pay from."""

    kind: str
    amount: Decimal
    every: str
    from_on: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMeans:
    """A means in its place; `done_on` once it was carried out, `outcome` what came."""

    place: int
    code: str
    planned_on: date
    done_on: date | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdTarget:
    """What is to have come in by a day."""

    on: date
    amount: Decimal
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMade:
    """The plan as it is after the deed, or would be where it was only tried."""

    id: int
    customer_id: int
    loan_id: int
    currency: str
    state: str
    proposed: str
    confirmed: str
    owner: str
    goal: Decimal
    goal_on: date
    got: Decimal
    next_on: date
    review_on: date
    stuck_because: str
    version: int
    story: str
    willingness: str
    began_on: date
    ended_on: date | None
    because: dict[str, Any]
    sources: list[HouseholdSource]
    means: list[HouseholdMeans]
    targets: list[HouseholdTarget]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdWhole:
    """The same with its story, sources, means and targets; `because` is the decision."""

    id: int
    customer_id: int
    loan_id: int
    currency: str
    state: str
    proposed: str
    confirmed: str
    owner: str
    goal: Decimal
    goal_on: date
    got: Decimal
    next_on: date
    review_on: date
    stuck_because: str
    version: int
    story: str
    willingness: str
    began_on: date
    ended_on: date | None
    because: dict[str, Any]
    sources: list[HouseholdSource]
    means: list[HouseholdMeans]
    targets: list[HouseholdTarget]


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
class ItemGiven:
    """Something to do at a case."""

    kind: str
    due_at: datetime
    for_supervisor: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSaid:
    """Something to do at a case, or done."""

    id: int
    case: int
    kind: str
    due_at: datetime
    state: str
    priority: int
    reason: str
    outcome: str
    for_supervisor: bool
    promise: int | None
    made_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSaidPage:
    """Page[ItemSaid]"""

    items: list[ItemSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinGiven:
    """Which loan joins."""

    loan: int
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGoGiven:
    """Why a case that was not worked is passed over."""

    skip: str = ""


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
class LoanCap:
    """One loan against its caps: its rates, its charges, and both decisions.

    `claim` is None where another system keeps the loan.
    """

    loan_id: int
    number: str
    as_of: date
    licence: str
    standing: str
    cap: str | None
    all_in: str
    excess: str
    price: dict[str, Any]
    claim: dict[str, Any] | None
    charges: list[CapCharge]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanClassWhy:
    """The same with the decision: inputs, rules asked with their version, what flips
    it.
    """

    loan_id: int
    number: str
    as_of: date
    currency: str
    asset_class: Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
    machine_class: Literal[
        "normal", "special_mention", "substandard", "doubtful", "loss"
    ]
    asserted_class: Literal[
        "normal", "special_mention", "substandard", "doubtful", "loss"
    ]
    causes: list[str]
    rule: str
    stage: int | None
    since: date
    dpd: int
    arrears: Decimal
    balance: Decimal
    observed_until: date | None
    upgrade_from: date | None
    decision: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanClassed:
    """The class of an open loan at the end of `as_of`, the last graded day.

    `machine_class` is what the floors say by themselves, `asserted_class` what verified
    rules alone say: where it is better, the rest is the lender's policy and no law.
    """

    loan_id: int
    number: str
    as_of: date
    currency: str
    asset_class: Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
    machine_class: Literal[
        "normal", "special_mention", "substandard", "doubtful", "loss"
    ]
    asserted_class: Literal[
        "normal", "special_mention", "substandard", "doubtful", "loss"
    ]
    causes: list[str]
    rule: str
    stage: int | None
    since: date
    dpd: int
    arrears: Decimal
    balance: Decimal
    observed_until: date | None
    upgrade_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanClassedPage:
    """Page[LoanClassed]"""

    items: list[LoanClassed]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanPage:
    """Page[Loan]"""

    items: list[Loan]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanProvision:
    """What a loan needs under one table, with the decision."""

    table: str
    needed: str
    decision: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanProvisions:
    """What a loan needs under every table that holds for the lender."""

    loan_id: int
    tables: list[LoanProvision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The number of what was written down; None where it was only tried."""

    id: int | None
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerSaid:
    """One thing heard of a person, and what was found."""

    id: int
    case: int
    customer: int
    kind: str
    state: str
    raised_by: str
    raised_at: datetime
    confirm_by: date
    escalated_on: date | None
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerSaidPage:
    """Page[MarkerSaid]"""

    items: list[MarkerSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """The answer of the gate to a question that was just asked."""

    id: int
    verdict: str
    until: datetime | None
    rules: list[str]
    unknown: list[str]
    because: list[RuleSaid]
    licence: str
    law: str
    asked_at: datetime
    stands: bool
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MayGiven:
    """One contact somebody wants to make, now.

    Without `customer` it is the borrower; without `contact_point` the registered
    address. `actor` is for whom it is made: staff, robot, agency or branch.
    """

    loan: str
    channel: str
    purpose: str
    source: str = ""
    customer: int | None = None
    contact_point: int | None = None
    actor: str = ""
    staff_count: int | None = None


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
class NextGiven:
    """From which queue; empty: from all the person works."""

    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMade:
    """The case now in hand, and why it is this one; None where nothing may be done.

    `why` is held_back (it was in hand), due, mine or pool.
    """

    case: CaseSaid | None
    why: str
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A half-open time in which the gate would allow."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGiven:
    """Whose case is opened."""

    customer: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSaid:
    """What stands, or stood, over the plan of a customer.

    It holds on business days from `given_on` up to but not on `until`; `cause` is the
    event that gave it, or `person`. `aim` is the step or journey gone on at.
    """

    id: int
    do: str
    journey: str
    aim: str
    cause: str
    given_on: date
    until: date | None
    by: str
    at: datetime
    ended_at: datetime | None
    ended_by: str
    ended_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An amount of one component that is given up."""

    component: Literal["principal", "interest", "penalty", "compound", "fee"]
    amount: Decimal | str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGiven:
    """One part of a promise: how much by when."""

    due_on: date | str
    amount: Decimal | str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSaid:
    """One part of a promise."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseGiven:
    """Until which day a plan rests, and why."""

    until: date | str
    reason: str
    version: int | None = None


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
class PlanIn:
    """An arrangement; without `total` all that is overdue is spread."""

    count: int
    first_due_on: date | str
    difficulty: Literal[
        "none",
        "overdue",
        "cash_flow",
        "already_bad",
        "no_refinancing",
        "delisting",
        "other",
    ]
    reason: str
    total: Decimal | str | None = None
    every: int = 1
    unit: Literal["days", "weeks", "months"] = "months"
    first_payment: Decimal | str = "0"
    first_by: date | str | None = None
    weights: list[int] = field(default_factory=list)
    re_age: bool = False
    interest_freeze: bool = False
    parts: list[Part] = field(default_factory=list)
    loans: list[int] = field(default_factory=list)
    replaces: int | None = None


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
class PlanSaid:
    """What the strategy does about a case now, and what stands over it."""

    case: int
    treatment: str
    action: str
    journey: str
    step: str
    next_on: date | None
    orders: list[OrderSaid]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMatrix:
    """Rows from, columns to, in the order of `states`; shares of a row add up to 1.

    Cells are numbers of loans, or opening amounts in major units. Rows of nobody have
    no shares.
    """

    month: str
    as_of: date
    currency: str
    fingerprint: str
    states: list[str]
    cells: list[list[str]]
    shares: list[list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMetric:
    """One definition: figures of different conventions must not be compared."""

    id: str
    en: str
    zh: str
    family: str
    formula: str
    formula_zh: str
    basis: str
    numerator: str
    denominator: str
    written_off: str
    threshold: int | None
    mob_base: int | None
    expression: str
    source: str
    owner: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMetrics:
    """The dictionary of figures."""

    metrics: list[PortfolioMetric]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMonth:
    """A month that can be asked for; its last closed day stands for it."""

    month: str
    as_of: date
    loans: int
    fingerprint: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMonths:
    """Every counted month, the earliest first; `complete` is false while one runs."""

    months: list[PortfolioMonth]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """Part and whole of a cell: amounts in major units, or numbers; a share of six
    decimals. All three are null where the cell cannot be known yet. The true share
    lies from low to high in 95 of 100 cases; null where nobody reckons that.
    """

    key: str
    at: str
    part: str | None
    whole: str | None
    share: str | None
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioSeries:
    """The answer; the same book and question give the same fingerprint."""

    metric: str
    version: int
    axis: Literal["month", "age"]
    as_of: date
    currency: str
    fingerprint: str
    points: list[SeriesPoint]


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
class PromiseAsked:
    """A promise to pay, and the version of the case as it was seen."""

    parts: list[PartGiven]
    version: int
    reason_code: str = ""
    replace: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseGiven:
    """A promise to pay, in one part or some in order of their days.

    With `replace` it takes the place of the one that stands. `reason_code` is where the
    money comes from.
    """

    parts: list[PartGiven]
    reason_code: str = ""
    replace: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSaid:
    """A promise and how it stands; `ratio` per mille of the amount was paid."""

    id: int
    case: int
    customer: int
    amount: Decimal
    currency: str
    due_on: date
    grace_days: int
    tolerance_per_mille: int
    rule: str
    channel: str
    self_service: bool
    reason_code: str
    taken_by: str
    taken_at: datetime
    made_on: date
    replaces: int | None
    state: str
    appropriated: Decimal
    ratio: int
    decided_on: date | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSaidPage:
    """Page[PromiseSaid]"""

    items: list[PromiseSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenSaid:
    """Money of a payment that counts for a part, or counted until it was undone."""

    part: int
    payment: int
    amount: Decimal
    paid_on: date
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSaid:
    """How a promise was judged once; a later verdict leaves it standing."""

    before: str
    after: str
    appropriated: Decimal
    ratio: int
    as_of: date
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWhole:
    """A promise with its parts, its money and every verdict."""

    id: int
    case: int
    customer: int
    amount: Decimal
    currency: str
    due_on: date
    grace_days: int
    tolerance_per_mille: int
    rule: str
    channel: str
    self_service: bool
    reason_code: str
    taken_by: str
    taken_at: datetime
    made_on: date
    replaces: int | None
    state: str
    appropriated: Decimal
    ratio: int
    decided_on: date | None
    ended_at: datetime | None
    parts: list[PartSaid]
    taken: list[TakenSaid]
    verdicts: list[VerdictSaid]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """Page[Proposal]"""

    items: list[Proposal]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionPart:
    """Loans of one class or branch, and what they need."""

    code: str
    loans: int
    balance: Decimal
    needed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionShown:
    """What a month needs; ratios, held and movement only for who sees the whole house.

    `ratios` are shares with six decimals; `required` is the highest of the table and
    both ratios, `by` which of them. `held_told`: finance told what is held, else the
    table's sum stands for it. The movement is class by line, in major units.
    """

    as_of: date
    opening_on: date | None
    table: str
    currency: str
    classes: list[ProvisionPart]
    branches: list[ProvisionPart]
    needed: Decimal
    held: Decimal | None
    held_told: bool
    required: Decimal | None
    by: str | None
    shortfall: Decimal | None
    ratios: dict[str, str]
    movement: dict[str, dict[str, dict[str, Decimal]]]
    decision: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSaid:
    """A queue and its open cases that one sees."""

    code: str
    title: str
    title_en: str
    skill: str
    share: str
    order: str
    taking: str
    mode: str
    most_cases: int | None
    redistribute_days: int
    team_days: dict[str, int]
    sticky_days: int
    auto: bool
    cases: int
    unassigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSaidPage:
    """Page[QueueSaid]"""

    items: list[QueueSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGiven:
    """Why, and the version of the case as it was seen."""

    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money on the lender's account; payer and account are masked.

    `posted` of it went to loans, `returned` back; `left` has no owner yet.
    """

    id: int
    source: str
    number: str
    received_on: date
    recorded_at: datetime
    currency: str
    amount: Decimal
    posted: Decimal
    returned: Decimal
    left: Decimal
    payer: str
    payer_account: str
    channel: str
    remark: str
    branch: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    """Page[Receipt]"""

    items: list[Receipt]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefLine:
    """One request; `levels` are the roles that decide, one after the other."""

    id: int
    number: str
    kind: Literal["waiver", "plan", "settlement", "terms"]
    state: str
    customer_id: int
    loan_id: int
    currency: str
    given_up: Decimal
    receive: Decimal
    received: Decimal
    until: date | None
    offer_until: date | None
    difficulty: str
    verdict: str
    levels: list[str]
    proposal_id: int | None
    asked_by: str
    asked_on: date
    decided_by: str
    accepted_on: date | None
    met_on: date | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefLinePage:
    """Page[ReliefLine]"""

    items: list[ReliefLine]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefMade:
    """The request as it is after the deed, or would be where it was only tried."""

    id: int
    number: str
    kind: Literal["waiver", "plan", "settlement", "terms"]
    state: str
    customer_id: int
    loan_id: int
    currency: str
    given_up: Decimal
    receive: Decimal
    received: Decimal
    until: date | None
    offer_until: date | None
    difficulty: str
    verdict: str
    levels: list[str]
    proposal_id: int | None
    asked_by: str
    asked_on: date
    decided_by: str
    accepted_on: date | None
    met_on: date | None
    version: int
    parts: dict[str, Decimal]
    rows: list[Due]
    decision: dict[str, Any]
    effect: dict[str, Any]
    terms: dict[str, Any]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefWhole:
    """The same with parts, rows, the decision of the matrix, figures before and after."""

    id: int
    number: str
    kind: Literal["waiver", "plan", "settlement", "terms"]
    state: str
    customer_id: int
    loan_id: int
    currency: str
    given_up: Decimal
    receive: Decimal
    received: Decimal
    until: date | None
    offer_until: date | None
    difficulty: str
    verdict: str
    levels: list[str]
    proposal_id: int | None
    asked_by: str
    asked_on: date
    decided_by: str
    accepted_on: date | None
    met_on: date | None
    version: int
    parts: dict[str, Decimal]
    rows: list[Due]
    decision: dict[str, Any]
    effect: dict[str, Any]
    terms: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment under a proposal."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How many messages are sent once more."""

    messages: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportColumn:
    """One column: `kind` says what the text of its cells is."""

    key: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEntry:
    """One report there is."""

    code: str
    title: str
    about: str
    compares_two_days: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEntries:
    """Every report, and the closed days they can be asked for."""

    reports: list[ReportEntry]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """Rows from `offset` on; money in major units, shares of one, dates in ISO-8601.

    A cell is text in codes, never a word of a language; null where there is nothing.
    """

    key: str
    title: str
    columns: list[ReportColumn]
    rows: list[list[str | None]]
    totals: dict[str, str]
    row_count: int
    metric: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """A report of a day; the same day and conditions, the same `fingerprint`."""

    code: str
    as_of: date
    since: date | None
    currency: str
    fingerprint: str
    positions: str
    unverified_rules: list[str]
    tables: list[ReportTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGiven:
    """What came of a contact (`decision` allowed it) or of work without one.

    `version` is that of the case as it was seen; `seconds` after the answer of the gate
    the contact was made; `item` is what was to be done and now is.
    """

    version: int
    code: str
    decision: int | None = None
    action: str | None = None
    promise: PromiseGiven | None = None
    follow_up_at: datetime | None = None
    note: str = ""
    item: int | None = None
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultMade:
    """Numbers of what was written; the case has the new `version`."""

    result: int | None
    attempt: int | None
    promise: int | None
    item: int | None
    hold: int | None
    next_at: datetime | None
    version: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSaid:
    """What came of working a case once."""

    id: int
    case: int
    action: str
    code: str
    attempt: int | None
    decision: int | None
    promise: int | None
    item: int | None
    hold: int | None
    follow_up_at: datetime | None
    by: str
    at: datetime
    business_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSaidPage:
    """Page[ResultSaid]"""

    items: list[ResultSaid]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalIn:
    """Since when the payment does not count, and why."""

    reversed_on: date | str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """An approved change of this lender, on the days on which it counts."""

    begins_on: date
    ends_on: date | None
    step: Step
    values: dict[str, Any]
    reason: str
    source: str
    proposal: int
    proposed_by: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChangeAsked:
    """The proposal, which another person decides, and every value before and after."""

    proposal: int
    rule: str
    step: str
    begins_on: date
    ends_on: date | None
    before: dict[str, Any]
    after: dict[str, Any]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChangeIn:
    """How the rule is to hold from a day on: own values, off, or as the rule book says.

    `values` as a rule file has them: whole numbers, shares as text ("0.24"), true or
    false, lists of words. What is left out is as the rule says.
    """

    begins_on: date | str
    source: str
    reason: str
    step: Literal["values", "off", "law"] = "values"
    ends_on: date | str | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule and the version in force; texts by language (`zh-Hans`, `en`)."""

    id: str
    title: dict[str, str]
    jurisdiction: str
    licences: list[str]
    force: list[str]
    begins_on: date
    ends_on: date | None
    status: Literal["verified", "unverified"]
    switched_on: bool
    changed: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLinePage:
    """Page[RuleLine]"""

    items: list[RuleLine]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """A text the version rests on; P read, S second hand, M from memory, H our own."""

    text: str
    place: str
    evidence: Literal["P", "S", "M", "H"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleValue:
    """One value as the rule file has it; `ours` is what holds for this lender.

    `asserted`: it may be stated as what the law says. Null is a number not known.
    """

    name: str
    title: dict[str, str]
    unit: str
    stricter: str
    law: Any
    ours: Any
    asserted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """What the rule says on [begins_on, ends_on); `binding`: only to be tightened."""

    begins_on: date
    ends_on: date | None
    dates_stated: bool
    text: dict[str, str]
    status: Literal["verified", "unverified"]
    binding: bool
    sources: list[RuleSource]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWhole:
    """A rule with its versions, its values on `on`, and this lender's changes.

    `in_force` is the first day of the version whose values these are, or null.
    """

    id: str
    title: dict[str, str]
    jurisdiction: str
    licences: list[str]
    force: list[str]
    verbs: list[str]
    enforcement: dict[str, str]
    on: date
    in_force: date | None
    switched_on: bool
    values: list[RuleValue]
    versions: list[RuleVersion]
    changes: list[RuleChange]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person decided at one level, and for whom."""

    level: int
    verdict: str
    by: str
    on_behalf_of: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The version of the case as it was seen."""

    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementIn:
    """The amounts that together close the loan; the rest is given up."""

    parts: list[DueIn]
    difficulty: Literal[
        "none",
        "overdue",
        "cash_flow",
        "already_bad",
        "no_refinancing",
        "delisting",
        "other",
    ]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareGiven:
    """Which queue is shared out, and how; `again`: only what nobody worked for long."""

    mode: str = "unassigned"
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A distribution: who got how much, how even it is (Gini, per mille)."""

    batch: int | None
    queue: str
    moved: int
    back: int
    left: dict[str, int]
    downgraded: dict[str, int]
    got: list[GotSaid]
    uneven_cases_per_mille: int
    uneven_money_per_mille: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyDraftIn:
    """A draft to begin: of `content`, else as version `based_on`, else as the live one."""

    based_on: int | None = None
    content: dict[str, Any] | None = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyDraftKept:
    """The content of a draft as it is to be kept, by who has seen `rev`."""

    rev: int
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFinding:
    """What is wrong in a version: overlap, gap, unreachable, cell, unknown, held,
    bound. A `blocking` one has to be mended before the version may be proposed.
    """

    kind: str
    rows: list[str]
    words: str
    blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyVersion:
    """A version without its content.

    It holds on the mornings [begins_on, ended_on). `rev` counts the times a draft was
    kept; who keeps it says which one they saw.
    """

    id: int
    strategy: int
    code: str
    title: dict[str, str]
    number: int
    state: Literal["draft", "reviewed", "scheduled", "live", "retired"]
    origin: str
    digest: str
    rev: int
    based_on: int | None
    authors: list[str]
    begins_on: date | None
    ended_on: date | None
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyListed:
    """A strategy; `place` is its turn: the first with a row for a customer has them."""

    id: int
    code: str
    title: dict[str, str]
    place: int
    live: StrategyVersion | None
    coming: list[StrategyVersion]
    drafts: list[StrategyVersion]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyListedPage:
    """Page[StrategyListed]"""

    items: list[StrategyListed]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyProposalIn:
    """A draft to be proposed; without `begins_on` its day is named after the decision."""

    rev: int
    reason: str
    begins_on: date | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyProposed:
    """The proposal, which another person decides; None where it was only tried."""

    proposal: int | None
    version: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyRehearsal:
    """A rehearsal: how far it is (per mille), and what it came to, amounts in fen."""

    id: int
    version: int
    as_of: date
    state: Literal["asked", "running", "done", "failed"]
    per_mille: int
    still_so: bool
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyRehearsalAsked:
    """The rehearsal that was asked for."""

    id: int
    version: int
    as_of: date
    state: Literal["asked", "running", "done", "failed"]
    per_mille: int
    still_so: bool
    summary: dict[str, Any]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyRehearsalIn:
    """Which state of the draft is to be tried."""

    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyVersionKept:
    """The version as it is after the deed."""

    id: int
    strategy: int
    code: str
    title: dict[str, str]
    number: int
    state: Literal["draft", "reviewed", "scheduled", "live", "retired"]
    origin: str
    digest: str
    rev: int
    based_on: int | None
    authors: list[str]
    begins_on: date | None
    ended_on: date | None
    decided_by: str
    decided_at: datetime | None
    content: dict[str, Any]
    findings: list[StrategyFinding]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyVersionWhole:
    """A version with what it says, as the YAML file has it, and what was found in it."""

    id: int
    strategy: int
    code: str
    title: dict[str, str]
    number: int
    state: Literal["draft", "reviewed", "scheduled", "live", "retired"]
    origin: str
    digest: str
    rev: int
    based_on: int | None
    authors: list[str]
    begins_on: date | None
    ended_on: date | None
    decided_by: str
    decided_at: datetime | None
    content: dict[str, Any]
    findings: list[StrategyFinding]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsIn:
    """A change of terms; fields as its kind needs them."""

    change: Literal[
        "extension",
        "reschedule",
        "re_age",
        "re_amortise",
        "interest_pause",
        "rate_change",
        "due_day_change",
        "account",
        "guarantor",
        "collateral",
    ]
    difficulty: Literal[
        "none",
        "overdue",
        "cash_flow",
        "already_bad",
        "no_refinancing",
        "delisting",
        "other",
    ]
    reason: str
    agreed: str
    periods: int | None = None
    first_due_on: date | str | None = None
    until: date | str | None = None
    annual_rate: str | None = None
    arrears: bool | None = None
    penalty: Literal["keep", "waive"] | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneSaid:
    """Which cases went back, and which moved on since and stay."""

    batch: int
    back: list[int]
    kept: list[int]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeIn:
    """A better class and the three proofs without which nothing leaves 不良."""

    to: Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
    paid: str
    able: str
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverIn:
    """Amounts to give up; with `receive`, only once so much has come in by `until`."""

    parts: list[Part]
    difficulty: Literal[
        "none",
        "overdue",
        "cash_flow",
        "already_bad",
        "no_refinancing",
        "delisting",
        "other",
    ]
    reason: str
    receive: Decimal | str = "0"
    until: date | str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """When the gate would allow in the next seven days, nothing else happening."""

    channel: str
    verdict: str
    windows: list[Open]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeProposal:
    """A proposal with what would change and what was said of it.

    `why_not` says why this token's person may not decide it now, `overtaken` that its
    subject has changed since it was proposed.
    """

    id: int
    kind: str
    kind_name: str
    subject_type: str
    subject_id: str
    title: str
    amount: Decimal | None
    currency: str
    count: int | None
    reason: str
    proposed_by: str
    proposed_for: str
    proposed_at: datetime
    business_date: date | None
    levels: list[str]
    level: int
    waits_for: str
    due_at: datetime
    late: bool
    state: str
    decided_by: str
    closed_at: datetime | None
    serves_until: datetime | None
    changes: list[Change]
    decisions: list[Said]
    comments: list[Remark]
    may_decide: bool
    why_not: str
    overtaken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why, and the version of the case as it was seen."""

    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMade:
    """The number of what was written down; None where it was only tried."""

    id: int | None
    dry_run: bool
