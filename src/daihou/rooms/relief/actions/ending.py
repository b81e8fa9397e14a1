"""What was agreed ends with its case: plans of a person whose case is closed."""

from collections.abc import Sequence

from daihou.rooms.approvals import door as approvals
from daihou.rooms.casework import door as casework
from daihou.rooms.relief.actions.common import move, tell
from daihou.rooms.relief.models import Relief
from daihou.rooms.relief.states import Kind

# Closed because the debt is gone another way: what was agreed is not broken.
_GONE = frozenset({"SOLD", "WRITTEN_OFF_NO_CLAIM", "DISPUTE_UPHELD", "ID_FRAUD"})


def end_with_cases(case_ids: Sequence[int], code: str, deed: casework.Deed) -> None:
    """End live plans of cases closed because the claim is gone or sold.

    One closed as cured or paid leaves the plan to its own money: it is completed, or
    goes on, by what comes in.
    """
    if code not in _GONE:
        return
    customers = casework.customers_of(case_ids)
    rows = Relief.objects.select_for_update().filter(
        customer_id__in=sorted(customers),
        kind=Kind.PLAN.value,
        state__in=["accepted", "active", "at_risk", "suspended"],
    )
    ours = approvals.Deed(
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    )
    for row in rows.order_by("pk"):
        before = row.state
        move(row, "cancelled", ended_on=deed.business_date, ended_because="case_closed")
        tell(row, "arrangement.cancelled", ours, {"code": code}, before=before)
