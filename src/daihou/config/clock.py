"""The only reader of the wall clock: everything else is told the date and the instant.

Code below `config` takes `as_of` (a business date) and `at` (an instant) as arguments.
The edges (middleware, job wrapper, command line) ask here once and pass it on.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TIME_ZONE = "Asia/Shanghai"

_frozen_at: datetime | None = None
_ahead = timedelta(0)


def now() -> datetime:
    """The instant, aware, in UTC."""
    return _frozen_at or datetime.now(UTC) + _ahead


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


def go_on_from(at: datetime) -> None:
    """Let this process's clock go on from an instant, for measurements of an hour of
    the day; `at` must be aware."""
    global _ahead
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware instant.")
    _ahead = at - datetime.now(UTC)
