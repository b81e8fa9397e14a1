"""Holds of cases as others see them; what was written of them stays sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Hold


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold; `amount` in minor units where it is of a part."""

    id: int
    case_id: int
    kind: str
    amount: int | None
    loan_id: int | None
    from_at: datetime
    expires_on: date
    placed_by: str
    released_at: datetime | None
    released_by: str
    release: str


def _line(row: Hold) -> HoldLine:
    names = HoldLine.__dataclass_fields__
    return HoldLine(**{name: getattr(row, name) for name in names})


def holds_after(case_id: int, *, after: int, limit: int) -> Sequence[HoldLine]:
    """Holds of a case the caller has found, by number from one on."""
    rows = Hold.objects.filter(case=case_id, pk__gt=after).order_by("pk")
    return [_line(row) for row in rows[:limit]]


def hold_seen(hold_id: int, *, scope: Scope) -> HoldLine:
    """One hold on a case of the scope, or NotFound."""
    rows = scope.limit(Hold.objects.filter(pk=hold_id), by="case__branch")
    row = rows.first()
    if row is None:
        raise no_such_hold(hold_id)
    return _line(row)


def no_such_hold(hold_id: int) -> NotFound:
    """The refusal for a hold that is not there, or not for these eyes."""
    return NotFound(
        "hold_unknown",
        _("There is no such hold among those you may see."),
        hold=hold_id,
    )
