"""The events of a proposal: personal values masked, since an event is kept for ever."""

from collections.abc import Mapping
from datetime import date, datetime

from daihou.rooms.approvals.kinds import kind_of
from daihou.rooms.approvals.models import Proposal as Row
from daihou.rooms.audit import door as audit

SYSTEM = "approvals"  # who does what no person does


def record(
    row: Row,
    happened: str,
    *,
    by: str,
    at: datetime,
    business_date: date | None,
    reason: str = "",
    request_id: str = "",
    on_behalf_of: str = "",
    payload: Mapping[str, object] | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write what happened on the chain of the proposal and on that of its subject."""
    told = {"kind": row.kind} | dict(payload or {})
    common = {
        "type": f"approval.{happened}",
        "by": by,
        "at": at,
        "business_date": business_date,
        "reason": reason,
        "request_id": request_id,
        "on_behalf_of": on_behalf_of,
    }
    events = [
        audit.NewEvent(
            subject_type="proposal",
            subject_id=row.pk,
            payload=told,
            before=None if before is None else masked(row.kind, before),
            after=None if after is None else masked(row.kind, after),
            **common,  # type: ignore[arg-type]
        ),
        audit.NewEvent(
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            payload={"kind": row.kind, "proposal": row.pk},
            **common,  # type: ignore[arg-type]
        ),
    ]
    audit.record_many(events)


def masked(kind: str, values: Mapping[str, object]) -> dict[str, object]:
    """The values of a difference as they may be kept in the open."""
    kept = {}
    for name, value in values.items():
        field = kind_of(kind).describe(name)
        hide = field.keep or field.mask
        kept[name] = hide(value) if hide and isinstance(value, str) and value else value
    return kept
