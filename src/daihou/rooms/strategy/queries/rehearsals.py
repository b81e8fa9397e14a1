"""Rehearsals: where one stands, what it came to, and the sides it compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.steps import Live
from daihou.rooms.strategy import document
from daihou.rooms.strategy.models import Rehearsal, Version
from daihou.rooms.strategy.queries.steps import steps_run
from daihou.rooms.strategy.states import Rehearsing, State


@dataclass(frozen=True, slots=True)
class RehearsalLine:
    """One rehearsal; `told` is how far it is in per mille."""

    id: int
    version_id: int
    strategy_id: int
    name: str
    digest: str
    against: list[int]
    as_of: date
    state: str
    told: int
    key: str
    summary: Mapping[str, Any]
    problem: Mapping[str, str]
    asked_by: str
    asked_at: datetime
    done_at: datetime | None
    still_so: bool

    @property
    def waits(self) -> bool:
        """Whether the worker has not done it yet."""
        return self.state in (Rehearsing.ASKED, Rehearsing.RUNNING)

    @property
    def is_done(self) -> bool:
        """Whether there is something to look at."""
        return self.state == Rehearsing.DONE


def _line(row: Rehearsal) -> RehearsalLine:
    version = row.version
    return RehearsalLine(
        id=row.pk,
        version_id=version.pk,
        strategy_id=version.strategy_id,
        name=f"{version.strategy.code} {version.number}",
        digest=row.digest,
        against=list(row.against),
        as_of=row.as_of,
        state=row.state,
        told=row.told,
        key=row.key,
        summary=row.summary,
        problem=json.loads(row.problem) if row.problem else {},
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        done_at=row.done_at,
        still_so=version.digest == row.digest,
    )


def can_rehearse() -> bool:
    """Whether there is a closed day with steps to compare with."""
    return steps_run() is not None


def rehearsal(rehearsal_id: int) -> RehearsalLine:
    """One rehearsal, or NotFound."""
    rows = Rehearsal.objects.select_related("version__strategy")
    row = rows.defer("version__content").filter(pk=rehearsal_id).first()
    if row is None:
        raise NotFound(
            "rehearsal_unknown",
            _("There is no rehearsal %(n)s; it goes when its draft is dropped.")
            % {"n": rehearsal_id},
        )
    return _line(row)


def last_rehearsal(
    version_id: int,
    *,
    digest: str = "",
    as_of: date | None = None,
    finished: bool = True,
) -> RehearsalLine | None:
    """The newest rehearsal of a version, of a content and a day if asked.

    Failed ones do not count; with `finished` only those that are done.
    """
    rows = Rehearsal.objects.select_related("version__strategy")
    rows = rows.defer("version__content").filter(version_id=version_id)
    rows = rows.exclude(state=Rehearsing.FAILED)
    if digest:
        rows = rows.filter(digest=digest)
    if as_of is not None:
        rows = rows.filter(as_of=as_of)
    if finished:
        rows = rows.filter(state=Rehearsing.DONE)
    row = rows.order_by("-pk").first()
    return _line(row) if row else None


def short_summary(found: RehearsalLine) -> Mapping[str, Any]:
    """What of a rehearsal goes with a proposal: the counts, as plain JSON."""
    plain = {
        name: found.summary[name]
        for name in ("customers", "moved", "overdue")
        if isinstance(found.summary.get(name), int)
    }
    breaks = found.summary.get("breaks", {})
    plain["capacity"] = len(breaks.get("capacity", []))
    plain["capped"] = int(breaks.get("capped", 0))
    plain["held"] = int(breaks.get("held", 0))
    plain["promise"] = int(breaks.get("promise", 0))
    return plain


def sides_of(row: Rehearsal) -> tuple[tuple[Live, ...], tuple[Live, ...]]:
    """What is live, and what would be with the draft in the place of its strategy's."""
    live = Version.objects.filter(state=State.LIVE).select_related("strategy")
    before = list(live.order_by("strategy__place", "strategy__code"))
    mine = row.version
    after = [mine if each.strategy_id == mine.strategy_id else each for each in before]
    if mine not in after:
        after.append(mine)
        after.sort(key=lambda each: (each.strategy.place, each.strategy.code))
    return tuple(map(_live, before)), tuple(map(_live, after))


def _live(row: Version) -> Live:
    return Live(version_id=row.pk, strategy=document.parsed(row.content))
