"""What leaves the lab as a file is told."""

from django.db import transaction

from daihou.rooms.approvals.door import Deed
from daihou.rooms.audit import door as audit


@transaction.atomic
def record_export(*, address: str, kind: str, fingerprint: str, deed: Deed) -> None:
    """Write down that the answer to a question was taken out as a file."""
    audit.record(
        type="portfolio.exported",
        subject_type="portfolio",
        subject_id=0,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        payload={"question": address, "as": kind, "fingerprint": fingerprint},
    )
