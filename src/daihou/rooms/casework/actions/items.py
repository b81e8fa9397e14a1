"""What somebody is to do at a case: made, done, no longer needed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions.common import (
    Deed,
    check_version,
    open_case_locked,
    passed_on,
    tell,
)
from daihou.rooms.casework.codes import ItemKind, ItemState
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.models.work import WorkItem
from daihou.rooms.people import door as people

# What a person may put on a list; the others follow from results and promises.
BY_HAND: Final = frozenset(
    {
        ItemKind.CALL,
        ItemKind.CALLBACK,
        ItemKind.VERIFY_PAYMENT,
        ItemKind.REVIEW,
        ItemKind.MANUAL,
    }
)
FURTHEST: Final = timedelta(days=90)  # how far ahead somebody may put something off
CASE_CLOSED: Final = "case_closed"


def put(
    row: Case,
    *,
    kind: ItemKind,
    reason: str,
    due_at: datetime,
    deed: Deed,
    priority: int = codes.USUAL,
    for_supervisor: bool = False,
) -> WorkItem:
    """Put something to do at a locked case; an open one of kind and reason is moved."""
    same: WorkItem | None = WorkItem.objects.filter(
        case=row, kind=kind.value, reason=reason, state=ItemState.OPEN.value
    ).first()
    if same is not None:
        same.due_at = due_at
        same.priority = max(same.priority, priority)
        same.for_supervisor = for_supervisor
        same.save(update_fields=["due_at", "priority", "for_supervisor"])
        return same
    made: WorkItem = WorkItem.objects.create(
        case=row,
        kind=kind.value,
        due_at=due_at,
        priority=priority,
        reason=reason,
        for_supervisor=for_supervisor,
        made_by=deed.by.username,
        made_at=deed.at,
    )
    return made


@transaction.atomic
def add_item(
    case_id: int,
    *,
    kind: ItemKind,
    due_at: datetime,
    deed: Deed,
    for_supervisor: bool = False,
    version: int | None = None,
) -> int:
    """Put something to do at a case, or pass it to who oversees it; its number."""
    people.require(deed.by, people.Permission.WORK_CASES)
    row = open_case_locked(case_id, deed=deed, version=version)
    if kind not in BY_HAND:
        raise Refused(
            "item_kind",
            _("That follows from a result or a promise; nobody puts it down by hand."),
            field="kind",
        )
    if due_at < deed.at:
        raise Refused(
            "item_past", _("That lies in the past; choose a later time."), field="due"
        )
    if due_at > deed.at + FURTHEST:
        raise Refused(
            "item_far",
            _("The next time lies ahead, and at most %(days)s days.")
            % {"days": FURTHEST.days},
            field="due",
        )
    reason = "passed_up" if for_supervisor else "by_hand"
    made = put(
        row,
        kind=kind,
        reason=reason,
        due_at=due_at,
        deed=deed,
        priority=codes.HIGH if for_supervisor else codes.USUAL,
        for_supervisor=for_supervisor,
    )
    passed_on(row)
    tell("case.item.made", row, deed, {"item": made.pk, "kind": kind.value})
    return int(made.pk)


@transaction.atomic
def end_item(
    item_id: int, *, done: ItemState, deed: Deed, version: int | None = None
) -> None:
    """Say that something was done, or is not needed; Conflict where it was before."""
    people.require(deed.by, people.Permission.WORK_CASES)
    found = WorkItem.objects.filter(pk=item_id).first()
    if found is None:
        raise no_such_item(item_id)
    row = open_case_locked(found.case_id, deed=deed)
    check_version(row, version)
    item = WorkItem.objects.select_for_update().get(pk=item_id)
    if item.state != ItemState.OPEN.value:
        raise Conflict("item_done", _("This was done before."), item=item_id)
    if item.for_supervisor:
        people.require(deed.by, people.Permission.MANAGE_CASES)
    finish(item, state=done, outcome="by_hand", deed=deed)
    passed_on(row)
    tell(
        "case.item.done",
        row,
        deed,
        {"item": item.pk, "kind": item.kind, "state": done.value},
    )


def finish(item: WorkItem, *, state: ItemState, outcome: str, deed: Deed) -> None:
    """Write how a locked item ended."""
    assert state is not ItemState.OPEN, item
    item.state, item.outcome = state.value, outcome
    item.done_by, item.done_at = deed.by.username, deed.at
    item.save(update_fields=["state", "outcome", "done_by", "done_at"])


def dismiss_of_cases(case_ids: Sequence[int], deed: Deed) -> None:
    """Nothing is to be done at a case that is closed."""
    open_ones = WorkItem.objects.filter(
        case_id__in=case_ids, state=ItemState.OPEN.value
    )
    open_ones.update(
        state=ItemState.DISMISSED.value,
        outcome=CASE_CLOSED,
        done_by=deed.by.username,
        done_at=deed.at,
    )


def dismiss_of_promises(promises: Sequence[int], *, outcome: str, deed: Deed) -> None:
    """Nobody is reminded of a promise that was decided or that ended."""
    open_ones = WorkItem.objects.filter(
        promise_id__in=promises, state=ItemState.OPEN.value
    )
    open_ones.update(
        state=ItemState.DISMISSED.value,
        outcome=outcome,
        done_by=deed.by.username,
        done_at=deed.at,
    )


def no_such_item(item_id: int) -> NotFound:
    """The refusal for an item that is not there, or not for these eyes."""
    return NotFound(
        "item_unknown",
        _("There is no such thing to do among those you may see."),
        item=item_id,
    )
