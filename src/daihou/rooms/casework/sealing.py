"""What of casework is sealed: reasons, evidence, drafts."""

from typing import Final

from daihou.kit import secret
from daihou.kit.secret_places import Place

REASON: Final = "casework.reason"
DRAFT: Final = "casework.draft"
NOTE: Final = "casework.note"
PLACES: Final = (
    Place(table="casework_hold", column="reason", about=REASON),
    Place(table="casework_hold", column="evidence", about=REASON),
    Place(table="casework_hold", column="release_reason", about=REASON),
    Place(table="casework_skip", column="reason", about=REASON),
    Place(table="casework_draft", column="content", about=DRAFT),
    Place(table="casework_result", column="note", about=NOTE),
    Place(table="casework_marker", column="evidence", about=REASON),
    Place(table="casework_marker", column="decision", about=REASON),
    Place(table="casework_promise", column="end_reason", about=REASON),
)


def seal(text: str, *, about: str) -> str:
    """Text as it is kept; nothing stays nothing."""
    plain = text.replace("\0", "").strip()
    return secret.seal(plain, about=about) if plain else ""


def opened(sealed: str, *, about: str) -> str:
    """Text as it was written; '' where its key is gone."""
    if not secret.is_sealed(sealed):
        return sealed
    try:
        return secret.open(sealed, about=about)
    except secret.CannotOpen:
        return ""
