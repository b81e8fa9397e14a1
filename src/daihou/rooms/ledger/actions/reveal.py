"""One personal value shown whole: for a reason, for a minute, counted and written down."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused, TooMany
from daihou.kit.scope import Scope
from daihou.kit.turns import in_turn
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import canaries
from daihou.rooms.ledger.actions.canaries import Doing
from daihou.rooms.ledger.models import Customer
from daihou.rooms.ledger.queries import personal
from daihou.rooms.people import door as people

EVENT: Final = "personal.revealed"
SHOWN: Final = timedelta(seconds=60)
REASONS: Final = ("contact", "identity", "legal", "complaint", "correction", "other")
_HOUR: Final = timedelta(hours=1)
_SHORTEST: Final = 4  # characters of a reason in one's own words


@dataclass(frozen=True, slots=True)
class Revealed:
    """A value that may be shown for `seconds`; afterwards the masked one again."""

    customer_id: int
    field: str
    text: str
    seconds: int
    left: int  # how many more may be looked at within the hour


@transaction.atomic
def reveal(
    customer_id: int, field: str, *, why: str, note: str, scope: Scope, doing: Doing
) -> Revealed:
    """Show one value whole to somebody who says why (`why` one of REASONS).

    Refused without the permission, without a reason, outside the scope (NotFound),
    and to who looked at `settings.REVEALS_PER_HOUR` values within the hour (TooMany).
    A canary looked at is reported.
    """
    people.require(doing.by, people.Permission.REVEAL_PERSONAL)
    note = " ".join(note.split())[:200]
    if why not in REASONS or (why == "other" and len(note) < _SHORTEST):
        raise Refused("reason_missing", _("Say why you must see it; it is kept."))
    value = personal.value_of(customer_id, field, scope=scope)
    left = _left(doing)
    doing = replace(doing, reason=f"{why}: {note}" if note else why)
    doing.event(
        type=EVENT,
        subject_type="customer",
        subject_id=customer_id,
        payload={"field": field, "seconds": int(SHOWN.total_seconds())},
    )
    own = Customer.objects.filter(pk=customer_id)
    canaries.report(personal.canaries_among(customers=own), how="reveal", doing=doing)
    seconds = int(SHOWN.total_seconds())
    return Revealed(customer_id, field, value.open(), seconds, left - 1)


def _left(doing: Doing) -> int:
    """How many the person may look at now; their reveals stand in line."""
    login = doing.by.username
    in_turn("reveal", login)
    done = audit.done_by(by=login, type=EVENT, since=doing.at - _HOUR)
    left = int(settings.REVEALS_PER_HOUR) - len(done)
    if left < 1:
        until = done[-int(settings.REVEALS_PER_HOUR)] + _HOUR
        raise TooMany(
            "reveals_spent",
            _(
                "You looked at %(count)s values within an hour; that is as many as one"
                " person may. Wait, or ask compliance."
            )
            % {"count": len(done)},
            retry_after=int((until - doing.at).total_seconds()),
        )
    return left
