"""What flags and consents share: about whom, on what evidence, and their events."""

from typing import Any

from django.utils.translation import gettext as _

from daihou.kit import wording
from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.ledger import door as ledger

LONGEST = 1_000  # characters of evidence


def about(customer_id: int, deed: Deed) -> dict[str, Any]:
    """The customer with the scope of a loan of theirs that the person sees."""
    loans = ledger.reaching.loans_of(customer_id, scope=deed.by.scope)
    if not loans:
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=customer_id,
        )
    facts = ledger.reaching.reached(
        loans[0][0], customer_id=customer_id, point_id=0, scope=deed.by.scope
    )
    return {
        "customer_id": customer_id,
        "branch": facts.branch,
        "product": facts.product,
        "officer": facts.officer,
    }


def checked_evidence(text: str, deed: Deed, customer_id: int) -> str:
    plain = text.replace("\0", "").strip()
    if not plain or len(plain) > LONGEST:
        raise Refused(
            "evidence_text",
            _("Say on what evidence, in one to %(most)s characters.")
            % {"most": LONGEST},
        )
    wording.check(
        {"evidence": plain},
        channel="action",
        place=f"/customers/{customer_id}/contact/",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        customer_id=customer_id,
    )
    return plain


def tell(type: str, customer_id: int, deed: Deed, payload: dict[str, object]) -> None:
    audit.record(
        type=type,
        subject_type="customer",
        subject_id=customer_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload=payload,
        request_id=deed.request_id,
    )


def check_seen(customer_id: int, deed: Deed) -> None:
    """NotFound for a customer whom the person does not see today."""
    key = str(customer_id)
    if key not in ledger.reaching.customers_seen([key], deed.by.scope):
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=customer_id,
        )
