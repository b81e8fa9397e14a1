"""What the treatment of an arm costs, as a later room can count it."""

from collections.abc import Callable, Mapping

from daihou.engine.strategy.experiment import Amounts

# What an experiment is called; the cost of each customer by arm, minor units.
Count = Callable[[str], Mapping[str, Amounts] | None]

_counts: list[Count] = []


def register(count: Count) -> None:
    """Say who counts costs, at start-up; another one replaces it.

    `count(experiment)` gives for each arm what was spent on every customer enrolled,
    of the currency of the facts; None where nobody wrote costs down.
    """
    _counts[:] = [count]


def count(experiment: str) -> Mapping[str, Amounts] | None:
    """The costs by arm; None where no room counts them, or nothing is known."""
    return _counts[0](experiment) if _counts else None
