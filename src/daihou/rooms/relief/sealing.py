"""What of relief is sealed: reasons, evidence, stories, what came of means."""

from typing import Final

from daihou.kit import secret
from daihou.kit.secret_places import Place

TEXT: Final = "relief.text"
PLACES: Final = tuple(
    Place(table=table, column=column, about=TEXT)
    for table, column in (
        ("relief_relief", "reason"),
        ("relief_relief", "evidence"),
        ("relief_household", "confirmed_why"),
        ("relief_household", "story"),
        ("relief_source", "note"),
        ("relief_means", "outcome"),
    )
)
LONGEST: Final = 2000


def seal(text: str) -> str:
    """Text as it is kept; '' stays ''."""
    plain = text.replace("\0", "").strip()[:LONGEST]
    return secret.seal(plain, about=TEXT) if plain else ""


def opened(sealed: str) -> str:
    """Text as it was written; '' where its key is gone."""
    if not secret.is_sealed(sealed):
        return sealed
    try:
        return secret.open(sealed, about=TEXT)
    except secret.CannotOpen:
        return ""
