"""Steps of a morning: who stands in for whom today, and queues that are shared out."""

from collections.abc import Mapping
from datetime import date

from daihou.rooms.casework.actions import distributing, standing_in
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.models import Morning, Queue

Counts = Mapping[str, int]


def cover(*, as_of: date, deed: Deed) -> Counts:
    """Covers of the day take over; those whose time ended give back."""
    return {"cases": standing_in.stand_in(deed=deed)}


def share(*, as_of: date, deed: Deed) -> Counts:
    """Every queue that shares itself out: what nobody works goes on, then the rest."""
    mark = Morning.objects.filter(as_of=as_of).values_list("mark", flat=True).first()
    moved = again = 0
    for queue in Queue.objects.filter(active=True, auto=True):
        key = f"{as_of.isoformat()}:{queue.code}:{(mark or '')[:12]}"
        if queue.redistribute_days or queue.team_days:
            found = distributing.redistribute(
                queue.code, deed=deed, key=f"again:{key}"[:80]
            )
            again += found.moved
        found = distributing.distribute(queue.code, deed=deed, key=f"day:{key}"[:80])
        moved += found.moved
    return {"cases": moved, "again": again}
