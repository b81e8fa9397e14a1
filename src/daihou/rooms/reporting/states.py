"""The words of reporting; plain data."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a loan is late: a closed list, and no room for others."""

    INCOME_LOST = "income_lost"
    BUSINESS_FAILED = "business_failed"
    OVER_INDEBTED = "over_indebted"
    FORGOT = "forgot"
    DISPUTE = "dispute"
    FRAUD = "fraud"
    UNWILLING = "unwilling"
    MACRO = "macro"


class Whose(StrEnum):
    """Whose target it is."""

    HOUSE = "house"
    BRANCH = "branch"  # loans of this branch
    TEAM = "team"  # hands that belong to this unit
    PERSON = "person"


class Measure(StrEnum):
    """What a target counts."""

    CASH = "cash"
    CURED = "cured"  # cases whose debt was paid or is no longer late


class CostKind(StrEnum):
    """What money is spent on."""

    STAFF = "staff"
    TELECOM = "telecom"
    AGENCY = "agency"
    LEGAL = "legal"
    SYSTEM = "system"
    OTHER = "other"


class CallbackResult(StrEnum):
    """What a call-back heard."""

    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    COMPLAINED = "complained"
    UNREACHED = "unreached"
    DECLINED = "declined"


# How a case ended that brought what was owed.
CURED: Final = frozenset(
    {"CURED", "PAID_FULL", "PAID_PARTIAL_SETTLED", "ARRANGEMENT_COMPLETED"}
)
# What the result of a talk says by itself, where nobody told a reason.
HEARD: Final[Mapping[str, Reason]] = {
    "DISPUTE": Reason.DISPUTE,
    "ID_FRAUD": Reason.FRAUD,
    "REFUSE": Reason.UNWILLING,
}
