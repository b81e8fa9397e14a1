"""The relief policy in force on a day, and how much of each pool is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daihou.packs import relief as packs
from daihou.packs.relief import ReliefPolicy
from daihou.rooms.relief.models import Policy, PoolUse


@dataclass(frozen=True, slots=True)
class Pool:
    """One person's pool on one day; minor units of `currency`."""

    username: str
    day: date
    currency: str
    used: int
    most: int

    @property
    def left(self) -> int:
        """What is left of it."""
        return max(0, self.most - self.used)


def in_force(on: date) -> ReliefPolicy:
    """The lender's own policy in force on a day, else the one shipped; one query."""
    row = Policy.objects.filter(from_on__lte=on).order_by("-from_on", "-id").first()
    if row is None:
        return packs.shipped()
    return packs.of_plain(row.content, name=f"policy {row.pk}")


def used_today(username: str, *, day: date, currency: str) -> int:
    """What a person granted by themselves on a day (minor units)."""
    found = PoolUse.objects.filter(day=day, username=username, currency=currency)
    return found.values_list("used", flat=True).first() or 0


def pools_of(day: date) -> Sequence[Pool]:
    """Every pool that was drawn on on a day, the most used first."""
    rows = PoolUse.objects.filter(day=day).order_by("-used", "username")
    return [
        Pool(row.username, row.day, row.currency, row.used, row.most)
        for row in rows[:200]
    ]
