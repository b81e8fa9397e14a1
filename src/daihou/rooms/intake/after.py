"""What later rooms do with rows that were just taken in, in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An intake that was applied: its number, which tables, by whom and when."""

    batch_id: int
    tables: frozenset[str]
    by: str
    at: datetime
    business_date: date | None


Follow = Callable[[TakenIn], None]
_follow: dict[str, Follow] = {}


def register(name: str, follow: Follow) -> None:
    """Say what follows an intake; the same name again replaces it."""
    _follow[name] = follow


def tell(taken: TakenIn) -> None:
    """Let every room do its part."""
    for name in sorted(_follow):
        _follow[name](taken)
