"""Who decides for whom, and on which days."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from daihou.rooms.approvals.models import Delegation


@dataclass(frozen=True, slots=True)
class Away:
    """`deputy` decides for `principal` from a day until a day (half open)."""

    id: int
    principal: str
    deputy: str
    from_on: date
    until_on: date
    reason: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    ended_by: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.ended_at is None and self.from_on <= day < self.until_on


def calendar_day(at: datetime) -> date:
    """The day people live in: the business date may run ahead of it."""
    return timezone.localtime(at).date()


def stands_in_for(deputy: str, *, at: datetime) -> tuple[str, ...]:
    """The logins this person decides for at this instant, by login."""
    day = calendar_day(at)
    rows = Delegation.objects.filter(
        deputy=deputy, ended_at=None, from_on__lte=day, until_on__gt=day
    )
    return tuple(sorted(set(rows.values_list("principal", flat=True))))


def deputies_at(at: datetime) -> tuple[tuple[str, str], ...]:
    """Every (principal, deputy) in force at this instant."""
    day = calendar_day(at)
    rows = Delegation.objects.filter(
        ended_at=None, from_on__lte=day, until_on__gt=day
    ).order_by("principal", "deputy")
    return tuple(rows.values_list("principal", "deputy"))


def delegations(*, login: str = "", limit: int = 100) -> tuple[Away, ...]:
    """The newest delegations, of everybody or those that touch one login."""
    rows = Delegation.objects.order_by("-id")
    if login:
        rows = rows.filter(Q(principal=login) | Q(deputy=login))
    return tuple(_away(row) for row in rows[:limit])


def delegation(delegation_id: int) -> Away | None:
    """One delegation, or None."""
    row = Delegation.objects.filter(pk=delegation_id).first()
    return _away(row) if row else None


def _away(row: Delegation) -> Away:
    return Away(
        id=row.pk,
        principal=row.principal,
        deputy=row.deputy,
        from_on=row.from_on,
        until_on=row.until_on,
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
