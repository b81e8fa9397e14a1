"""How an open loan stands to the caps on its cost, as far as a list is kept of it."""

from typing import Final

OVER: Final = "over"
NOT_ASSERTED: Final = "not_asserted"
LISTED: Final = (OVER, NOT_ASSERTED)
