"""What collecting cost, as a later room keeps it, for the first page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from daihou.kit.scope import Scope

# The days asked about, whose sight, the currency; minor units of the year to each day.
Count = Callable[[Sequence[date], Scope, str], Mapping[date, int]]

_counts: list[Count] = []


def register(count: Count) -> None:
    """Say who counts costs, at start-up; another one replaces it.

    `count(days, scope, currency)` leaves a day out for whose year nothing is known.
    """
    _counts[:] = [count]


def of_years(days: Sequence[date], scope: Scope, currency: str) -> Mapping[date, int]:
    """Costs of the year to each day, in minor units; nothing where no room counts."""
    return _counts[0](days, scope, currency) if _counts else {}
