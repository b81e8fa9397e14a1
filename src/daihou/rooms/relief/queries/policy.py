"""The relief policy in force on a day, and how much of each pool is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from daihou.packs import relief as packs
from daihou.packs import relief_written
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
    return _read(_own(on))


def _read(row: Policy | None) -> ReliefPolicy:
    if row is None:
        return packs.shipped()
    return packs.of_plain(row.content, name=f"policy {row.pk}")


def _own(on: date) -> Policy | None:
    rows = Policy.objects.filter(from_on__lte=on).order_by("-from_on", "-id")
    row: Policy | None = rows.first()
    return row


def content_in_force(on: date) -> Mapping[str, Any]:
    """The same as plain data."""
    row = _own(on)
    found: Mapping[str, Any] = row.content if row else relief_written.shipped_content()
    return found


def written_in_force(on: date) -> tuple[ReliefPolicy, str]:
    """The policy in force with its YAML, that of the shipped one as shipped; one query."""
    row = _own(on)
    text = relief_written.write(row.content) if row else packs.shipped_text()
    return _read(row), text


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
