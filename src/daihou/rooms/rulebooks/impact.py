"""What a change of rules would do to yesterday's book, as later rooms can tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.rulebook.law import Lawbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One thing that would be another: a loan, its number, from what to what, and why.

    `was`, `becomes` and `why` are words in the reader's language; `loan` is the id of
    a loan, 0 where it is something else.
    """

    loan: int = 0
    number: str
    was: str
    becomes: str
    why: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What would change: how many were looked at, how many would move, and which.

    `counts` are (words, how many) for a line above the list, `moved` at most a few
    hundred, the worst first; `changes` counts them all.
    """

    looked_at: int
    changes: int
    counts: tuple[tuple[str, int], ...] = ()
    moved: tuple[Moved, ...] = ()
    note: str = ""


Handler = Callable[[Lawbook, Lawbook, date], Impact]


@dataclass(frozen=True, slots=True)
class Known:
    """One kind of impact: its code, its name in words, and who reckons it."""

    kind: str
    name: str
    handler: Handler


_known: dict[str, Known] = {}


def register_impact(*, kind: str, name: str, handler: Handler) -> None:
    """Make a kind of impact known, at start-up; the same kind again replaces it.

    `handler(before, after, as_of)` compares two law books on the closed day `as_of`
    and returns an `Impact`. Both hold on that day as they stand: the caller has moved
    the change to it.
    """
    _known[kind] = Known(kind, name, handler)


def known() -> Sequence[Known]:
    """Every kind of impact, by its code."""
    return [_known[kind] for kind in sorted(_known)]


def reckon(
    before: Lawbook, after: Lawbook, as_of: date
) -> Mapping[str, tuple[str, Impact]]:
    """Each kind's name and impact, by code; empty where no room knows any."""
    if before.digest == after.digest:
        return {}
    return {
        each.kind: (str(each.name), each.handler(before, after, as_of))
        for each in known()
    }
