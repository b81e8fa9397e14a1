"""What strategies answer one customer: the first row that matches, as its arm has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daihou.engine.strategy.deciding import decide
from daihou.engine.strategy.experiment import arm_of
from daihou.engine.strategy.strategy import Arm, Strategy
from daihou.engine.strategy.table import Hit, Row, Value


@dataclass(frozen=True, slots=True)
class Answered:
    """A row and what it answers; `place` is that of the strategy among those asked.

    One who is `held_out` by an experiment is left alone, whatever the row says.
    """

    place: int
    row: Row
    arm: str
    held_out: bool
    answers: Mapping[str, Value]

    def text(self, name: str) -> str:
        """An answer that is a text; nothing is an empty one."""
        return str(self.answers.get(name) or "")

    def priority(self, sets: Mapping[str, str]) -> int:
        """The priority, as the steps of a journey have set it."""
        found = sets.get("priority") or self.answers.get("priority") or 0
        assert isinstance(found, int | str), found
        return int(found)

    @property
    def action(self) -> str:
        """What is done today, where no journey says otherwise."""
        return self.text("action") or "none"

    @property
    def acts(self) -> bool:
        """Whether anything is to be done at all."""
        does = self.action != "none" or self.text("journey")
        return bool(does or self.answers.get("open_case"))


def answered(
    strategies: Sequence[Strategy],
    facts: Mapping[str, Value],
    *,
    customer_id: int,
    as_of: date,
) -> Answered | None:
    """Ask strategies in their order; None where none has a row for the customer.

    StrategyError for a conflict, and for facts that are missing.
    """
    for place, strategy in enumerate(strategies):
        table = strategy.table
        if table.hit is Hit.COLLECT:  # one step a customer: the first that matches
            table = replace(table, hit=Hit.FIRST)
        answer = decide(table, facts, as_of).answer
        if answer is not None:
            return of_row(
                strategy, str(answer).split(", ")[0], customer_id=customer_id, at=place
            )
    return None


def of_row(
    strategy: Strategy, row_id: str, *, customer_id: int, at: int = 0
) -> Answered | None:
    """What a row answers a customer; None where the strategy has no such row."""
    row = next((each for each in strategy.table.rows if each.id == row_id), None)
    if row is None:
        return None
    answers = dict(strategy.table.answers(row))
    arm: Arm | None = None
    experiment = strategy.experiment
    if experiment is not None and (not experiment.rows or row_id in experiment.rows):
        arm = arm_of(customer_id, experiment)
        answers |= arm.changes.get(row_id, {})
    held_out = arm is not None and arm.hold_out
    if held_out:
        alone: dict[str, Value] = {"queue": "", "action": "none", "journey": ""}
        answers |= alone | {"open_case": False}
    return Answered(at, row, arm.code if arm else "", held_out, answers)
