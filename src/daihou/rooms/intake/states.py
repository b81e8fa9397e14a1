"""What an intake can come to; plain data."""

from collections.abc import Mapping
from enum import StrEnum


class BatchState(StrEnum):
    """How an intake ended.

    It is checked and applied in one transaction, so a batch is born in its last state
    and a killed intake was never there. `KNOWN` answers the sender of files that were
    taken in before; it leaves no batch, the history has the first time already.
    """

    APPLIED = "applied"
    REFUSED = "refused"
    KNOWN = "known"


STORED = (BatchState.APPLIED, BatchState.REFUSED)
BEGIN = "[*]"

DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Intake": tuple((BEGIN, state) for state in STORED)
}
