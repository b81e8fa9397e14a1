"""What an experiment came to: reckoned after each day-end, and read from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from daihou.engine.strategy.experiment import Amounts, Share
from daihou.engine.strategy.strategy import Experiment
from daihou.rooms.strategy import costs, harms
from daihou.rooms.strategy.models import ReadOut
from daihou.rooms.strategy.queries.arms import ArmOutcome, outcomes
from daihou.rooms.strategy.queries.versions import in_force


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Everything a page says of an experiment; `as_of` None: reckoned just now.

    A kind of harm that no room counts, and costs that nobody knows, are None.
    """

    as_of: date | None
    arms: Mapping[str, ArmOutcome]
    harms: Mapping[str, Mapping[str, Share] | None]
    costs: Mapping[str, Amounts] | None


def reckon(experiment: str) -> Reckoned:
    """Reckon an experiment over the whole book; half a dozen statements."""
    return Reckoned(
        as_of=None,
        arms=outcomes(experiment),
        harms={kind: harms.count(kind, experiment) for kind in harms.KINDS},
        costs=costs.count(experiment),
    )


def read_out(experiment: str) -> Reckoned:
    """What was reckoned after the last day-end; reckoned now before the first one."""
    row = (
        ReadOut.objects.filter(experiment=experiment).order_by("-as_of", "-id").first()
    )
    return read(row.content, as_of=row.as_of) if row else reckon(experiment)


def written(found: Reckoned) -> dict[str, Any]:
    """The same as it is kept."""
    return {
        "arms": {
            code: [
                each.customers,
                each.since.isoformat(),
                each.cured,
                _amounts(each.cash),
            ]
            for code, each in found.arms.items()
        },
        "harms": {
            kind: None
            if counts is None
            else {code: [share.hits, share.many] for code, share in counts.items()}
            for kind, counts in found.harms.items()
        },
        "costs": None
        if found.costs is None
        else {code: _amounts(each) for code, each in found.costs.items()},
    }


def read(content: Mapping[str, Any], *, as_of: date) -> Reckoned:
    """What was kept, as it was reckoned."""
    costed = content["costs"]
    return Reckoned(
        as_of=as_of,
        arms={
            code: ArmOutcome(many, date.fromisoformat(since), cured, Amounts(*cash))
            for code, (many, since, cured, cash) in content["arms"].items()
        },
        harms={
            kind: None
            if counts is None
            else {code: Share(*pair) for code, pair in counts.items()}
            for kind, counts in content["harms"].items()
        },
        costs=None
        if costed is None
        else {code: Amounts(*each) for code, each in costed.items()},
    )


def _amounts(each: Amounts) -> list[int]:
    return [each.many, each.total, each.squares]


def running(on: date) -> Sequence[tuple[Experiment, Reckoned]]:
    """Every experiment of the strategies in force on a day, with what it came to."""
    found = {}
    for each in in_force(on):
        experiment = each.strategy.experiment
        if experiment is not None:
            found.setdefault(experiment.id, experiment)
    return [(each, read_out(each.id)) for _id, each in sorted(found.items())]
