"""What programs send and get of strategies."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from daihou.kit.api.values import Day, Given, Id, Schema, StrictInt, Word

RehearsalState = Literal["asked", "running", "done", "failed"]
VersionState = Literal["draft", "reviewed", "scheduled", "live", "retired"]


class StrategyVersion(Schema):
    """A version without its content. It holds on the mornings [begins_on, ended_on).

    `rev` counts the times a draft was kept; who keeps it says which one they saw.
    """

    id: int
    strategy: int
    code: str
    title: dict[str, str]
    number: int
    state: VersionState
    origin: str
    digest: str
    rev: int
    based_on: int | None
    authors: list[str]
    begins_on: date | None
    ended_on: date | None
    decided_by: str
    decided_at: datetime | None


class StrategyListed(Schema):
    """A strategy; `place` is its turn: the first with a row for a customer has them."""

    id: int
    code: str
    title: dict[str, str]
    place: int
    live: StrategyVersion | None
    coming: list[StrategyVersion]
    drafts: list[StrategyVersion]


class StrategyFinding(Schema):
    """What is wrong in a version: overlap, gap, unreachable, cell, unknown, held, bound.

    A `blocking` one has to be mended before the version may be proposed.
    """

    kind: str
    rows: list[str]
    words: str
    blocking: bool


class StrategyVersionWhole(StrategyVersion):
    """A version with what it says, as the YAML file has it, and what was found in it."""

    content: dict[str, Any]
    findings: list[StrategyFinding]


class StrategyVersionKept(StrategyVersionWhole):
    """The version as it is after the deed."""

    dry_run: bool


class StrategyDraftIn(Given):
    """A draft to begin: of `content`, else as version `based_on`, else as the live one."""

    based_on: Id | None = None
    content: dict[str, Any] | None = None


class StrategyDraftKept(Given):
    """The content of a draft as it is to be kept, by who has seen `rev`."""

    rev: Annotated[StrictInt, Field(ge=1)]
    content: dict[str, Any]


class StrategyRehearsalIn(Given):
    """Which state of the draft is to be tried."""

    rev: Annotated[StrictInt, Field(ge=1)]


class StrategyRehearsal(Schema):
    """A rehearsal: how far it is (per mille), and what it came to, amounts in fen."""

    id: int
    version: int
    as_of: date
    state: RehearsalState
    per_mille: int
    still_so: bool
    summary: dict[str, Any]


class StrategyRehearsalAsked(StrategyRehearsal):
    """The rehearsal that was asked for."""

    dry_run: bool


class StrategyProposalIn(Given):
    """A draft to be proposed; without `begins_on` its day is named after the decision."""

    rev: Annotated[StrictInt, Field(ge=1)]
    begins_on: Day | None = None
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class StrategyProposed(Schema):
    """The proposal, which another person decides; None where it was only tried."""

    proposal: int | None
    version: int
    dry_run: bool


class CustomerStepLine(Schema):
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


class StepFilter(Schema):
    """Which customers: at a queue, in a segment, by a row, with an action."""

    queue: Word = ""
    segment: Word = ""
    row: Word = ""
    action: Word = ""
