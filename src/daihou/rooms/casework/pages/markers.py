"""The page of what was heard of people: to confirm or to refute, by another person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import pgettext

from daihou.engine.commitments.marker import Kind, State
from daihou.rooms.casework import forms_desk
from daihou.rooms.casework.queries import markers
from daihou.rooms.casework.queries.markers import MarkerRow
from daihou.rooms.people import door as people

Chip = tuple[str, str, str]
_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    State.RAISED.value: ("warn", "half"),
    State.ESCALATED.value: ("bad", "dia"),
    State.CONFIRMED.value: ("good", "tick"),
    State.REFUTED.value: ("mute", "cross"),
    State.RETURNED.value: ("mute", "ring"),
}


@dataclass(frozen=True, slots=True)
class MarkerLine:
    """One marker in words; `days` left to confirm it, below zero when they are over."""

    row: MarkerRow
    kind: str
    chip: Chip
    days: int
    mine: bool


@dataclass(frozen=True, slots=True)
class MarkersPage:
    """What the page draws."""

    show: str
    lines: Sequence[MarkerLine]
    waiting: int
    older: int
    may_decide: bool


def kind_word(kind: str) -> str:
    """What was heard of a person."""
    words: dict[str, str] = {
        Kind.DECEASED: pgettext("marker", "Deceased"),
        Kind.JAILED: pgettext("marker", "In custody"),
        Kind.IDENTITY_THEFT: pgettext("marker", "Identity fraud"),
        Kind.BANKRUPTCY: pgettext("marker", "Bankruptcy"),
    }
    return words.get(kind, kind)


def state_chip(state: str) -> Chip:
    """How far a marker is."""
    words: dict[str, str] = {
        State.RAISED: pgettext("marker", "To confirm"),
        State.ESCALATED: pgettext("marker", "Not confirmed in time"),
        State.CONFIRMED: pgettext("marker", "Confirmed"),
        State.REFUTED: pgettext("marker", "Refuted"),
        State.RETURNED: pgettext("marker", "Given up"),
    }
    colour, shape = _SHAPES[state]
    return (colour, shape, words[state])


def markers_page(
    query: Mapping[str, str], *, by: people.Person, today: date
) -> MarkersPage:
    """Open ones, or with `show=decided` what came of the others."""
    show = "decided" if query.get("show") == "decided" else "open"
    before = forms_desk.whole(query.get("before", ""))
    rows = markers.markers(
        scope=by.scope,
        stands=show,
        before=before,
        limit=markers.SHOWN + 1,
    )
    shown = rows[: markers.SHOWN]
    more = show == "decided" and len(rows) > markers.SHOWN
    return MarkersPage(
        show=show,
        lines=[
            MarkerLine(
                row,
                kind_word(row.kind),
                state_chip(row.state),
                (row.confirm_by - today).days,
                row.raised_by == by.username,
            )
            for row in shown
        ],
        waiting=markers.waiting(scope=by.scope),
        older=shown[-1].id if more else 0,
        may_decide=by.may(people.Permission.MANAGE_CASES),
    )
