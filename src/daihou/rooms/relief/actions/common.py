"""What every action of relief does: hold the row, move it, write its event."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.kit.turns import in_turn
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.casework import door as casework
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief.models import Relief
from daihou.rooms.relief.queries.requests import no_such

Deed = approvals.Deed
HAND = "relief"  # the process that posts what was decided


# What the strategy is told of a customer's plans (casework_facts.plan_state) by the
# state of one, and which of several counts: a live one is not hidden by another request.
_PLAN: Final[Mapping[str, str]] = {
    "pending": "asked",
    "approved": "asked",
    "accepted": "live",
    "active": "live",
    "suspended": "live",
    "at_risk": "at_risk",
    "defaulted": "broken",
    "completed": "done",
}
_FIRST: Final = ("at_risk", "live", "asked", "broken", "done")


class ReliefHasMoved(Conflict):
    """Somebody was faster; reload and look."""


def today(deed: Deed) -> date:
    """The open business day of a deed, or Refused before the first."""
    if deed.business_date is None:
        raise Refused("no_business_date", _("No business date has been set."))
    return deed.business_date


def hand() -> people.Person:
    """Who posts what others decided: the ledger's rights are not theirs."""
    return people.process(HAND)


def ledger_deed(row: Relief, deed: Deed) -> ledger.posting.Deed:
    """How the ledger is told: by the room, for the number of the request."""
    return ledger.posting.Deed(
        by=hand(),
        at=deed.at,
        business_date=today(deed),
        reason=row.number,
        request_id=deed.request_id,
    )


def active(by: people.Person) -> None:
    """Who only looks things over does nothing."""
    if by.reads_only:
        raise NotAllowed("reads_only", _("You read only; nothing was written."))


def held(relief_id: int, deed: Deed, *, version: int | None = None) -> Relief:
    """The row, held until the transaction ends; NotFound outside the scope.

    ReliefHasMoved when `version` is not the one the doer was looking at.
    """
    row: Relief | None = Relief.objects.select_for_update().filter(pk=relief_id).first()
    if row is None or not deed.by.scope.allows(
        row.branch, product=row.product, officer=row.officer
    ):
        raise no_such(relief_id)
    if version is not None and version != row.version:
        raise _moved(row)
    return row


def _moved(row: Relief) -> ReliefHasMoved:
    return ReliefHasMoved(
        "relief_has_moved",
        _("Somebody acted on %(number)s meanwhile. Reload it and look.")
        % {"number": row.number},
    )


def move(row: Relief, state: str, **fields: Any) -> None:
    """Move a held row: only from where it is seen to be."""
    values = fields | {"state": state, "version": row.version + 1}
    moved = Relief.objects.filter(
        pk=row.pk, state=row.state, version=row.version
    ).update(**values)
    if not moved:
        raise _moved(row)
    for name, value in values.items():
        setattr(row, name, value)


def in_turn_of(loan_id: int) -> None:
    """Weigh, decide and accept one at a time what concerns a loan."""
    in_turn("relief.loan", str(loan_id))


def must_be(row: Relief, *states: str) -> None:
    """Refuse what is only done in some states."""
    if row.state not in states:
        raise ReliefHasMoved(
            "relief_state",
            _("%(number)s is not where this can be done. Reload it and look.")
            % {"number": row.number},
            state=row.state,
        )


def next_number(on: date) -> tuple[int, str]:
    """The next id and the number by which people call it: R, the day, the id."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('relief_relief', 'id'))")
        (key,) = cursor.fetchone()
    return key, f"R{on:%y%m%d}{key:05d}"


def tell(
    row: Relief,
    happened: str,
    deed: Deed,
    payload: Mapping[str, object] | None = None,
    *,
    before: str = "",
    reason: str = "",
) -> None:
    """Write the event of a request, in the transaction of the deed."""
    if row.kind == "plan":
        _tell_plans(row.customer_id)
    audit.record(
        type=happened,
        subject_type="relief",
        subject_id=row.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={
            "number": row.number,
            "kind": row.kind,
            "loan_id": row.loan_id,
            "customer_id": row.customer_id,
            "given_up": row.given_up,
            "receive": row.receive,
            "currency": row.currency,
        }
        | dict(payload or {}),
        before={"state": before} if before else None,
        after={"state": row.state},
        reason=reason,
        request_id=deed.request_id,
        on_behalf_of=deed.on_behalf_of,
    )


def _tell_plans(customer_id: int) -> None:
    """Tell how the customer's plans stand, from all of them; of ended ones the last."""
    in_turn("relief.plans", str(customer_id))
    rows = Relief.objects.filter(kind="plan", customer_id=customer_id)
    ended: dict[int, str] = {}  # by loan
    found = set()
    for loan, state in rows.order_by("pk").values_list("loan_id", "state"):
        said = _PLAN.get(state)
        if said in ("broken", "done"):
            ended[loan] = said
        elif said is not None:
            found.add(said)
    found |= set(ended.values())
    best = next((said for said in _FIRST if said in found), "none")
    casework.plan_told(customer_id, best)
