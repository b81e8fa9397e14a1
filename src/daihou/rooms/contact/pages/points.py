"""The numbers and addresses of a customer, with how good each is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daihou.rooms.contact.queries.points import PointLine
from daihou.rooms.contact.states import PointState
from daihou.rooms.contact.words import Chip, point_kind_word, point_word, role_word

_CHIPS = {
    PointState.UNTRIED.value: ("mute", "ring"),
    PointState.ANSWERED.value: ("good", "tick"),
    PointState.SILENT.value: ("mute", "half"),
    PointState.OFF.value: ("warn", "half"),
    PointState.INVALID.value: ("bad", "cross"),
    PointState.WRONG.value: ("bad", "cross"),
}


@dataclass(frozen=True, slots=True)
class PointRow:
    """One way to reach them in words; `best` says when they answer."""

    line: PointLine
    kind: str
    owner: str
    chip: Chip
    best: str


def rows_of(lines: Sequence[PointLine]) -> Sequence[PointRow]:
    """The ways to reach a customer in words."""
    return [_row(line) for line in lines]


def _row(line: PointLine) -> PointRow:
    colour, shape = _CHIPS[line.state]
    hour = line.best_hour
    best = ""
    if hour is not None:
        hours = {"from": f"{hour:02d}:00", "until": f"{hour + 1:02d}:00"}
        best = _("answers best from %(from)s to %(until)s") % hours
    own = line.owner_role in ("", "self")
    return PointRow(
        line=line,
        kind=point_kind_word(line.kind),
        owner="" if own else role_word(line.owner_role),
        chip=(colour, shape, point_word(line.state)),
        best=best,
    )
