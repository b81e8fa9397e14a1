"""The states of a version of a strategy and of a rehearsal, with their moves."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"  # being drawn; nothing follows from it
    REVIEWED = "reviewed"  # approved by another person; its day is still to be named
    SCHEDULED = "scheduled"  # it holds from a day on that has not come
    LIVE = "live"  # the night evaluates it
    RETIRED = "retired"  # another one holds, or it was taken off before its day


MOVES: Final = frozenset(
    {
        (State.DRAFT, State.REVIEWED),
        (State.DRAFT, State.SCHEDULED),
        (State.REVIEWED, State.SCHEDULED),
        (State.REVIEWED, State.RETIRED),
        (State.SCHEDULED, State.LIVE),
        (State.SCHEDULED, State.RETIRED),
        (State.LIVE, State.RETIRED),
    }
)
RELEASED: Final = (State.SCHEDULED, State.LIVE, State.RETIRED)


class Origin(StrEnum):
    """Where the content of a version came from."""

    DRAWN = "drawn"  # in the grid
    WORKBOOK = "workbook"
    YAML = "yaml"
    API = "api"
    SHIPPED = "shipped"  # with the house
    ROLLBACK = "rollback"  # an earlier version, put back as it was


class Rehearsing(StrEnum):
    """Where a rehearsal stands."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


REHEARSAL_MOVES: Final = frozenset(
    {
        (Rehearsing.ASKED, Rehearsing.RUNNING),
        (Rehearsing.RUNNING, Rehearsing.DONE),
        (Rehearsing.RUNNING, Rehearsing.FAILED),
        (Rehearsing.RUNNING, Rehearsing.ASKED),
    }
)

DIAGRAMS: Final = {
    "version 策略版本": MOVES,
    "rehearsal 试跑": REHEARSAL_MOVES,
}

PERSON: Final = "person"  # the cause of what somebody ordered by hand over a journey
