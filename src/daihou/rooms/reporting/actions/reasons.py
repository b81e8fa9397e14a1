"""The only writer of why loans are late."""

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import OverdueReason
from daihou.rooms.reporting.states import Reason

TOLD = "reason.told"


@transaction.atomic
def tell_reason(loan_id: int, code: str, *, deed: approvals.Deed) -> None:
    """Write down why a loan is late, from the business date on.

    For who works cases, of a loan of their scope (NotFound else). Refused for what is
    not on the closed list; Conflict before the first business date.
    """
    people.require(deed.by, people.Permission.WORK_CASES)
    lines = ledger.reading.lines_of([loan_id], scope=deed.by.scope)
    if loan_id not in lines:
        raise no_such_loan(loan_id)
    if code not in {each.value for each in Reason}:
        raise Refused(
            "reason_unknown",
            _("Choose one of the reasons of the list."),
            field="reason",
        )
    if deed.business_date is None:
        raise Conflict("no_business_date", _("No business day is open yet."))
    OverdueReason.objects.create(
        loan_id=loan_id,
        code=code,
        told_on=deed.business_date,
        by=deed.by.username,
        at=deed.at,
    )
    audit.record(
        type=TOLD,
        subject_type="loan",
        subject_id=loan_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"reason": code},
        request_id=deed.request_id,
    )


def no_such_loan(loan_id: int) -> NotFound:
    """The refusal for a loan that is not there, or not for these eyes."""
    return NotFound(
        "loan_unknown",
        _(
            "There is no loan %(loan)s among those you may see. Check the number, or "
            "ask the branch that keeps it."
        )
        % {"loan": loan_id},
        loan=loan_id,
    )
