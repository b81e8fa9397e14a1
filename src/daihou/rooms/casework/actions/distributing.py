"""Distribution 分案: a queue is shared out among those who work it, and can be undone."""

import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit import turns
from daihou.kit.refusal import NotFound
from daihou.rooms.audit import door as audit
from daihou.rooms.casework.actions import giving, queueing
from daihou.rooms.casework.actions.assigning import finish, made
from daihou.rooms.casework.actions.common import Deed, many_told, open_day
from daihou.rooms.casework.actions.distributing_cases import (
    STALE,
    WHICH,
    CaseIn,
    cases_in,
    had_before,
)
from daihou.rooms.casework.actions.distributing_told import (
    Distribution,
    Found,
    of_batch,
    report_of,
)
from daihou.rooms.casework.models import Batch, Queue
from daihou.rooms.casework.queries.seats import Taker, given_on, takers
from daihou.rooms.casework.sharing import (
    Hands,
    Rules,
    Waiting,
    shared,
)
from daihou.rooms.casework.states import (
    BatchKind,
    BatchMode,
    CapacityMode,
    Method,
    Share,
)
from daihou.rooms.people import door as people


@transaction.atomic
def distribute(
    queue: str,
    *,
    deed: Deed,
    mode: BatchMode = BatchMode.UNASSIGNED,
    key: str = "",
    seed: int | None = None,
    preview: bool = False,
) -> Distribution:
    """Share the cases of a queue out; `preview` shows what would be and changes nothing.

    `mode`: only those nobody has; all (`overwrite`: who had them keeps them where they
    may); or `recall`: taken from everybody first. Never a held case, nor one with a
    live promise out of the hands it is in. The same `key` again changes nothing.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    turns.in_turn("casework.distribute")
    row = _queue(queue)
    seed = _seed(deed, queue) if seed is None else seed
    known = Batch.objects.filter(key=key).first() if key else None
    if known is not None:
        return of_batch(known)
    cases = cases_in(queue, WHICH[mode], {}, deed=deed, lock=not preview)
    found = _shared(row, cases, deed=deed, mode=mode, seed=seed)
    if preview:
        return found.told(0)
    batch = made(
        BatchKind.DISTRIBUTE,
        deed=deed,
        key=key,
        mode=mode.value,
        queue=queue,
        seed=seed,
    )
    return _carried_out(found, batch, deed=deed)


@transaction.atomic
def redistribute(
    queue: str,
    *,
    deed: Deed,
    key: str = "",
    seed: int | None = None,
    preview: bool = False,
) -> Distribution:
    """Give cases nobody worked for the days of their team or queue to somebody else.

    Never back to a person who had them, never a held one or one with a live promise.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    turns.in_turn("casework.distribute")
    row = _queue(queue)
    seed = _seed(deed, queue) if seed is None else seed
    known = Batch.objects.filter(key=key).first() if key else None
    if known is not None:
        return of_batch(known)
    cases: list[CaseIn] = []
    if row.redistribute_days or row.team_days:
        more = {
            "midnight": timezone.localtime(deed.at).replace(
                hour=0, minute=0, second=0, microsecond=0
            ),
            "days": row.redistribute_days,
            "team_days": json.dumps(row.team_days),
        }
        cases = cases_in(queue, STALE, more, deed=deed, lock=not preview)
    found = _shared(row, cases, deed=deed, mode=None, seed=seed)
    if preview or not cases:
        return found.told(0)
    batch = made(BatchKind.REDISTRIBUTE, deed=deed, key=key, queue=queue, seed=seed)
    return _carried_out(found, batch, deed=deed)


def _queue(code: str) -> Queue:
    row = Queue.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("queue_unknown", _("There is no such queue."), queue=code)
    return row


def _seed(deed: Deed, queue: str) -> int:
    """The same on one day for one queue, another on the next."""
    return open_day(deed).toordinal() * 1_000 + sum(queue.encode()) % 1_000


def _shared(
    row: Queue,
    cases: Sequence[CaseIn],
    *,
    deed: Deed,
    mode: BatchMode | None,
    seed: int,
) -> Found:
    away = frozenset(people.covers_on(open_day(deed)))
    able = {
        login: taker
        for login, taker in takers(away=away).items()
        if not taker.away and not taker.leads and queueing.fits(taker, row)
    }
    today = given_on(open_day(deed))
    hands = {
        login: _hands(taker, row, today.get(login, 0)) for login, taker in able.items()
    }
    _counted_off(hands, cases)
    kinds: dict[str, list[str]] = {}
    waiting = []
    had = had_before([each.id for each in cases], row, deed) if cases else {}
    for case in cases:
        kind = f"{case.branch}|{case.product}|{case.officer}|{case.language}"
        if kind not in kinds:
            kinds[kind] = _may(case, able)
        before = had.get(case.id, ())
        never: frozenset[str] = frozenset()
        theirs = False
        if mode is None:
            never = frozenset({login for login, _days in before} | {case.collector})
            before = ()
        elif mode is BatchMode.OVERWRITE and case.collector:
            before, theirs = ((case.collector, 0),), True
        waiting.append(
            Waiting(
                *(case.id, kind, case.amount, case.value, tuple(before), never, theirs)
            )
        )
    used = {login for may in kinds.values() for login in may}
    hands = {login: each for login, each in hands.items() if login in used}
    rules = Rules(Share(row.share), row.sticky_days, seed)
    if mode is BatchMode.RECALL:
        rules = Rules(rules.share, -1, seed)
    result = shared(waiting, hands, kinds, rules=rules)
    return Found(row.code, {each.id: each for each in cases}, hands, result)


def _hands(taker: Taker, row: Queue, today: int) -> Hands:
    most = taker.most_a_day
    return Hands(
        login=taker.login,
        cases=taker.cases,
        amount=taker.amount,
        most_cases=(
            taker.most_cases if taker.most_cases is not None else row.most_cases
        ),
        most_amount=(
            taker.most_amount if taker.most_amount is not None else row.most_amount
        ),
        mode=CapacityMode(row.mode),
        left_today=None if most is None else max(0, most - today),
    )


def _counted_off(hands: Mapping[str, Hands], cases: Sequence[CaseIn]) -> None:
    """Cases that are shared out anew are in nobody's hands while they are."""
    for case in cases:
        if case.collector in hands:
            hands[case.collector].cases -= 1
            hands[case.collector].amount -= case.amount


def _may(case: CaseIn, able: Mapping[str, Taker]) -> list[str]:
    """Who sees a case, and speaks the language its customer wants."""
    seen = [
        login
        for login, taker in able.items()
        if taker.sees(case.branch, case.product, case.officer)
    ]
    wanted = case.language
    if not wanted:
        return seen
    speak = [each for each in seen if wanted in able[each].languages]
    plain = [each for each in seen if not able[each].languages]
    return speak or plain or seen


def _carried_out(found: Found, batch: Batch, *, deed: Deed) -> Distribution:
    teams = {login: each.team for login, each in takers().items()}
    hands = [
        giving.Hand(
            case_id=case_id,
            collector=login,
            team=teams.get(login, ""),
            downgraded=found.result.downgraded.get(case_id, "")[:20],
        )
        for case_id, login in sorted(found.result.to.items())
        if found.cases[case_id].collector != login
    ]
    gone = [
        giving.Hand(case_id=case_id)
        for case_id in sorted(found.result.left)
        if found.cases[case_id].collector and batch.mode == BatchMode.RECALL.value
    ]
    moved = giving.give(
        [*hands, *gone], method=Method.BATCH, deed=deed, batch_id=batch.pk
    )
    told = found.told(batch.pk)
    finish(batch, moved=moved, report=report_of(told))
    done = set(moved)
    many_told(
        "assignment.changed",
        [
            (
                each.case_id,
                {
                    "number": found.cases[each.case_id].number,
                    "batch": batch.pk,
                    "from": found.cases[each.case_id].collector,
                    "to": each.collector,
                },
            )
            for each in (*hands, *gone)
            if each.case_id in done
        ],
        deed=deed,
    )
    _batch_told(batch, told, deed)
    return told


def _batch_told(batch: Batch, told: Distribution, deed: Deed) -> None:
    audit.record(
        type="assignment.batch.completed",
        subject_type="assignment_batch",
        subject_id=batch.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"queue": told.queue, "moved": batch.moved, "left": len(told.left)},
        request_id=deed.request_id,
    )
