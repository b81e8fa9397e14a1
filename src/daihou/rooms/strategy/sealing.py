"""What of strategies is sealed, and how long it is kept: why people ordered something."""

from typing import Final

from daihou.kit import secret
from daihou.kit.secret_places import Place
from daihou.rooms.ledger import door as ledger

REASON: Final = "strategy.reason"
PLACES: Final = (
    Place(table="strategy_order", column="reason", about=REASON),
    Place(table="strategy_order", column="end_reason", about=REASON),
)
_GONE: Final = ledger.personal.GONE


def _emptied(column: str) -> str:
    return f"{column} = case when h.{column} = '' then '' else '{_GONE}' end"


# What was ordered stays; what was said of why goes.
ROWS: Final = ledger.personal.Theirs(
    data_class="contact_history",
    table="strategy_order",
    on="h.given_on",
    where=f"(h.reason not in ('', '{_GONE}') or h.end_reason not in ('', '{_GONE}'))",
    empty=f"{_emptied('reason')}, {_emptied('end_reason')}",
)


def seal(text: str) -> str:
    """Text as it is kept; nothing stays nothing."""
    plain = text.replace("\0", "").strip()
    return secret.seal(plain, about=REASON) if plain else ""


def opened(sealed: str) -> str:
    """Text as it was written; '' where its key is gone."""
    if not secret.is_sealed(sealed):
        return sealed
    try:
        return secret.open(sealed, about=REASON)
    except secret.CannotOpen:
        return ""
