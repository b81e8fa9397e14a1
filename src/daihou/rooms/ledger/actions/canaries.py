"""Canaries: customers nobody has a reason to look at; who does is reported at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.speech import gettext_noop
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.models import Canary, Customer
from daihou.rooms.ledger.queries import personal
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

KIND = "personal.canary"
_HOW = {
    "reveal": gettext_noop(
        "%(by)s looked at personal data of the canary %(customer)s."
    ),
    "export": gettext_noop("%(by)s took out the canary %(customer)s in an export."),
}


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something about personal data, when, and why."""

    by: people.Person
    at: datetime
    business_date: date | None
    reason: str = ""
    request_id: str = ""

    def event(
        self, *, type: str, subject_type: str, subject_id: str | int, **more: object
    ) -> int:
        """Write the event of it."""
        # Mypy cannot see through keyword arguments that are passed on.
        return audit.record(
            type=type,
            subject_type=subject_type,
            subject_id=subject_id,
            by=self.by.username,
            at=self.at,
            business_date=self.business_date,
            reason=self.reason,
            request_id=self.request_id,
            **more,  # type: ignore[arg-type]
        )


def need_keeper(by: people.Person) -> None:
    """Refuse (NotAllowed) whoever may not keep what is of every branch."""
    people.require(by, people.Permission.MANAGE_RETENTION)
    if not by.oversees:
        raise NotAllowed(
            "not_allowed",
            _(
                "Retention, holds and canaries are of every branch; they are kept by who"
                " sees them all. Ask compliance."
            ),
            permission=people.Permission.MANAGE_RETENTION.value,
        )


def report(touched: Mapping[int, str], *, how: str, doing: Doing) -> None:
    """Write an event and tell compliance of every canary in `touched` (id, number)."""
    for customer_id, number in sorted(touched.items()):
        doing.event(
            type="canary.touched",
            subject_type="canary",
            subject_id=customer_id,
            payload={"how": how},
        )
        notices.notify(
            kind=KIND,
            level="bad",
            text=_HOW[how],
            params={"by": doing.by.username, "customer": number},
            permission=people.Permission.MANAGE_RETENTION,
            url=f"/audit/?subject_type=canary&subject_id={customer_id}",
            key=f"{customer_id}-{doing.by.username}-{how}",
            at=doing.at,
        )


@transaction.atomic
def watch_export(loan_ids: object, *, doing: Doing) -> int:
    """Look for canaries among the borrowers of these loans (ids, or a query); report
    each and return how many there were."""
    found = personal.canaries_among(loans=loan_ids)
    report(found, how="export", doing=doing)
    return len(found)


def watch_reveal(touched: Mapping[int, str], *, deed: approvals.Deed) -> None:
    """Report the canaries whose values somebody saw who decides about a proposal."""
    doing = Doing(
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        reason=deed.reason,
        request_id=deed.request_id,
    )
    report(touched, how="reveal", doing=doing)


@transaction.atomic
def set_canary(*, number: str, note: str, doing: Doing) -> int:
    """Make the customer with this number a canary; refused when it is one."""
    need_keeper(doing.by)
    rows = list(Customer.objects.filter(external_id=number)[:2])
    if not rows:
        raise NotFound("customer_unknown", _("There is no customer with this number."))
    if len(rows) > 1:
        raise Refused(
            "customer_number_shared",
            _("More than one source has a customer %(number)s.") % {"number": number},
        )
    if not note.strip():
        raise Refused("note_missing", _("Say why; who is told later has to know."))
    try:
        with transaction.atomic():
            Canary.objects.create(
                customer=rows[0],
                note=note.strip()[:300],
                set_by=doing.by.username,
                set_at=doing.at,
            )
    except IntegrityError:
        raise Refused("canary_known", _("This customer is a canary already.")) from None
    doing.event(type="canary.set", subject_type="canary", subject_id=rows[0].pk)
    return int(rows[0].pk)


@transaction.atomic
def end_canary(canary_id: int, *, doing: Doing) -> None:
    """Let the customer be a customer again."""
    need_keeper(doing.by)
    live = Canary.objects.filter(pk=canary_id, ended_at=None)
    row = live.first()
    if row is None or not live.update(ended_by=doing.by.username, ended_at=doing.at):
        raise NotFound("canary_unknown", _("There is no such canary. Reload the page."))
    doing.event(type="canary.ended", subject_type="canary", subject_id=row.customer_id)
