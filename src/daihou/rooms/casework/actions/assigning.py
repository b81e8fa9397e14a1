"""A supervisor gives cases out by hand, takes them back, and undoes a distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.engine.commitments.promise import State
from daihou.kit import masking
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.casework.actions import giving
from daihou.rooms.casework.actions.common import (
    Deed,
    check_version,
    many_told,
    open_day,
    spoken,
)
from daihou.rooms.casework.models import Assignment, Batch, Case, Promise
from daihou.rooms.casework.queries.cases import no_such_case
from daihou.rooms.casework.queries.seats import Taker, takers
from daihou.rooms.casework.states import (
    UNDO_WITHIN,
    BatchKind,
    BatchState,
    Lifecycle,
    Method,
)
from daihou.rooms.people import door as people

MOST = 10_000  # cases given out by hand at once


@dataclass(frozen=True, slots=True)
class Left:
    """A case that did not move, and why."""

    case_id: int
    number: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What giving cases out did: the batch (0: none), who moved, who did not."""

    batch_id: int
    moved: tuple[int, ...]
    left: tuple[Left, ...]
    preview: bool


@transaction.atomic
def assign(
    case_ids: Sequence[int],
    *,
    deed: Deed,
    collector: str = "",
    team: str = "",
    reason: str = "",
    version: int | None = None,
    key: str = "",
    preview: bool = False,
) -> Moved:
    """Give cases to a collector, a team, or back to the pool (neither is named).

    Cases that may not move (see `_sorted_out`) stay and are told with why. `key` makes
    the same asked twice one; `preview` changes nothing; `version` is that of the one
    case. Undone within a quarter of an hour.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    ids = sorted(set(case_ids))
    if len(ids) > MOST:
        raise Refused(
            "too_many_cases",
            _("At most %(most)s cases at once.") % {"most": f"{MOST:,}"},
        )
    known = Batch.objects.filter(key=key).first() if key else None
    if known is not None:
        moved = Assignment.objects.filter(batch=known).values_list("case_id", flat=True)
        return Moved(known.pk, tuple(moved), (), preview=False)
    if reason.strip():
        reason = masking.scrubbed(spoken(reason, deed=deed, most=200))
    taker = _taker(collector) if collector else None
    if team:
        _check_team(team, deed)
    rows = _locked(ids, deed)
    if len(ids) == 1 and rows:
        check_version(rows[0], version)
    fits, left = _sorted_out(ids, rows, taker, collector)
    team = team or (taker.team if taker is not None else "")
    hands = [
        giving.Hand(case_id=row.pk, collector=collector, team=team) for row in fits
    ]
    if preview or not hands:
        return Moved(0, tuple(each.case_id for each in hands), left, preview=preview)
    batch = made(BatchKind.MANUAL, deed=deed, key=key)
    done = giving.give(
        hands, method=Method.MANUAL, deed=deed, batch_id=batch.pk, reason=reason
    )
    finish(batch, moved=done, report={"to": collector or team})
    told(rows, done, hands, deed=deed, batch_id=batch.pk)
    return Moved(batch.pk, tuple(done), left, preview=False)


def _taker(login: str) -> Taker:
    found = takers(logins=[login]).get(login)
    if found is None:
        raise Refused(
            "not_a_collector",
            _("%(who)s works no cases. Choose somebody who does.") % {"who": login},
            field="collector",
        )
    return found


def _check_team(team: str, deed: Deed) -> None:
    """Refused unless a team is a unit that the person sees."""
    units = people.branch_names(language=get_language() or "zh-hans")
    ways = deed.by.scope.ways
    if team not in units or not any(
        way.branches is None or team in way.branches for way in ways
    ):
        raise Refused(
            "team_unknown",
            _("There is no unit %(team)s among those you see; choose another.")
            % {"team": team[:40]},
            field="team",
        )


def _locked(ids: Sequence[int], deed: Deed) -> list[Case]:
    """Cases of the scope, locked in order of their numbers."""
    rows = deed.by.scope.limit(Case.objects.filter(pk__in=ids)).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _sorted_out(
    ids: Sequence[int], rows: Sequence[Case], taker: Taker | None, collector: str
) -> tuple[list[Case], tuple[Left, ...]]:
    """Those that may move; closed and held ones stay, those the collector does not
    see, and what somebody has with a promise that stands."""
    fits, left = [], []
    promised = _promised(rows)
    for row in rows:
        if row.lifecycle == Lifecycle.CLOSED.value:
            left.append(_left(row, "closed", _("The case is closed.")))
        elif row.held:
            left.append(_left(row, "held", _("The case is held.")))
        elif taker is not None and not taker.sees(row.branch, row.product, row.officer):
            left.append(_left(row, "scope", _("They do not see loans of this branch.")))
        elif row.pk in promised and row.collector != collector:
            left.append(_left(row, "promised", _("A promise stands on the case.")))
        else:
            fits.append(row)
    gone = sorted(set(ids) - {row.pk for row in rows})
    left += [Left(each, "", "unknown", str(no_such_case(each))) for each in gone]
    return fits, tuple(left)


def _promised(rows: Sequence[Case]) -> frozenset[int]:
    """Those of the cases that somebody has and on which a promise stands."""
    given = [row.pk for row in rows if row.collector]
    found = Promise.objects.filter(case__in=given, state=State.ACTIVE.value)
    return frozenset(found.values_list("case_id", flat=True))


def _left(row: Case, code: str, words: str) -> Left:
    return Left(row.pk, row.number, code, words)


def made(kind: BatchKind, *, deed: Deed, key: str = "", **more: Any) -> Batch:
    """A batch, written before what it moves; Conflict where the key was used."""
    name = key or f"{kind.value}:{deed.request_id or deed.at.isoformat()}:{deed.by.id}"
    try:
        with transaction.atomic():
            row: Batch = Batch.objects.create(
                key=name[:80],
                kind=kind.value,
                business_date=open_day(deed),
                by=deed.by.username,
                at=deed.at,
                **more,
            )
    except IntegrityError:
        raise Conflict(
            "batch_known", _("This was done before, under the same key."), key=name
        ) from None
    return row


def finish(batch: Batch, *, moved: Sequence[int], report: dict[str, Any]) -> None:
    """Write down what a batch came to."""
    batch.moved, batch.report = len(moved), report
    batch.save(update_fields=["moved", "report"])


def told(
    rows: Sequence[Case],
    moved: Sequence[int],
    hands: Sequence[giving.Hand],
    *,
    deed: Deed,
    batch_id: int,
) -> None:
    """The event of every case that changed hands: from whom, into which."""
    done = set(moved)
    to = {each.case_id: each for each in hands}
    many_told(
        "assignment.changed",
        [
            (
                row.pk,
                {
                    "number": row.number,
                    "batch": batch_id,
                    "from": row.collector,
                    "to": to[row.pk].collector,
                    "team": to[row.pk].team,
                    "cover": to[row.pk].cover,
                },
            )
            for row in rows
            if row.pk in done
        ],
        deed=deed,
    )


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a distribution back did; `kept` moved on since and stay."""

    batch_id: int
    back: tuple[int, ...]
    kept: tuple[int, ...]


@transaction.atomic
def undo_batch(batch_id: int, *, deed: Deed) -> Undone:
    """Put the cases of a batch back where they were, within a quarter of an hour.

    A case that somebody moved, worked, held or closed since stays where it is.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("batch_unknown", _("There is no such distribution."))
    if batch.state != BatchState.DONE.value:
        raise Conflict("batch_undone", _("This distribution was undone before."))
    if deed.at > batch.at + UNDO_WITHIN:
        raise Conflict(
            "batch_too_late",
            _("A distribution can be undone for 15 minutes. Assign the cases anew."),
        )
    given = list(
        Assignment.objects.filter(batch=batch).values_list("case_id", flat=True)
    )
    rows = _locked(given, deed)
    if len(rows) < len(given):
        raise NotFound(
            "batch_unknown",
            _("This distribution moved cases that you do not see."),
        )
    hands = _before(batch, rows)
    moved = giving.give(
        hands, method=Method.UNDO, deed=deed, reason=_("Distribution undone")
    )
    batch.state = BatchState.UNDONE.value
    batch.undone_by, batch.undone_at = deed.by.username, deed.at
    batch.save(update_fields=["state", "undone_by", "undone_at"])
    told(rows, moved, hands, deed=deed, batch_id=batch.pk)
    back = {each.case_id for each in hands}
    kept = tuple(each for each in given if each not in back)
    return Undone(batch.pk, tuple(moved), kept)


def _before(batch: Batch, rows: Sequence[Case]) -> list[giving.Hand]:
    """Where the cases were that nothing happened to since."""
    untouched = [
        row
        for row in rows
        if row.lifecycle != Lifecycle.CLOSED.value
        and not row.held
        and (row.last_worked_at is None or row.last_worked_at <= batch.at)
    ]
    history: dict[int, list[Assignment]] = {}
    found = Assignment.objects.filter(case_id__in=[row.pk for row in untouched])
    for each in found.order_by("case_id", "pk"):
        history.setdefault(each.case_id, []).append(each)
    hands = []
    for case_id, line in history.items():
        if line[-1].batch_id != batch.pk or line[-1].until_at is not None:
            continue
        # Who had it until this batch gave it away; one that lay open was nobody's.
        prior = line[-2] if len(line) > 1 else None
        had = prior is not None and prior.until_at == line[-1].from_at
        hands.append(
            giving.Hand(
                case_id=case_id,
                collector=prior.collector if had and prior else "",
                team=prior.team if had and prior else "",
                cover=prior.cover if had and prior else "",
            )
        )
    return hands
