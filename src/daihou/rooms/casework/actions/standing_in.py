"""Leave and illness: others stand in for a collector, and give back by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daihou.kit import turns
from daihou.kit.refusal import Refused
from daihou.rooms.casework.actions import giving, queueing
from daihou.rooms.casework.actions.assigning import finish, made
from daihou.rooms.casework.actions.common import Deed, many_told, open_day
from daihou.rooms.casework.models import Case, Queue, Seat
from daihou.rooms.casework.queries.seats import Taker, takers
from daihou.rooms.casework.states import BatchKind, Lifecycle, Method
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class StoodIn:
    """How many cases of somebody absent others work now, and who has how many."""

    batch_id: int
    moved: int
    to: tuple[tuple[str, int], ...]
    left: int


@transaction.atomic
def leave(login: str, *, deed: Deed) -> StoodIn:
    """Somebody is away from now on: others of their kind work their cases meanwhile.

    Those arranged to cover for them, else everybody who works the queue and sees the
    case; the cases stay theirs and come back with `back`.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    turns.in_turn("casework.distribute")
    queueing.check_in_sight(login, deed)
    queueing.put_away(login, away=True, deed=deed)
    covers = people.covers_on(open_day(deed))
    rows = _locked(deed.by.scope.limit(Case.objects.filter(collector=login, cover="")))
    hands = _spread(rows, covers.get(login, ()), absent=frozenset(covers) | {login})
    return _done(BatchKind.LEAVE, login, rows, hands, deed)


@transaction.atomic
def back(login: str, *, deed: Deed) -> StoodIn:
    """Somebody is there again: nobody stands in for them any more."""
    people.require(deed.by, people.Permission.MANAGE_CASES)
    turns.in_turn("casework.distribute")
    queueing.check_in_sight(login, deed)
    if login in people.covers_on(open_day(deed)):
        raise Refused(
            "cover_arranged",
            _("A cover is arranged for them today; end it among the people first."),
        )
    queueing.put_away(login, away=False, deed=deed)
    theirs = deed.by.scope.limit(Case.objects.filter(collector=login))
    rows = _locked(theirs.exclude(cover=""))
    hands = [
        giving.Hand(case_id=row.pk, collector=row.collector, team=row.team)
        for row in rows
    ]
    return _done(BatchKind.RETURN, login, rows, hands, deed)


def _locked(rows: QuerySet[Case]) -> list[Case]:
    return list(
        rows.exclude(lifecycle=Lifecycle.CLOSED.value)
        .order_by("pk")
        .select_for_update()
    )


def _done(
    kind: BatchKind,
    login: str,
    rows: Sequence[Case],
    hands: Sequence[giving.Hand],
    deed: Deed,
) -> StoodIn:
    batch = made(kind, deed=deed, key=f"{kind.value}:{login}:{deed.at.isoformat()}")
    method = Method.COVER if kind is BatchKind.LEAVE else Method.RETURN
    moved = giving.give(hands, method=method, deed=deed, batch_id=batch.pk)
    counts: dict[str, int] = {}
    done = set(moved)
    for hand in hands:
        if hand.case_id in done:
            to = hand.cover or hand.collector
            counts[to] = counts.get(to, 0) + 1
    finish(batch, moved=moved, report={"of": login, "to": counts})
    tell_covers(hands, moved, deed=deed)
    ordered = tuple(sorted(counts.items()))
    return StoodIn(batch.pk, len(moved), ordered, len(rows) - len(moved))


def tell_covers(
    hands: Sequence[giving.Hand], moved: Sequence[int], *, deed: Deed
) -> None:
    """The event of every case that a cover works, or gave back."""
    done = set(moved)
    many_told(
        "assignment.changed",
        [
            (each.case_id, {"of": each.collector, "cover": each.cover})
            for each in hands
            if each.case_id in done
        ],
        deed=deed,
    )


def stand_in(*, deed: Deed) -> int:
    """Covers of the day take over and those that ended give back; how many moved."""
    covers = people.covers_on(open_day(deed))
    away = set(Seat.objects.filter(away=True).values_list("username", flat=True))
    covered = _locked(Case.objects.exclude(cover=""))
    over = [
        giving.Hand(case_id=row.pk, collector=row.collector, team=row.team)
        for row in covered
        if row.collector not in away and row.cover not in covers.get(row.collector, ())
    ]
    moved = giving.give(over, method=Method.RETURN, deed=deed)
    tell_covers(over, moved, deed=deed)
    total = len(moved)
    for login in sorted(set(covers) | away):
        rows = _locked(Case.objects.filter(collector=login, cover=""))
        absent = frozenset(covers) | away
        hands = _spread(rows, covers.get(login, ()), absent=absent)
        moved = giving.give(hands, method=Method.COVER, deed=deed)
        tell_covers(hands, moved, deed=deed)
        total += len(moved)
    return total


def _spread(
    rows: Sequence[Case], named: Sequence[str], *, absent: frozenset[str]
) -> list[giving.Hand]:
    """Who stands in for each case: the one with the least who sees it and may."""
    if not rows:
        return []
    known = takers()
    queues = queueing.by_code()
    able = [
        each
        for login, each in known.items()
        if login not in absent
        and not each.away
        and (login in named if named else not each.leads)
    ]
    load = {each.login: each.cases for each in able}
    hands = []
    for row in sorted(rows, key=lambda each: (-each.overdue_total, each.pk)):
        fits = _fits(row, able, queues.get(row.queue), named=bool(named))
        if not fits:
            continue
        to = min(fits, key=lambda each: (load[each.login], each.login))
        load[to.login] += 1
        hands.append(
            giving.Hand(
                case_id=row.pk, collector=row.collector, team=row.team, cover=to.login
            )
        )
    return hands


def _fits(
    row: Case, able: Sequence[Taker], queue: Queue | None, *, named: bool
) -> list[Taker]:
    """Who may work a case; a cover that was arranged by name need not have the skill.

    A cover sees what the absent one sees, so an arranged one need not see it alone.
    """
    if named:
        return list(able)
    return [
        each
        for each in able
        if each.sees(row.branch, row.product, row.officer)
        and (queue is None or queueing.fits(each, queue))
    ]
