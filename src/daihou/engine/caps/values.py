"""What is asked of the caps, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from daihou.engine.rulebook.decision import Decision

ASSIGNEE = "assignee"


class Standing(StrEnum):
    """How a price or a claim stands to its cap.

    `not_asserted`: a cap of that day is not known (no rule, or no cited LPR), and
    what is known of it is not exceeded; a person has to look.
    """

    WITHIN = "within"
    OVER = "over"
    NOT_ASSERTED = "not_asserted"


class Charge(StrEnum):
    """What is claimed beside the principal, in the order in which it is cut."""

    COMPOUND = "compound"
    PENALTY = "penalty"
    LATE_FEE = "late_fee"
    FEE = "fee"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Lending:
    """Who lent, when, and how: what decides which cap holds.

    `originator` is the licence of whoever paid the loan out, where it was assigned:
    the debtor keeps every defence against the assignee. `facilitated`: it came
    through a loan facilitator (助贷).
    """

    licence: str
    originated_on: date
    originator: str | None = None
    facilitated: bool = False

    @property
    def lender(self) -> str | None:
        """The licence the cap follows; None where it is not known."""
        return self.originator if self.licence == ASSIGNEE else self.licence


@dataclass(frozen=True, slots=True)
class Price:
    """The rates of a loan, as shares a year of the principal outstanding.

    `fee_rate` is all fees together, as a yearly share. `overdue_rate` and
    `misuse_rate` take the place of `rate` from the day of lateness or misuse.
    """

    rate: Decimal
    fee_rate: Decimal = Decimal(0)
    overdue_rate: Decimal | None = None
    misuse_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Principal outstanding, in minor units, on the days [begins_on, ends_on)."""

    begins_on: date
    ends_on: date
    principal: int

    @property
    def principal_days(self) -> int:
        """Minor units times days."""
        return self.principal * (self.ends_on - self.begins_on).days


@dataclass(frozen=True, slots=True)
class Claim:
    """What a lender claims for a time: principal by days, and charges, in minor units.

    `kept_back` was taken off the money paid out, as interest in advance.
    `first_principal` is what was lent first: where charges were added to the
    principal, the cap is counted on no more than that.
    """

    currency: str
    stretches: tuple[Stretch, ...]
    charges: Mapping[Charge, int]
    days_in_year: int
    kept_back: int = 0
    first_principal: int | None = None


@dataclass(frozen=True, slots=True)
class PriceAnswer:
    """Whether a price keeps its caps.

    `cap` is the lowest known yearly rate, None if none is known; `all_in` the
    highest cost the price can come to; `excess` what of it is above the cap;
    `overdue_most` the highest rate for lateness that the multiples allow.
    """

    decision: Decision
    standing: Standing
    cap: Decimal | None
    all_in: Decimal
    excess: Decimal
    overdue_most: Decimal | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """What of a claim is above the cap, in minor units.

    `allowance` is the most that all charges may be together; `cut` what is above
    it, by charge, and `claimable` the rest. With no known cap nothing is cut.
    """

    decision: Decision
    standing: Standing
    cap: Decimal | None
    allowance: int | None
    claimed: int
    excess: int
    cut: Mapping[Charge, int] = field(default_factory=lambda: MappingProxyType({}))
    claimable: Mapping[Charge, int] = field(
        default_factory=lambda: MappingProxyType({})
    )
