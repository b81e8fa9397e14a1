"""What an intake can come to, and the moves between; plain data."""

from collections.abc import Mapping
from enum import StrEnum


class BatchState(StrEnum):
    """Where an intake stands.

    It is checked and applied in one transaction, so no reader ever meets one in
    `checking`: a killed intake was never there. One whose files are `known` from
    before leaves no trace either; the history has the first time already.
    """

    CHECKING = "checking"
    APPLIED = "applied"
    REFUSED = "refused"
    KNOWN = "known"


MOVES = (
    (BatchState.CHECKING, BatchState.APPLIED),
    (BatchState.CHECKING, BatchState.REFUSED),
    (BatchState.CHECKING, BatchState.KNOWN),
)

DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {"Intake": MOVES}
