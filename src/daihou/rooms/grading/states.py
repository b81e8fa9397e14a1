"""How a fact about a loan moves from being told to having ended."""

from collections.abc import Mapping
from enum import StrEnum


class FactState(StrEnum):
    """Where a fact stands; nothing is ever erased."""

    STANDS = "stands"
    ENDED = "ended"


FACT_MOVES = ((FactState.STANDS, FactState.ENDED),)
DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {"Fact of a class": FACT_MOVES}
