"""One person, several cases: they come into one hand, and a supervisor is told.

Senders number a person twice, and each number has its own case: what is owed, held and
promised is told apart. Contacts of all of them count together already; what is left is
that one colleague talks to the person, and that is what is asked for here.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import assigning, items
from daihou.rooms.casework.actions.common import (
    Deed,
    check_version,
    passed_on,
    tell,
)
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.models.work import WorkItem
from daihou.rooms.casework.queries import cases, same_person
from daihou.rooms.casework.queries.same_person import REASON
from daihou.rooms.people import door as people

Counts = Mapping[str, int]


def watch_persons(*, as_of: date, deed: Deed) -> Counts:
    """Tell who oversees cases of persons whose cases are in several hands.

    One thing to look at for each person, at the latest case; it goes away where the
    cases came into one hand, or the customers were parted again.
    """
    apart = [each for each in same_person.several() if each.apart]
    wanted = {max(each.cases) for each in apart}
    open_ones = WorkItem.objects.filter(reason=REASON, state=codes.ItemState.OPEN.value)
    over = open_ones.exclude(case_id__in=wanted).update(
        state=codes.ItemState.DISMISSED.value,
        outcome="in_one_hand",
        done_by=deed.by.username,
        done_at=deed.at,
    )
    known = set(open_ones.values_list("case_id", flat=True))
    told = 0
    rows = Case.objects.filter(pk__in=wanted - known).order_by("pk")
    for row in rows.select_for_update():
        items.put(
            row,
            kind=codes.ItemKind.REVIEW,
            reason=REASON,
            due_at=deed.at,
            deed=deed,
            priority=codes.HIGH,
            for_supervisor=True,
        )
        tell("case.item.made", row, deed, {"kind": "review", "reason": REASON})
        told += 1
    return {"told": told, "over": int(over)}


@transaction.atomic
def bring_together(case_id: int, *, deed: Deed, version: int | None = None) -> int:
    """Give the person's other cases to who has this one; how many moved.

    Refused where nobody has it, or a case may not move (held, promised, out of the
    other's sight); Conflict where there is none.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    found = cases.case(case_id, scope=deed.by.scope)
    others = same_person.others_of(found.customer_id, scope=deed.by.scope)
    ids = [case_id, *(each.id for each in others)]
    held = Case.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    rows = {row.pk: row for row in held}
    check_version(rows[case_id], version)
    found = cases.case(case_id, scope=deed.by.scope)
    others = same_person.others_of(found.customer_id, scope=deed.by.scope)
    away = [each.id for each in others if each.collector != found.collector]
    if not found.collector:
        raise Refused(
            "case_nobodys", _("Nobody has this case yet; give it to somebody first.")
        )
    if not away:
        raise Conflict("person_one_hand", _("There is no other case to bring here."))
    moved = assigning.assign(
        away,
        collector=found.collector,
        key=f"person:{case_id}:{found.version}:{'-'.join(map(str, away))}"[:80],
        deed=deed,
    )
    if moved.left:
        raise Refused(moved.left[0].code, moved.left[0].words)
    passed_on(rows[case_id])
    WorkItem.objects.filter(
        case_id__in=ids, reason=REASON, state=codes.ItemState.OPEN.value
    ).update(
        state=codes.ItemState.DONE.value,
        outcome="in_one_hand",
        done_by=deed.by.username,
        done_at=deed.at,
    )
    return len(away)
