"""Harm that a treatment may do, as later rooms can count it: complaints, refusals."""

from collections.abc import Callable, Mapping
from typing import Final

from daihou.engine.strategy.experiment import Share

COMPLAINED, BROKEN, REFUSED = "complained", "broken", "refused"
KINDS: Final = (COMPLAINED, BROKEN, REFUSED)
# What an experiment is called; the counts by arm of who took part since they did.
Count = Callable[[str], Mapping[str, Share]]

_counts: dict[str, Count] = {}


def register(kind: str, count: Count) -> None:
    """Say who counts a kind of harm, at start-up; the same kind again replaces it.

    `count(experiment)` gives for each arm how many of how many: people who complained
    of those enrolled, promises broken of those made, contacts refused of those asked
    for. Those enrolled stand in `strategy_enrolment` (experiment, customer_id, arm,
    since).
    """
    assert kind in KINDS, kind
    _counts[kind] = count


def count(kind: str, experiment: str) -> Mapping[str, Share] | None:
    """The counts by arm; None where no room counts this."""
    return _counts[kind](experiment) if kind in _counts else None
