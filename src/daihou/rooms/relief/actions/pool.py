"""What one person may grant by themselves on one day: drawn on, never overdrawn."""

from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict
from daihou.kit.turns import in_turn
from daihou.rooms.relief.models import PoolUse


def draw(username: str, amount: int, *, most: int, currency: str, day: date) -> None:
    """Take an amount from a person's pool of a day; Conflict when it does not last.

    In the transaction of what it is granted for, so that a refusal gives it back.
    """
    if amount <= 0:
        return
    in_turn("relief.pool", username, day.isoformat())
    row, _made = PoolUse.objects.get_or_create(
        day=day, username=username, currency=currency, defaults={"most": most}
    )
    most = max(most, row.used)
    moved = PoolUse.objects.filter(pk=row.pk, used__lte=most - amount).update(
        used=F("used") + amount, most=most
    )
    if not moved:
        raise Conflict(
            "pool_spent",
            _(
                "Your pool of the day was used meanwhile. Ask again: others decide then."
            ),
        )
