"""What is written of a customer: notes nobody changes, statements that were made."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions.canaries import Doing, watch_export
from daihou.rooms.ledger.actions.payments import Deed
from daihou.rooms.ledger.models import CustomerNote
from daihou.rooms.ledger.queries import seen
from daihou.rooms.people import door as people

LONGEST = 2_000  # characters


@transaction.atomic
def add_note(customer_id: int, *, text: str, deed: Deed) -> int:
    """Write a note on a customer of one's scope; return its number.

    The text is sealed and stands in no event: it may tell of health or family.
    """
    people.require(deed.by, people.Permission.ADD_NOTE)
    if not seen.customers(deed.by.scope).filter(pk=customer_id).exists():
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=customer_id,
        )
    plain = text.replace("\0", "").strip()
    if not plain or len(plain) > LONGEST:
        raise Refused(
            "note_text",
            _("A note has between one and %(most)s characters.") % {"most": LONGEST},
        )
    made = CustomerNote.objects.create(
        customer_id=customer_id,
        text=secret.seal(plain, about=sealing.NOTE),
        written_by=deed.by.username,
        written_at=deed.at,
    )
    audit.record(
        type="customer.noted",
        subject_type="customer",
        subject_id=customer_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"note": made.pk},
        request_id=deed.request_id,
    )
    return int(made.pk)


@transaction.atomic
def record_statement(
    customer_id: int, *, since: date, until: date, loan_ids: Sequence[int], doing: Doing
) -> None:
    """Record that a statement of a customer was made; a canary's is reported."""
    people.require(doing.by, people.Permission.VIEW_LOANS)
    audit.record(
        type="customer.statement",
        subject_type="customer",
        subject_id=customer_id,
        by=doing.by.username,
        at=doing.at,
        business_date=doing.business_date,
        payload={"since": since.isoformat(), "until": until.isoformat()},
        request_id=doing.request_id,
    )
    watch_export(loan_ids, doing=doing)
