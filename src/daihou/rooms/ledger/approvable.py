"""What of the ledger is proposed by one person and decided by another."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from daihou.kit import ports
from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger.actions import canaries, corrections
from daihou.rooms.ledger.actions.large_exports import EXPORT_KIND
from daihou.rooms.ledger.models import Customer
from daihou.rooms.ledger.pages.correcting import field_word
from daihou.rooms.ledger.pages.wish import read_day
from daihou.rooms.ledger.queries import correctable, personal
from daihou.rooms.people import door as people


def register() -> None:
    """Make the kinds of this room known; called once at start-up."""
    approvals.register(
        approvals.Kind(
            code=corrections.CUSTOMER_KIND,
            name=_("Correction of a customer"),
            permission=people.Permission.DECIDE_CORRECTION,
            proposes=people.Permission.PROPOSE_CORRECTION,
            handler=corrections.correct_customer,
            current=_customer_now,
            seen=correctable.customers_in,
            places=correctable.places_of_customer,
            describe=_field,
            shown=lambda subject, deed: canaries.watch_reveal(
                personal.canaries_among(customers=Customer.objects.filter(pk=subject)),
                deed=deed,
            ),
            address=lambda subject: reverse("ledger:customer", args=[subject]),
        )
    )
    approvals.register(
        approvals.Kind(
            code=corrections.LOAN_KIND,
            name=_("Correction of a loan"),
            permission=people.Permission.DECIDE_CORRECTION,
            proposes=people.Permission.PROPOSE_CORRECTION,
            handler=corrections.correct_loan,
            current=_loan_now,
            seen=correctable.loans_in,
            places=correctable.places_of_loan,
            describe=_field,
            shown=lambda subject, deed: canaries.watch_reveal(
                personal.canaries_among(loans=[int(subject)]), deed=deed
            ),
            address=lambda subject: reverse("ledger:loan", args=[subject]),
        )
    )
    approvals.register(
        approvals.Kind(
            code=EXPORT_KIND,
            name=_("Large export of the overdue ledger"),
            permission=people.Permission.DECIDE_EXPORT,
            proposes=people.Permission.EXPORT_LEDGER,
            current=_day_now,
            describe=_export_field,
            use=lambda number: reverse("ledger:take_export", args=[number]),
            hours=24,
            serves_hours=24,
            counts=_("rows"),
        )
    )


def _customer_now(subject: str, names: Collection[str]) -> dict[str, object]:
    return dict(correctable.fields_of_customer(int(subject), names))


def _loan_now(subject: str, names: Collection[str]) -> dict[str, object]:
    return dict(correctable.fields_of_loan(int(subject), names))


def _day_now(subject: str, names: Collection[str]) -> dict[str, object]:
    """What of an export was so before: the day's fingerprint, and nothing else."""
    day = read_day(subject.partition(":")[0])
    standing = ports.book().standing()
    now = {"fingerprint": standing.get(day, "") if day else ""}
    return {name: now.get(name) for name in names}


def _field(name: str) -> approvals.Field:
    personal = name == "address" or name.startswith(
        (correctable.POINT, correctable.ATTRIBUTE)
    )
    return approvals.Field(
        word=field_word(name),
        mask=corrections.mask_of(name) if personal else None,
        keep=corrections.mask_of(name, kept=True),
    )


def _export_field(name: str) -> approvals.Field:
    words = {
        "as_of": gettext("As of"),
        "rows": gettext("Rows"),
        "conditions": gettext("Conditions"),
        "fingerprint": gettext("Fingerprint of the day"),
        "names": gettext("Names"),
        "list": gettext("Fingerprint of the list"),
    }
    if name == "names":
        return approvals.Field(word=words[name], say=_names_word)
    return approvals.Field(word=words.get(name, name))


def _names_word(value: object) -> str:
    return gettext("written out, not masked") if value == "whole" else str(value or "")
