"""What of reporting is sealed, and how long it is kept: what call-backs heard."""

from typing import Final

from daihou.kit import secret
from daihou.kit.secret_places import Place
from daihou.rooms.ledger import door as ledger

NOTE: Final = "reporting.callback"
PLACES: Final = (Place(table="reporting_callback", column="note", about=NOTE),)
_GONE: Final = ledger.personal.GONE
# That somebody was called back, and what came of it in a word, stays.
ROWS: Final = ledger.personal.Theirs(
    data_class="contact_history",
    table="reporting_callback",
    on="h.of_day",
    where=f"h.note not in ('', '{_GONE}')",
    empty=f"note = case when h.note = '' then '' else '{_GONE}' end",
    triggers=("reporting.Callback:callback_told_once",),
)


def seal(text: str) -> str:
    """Text as it is kept; nothing stays nothing."""
    plain = text.replace("\0", "").strip()
    return secret.seal(plain, about=NOTE) if plain else ""


def opened(sealed: str) -> str:
    """Text as it was written; '' where its key is gone."""
    if not secret.is_sealed(sealed):
        return sealed
    try:
        return secret.open(sealed, about=NOTE)
    except secret.CannotOpen:
        return ""
