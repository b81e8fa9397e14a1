"""What people type into forms and addresses, read without trusting it.

Digits are the ten of ASCII: of other scripts `isdigit` says yes and `int` says no.
"""

from datetime import date
from typing import Final

KEY_DIGITS: Final = 18  # every number of this length fits a bigint
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


def whole(text: str, *, digits: int = KEY_DIGITS) -> int | None:
    """A whole number of at most so many digits, or None."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= digits:
        return int(plain)
    return None


def day(text: str) -> date | None:
    """A day as YYYY-MM-DD in a year that may be meant, or None."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
