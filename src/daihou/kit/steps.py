"""What the office needs of the night's next steps, without knowing who makes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from daihou.engine.strategy.limits import Limit
from daihou.engine.strategy.strategy import Strategy
from daihou.engine.strategy.table import Value

# Held shared by who gives orders over journeys, alone by the night that reads them.
ORDERS_LOCK: Final = 0x0DA1_40E4
Told = Callable[[float], None]  # how far a long thing has come, 0 to 1


@dataclass(frozen=True, slots=True)
class Live:
    """A version that is in force: its number in the strategy room and its content."""

    version_id: int
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Run:
    """What one night came to.

    `customers` have an open loan, `steps` of them something to do, `changed` rows were
    written or taken away, `alarms` cannot go on by themselves.
    """

    as_of: date
    customers: int
    steps: int
    changed: int
    alarms: int
    seconds: float
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Side:
    """Where a customer is under one of two versions; empty where nothing matches."""

    row_id: str
    segment: str
    queue: str
    action: str
    open_case: bool


@dataclass(frozen=True, slots=True)
class Move:
    """One customer who is treated otherwise; amounts in minor units."""

    customer_id: int
    was: Side
    becomes: Side
    bucket: str
    dpd: int
    overdue: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What another version would do: `summary` is plain JSON, `key` finds the moves.

    Keys of the summary: `as_of`, `customers`, `moved`, `overdue` and `outstanding` (of
    who moves); `buckets`, `segments`, `queues`, `actions`, `rows` are lists of lines
    with a code and figures, `flows` lists from where to where; `breaks` what would be
    broken; `alarms`. All amounts in minor units.
    """

    key: str
    summary: Mapping[str, Any]


class StepMaker(Protocol):
    """Asks the live strategies for every customer; the night's tables are its own."""

    def due(self, live: Sequence[Live]) -> Sequence[date]:
        """Closed and graded days to be asked: the last, if it was not asked like this.

        A day is asked again when its positions, its classes or the live versions are
        others than those its run rests on.
        """

    def evaluate(
        self, as_of: date, *, live: Sequence[Live], at: datetime, by: str
    ) -> Run:
        """Write the next step of every customer at the end of a closed day.

        The first strategy with a row for a customer has the customer. The same facts
        and versions again give the same steps and the same fingerprint. Only the last
        closed day can be asked (NightError).
        """

    def facts(self, customer_id: int, *, as_of: date) -> Mapping[str, Value] | None:
        """Everything a strategy may ask of a customer on a day; None: no open loan."""

    def rehearse(
        self,
        before: Sequence[Live],
        after: Sequence[Live],
        *,
        as_of: date,
        told: Told | None = None,
        limits: Sequence[Limit] = (),
        zone: str = "Asia/Shanghai",
    ) -> Rehearsed:
        """Ask both on a closed day and compare; nothing that others read is written.

        `limits` are those of the morning after; `zone` is the clock their days go by.
        """

    def moves(
        self,
        key: str,
        *,
        start: int = 0,
        size: int = 50,
        only: Mapping[str, str] | None = None,
    ) -> Sequence[Move]:
        """Page through who moves in a rehearsal, the largest overdue amount first.

        `only` narrows: `segment`, `queue`, `action` or `bucket` (of before or after) to
        a code, or `flow` to a dimension and two codes, joined by tabs. An unknown key
        raises NightError: rehearsals are kept for a while only.
        """


_maker: list[StepMaker] = []


def bind_step_maker(maker: StepMaker) -> None:
    """Say who makes the steps; `config.wiring` does, and tests."""
    _maker[:] = [maker]


def unbind_step_maker() -> None:
    """Take it away again: the end of a test."""
    _maker.clear()


def step_maker() -> StepMaker | None:
    """Who makes the steps, where somebody does."""
    return _maker[0] if _maker else None
