"""What leaves the house as a report is written down before it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

EXPORTED, WRITTEN = "report.exported", "report.of_customer_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is taken out: which report of which day, in which form, how many rows."""

    code: str
    as_of: date
    form: str
    rows: int
    fingerprint: str
    address: str = ""


@transaction.atomic
def take_out(taken: Taken, *, loan_ids: Sequence[int], deed: approvals.Deed) -> None:
    """Record that a report leaves; NotAllowed to who may not export.

    One that names loans counts with the lists of the ledger: more than one person may
    take out alone in a day is refused, and a canary among them is reported.
    """
    people.require(deed.by, people.Permission.VIEW_PORTFOLIO)
    people.require(deed.by, people.Permission.EXPORT_LEDGER)
    if loan_ids and not ledger.personal.take_out_alone(
        as_of=taken.as_of,
        loan_ids=loan_ids,
        address=f"reports/{taken.code}/?{taken.address}"[:2_000],
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    ):
        raise Refused(
            "export_too_large",
            _(
                "More loans than one person may take out alone in a day. Narrow the"
                " report, or ask for the list in the overdue ledger: there a second"
                " person says yes."
            ),
            rows=len(loan_ids),
        )
    audit.record(
        type=EXPORTED,
        subject_type="report",
        subject_id=taken.code,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={
            "as_of": taken.as_of.isoformat(),
            "form": taken.form,
            "rows": taken.rows,
            "fingerprint": taken.fingerprint,
            "address": taken.address[:500],
        },
        request_id=deed.request_id,
    )


@transaction.atomic
def write_customer(
    customer_id: int,
    *,
    kind: str,
    form: str,
    loan_ids: Sequence[int],
    deed: approvals.Deed,
) -> None:
    """Record that a report on one customer leaves as a file.

    NotAllowed to who may not export; a canary is reported.
    """
    people.require(deed.by, people.Permission.EXPORT_LEDGER)
    audit.record(
        type=WRITTEN,
        subject_type="customer",
        subject_id=customer_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"kind": kind, "form": form},
        request_id=deed.request_id,
    )
    ledger.personal.watch_export(
        loan_ids,
        doing=ledger.personal.Doing(
            by=deed.by,
            at=deed.at,
            business_date=deed.business_date,
            request_id=deed.request_id,
        ),
    )
