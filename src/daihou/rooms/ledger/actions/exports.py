"""What leaves the house is written down before it leaves."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions.canaries import Doing, watch_export
from daihou.rooms.people import door as people


@transaction.atomic
def record_export(
    *,
    as_of: date,
    rows: int,
    address: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    loan_ids: Sequence[int] = (),
    names: str = "",
    request_id: str = "",
    proposal: int = 0,
) -> None:
    """Record that `by` took out `rows` rows of the ledger behind `address`.

    Refused (NotAllowed) to who may not export, or not with `names` (whole). A canary
    among the loans is reported. `proposal` is the approval it left on, if any.
    """
    people.require(by, people.Permission.EXPORT_LEDGER)
    if names:
        people.require(by, people.Permission.EXPORT_PERSONAL)
    audit.record(
        type="ledger.exported",
        subject_type="ledger",
        subject_id=as_of.isoformat(),
        by=by.username,
        at=at,
        business_date=business_date,
        payload={"rows": rows, "address": address}
        | ({"names": names} if names else {})
        | ({"proposal": proposal} if proposal else {}),
        request_id=request_id,
    )
    doing = Doing(by=by, at=at, business_date=business_date, request_id=request_id)
    watch_export(loan_ids, doing=doing)
