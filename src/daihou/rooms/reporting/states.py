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


# What the result of a talk says by itself, where nobody told a reason.
HEARD: Final[Mapping[str, Reason]] = {
    "DISPUTE": Reason.DISPUTE,
    "ID_FRAUD": Reason.FRAUD,
    "REFUSE": Reason.UNWILLING,
}
