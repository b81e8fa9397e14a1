"""A case, or an amount of it, is left in peace: with a reason and until a day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.engine.commitments.marker import State as MarkerState
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework import codes, sealing
from daihou.rooms.casework.actions import giving, items
from daihou.rooms.casework.actions.common import (
    LONGEST,
    Deed,
    check_version,
    checked,
    many_told,
    open_case_locked,
    open_day,
    passed_on,
    tell,
)
from daihou.rooms.casework.actions.facts import held_told
from daihou.rooms.casework.models import Case, CaseLoan, Hold, Marker
from daihou.rooms.casework.queries.holds import no_such_hold
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.states import FLAG_OF, PARTIAL, HoldKind, Method, Treatment
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people


@transaction.atomic
def place_hold(
    case_id: int,
    *,
    kind: HoldKind,
    reason: str,
    deed: Deed,
    expires_on: date | None = None,
    evidence: str = "",
    amount: int | None = None,
    loan_id: int | None = None,
    version: int | None = None,
) -> int:
    """Hold a case until a day; the number of the hold.

    Nobody works it meanwhile, and contact with the person is held by a flag. With
    `amount` (a dispute about a part, minor units) the rest goes on being worked.
    Without `expires_on` it is the longest that the policy allows for the kind.
    """
    people.require(deed.by, people.Permission.WORK_CASES)
    row = open_case_locked(case_id, deed=deed, version=version)
    ends = _checked_end(kind, expires_on, deed)
    _check_part(row, kind, amount, loan_id)
    hold = _written(
        row,
        deed,
        {"kind": kind.value, "amount": amount, "loan_id": loan_id, "expires_on": ends},
        reason=checked(reason, deed=deed, customer_id=row.customer_id),
        evidence=_evidence(row, evidence, deed),
        flag_id=None if amount else _raised(row, kind, reason, ends, deed),
    )
    _follow_placed(row, hold)
    told = {"hold": hold.pk, "kind": kind.value, "until": ends.isoformat()}
    tell("case.hold.placed", row, deed, told | {"amount": amount})
    return int(hold.pk)


def _evidence(row: Case, text: str, deed: Deed) -> str:
    if not text.strip():
        return ""
    return checked(text, deed=deed, field="evidence", customer_id=row.customer_id)


def _written(row: Case, deed: Deed, facts: dict[str, Any], **more: Any) -> Hold:
    try:
        with transaction.atomic():
            hold: Hold = Hold.objects.create(
                case=row,
                customer_id=row.customer_id,
                from_at=deed.at,
                placed_by=deed.by.username,
                **facts,
                **more,
            )
    except IntegrityError:
        raise Conflict(
            "hold_stands",
            _("A hold of this kind stands on the case already."),
            case=row.pk,
        ) from None
    return hold


def _follow_placed(row: Case, hold: Hold) -> None:
    if hold.amount is not None:
        passed_on(row, disputed=_disputed(row))
        return
    paused = row.treatment == Treatment.RUNNING.value
    passed_on(
        row,
        held=True,
        taken_by="",
        taken_until=None,
        treatment=Treatment.PAUSED.value if paused else row.treatment,
    )
    held_told([row.pk])


def _checked_end(kind: HoldKind, expires_on: date | None, deed: Deed) -> date:
    day = open_day(deed)
    most = day + timedelta(days=policy().hold_days[kind.value])
    ends = expires_on or most
    if not day < ends <= most:
        raise Refused(
            "hold_days",
            _("A hold of this kind ends after today and by %(most)s.")
            % {"most": most.isoformat()},
            field="expires_on",
        )
    return ends


def _check_part(
    row: Case, kind: HoldKind, amount: int | None, loan_id: int | None
) -> None:
    if amount is not None and kind not in PARTIAL:
        raise Refused(
            "hold_amount",
            _("Only a dispute may be about an amount; other holds are of the case."),
            field="amount",
        )
    if amount is not None and not 0 < amount <= row.outstanding_total:
        raise Refused(
            "hold_amount",
            _("The disputed amount must be above zero and within what is owed."),
            field="amount",
        )
    mine = CaseLoan.objects.filter(case=row, until=None, loan_id=loan_id or 0)
    if loan_id is not None and not mine.exists():
        raise Refused(
            "hold_loan", _("That loan is not in this case."), field="loan", loan=loan_id
        )


def _raised(row: Case, kind: HoldKind, reason: str, ends: date, deed: Deed) -> int:
    """The flag that holds contact with the person for as long as the hold."""
    until = timezone.make_aware(datetime.combine(ends, time()))
    number: int = contact.raise_flag(
        row.customer_id,
        kind=FLAG_OF[kind].value,
        evidence=f"{row.number}: {reason.strip()}"[:LONGEST],
        until_at=max(until, deed.at + timedelta(minutes=1)),
        deed=deed,
    )
    return number


@transaction.atomic
def release_hold(
    hold_id: int, *, reason: str, deed: Deed, version: int | None = None
) -> None:
    """Let a case be worked again, by another person than who held it.

    It comes back to the pool; the flag that held contact is lifted with the hold.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    found = Hold.objects.filter(pk=hold_id).first()
    if found is None:
        raise no_such_hold(hold_id)
    row = open_case_locked(found.case_id, deed=deed)
    check_version(row, version)
    hold = Hold.objects.select_for_update().get(pk=hold_id)
    if hold.released_at is not None:
        raise Conflict(
            "hold_released", _("This hold was released before."), hold=hold_id
        )
    if hold.placed_by == deed.by.username:
        raise Conflict(
            "hold_own",
            _("Who placed a hold does not release it. Ask a colleague who may."),
            hold=hold_id,
        )
    words = checked(reason, deed=deed, customer_id=row.customer_id)
    hold.released_by, hold.released_at = deed.by.username, deed.at
    hold.release, hold.release_reason = "released", words
    hold.save(update_fields=["released_by", "released_at", "release", "release_reason"])
    _lift(hold, reason, deed)
    _follow_released(row, deed)
    tell("case.hold.released", row, deed, {"hold": hold.pk, "kind": hold.kind})


def _lift(hold: Hold, reason: str, deed: Deed) -> None:
    """Contact is open again, unless another hold rests on the same flag."""
    shared = Hold.objects.filter(flag_id=hold.flag_id, released_at=None)
    if hold.flag_id is None or shared.exists():
        return
    try:
        contact.lift_flag(hold.flag_id, evidence=reason, deed=deed)
    except Conflict as refusal:
        if refusal.code != "flag_lifted":
            raise


def _follow_released(row: Case, deed: Deed) -> None:
    """The case is held while a whole hold stands; free again it is nobody's."""
    held = Hold.objects.filter(case=row, released_at=None, amount=None).exists()
    was = row.held
    passed_on(row, held=held, disputed=_disputed(row))
    if was and not held:
        giving.free([row.pk], method=Method.RELEASE, deed=deed)
        row.refresh_from_db()
    held_told([row.pk])


def _disputed(row: Case) -> int:
    standing = Hold.objects.filter(case=row, released_at=None, amount__isnull=False)
    return int(standing.aggregate(total=Sum("amount"))["total"] or 0)


def release_all(case_ids: Sequence[int], *, deed: Deed) -> None:
    """End every hold of cases that are being closed; contact stays held by its flags
    until they end or somebody lifts them."""
    rows = Hold.objects.filter(case_id__in=case_ids, released_at=None)
    ended = list(rows.order_by("case_id", "pk").values_list("case_id", "pk", "kind"))
    rows.update(released_at=deed.at, released_by=deed.by.username, release="closed")
    Case.objects.filter(pk__in=case_ids).update(held=False, disputed=0)
    many_told(
        "case.hold.released",
        [(case, {"hold": hold, "kind": kind}) for case, hold, kind in ended],
        deed=deed,
    )


def go_on(hold_ids: Sequence[int], *, deed: Deed) -> None:
    """What follows when holds of cases, locked by the caller, ended by their day.

    One whose reason was confirmed goes on by a new one; where a flag without an end
    holds contact, a supervisor looks at it.
    """
    ended = Hold.objects.filter(pk__in=hold_ids, amount=None).select_related("case")
    for hold in ended.order_by("case_id", "pk"):
        if _confirmed(hold):
            _again(hold, deed)
        elif hold.flag_id and contact.flag_stands(hold.flag_id, at=deed.at):
            items.put(
                hold.case,
                kind=codes.ItemKind.REVIEW,
                reason="flag_after_hold",
                due_at=deed.at,
                deed=deed,
                priority=codes.HIGH,
                for_supervisor=True,
            )


def _confirmed(hold: Hold) -> bool:
    """Whether somebody confirmed why the case is held."""
    rows = Marker.objects.filter(
        case_id=hold.case_id, state=MarkerState.CONFIRMED.value, hold_id__isnull=False
    )
    same = Hold.objects.filter(pk__in=rows.values("hold_id"), kind=hold.kind)
    return bool(same.exists())


def _again(hold: Hold, deed: Deed) -> None:
    ends = open_day(deed) + timedelta(days=policy().hold_days[hold.kind])
    words = sealing.opened(hold.reason, about=sealing.REASON)
    flag_id = _raised(hold.case, HoldKind(hold.kind), words, ends, deed)
    facts = {"kind": hold.kind, "expires_on": ends}
    made = _written(hold.case, deed, facts, reason=hold.reason, flag_id=flag_id)
    told = {"hold": made.pk, "kind": made.kind, "until": ends.isoformat()}
    tell("case.hold.placed", hold.case, deed, told | {"amount": None})
