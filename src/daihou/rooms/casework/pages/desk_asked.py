"""Who sits at the desk, when, at which case, and what is said above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Note:
    """A line above the desk: something that happened meanwhile."""

    kind: str
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who sits at the desk, when, at which case; `problem` is why a saving was refused.

    `draft` is what was typed where that is known better than from the kept draft,
    `case` the case where it was read just now.
    """

    by: people.Person
    today: date
    at: datetime
    number: str = ""
    problem: str = ""
    draft: Mapping[str, object] | None = None
    case: CaseLine | None = None
    notes: Sequence[Note] = ()
