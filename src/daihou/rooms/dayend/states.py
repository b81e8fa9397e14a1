"""How a run of the night and a request for one move from state to state."""

from collections.abc import Mapping
from enum import StrEnum


class RunState(StrEnum):
    """Where one day-end stands; a date to be run again waits in line."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class RequestState(StrEnum):
    """Where a request of the office to the night stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


# (from, to). Late facts put the dates they touch in line to be run again; a failed
# run is taken up again where it stopped; a date run again supersedes the run that
# stood for it.
RUN_MOVES = (
    (RunState.WAITING, RunState.RUNNING),
    (RunState.RUNNING, RunState.DONE),
    (RunState.RUNNING, RunState.FAILED),
    (RunState.FAILED, RunState.RUNNING),
    (RunState.DONE, RunState.SUPERSEDED),
)
# A request whose worker died goes back to waiting; another worker comes.
REQUEST_MOVES = (
    (RequestState.WAITING, RequestState.RUNNING),
    (RequestState.RUNNING, RequestState.DONE),
    (RequestState.RUNNING, RequestState.FAILED),
    (RequestState.RUNNING, RequestState.WAITING),
)
UNFINISHED = (RequestState.WAITING, RequestState.RUNNING)

DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Day-end run": RUN_MOVES,
    "Day-end request": REQUEST_MOVES,
}
