"""What a distribution is told as: who gets how much, how even, what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.casework.actions.distributing_cases import CaseIn
from daihou.rooms.casework.models import Assignment, Batch
from daihou.rooms.casework.sharing import ALARMS, Hands, Shared, gini


@dataclass(frozen=True, slots=True)
class Got:
    """What one collector gets and then holds; amounts in minor units.

    `filled` is how full they are then, per cent of their limit; None without one.
    """

    login: str
    new: int
    new_amount: int
    new_value: int
    cases: int
    amount: int
    filled: int | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a distribution does, or would do (`batch_id` 0).

    `to` is case -> login, `left` case -> why nobody takes it, `uneven_*` the Gini
    coefficients per mille over those who may take cases of the queue.
    """

    batch_id: int
    queue: str
    moved: int
    to: Mapping[int, str]
    left: Mapping[int, str]
    back: int
    downgraded: Mapping[str, int]
    got: tuple[Got, ...]
    uneven_cases: int
    uneven_amount: int
    uneven_value: int
    alarms: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """A distribution worked out, before anything is written."""

    queue: str
    cases: Mapping[int, CaseIn]
    hands: Mapping[str, Hands]
    result: Shared

    def told(self, batch_id: int) -> Distribution:
        """As it is shown."""
        hands = sorted(self.hands.values(), key=lambda each: each.login)
        got = tuple(
            Got(
                each.login,
                len(each.new),
                each.new_amount,
                each.new_value,
                each.cases,
                each.amount,
                each.filled,
            )
            for each in hands
        )
        why: dict[str, int] = {}
        for reason in self.result.downgraded.values():
            why[reason] = why.get(reason, 0) + 1
        return Distribution(
            batch_id=batch_id,
            queue=self.queue,
            moved=sum(
                self.cases[case].collector != login
                for case, login in self.result.to.items()
            ),
            to=self.result.to,
            left=self.result.left,
            back=self.result.back,
            downgraded=why,
            got=got,
            uneven_cases=gini([each.cases for each in hands]),
            uneven_amount=gini([each.amount for each in hands]),
            uneven_value=gini([each.new_value for each in hands]),
            alarms=tuple(
                each.login for each in hands if (each.filled or 0) >= ALARMS[0]
            ),
        )


def report_of(told: Distribution) -> dict[str, Any]:
    """What is kept of a distribution."""
    left: dict[str, int] = {}
    for why in told.left.values():
        left[why] = left.get(why, 0) + 1
    return {
        "moved": told.moved,
        "back": told.back,
        "left": left,
        "downgraded": dict(told.downgraded),
        "got": [
            {name: getattr(each, name) for name in Got.__dataclass_fields__}
            for each in told.got
        ],
        "uneven": [told.uneven_cases, told.uneven_amount, told.uneven_value],
        "alarms": list(told.alarms),
    }


def of_batch(batch: Batch) -> Distribution:
    """A distribution that was carried out before."""
    kept = batch.report
    if not kept or "got" not in kept:
        raise Refused("batch_kind", _("That key was used for something else."))
    rows = Assignment.objects.filter(batch=batch).exclude(collector="")
    uneven = kept["uneven"]
    return Distribution(
        batch_id=batch.pk,
        queue=batch.queue,
        moved=batch.moved,
        to=dict(rows.values_list("case_id", "collector")),
        left={},
        back=kept["back"],
        downgraded=kept["downgraded"],
        got=tuple(Got(**each) for each in kept["got"]),
        uneven_cases=uneven[0],
        uneven_amount=uneven[1],
        uneven_value=uneven[2],
        alarms=tuple(kept["alarms"]),
    )
