"""A strategy: its table, the journeys and queues it names, and an experiment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from daihou.engine.strategy.journey import Journey
from daihou.engine.strategy.table import Table, Titles, Value

WHOLE = 1000  # the shares of the arms are per mille


class CapacityMode(StrEnum):
    """How a queue treats more customers than it can hold."""

    HARD = "hard"  # none beyond it
    SOFT = "soft"  # a tenth more, with an alarm
    UNLIMITED = "unlimited"


@dataclass(frozen=True, slots=True)
class Queue:
    """Where cases wait for people.

    `capacity` is how many customers it holds in all (0: not limited). A case not
    touched for `redistribute_days` days goes to somebody else (0: never).
    """

    code: str
    title: Titles
    skill: str = ""
    capacity: int = 0
    capacity_mode: CapacityMode = CapacityMode.UNLIMITED
    redistribute_days: int = 0

    @property
    def most(self) -> int | None:
        """How many customers may wait in it; None: any number."""
        if not self.capacity or self.capacity_mode is CapacityMode.UNLIMITED:
            return None
        tenth = self.capacity // 10
        return self.capacity + (tenth if self.capacity_mode is CapacityMode.SOFT else 0)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: `changes` (row -> output -> value) is what it does otherwise.

    A hold-out (留白) speaks to nobody: whatever the row answers, no case is opened for
    it, nothing is sent, and no journey begins.
    """

    code: str
    title: Titles
    share: int
    hold_out: bool = False
    changes: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Experiment:
    """Champion and challengers; the first arm is the champion.

    Only customers of the `rows` take part (empty: all). Which arm a customer is in
    follows from the number of the customer and the `salt` alone, so it stays.
    """

    id: str
    title: Titles
    salt: str
    arms: tuple[Arm, ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strategy:
    """What the lender does with whom; the content of one version."""

    id: str
    title: Titles
    table: Table
    journeys: tuple[Journey, ...] = ()
    queues: tuple[Queue, ...] = ()
    experiment: Experiment | None = None

    def journey(self, id: str) -> Journey | None:
        """The journey of this id."""
        return next((each for each in self.journeys if each.id == id), None)

    def queue(self, code: str) -> Queue | None:
        """The queue of this code."""
        return next((each for each in self.queues if each.code == code), None)
