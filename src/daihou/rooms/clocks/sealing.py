"""What of the clocks is sealed: the evidence, and why one was taken off the list."""

from typing import Final

from daihou.kit import secret
from daihou.kit.secret_places import Place

EVIDENCE: Final = "clocks.evidence"
PLACES: Final = (
    Place(table="clocks_clock", column="evidence", about=EVIDENCE),
    Place(table="clocks_clock", column="closed_evidence", about=EVIDENCE),
    Place(table="clocks_event", column="evidence", about=EVIDENCE),
    Place(table="clocks_event", column="struck_because", about=EVIDENCE),
)


def seal(text: str) -> str:
    """Text as it is kept; nothing stays nothing."""
    plain = text.replace("\0", "").strip()
    return secret.seal(plain, about=EVIDENCE) if plain else ""


def opened(sealed: str) -> str:
    """Text as it was written; '' where its key is gone."""
    if not secret.is_sealed(sealed):
        return sealed
    try:
        return secret.open(sealed, about=EVIDENCE)
    except secret.CannotOpen:
        return ""
