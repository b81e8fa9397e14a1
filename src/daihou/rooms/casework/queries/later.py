"""Somebody's cases that may not be contacted yet: how many, and from when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.states import Lifecycle


@dataclass(frozen=True, slots=True)
class Later:
    """How many wait for a lawful hour, and when the first of them comes."""

    cases: int
    since: datetime | None


def later(login: str, *, scope: Scope, at: datetime) -> Later:
    """The open cases of a collector to which the gate said: not before some hour."""
    rows = Case.objects.filter(
        lifecycle=Lifecycle.OPEN.value,
        held=False,
        collector=login,
        cover="",
        lawful_from__gt=at,
    )
    found = scope.limit(rows, by="branch").aggregate(
        cases=Count("pk"), since=Min("lawful_from")
    )
    return Later(int(found["cases"]), found["since"])
