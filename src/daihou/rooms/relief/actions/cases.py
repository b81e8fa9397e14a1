"""The case of a customer hears what was agreed, and when it no longer lives."""

from dataclasses import replace

from django.db import transaction

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door as casework
from daihou.rooms.clocks import door as clocks
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief.actions.common import Deed, hand, today
from daihou.rooms.relief.models import Relief
from daihou.rooms.relief.states import Kind

_RESOLUTION = {
    Kind.PLAN: casework.Resolution.ARRANGEMENT,
    Kind.SETTLEMENT: casework.Resolution.SETTLEMENT,
    Kind.TERMS: casework.Resolution.RESTRUCTURED,
}


def _deed(case: casework.CaseLine, deed: Deed) -> casework.Deed:
    """Who agreed tells the case; of a case of another branch the room itself does."""
    seen = deed.by.scope.allows(case.branch, product=case.product, officer=case.officer)
    return casework.Deed(
        by=deed.by if seen else hand(),
        at=deed.at,
        business_date=today(deed),
        request_id=deed.request_id,
    )


def agreed(row: Relief, deed: Deed) -> None:
    """Set the resolution of the customer's open case, if there is one."""
    kind = Kind(row.kind)
    case = casework.case_of(row.customer_id)
    if case is None or kind not in _RESOLUTION:
        return
    casework.set_resolution(
        case.id,
        resolution=_RESOLUTION[kind],
        reference=row.number,
        deed=_deed(case, deed),
    )


def ended(row: Relief, deed: Deed) -> None:
    """What was agreed lives no more: kept, broken or taken back."""
    case = casework.case_of(row.customer_id)
    if case is None or Kind(row.kind) not in _RESOLUTION:
        return
    casework.end_resolution(case.id, reference=row.number, deed=_deed(case, deed))


def acknowledged(row: Relief, evidence: str, deed: Deed) -> None:
    """Tell the clocks of law that the debtor agreed to pay (CN-LIM-04).

    A jurisdiction whose rules name no such event hears nothing. Whatever else is
    refused is refused to who accepts: what shows the agreement has to be kept. A loan
    of the plan in another branch is told by the room, in their name.
    """
    told = clocks.EventIn(
        kind="repayment_plan", happened_on=today(deed), evidence=evidence
    )
    of_room = replace(deed, by=hand(), on_behalf_of=deed.by.username)
    for loan_id in row.loan_ids:
        mine = ledger.reading.lines_of([loan_id], scope=deed.by.scope)
        try:
            with transaction.atomic():
                clocks.tell_event(loan_id, told, deed=deed if mine else of_room)
        except Refused as refused:
            if refused.code != "event_unknown":
                raise
