"""What leaves the house is written down before it leaves."""

from datetime import date, datetime

from django.db import transaction

from daihou.rooms.audit import door as audit
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
) -> None:
    """Record that `by` took out `rows` rows of the ledger behind `address`.

    Refused (NotAllowed) to who may not export.
    """
    people.require(by, people.Permission.EXPORT_LEDGER)
    audit.record(
        type="ledger.exported",
        subject_type="ledger",
        subject_id=as_of.isoformat(),
        by=by.username,
        at=at,
        business_date=business_date,
        payload={"rows": rows, "address": address},
    )
