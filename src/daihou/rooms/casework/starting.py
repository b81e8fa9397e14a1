"""What work and promises take part in: rounds, the closing of a case, the morning."""

from collections.abc import Mapping
from datetime import date

from daihou.rooms.casework.actions import (
    closing,
    items,
    journeys,
    markers,
    morning,
    promises,
    resolving,
    watching,
)
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.strategy import door as strategy


def register() -> None:
    """Take part; called once at start-up."""
    from django.utils.translation import pgettext_lazy

    from daihou.kit import rounds, shell
    from daihou.rooms.people import door as people

    shell.register_entry(
        shell.Entry(
            pgettext_lazy("navigation", "To confirm"),
            "casework:markers",
            "user-check",
            key="z",
            group=shell.Group.COLLECT,
            order=2,
            permission=people.Permission.MANAGE_CASES,
        )
    )
    rounds.register("promises", every=watching.EVERY, do=watching.watch)
    resolving.register_commitment("promise", end=promises.end_with_case)
    closing.register_after_closed("work", items.dismiss_of_cases)
    closing.register_after_closed("plan", journeys.ended)
    strategy.register_follow("cases", journeys.follow)
    morning.register_step("markers", markers.watch_markers)


def judged(*, as_of: date, deed: Deed) -> Mapping[str, int]:
    """The step of the morning that judges promises, on the day that is open now."""
    day = deed.business_date or as_of
    return watching.judge_day(day, deed=deed, again=True)
