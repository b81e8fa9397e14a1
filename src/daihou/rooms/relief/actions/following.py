"""Follow the ledger: what was agreed is judged within seconds of its money.

All of it is looked at once a business day. Each row is judged in a transaction of its
own, so that one that cannot be judged holds up no other.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, QuerySet

from daihou.kit.refusal import Refused
from daihou.kit.turns import alone
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief.actions import posting
from daihou.rooms.relief.actions.common import Deed, hand, move, today
from daihou.rooms.relief.actions.household import judge_households
from daihou.rooms.relief.actions.judging import judge_row, stuck
from daihou.rooms.relief.models import Followed, HouseholdPlan, Instalment, Relief
from daihou.rooms.relief.states import JUDGED, OVER, HouseholdState, Kind

AGAIN: Final = 35  # days after which only a change of its money makes it judged again
_PLACE: Final = "relief"
_BATCH: Final = 500
_PLACES: Final = ("branch", "product", "officer")
_KEPT: Final = ("applied", "completed")
_AGREED: Final = ("accepted", "active", "at_risk", "suspended", "completed")
_RUNS: Final = (HouseholdState.RUNNING.value, HouseholdState.STUCK.value)
_log: Final = logging.getLogger("daihou.relief")


def follow(*, at: datetime) -> None:
    """Judge what the ledger's news concern; all of it when a new day has opened.

    Where another worker is at it, it is left to that one.
    """
    opened = dayend.business_date()
    if opened is None:
        return
    with alone("relief.follow") as only:
        if only:
            _follow(opened.on, at)


def _follow(day: date, at: datetime) -> None:
    deed = Deed(by=hand(), at=at, business_date=day)
    mark, _made = Followed.objects.get_or_create(name=_PLACE)
    last, loans = ledger.relieving.moved_since(mark.change_id)
    everything = mark.judged_on != day
    if everything:
        keep_places(Relief, Relief.objects.exclude(state__in=sorted(OVER)))
        keep_places(HouseholdPlan, HouseholdPlan.objects.filter(state__in=_RUNS))
    judge_all(deed=deed, loans=None if everything else loans)
    marks = Followed.objects.filter(name=_PLACE)
    marks.filter(change_id__lt=last).update(change_id=last)
    if everything:
        judge_households(deed=deed)
        marks.update(judged_on=day)


def keep_places(model: type[Model], rows: "QuerySet[Any]") -> None:
    """Write the branch, product and officer anew where the loan has moved.

    Whoever has the loan now sees what is agreed on it, and who had it no more.
    """
    scope = hand().scope
    for some in _batches(rows, "loan_id", *_PLACES):
        lines = ledger.reading.lines_of({row[1] for row in some}, scope=scope)
        for pk, loan, *was in some:
            line = lines.get(loan)
            now = [getattr(line, name) for name in _PLACES] if line else was
            if now != was:
                fields = dict(zip(_PLACES, now, strict=True))
                model._default_manager.filter(pk=pk).update(**fields)


def _batches(rows: "QuerySet[Any]", *names: str) -> Iterator[Sequence[Any]]:
    """Rows by key, some at a time: (pk, *names)."""
    last = 0
    rows = rows.order_by("pk")
    while some := list(rows.filter(pk__gt=last).values_list("pk", *names)[:_BATCH]):
        yield some
        last = some[-1][0]


def judge_all(*, deed: Deed, loans: Collection[int] | None = None) -> int:
    """Judge everything that money still moves, or what concerns some loans.

    What rests on money of long ago is judged again only when that money is taken back.
    """
    rows = Relief.objects.filter(state__in=sorted(JUDGED))
    if loans is not None:
        if not loans:
            return 0
        rows = rows.filter(loan_ids__overlap=sorted(loans))
        return _judge(rows.order_by("pk").values_list("pk", flat=True), deed)
    recent = today(deed) - timedelta(days=AGAIN)
    rows = rows.exclude(state__in=_KEPT, ended_on__lt=recent)
    judged = _judge(rows.order_by("pk").values_list("pk", flat=True), deed)
    return judged + _judge(_taken_back(deed), deed)


def _taken_back(deed: Deed) -> Iterator[int]:
    """What rests on money of long ago that was lately taken back, by whatever way."""
    recent = today(deed) - timedelta(days=AGAIN)
    rows = Relief.objects.filter(state__in=_KEPT, ended_on__lt=recent, receive__gt=0)
    since = deed.at - timedelta(days=AGAIN)
    for some in _batches(rows, "loan_ids"):
        loans = {loan for _pk, ids in some for loan in ids}
        moved = ledger.relieving.taken_back_since(loans, since=since)
        yield from (pk for pk, ids in some if moved.intersection(ids))


def _judge(keys: Iterable[int], deed: Deed) -> int:
    judged = list(keys)
    for key in judged:
        _by_itself(key, deed)
    return len(judged)


def _by_itself(key: int, deed: Deed) -> None:
    """Judge one row; what is refused is told on it, a mistake of ours is logged."""
    try:
        try:
            with transaction.atomic():
                _judge_one(key, deed)
        except Refused as refused:
            with transaction.atomic():
                stuck(Relief.objects.select_for_update().get(pk=key), refused, deed)
    except Exception:  # noqa: BLE001 - one must not stop the others
        _log.exception("relief %s could not be judged", key)


def _judge_one(key: int, deed: Deed) -> None:
    row = Relief.objects.select_for_update().filter(pk=key).first()
    if row is None:
        return
    before = row.state
    judge_row(row, deed=deed)
    if row.state != before and "problem" in row.effect:
        effect = dict(row.effect)
        effect.pop("problem"), effect.pop("problem_words", None)
        move(row, row.state, effect=effect)  # what stood in the way is gone
    agreed = row.kind == Kind.PLAN and row.state in _AGREED
    if (row.posted or agreed) and not row.class_told:
        on = row.met_on or row.since or today(deed)
        posting.mark(row, on=on, first_due_on=_first_due(row), deed=deed)


def _first_due(row: Relief) -> date | None:
    """The first day of a plan beside the contract; None: the contract says it."""
    if row.kind != Kind.PLAN or row.re_age:
        return None
    first = Instalment.objects.filter(relief=row).order_by("seq").first()
    return first.due_on if first else None
