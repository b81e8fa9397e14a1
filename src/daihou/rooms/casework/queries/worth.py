"""What a case is worth working now, and the formula with its numbers."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from daihou.rooms.casework.models import CaseFacts
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.queries.policy import policy


@dataclass(frozen=True, slots=True)
class Worth:
    """Expected value = asked x chance x broken^n x just worked; per mille each.

    `asked` is what is overdue and not disputed; `value` in minor units.
    """

    value: int
    asked: int
    stage: str
    chance: int
    broken: int
    after_broken: int
    worked_days: int | None
    just_worked: int
    policy: str


def worth(case: CaseLine, *, on: date, broken: int | None = None) -> Worth:
    """The expected value of a contact on a case, on a day, with all it is made of."""
    rules = policy()
    value = rules.value
    if broken is None:
        kept = CaseFacts.objects.filter(pk=case.customer_id)
        broken = kept.values_list("broken_promises", flat=True).first() or 0
    days = None
    if case.last_worked_at is not None:
        days = (on - timezone.localdate(case.last_worked_at)).days
    asked = case.asked
    fresh = days is not None and days < value.just_worked_days
    return Worth(
        value=value.of(asked, stage=case.delinquency, broken=broken, worked_days=days),
        asked=asked,
        stage=case.delinquency,
        chance=value.chance[case.delinquency],
        broken=min(broken, value.most_broken),
        after_broken=value.after_broken,
        worked_days=days,
        just_worked=value.just_worked if fresh else 1000,
        policy=f"{rules.id} {rules.version}",
    )
