"""Markers: raised with a result, confirmed or refuted by another, watched each day."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.commitments.marker import OPEN, Kind, MarkerRules, State, passed
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import holding, items
from daihou.rooms.casework.actions.common import (
    Deed,
    check_version,
    checked,
    locked,
    open_day,
    passed_on,
    tell,
)
from daihou.rooms.casework.models import Case, Hold, Marker, WorkItem
from daihou.rooms.casework.states import Lifecycle
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

OF_RESULT: Final[Mapping[str, Kind]] = {
    "DECEASED": Kind.DECEASED,
    "JAILED": Kind.JAILED,
    "ID_FRAUD": Kind.IDENTITY_THEFT,
    "BANKRUPT": Kind.BANKRUPTCY,
}


def rules_on(day: date) -> MarkerRules:
    """The lender's policy of markers on a day."""
    found = MarkerRules.of(
        rulebooks.lawbook(),
        jurisdiction=rulebooks.jurisdiction(),
        licence=rulebooks.licence(),
        on=day,
    )
    if found is None:
        raise Refused(
            "marker_no_policy",
            _("No policy of confirming is in force. Compliance switches it on."),
        )
    return found


def raise_for(
    row: Case, code: str, *, words: str, hold_id: int | None, deed: Deed
) -> Marker | None:
    """The marker of a result at a locked case; one of its kind that stands stays.

    `words` are what was said, as they are kept.
    """
    kind = OF_RESULT.get(code)
    if kind is None:
        return None
    standing = Marker.objects.filter(
        case=row, kind=kind.value, state__in=[each.value for each in OPEN]
    )
    if standing.exists():
        return None
    day = open_day(deed)
    rules = rules_on(day)
    made: Marker = Marker.objects.create(
        case=row,
        customer_id=row.customer_id,
        kind=kind.value,
        hold_id=hold_id,
        evidence=words,
        raised_by=deed.by.username,
        raised_at=deed.at,
        raised_on=day,
        confirm_by=rules.confirm_by(kind, day),
        escalated_days=rules.escalated_days,
    )
    tell("case.marker.raised", row, deed, _payload(made))
    return made


@transaction.atomic
def confirm_marker(
    marker_id: int, *, evidence: str, deed: Deed, version: int | None = None
) -> None:
    """It is so, says another person on evidence; the hold stays until it ends."""
    row, marker, words = _decided(marker_id, State.CONFIRMED, evidence, deed, version)
    _close_items(row, marker, deed)
    if row.lifecycle != Lifecycle.CLOSED.value:
        items.put(
            row,
            kind=codes.ItemKind.REVIEW,
            reason=f"confirmed_{marker.kind}",
            due_at=deed.at,
            deed=deed,
            priority=codes.HIGH,
            for_supervisor=True,
        )
    assert words, marker
    passed_on(row)
    tell("case.marker.confirmed", row, deed, _payload(marker))


@transaction.atomic
def refute_marker(
    marker_id: int, *, evidence: str, deed: Deed, version: int | None = None
) -> None:
    """It is not so, says another person on evidence; the hold is released."""
    row, marker, _words = _decided(marker_id, State.REFUTED, evidence, deed, version)
    _close_items(row, marker, deed)
    passed_on(row)
    tell("case.marker.refuted", row, deed, _payload(marker))
    _release(marker, evidence, deed)


def _decided(
    marker_id: int, after: State, evidence: str, deed: Deed, version: int | None
) -> tuple[Case, Marker, str]:
    people.require(deed.by, people.Permission.MANAGE_CASES)
    found = Marker.objects.filter(pk=marker_id).first()
    if found is None:
        raise no_such_marker(marker_id)
    row = locked(found.case_id, deed=deed)
    check_version(row, version)
    marker = Marker.objects.select_for_update().get(pk=marker_id)
    if State(marker.state) not in OPEN:
        raise Conflict(
            "marker_decided",
            _("This was decided before; there is nothing to confirm."),
            marker=marker_id,
        )
    if marker.raised_by == deed.by.username:
        raise Conflict(
            "marker_own",
            _("Who heard it does not confirm it. Ask a colleague who may."),
            marker=marker_id,
        )
    words = checked(evidence, deed=deed, field="evidence", customer_id=row.customer_id)
    marker.state, marker.decision = after.value, words
    marker.decided_by, marker.decided_at = deed.by.username, deed.at
    marker.save()
    return row, marker, words


def _close_items(row: Case, marker: Marker, deed: Deed) -> None:
    reasons = [f"marker_{marker.kind}", *_codes_of(marker.kind)]
    rows = WorkItem.objects.filter(
        case=row, reason__in=reasons, state=codes.ItemState.OPEN.value
    )
    for item in rows:
        items.finish(item, state=codes.ItemState.DONE, outcome=marker.state, deed=deed)


def _codes_of(kind: str) -> list[str]:
    return [code.lower() for code, each in OF_RESULT.items() if each.value == kind]


def _release(marker: Marker, words: str, deed: Deed) -> None:
    """End the hold that the marker placed, if it stands."""
    if marker.hold_id is None:
        return
    standing = Hold.objects.filter(pk=marker.hold_id, released_at=None)
    if standing.exists():
        holding.release_hold(marker.hold_id, reason=words, deed=deed)


def watch_markers(*, as_of: date, deed: Deed) -> Mapping[str, int]:
    """Each morning: what nobody confirmed in time goes up, then is returned."""
    day = deed.business_date or as_of
    counts = {"escalated": 0, "returned": 0}
    late = Marker.objects.filter(
        state__in=[each.value for each in OPEN], confirm_by__lt=day
    )
    for marker_id, case_id in list(
        late.order_by("case_id", "pk").values_list("pk", "case_id")
    ):
        with transaction.atomic():
            row = Case.objects.select_for_update().get(pk=case_id)
            marker = Marker.objects.select_for_update().get(pk=marker_id)
            after = passed(
                State(marker.state),
                confirm_by=marker.confirm_by,
                escalated_days=marker.escalated_days,
                on=day,
            )
            if after is not State(marker.state):
                _went_by(row, marker, after, day, deed)
                counts[after.value] += 1
    return counts


def _went_by(row: Case, marker: Marker, after: State, day: date, deed: Deed) -> None:
    marker.state = after.value
    if after is State.RETURNED:
        marker.decided_by, marker.decided_at = deed.by.username, deed.at
    else:
        marker.escalated_on = day
    marker.save()
    tell(f"case.marker.{after.value}", row, deed, _payload(marker))
    if after is State.RETURNED:
        _close_items(row, marker, deed)
        _release(marker, _("Nobody confirmed it in time."), deed)
    elif row.lifecycle != Lifecycle.CLOSED.value:
        items.put(
            row,
            kind=codes.ItemKind.REVIEW,
            reason=f"marker_{marker.kind}",
            due_at=deed.at,
            deed=deed,
            priority=codes.URGENT,
            for_supervisor=True,
        )


def _payload(marker: Marker) -> Mapping[str, object]:
    return {
        "marker": marker.pk,
        "kind": marker.kind,
        "state": marker.state,
        "hold": marker.hold_id,
        "confirm_by": marker.confirm_by.isoformat(),
    }


def no_such_marker(marker_id: int) -> NotFound:
    """The refusal for a marker that is not there, or not for these eyes."""
    return NotFound(
        "marker_unknown",
        _("There is nothing of this number to confirm among what you may see."),
        marker=marker_id,
    )
