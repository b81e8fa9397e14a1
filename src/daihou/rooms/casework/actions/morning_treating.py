"""Steps of a morning: what the strategy does with each case, and what it is worth."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import connection

from daihou.packs.casework import MILLE
from daihou.rooms.casework.actions import giving, queueing
from daihou.rooms.casework.actions import morning_sql as sql
from daihou.rooms.casework.actions.common import Deed, many_told, open_day
from daihou.rooms.casework.actions.morning_steps import queue_of, rows
from daihou.rooms.casework.models import Case, CaseFacts
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.queries.seats import takers
from daihou.rooms.casework.states import Method, Resolution

Counts = Mapping[str, int]


def treat_by_strategy(*, as_of: date, deed: Deed) -> Counts:
    """Segment, queue, action and journey of every case, as the night decided."""
    queueing.keep_queues(open_day(deed))
    rows(sql.IN_ORDER, {})
    statement = sql.TREAT.format(queue=queue_of("k.delinquency"))
    return _treated(rows(statement, {}), deed)


def treat_by_stage(*, as_of: date, deed: Deed) -> Counts:
    """Without a strategy a case stands in the queue of how late it is."""
    queueing.keep_queues(open_day(deed))
    rows(sql.IN_ORDER, {})
    statement = sql.BY_STAGE.format(queue=queue_of("k.delinquency"))
    return _treated(rows(statement, {}), deed)


def _treated(changed: Sequence[tuple[Any, ...]], deed: Deed) -> Counts:
    queueing.name_queues(sorted({row[2] for row in changed}))
    moved = [row for row in changed if row[2] != row[3]]
    _out_of_hands(moved, deed)
    many_told(
        "segment.assigned",
        [
            (
                row[0],
                {
                    "number": row[1],
                    "queue": row[2],
                    "from": row[3],
                    "segment": row[4],
                    "action": row[5],
                },
            )
            for row in changed
        ],
        deed=deed,
    )
    return {"cases": len(changed), "queues": len(moved)}


def _out_of_hands(moved: Sequence[tuple[Any, ...]], deed: Deed) -> None:
    """Who does not work the new queue of a case gives it back, but for live promises."""
    if not moved:
        return
    known = takers()
    queues = queueing.by_code()
    free = [row[0] for row in moved if row[6] != Resolution.PROMISE.value]
    found = Case.objects.filter(pk__in=free, held=False).exclude(collector="")
    kept = set(
        CaseFacts.objects.filter(promise_state="live").values_list("pk", flat=True)
    )
    gone = [
        row.pk
        for row in found.only("pk", "collector", "queue", "customer_id")
        if row.customer_id not in kept
        and not (
            row.collector in known
            and queueing.fits(known[row.collector], queues[row.queue])
        )
    ]
    giving.free(sorted(gone), method=Method.RELEASE, deed=deed)


def value(*, as_of: date, deed: Deed) -> Counts:
    """What a contact on each case is worth, by the formula of the house."""
    rows(sql.IN_ORDER, {})
    statement = sql.VALUE.format(value=_value())
    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": open_day(deed)})
        return {"cases": int(cursor.rowcount)}


_ASKED: Final = "greatest(0, k.overdue_total - k.disputed)"


def _value() -> str:
    """SQL of `packs.casework.Value.of`, over the case `k` and its facts `t`."""
    rules = policy().value
    chance = " ".join(f"when '{stage}' then {of}" for stage, of in rules.chance.items())
    plain = f"({_ASKED} * (case k.delinquency {chance} else 0 end) / {MILLE})"
    levels, each = [], plain
    for broken in range(rules.most_broken + 1):
        levels.append(f"when {broken} then {each}")
        each = f"({each} * {rules.after_broken} / {MILLE})"
    broken_of = f"least(coalesce(t.broken_promises, 0), {rules.most_broken})"
    after = f"(case {broken_of} {' '.join(levels)} end)"
    zone = settings.TIME_ZONE.replace("'", "")
    days = f"(%(day)s::date - (k.last_worked_at at time zone '{zone}')::date)"
    return (
        f"case when k.last_worked_at is not null and {days} < {rules.just_worked_days}"
        f" then {after} * {rules.just_worked} / {MILLE} else {after} end"
    )
