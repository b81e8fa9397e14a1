"""What every deed on a case shares: the lock, the version, the event, checked words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from daihou.kit import masking, wording
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.casework import sealing
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.queries.cases import no_such_case
from daihou.rooms.casework.states import Lifecycle
from daihou.rooms.contact.door import Deed
from daihou.rooms.people import door as people

__all__ = [
    "BY",
    "LONGEST",
    "CaseHasMoved",
    "Deed",
    "check_version",
    "checked",
    "locked",
    "many_told",
    "open_case_locked",
    "open_day",
    "passed_on",
    "spoken",
    "tell",
    "worker",
]
BY: Final = "casework"  # who acts in the morning
LONGEST: Final = 1_000  # characters of a reason or of evidence


class CaseHasMoved(Conflict):
    """Somebody acted on the case first; what was seen of it is no longer so."""


def open_day(deed: Deed) -> date:
    """The day on which a deed counts, or Refused before the first."""
    if deed.business_date is None:
        raise Refused("no_business_date", _("No business date has been set."))
    return deed.business_date


def locked(case_id: int, *, deed: Deed, version: int | None = None) -> Case:
    """The case of the person's scope, nobody else at it to the end of the transaction.

    CaseHasMoved where it has another version than the one that was seen.
    """
    rows = deed.by.scope.limit(Case.objects.filter(pk=case_id))
    row: Case | None = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise no_such_case(case_id)
    check_version(row, version)
    return row


def check_version(row: Case, version: int | None) -> None:
    """CaseHasMoved where somebody acted since the case was seen."""
    if version is not None and row.version != version:
        raise CaseHasMoved(
            "case_has_moved",
            _("Somebody acted on case %(case)s first. Reload it.")
            % {"case": row.number},
            case=row.pk,
            version=row.version,
        )


def open_case_locked(case_id: int, *, deed: Deed, version: int | None = None) -> Case:
    """The same for a case that must not be closed."""
    row = locked(case_id, deed=deed, version=version)
    if row.lifecycle == Lifecycle.CLOSED.value:
        raise CaseHasMoved(
            "case_closed",
            _("Case %(case)s is closed. Open it again first.") % {"case": row.number},
            case=row.pk,
            version=row.version,
        )
    return row


def passed_on(row: Case, **values: Any) -> None:
    """Write these columns of a locked case; its version grows."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])


def tell(
    type: str,
    row: Case,
    deed: Deed,
    payload: Mapping[str, object] | None = None,
    *,
    reason: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> int:
    """Write the event of a deed on a case, in the transaction of the deed."""
    return audit.record(
        type=type,
        subject_type="case",
        subject_id=row.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"number": row.number, "customer": row.customer_id, **(payload or {})},
        before=before,
        after=after,
        reason=reason,
        request_id=deed.request_id,
    )


def many_told(
    type: str, rows: Iterable[tuple[int, Mapping[str, object]]], *, deed: Deed
) -> int:
    """The same event of many cases (id, payload) at once, as each alone would have."""
    events = [
        audit.NewEvent(
            type=type,
            subject_type="case",
            subject_id=case_id,
            by=deed.by.username,
            at=deed.at,
            business_date=deed.business_date,
            payload=payload,
            request_id=deed.request_id,
        )
        for case_id, payload in rows
    ]
    return audit.record_many(events)


def spoken(
    text: str,
    *,
    deed: Deed,
    field: str = "reason",
    customer_id: int | None = None,
    most: int = LONGEST,
) -> str:
    """Words somebody typed: not empty, not too long, none that name a refused act.

    As they may stand in the log for ever: numbers in them are masked.
    """
    plain = _looked_at(text, deed, field=field, customer_id=customer_id, most=most)
    return masking.scrubbed(plain)


def _looked_at(
    text: str, deed: Deed, *, field: str, customer_id: int | None, most: int
) -> str:
    plain = text.replace("\0", "").strip()
    if not plain or len(plain) > most:
        raise Refused(
            "reason_text",
            _("Say why, in one to %(most)s characters.") % {"most": most},
            field=field,
        )
    wording.check(
        {field: plain},
        channel="action",
        place="/cases/",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        customer_id=customer_id,
    )
    return plain


def checked(
    text: str, *, deed: Deed, field: str = "reason", customer_id: int | None = None
) -> str:
    """The same as it is kept: sealed."""
    plain = _looked_at(text, deed, field=field, customer_id=customer_id, most=LONGEST)
    return sealing.seal(plain, about=sealing.REASON)


def worker(deed: Deed) -> None:
    """NotAllowed for a person who does not work cases."""
    people.require(deed.by, people.Permission.WORK_CASES)
