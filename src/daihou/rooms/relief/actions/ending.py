"""What was agreed ends with its case, where the claim is gone or sold."""

from collections.abc import Sequence

from daihou.rooms.approvals import door as approvals
from daihou.rooms.casework import door as casework
from daihou.rooms.relief.actions.common import move, tell
from daihou.rooms.relief.actions.deciding import event_of
from daihou.rooms.relief.models import Relief
from daihou.rooms.relief.states import Kind

# Closed because the debt is gone another way: what was agreed is not broken.
_GONE = frozenset({"SOLD", "WRITTEN_OFF_NO_CLAIM", "DISPUTE_UPHELD", "ID_FRAUD"})


# What is ended: agreed and running, offered, or waiting for money that would post it.
_ENDED = {
    "cancelled": ("accepted", "active", "at_risk", "suspended"),
    "withdrawn": ("approved", "conditional", "accepted"),
}


def end_with_cases(case_ids: Sequence[int], code: str, deed: casework.Deed) -> None:
    """End what is agreed on cases closed because the claim is gone or sold.

    Offers and what waits for money end too, so that nothing more is posted. One closed
    as cured or paid leaves all of it to its own money: it is completed, or goes on, by
    what comes in.
    """
    if code not in _GONE:
        return
    customers = sorted(casework.customers_of(case_ids))
    states = {state for some in _ENDED.values() for state in some}
    rows = Relief.objects.select_for_update().filter(
        customer_id__in=customers, state__in=sorted(states)
    )
    ours = approvals.Deed(
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    )
    for row in rows.order_by("pk"):
        before = row.state
        agreed = row.kind == Kind.PLAN and before in _ENDED["cancelled"]
        state = "cancelled" if agreed else "withdrawn"
        move(row, state, ended_on=deed.business_date, ended_because="case_closed")
        tell(row, f"{event_of(row)}.{state}", ours, {"code": code}, before=before)
