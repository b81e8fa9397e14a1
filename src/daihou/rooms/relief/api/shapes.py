"""What programs send and get of relief."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from daihou.kit.api.values import Amount, Day, Given, Id, Money, Schema

Kind = Literal["waiver", "plan", "settlement", "terms"]
Component = Literal["principal", "interest", "penalty", "compound", "fee"]
Difficulty = Literal[
    "none",
    "overdue",
    "cash_flow",
    "already_bad",
    "no_refinancing",
    "delisting",
    "other",
]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Deed = Literal["accept", "counter", "skip", "withdraw", "cancel", "suspend", "resume"]
Change = Literal[
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


class Part(Given):
    """An amount of one component that is given up."""

    component: Component
    amount: Amount


class DueIn(Given):
    """An amount that is to come in by a day."""

    on: Day
    amount: Amount


class Due(Schema):
    """An instalment: due, amount, what of it came in."""

    seq: int
    due_on: date
    amount: Money
    paid: Money
    missed: bool


class ReliefLine(Schema):
    """One request; `levels` are the roles that decide, one after the other."""

    id: int
    number: str
    kind: Kind
    state: str
    customer_id: int
    loan_id: int
    currency: str
    given_up: Money
    receive: Money
    received: Money
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


class ReliefWhole(ReliefLine):
    """The same with parts, rows, the decision of the matrix, figures before and after."""

    parts: dict[str, Money]
    rows: list[Due]
    decision: dict[str, Any]
    effect: dict[str, Any]
    terms: dict[str, Any]


class ReliefMade(ReliefWhole):
    """The request as it is after the deed, or would be where it was only tried."""

    dry_run: bool


class ReliefQuestion(Schema):
    """Which requests to list."""

    kind: Kind | None = None
    state: str = ""


class WaiverIn(Given):
    """Amounts to give up; with `receive`, only once so much has come in by `until`."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=5)]
    difficulty: Difficulty
    reason: Text
    receive: Amount = "0"
    until: Day | None = None


class PlanIn(Given):
    """An arrangement; without `total` all that is overdue is spread."""

    count: Annotated[int, Field(ge=1, le=600)]
    first_due_on: Day
    difficulty: Difficulty
    reason: Text
    total: Amount | None = None
    every: Annotated[int, Field(ge=1, le=24)] = 1
    unit: Literal["days", "weeks", "months"] = "months"
    first_payment: Amount = "0"
    first_by: Day | None = None
    weights: list[Annotated[int, Field(ge=1)]] = Field(
        default_factory=list, max_length=600
    )
    re_age: bool = False
    interest_freeze: bool = False
    parts: list[Part] = Field(default_factory=list, max_length=5)
    loans: list[Id] = Field(default_factory=list, max_length=50)
    replaces: Id | None = None


class SettlementIn(Given):
    """The amounts that together close the loan; the rest is given up."""

    parts: Annotated[list[DueIn], Field(min_length=1, max_length=12)]
    difficulty: Difficulty
    reason: Text


class TermsIn(Given):
    """A change of terms; fields as its kind needs them."""

    change: Change
    difficulty: Difficulty
    reason: Text
    agreed: Text
    periods: Annotated[int, Field(ge=0, le=1200)] | None = None
    first_due_on: Day | None = None
    until: Day | None = None
    annual_rate: Annotated[str, Field(pattern=r"^0(\.\d{1,8})?$")] | None = None
    arrears: bool | None = None
    penalty: Literal["keep", "waive"] | None = None
    what: Annotated[str, Field(max_length=500)] | None = None


class DeedIn(Given):
    """What is done; `version` is the one that was looked at."""

    deed: Deed
    reason: Annotated[str, Field(max_length=2000)] = ""
    evidence: Annotated[str, Field(max_length=2000)] = ""
    seq: Annotated[int, Field(ge=1, le=600)] | None = None
    parts: list[DueIn] = Field(default_factory=list, max_length=12)
    version: Annotated[int, Field(ge=1)] | None = None
