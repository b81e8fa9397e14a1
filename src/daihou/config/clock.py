"""The only reader of the wall clock: everything else is told the date and the instant.

Code below `config` takes `as_of` (a business date) and `at` (an instant) as arguments.
The edges (middleware, job wrapper, command line) ask here once and pass it on.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TIME_ZONE = "Asia/Shanghai"

_frozen_at: datetime | None = None


def now() -> datetime:
    """The instant, aware, in UTC."""
    return _frozen_at or datetime.now(UTC)


def today(*, time_zone: str = TIME_ZONE) -> date:
    """The calendar date of `now` in the lender's time zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextlib.contextmanager
def standing_at(at: datetime) -> Iterator[None]:
    """Hold the clock at an instant, for tests and rehearsals; `at` must be aware."""
    global _frozen_at
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware instant.")
    before, _frozen_at = _frozen_at, at
    try:
        yield
    finally:
        _frozen_at = before
