"""Notices of strategies: customers who cannot go on, and a rehearsal that is done."""

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_noop

from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

ALARM: Final = "strategy.alarm"
REHEARSED: Final = "strategy.rehearsed"


def alarmed(*, as_of: date, alarms: int, at: datetime) -> None:
    """Tell who decides on strategies that customers cannot go on by themselves.

    A case must never fall off the end of a journey unnoticed.
    """
    if not alarms:
        notices.done(kind=ALARM, key="steps", at=at)
        return
    notices.notify(
        kind=ALARM,
        text=gettext_noop(
            "Strategy: %(n)s customers cannot go on by themselves after the close of"
            " %(day)s"
        ),
        params={"n": alarms, "day": {"date": as_of.isoformat()}},
        permission=people.Permission.DECIDE_STRATEGY.value,
        url="/strategy/steps/?alarm=1",
        level="warn",
        at=at,
        key="steps",
    )


def rehearsed(*, rehearsal_id: int, name: str, by: str, at: datetime) -> None:
    """Tell who asked for a rehearsal that it is done."""
    notices.notify(
        kind=REHEARSED,
        text=gettext_noop("The rehearsal of %(name)s is done"),
        params={"name": name},
        logins=[by],
        url=f"/strategy/rehearsals/{rehearsal_id}/",
        at=at,
        key=str(rehearsal_id),
    )
