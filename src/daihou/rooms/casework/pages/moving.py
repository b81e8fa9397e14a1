"""Moving cases from one pair of hands to another: what it would do, then doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.queries import floor, seats

MOST = 2_000  # cases moved at once by dragging


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move would do: how many cases, whose hands overflow, what stays."""

    source: str
    source_name: str
    target: str
    target_name: str
    queue: str
    asked: int
    ids: Sequence[int]
    said: str
    warnings: Sequence[str]
    left: Sequence[door.Left]

    @property
    def id_text(self) -> str:
        """The cases as the form carries them, so that what was seen is what is done."""
        return ",".join(str(each) for each in self.ids)


def plan_of(given: Mapping[str, str], *, deed: door.Deed) -> Plan:
    """What moving so many cases from one to another would do; nothing is changed."""
    source, target = given.get("source", "")[:150], given.get("target", "")[:150]
    queue = given.get("queue", "")[:40]
    asked = _asked(given, source=source, target=target)
    ids = floor.movable(
        scope=deed.by.scope,
        queue=queue,
        source=source,
        most=asked,
        at=deed.at,
    )
    known = seats.takers(logins=[each for each in (source, target) if each])
    moved = door.assign(list(ids), collector=target, deed=deed, preview=True)
    taker = known.get(target)
    fits = moved.moved
    beyond = _beyond(taker, len(fits))
    said = ngettext("Moves %(n)s case", "Moves %(n)s cases", len(fits))
    return Plan(
        source=source,
        source_name=_name(source, known),
        target=target,
        target_name=_name(target, known),
        queue=queue,
        asked=asked,
        ids=fits,
        said=_said(said % {"n": len(fits)}, 1 if beyond else 0),
        warnings=_warnings(taker, beyond=beyond, fits=len(fits), asked=asked),
        left=moved.left,
    )


def _asked(given: Mapping[str, str], *, source: str, target: str) -> int:
    """How many cases are to move; Refused names the field that is wrong."""
    if not target:
        raise Refused(
            "move_to", gettext("“To”: say who takes the cases."), field="target"
        )
    if target == source:
        raise Refused(
            "move_to",
            gettext("“To”: they are with this person already; choose another one."),
            field="target",
        )
    count = forms_desk.whole(given.get("count", ""))
    if not 0 < count <= MOST:
        text = gettext("“How many”: “%(given)s” is no whole number from 1 to %(most)s.")
        known = {"given": given.get("count", "")[:20], "most": f"{MOST:,}"}
        raise Refused("move_count", text % known, field="count")
    return count


def _beyond(taker: seats.Taker | None, more: int) -> int:
    """How many cases somebody would hold above what they are to hold."""
    if taker is None or taker.most_cases is None:
        return 0
    return max(0, taker.cases + more - taker.most_cases)


def _warnings(
    taker: seats.Taker | None, *, beyond: int, fits: int, asked: int
) -> Sequence[str]:
    found = []
    if taker is not None and beyond:
        text = ngettext(
            "%(n)s case more than %(who)s is to hold",
            "%(n)s cases more than %(who)s is to hold",
            beyond,
        )
        found.append(text % {"n": beyond, "who": taker.name})
    if taker is not None and taker.away:
        found.append(gettext("%(who)s is away") % {"who": taker.name})
    if fits < asked:
        text = gettext("%(n)s of %(asked)s: others are promised, held or in hand")
        found.append(text % {"n": fits, "asked": asked})
    return found


def _said(moves: str, breached: int) -> str:
    if not breached:
        return moves
    text = gettext("%(moves)s, breaches the capacity of %(n)s")
    return str(text % {"moves": moves, "n": breached})


def _name(login: str, known: Mapping[str, seats.Taker]) -> str:
    if not login:
        return str(gettext("nobody yet"))
    return known[login].name if login in known else login
