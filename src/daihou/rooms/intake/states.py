"""What an intake can come to, and the moves between; plain data."""

from enum import StrEnum


class BatchState(StrEnum):
    """Where an intake stands.

    It is checked and applied in one transaction, so no reader ever meets one in
    `checking`; the state exists to name where a killed intake falls back to. One
    whose files are `known` from before leaves no trace at all.
    """

    CHECKING = "checking"
    APPLIED = "applied"
    REFUSED = "refused"
    KNOWN = "known"


MOVES: dict[BatchState, frozenset[BatchState]] = {
    BatchState.CHECKING: frozenset(
        {BatchState.APPLIED, BatchState.REFUSED, BatchState.KNOWN}
    ),
    BatchState.APPLIED: frozenset(),
    BatchState.REFUSED: frozenset(),
    BatchState.KNOWN: frozenset(),
}
