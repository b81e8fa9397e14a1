"""The round that settles what files of payments brought, while no night runs."""

from datetime import date, datetime
from time import monotonic
from typing import Final

from django.utils.translation import gettext_noop

from daihou.rooms.dayend import queries
from daihou.rooms.ledger import door as ledger
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

EVERY: Final = 2.0  # seconds between two looks
WORK: Final = 1.0  # seconds of one turn: the other rounds wait for it
UNSETTLED: Final = "dayend.unsettled"


def settle_due(*, at: datetime) -> None:
    """Settle loans of files that came in on the open day, some at a time, for a second.

    The next turn goes on where this one stopped. Not while a night runs: it froze its
    facts before and would write over this.
    """
    until = monotonic() + WORK
    left = True
    while left:
        left = _settle_some(at=at) and monotonic() < until


def _settle_some(*, at: datetime) -> bool:
    """Settle some loans in one transaction; whether more may be waiting."""
    day = queries.business_date()
    if day is None or queries.is_running():
        return False

    def failed(loan_id: int, number: str, _error: Exception) -> None:
        _tell(loan_id, number, on=day.on, at=at)

    done = ledger.posting.settle_taken_in(business_date=day.on, failed=failed)
    return done >= ledger.posting.SETTLED_AT_ONCE


def _tell(loan_id: int, number: str, *, on: date, at: datetime) -> None:
    """Whoever closes days hears of a loan that cannot be settled, once on a day."""
    key = f"loan {loan_id} {on.isoformat()}"
    if notices.told(kind=UNSETTLED, key=key):
        return
    notices.notify(
        kind=UNSETTLED,
        text=gettext_noop(
            "The money of a file on loan %(loan)s could not be settled: its terms or"
            " product are at fault. What it owes is as it was before"
        ),
        params={"loan": number},
        permission=people.Permission.RUN_DAY_END.value,
        url=f"/loans/{loan_id}/",
        level="bad",
        key=key,
        at=at,
    )
