"""Whoever closes days hears of one that failed, once; the worker looks for it.

The night knows no people: it leaves the failure in its rows, and the office tells.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from daihou.rooms.dayend import queries
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

FAILED = "dayend.failed"
LOOK_BACK = timedelta(days=7)  # what failed longer ago is known by now


def tell_failed(*, at: datetime) -> None:
    """Tell of every run and request that failed lately and was not told yet."""
    for run in queries.failed_runs(since=at - LOOK_BACK):
        _tell(
            key=f"run {run.id}",
            text=gettext_noop("The day-end of %(day)s failed"),
            day=run.as_of.isoformat(),
            url=f"/day-end/{run.id}/",
            at=at,
        )
    for asked in queries.failed_requests(since=at - LOOK_BACK):
        if asked.as_of is None:
            continue
        _tell(
            key=f"request {asked.id}",
            text=gettext_noop("What %(by)s asked of the night for %(day)s failed"),
            day=asked.as_of.isoformat(),
            by=asked.by,
            url="/day-end/",
            at=at,
        )


def _tell(
    *, key: str, text: str, day: str, url: str, at: datetime, by: str = ""
) -> None:
    if notices.told(kind=FAILED, key=key):
        return
    notices.notify(
        kind=FAILED,
        text=text,
        params={"day": {"date": day}, "by": by},
        permission=people.Permission.RUN_DAY_END.value,
        url=url,
        level="bad",
        key=key,
        at=at,
    )
