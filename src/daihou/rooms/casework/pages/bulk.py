"""What is done to many cases at once: shown first, done then, told row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages import led
from daihou.rooms.casework.queries import listing
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.states import HoldKind
from daihou.rooms.ledger import door as ledger


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the selection, and why it stays as it is ('': it does not)."""

    case: CaseLine
    name: str
    stays: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, to whom, to which cases."""

    action: str
    rows: Sequence[Row]
    collector: str
    kind: str
    reason: str
    until: date | None
    key: str
    collectors: Sequence[tuple[str, str]]
    holds: Sequence[tuple[str, str]]
    ready: bool

    @property
    def moving(self) -> Sequence[Row]:
        """The rows to which it is done."""
        return [row for row in self.rows if not row.stays]


@dataclass(frozen=True, slots=True)
class Done:
    """How many it was done to, and what failed."""

    count: int
    failed: Sequence[str]


def plan_of(given: QueryDict, *, deed: door.Deed) -> Plan:
    """Read the form; nothing is changed."""
    ids = [forms_desk.whole(each) for each in given.getlist("case")]
    cases = listing.some(ids, scope=deed.by.scope)
    if not cases:
        raise Refused("nothing_selected", gettext("Select at least one case."))
    action = given.get("action", "assign")
    if action not in ("assign", "hold"):
        raise Refused("bulk_action", gettext("This cannot be done to many cases."))
    collector, kind = given.get("collector", ""), given.get("kind", "")
    stays: Mapping[int, str] = {}
    if action == "assign" and "collector" in given:
        shown = door.assign(
            [each.id for each in cases], collector=collector, deed=deed, preview=True
        )
        stays = {each.case_id: each.words for each in shown.left}
    elif action == "hold":
        stays = {
            each.id: gettext("left in peace already")
            for each in cases
            if each.held or not each.is_open
        }
    reason = given.get("reason", "").strip()
    names = ledger.reading.names_of(each.customer_id for each in cases)
    return Plan(
        action=action,
        rows=[
            Row(each, names.get(each.customer_id, ""), stays.get(each.id, ""))
            for each in cases
        ],
        collector=collector,
        kind=kind,
        reason=reason,
        until=forms_desk.day(given.get("until", "")),
        key=given.get("key", "")[:60] or f"bulk:{deed.request_id}",
        collectors=led.choices(deed.by),
        holds=[(each.value, words.hold_word(each.value)) for each in HoldKind],
        ready="collector" in given
        if action == "assign"
        else bool(kind in set(HoldKind) and reason),
    )


def carry_out(plan: Plan, *, deed: door.Deed) -> Done:
    """Do what was shown; each case that cannot is told and the others go on."""
    ids = [row.case.id for row in plan.moving]
    if plan.action == "assign":
        moved = door.assign(ids, collector=plan.collector, deed=deed, key=plan.key)
        left = [f"{each.number} {each.words}" for each in moved.left]
        return Done(len(moved.moved), left)
    if not plan.ready:
        raise Refused("hold_reason", gettext("Say why, and until when."))
    failed, count = [], 0
    for row in plan.moving:
        try:
            door.place_hold(
                row.case.id,
                kind=HoldKind(plan.kind),
                reason=plan.reason,
                expires_on=plan.until,
                version=row.case.version,
                deed=deed,
            )
        except Refused as refused:
            failed.append(f"{row.case.number} {refused}")
        else:
            count += 1
    return Done(count, failed)
