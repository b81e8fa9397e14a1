"""Steps of a morning: holds that end, loans that join, cases opened and closed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from daihou.rooms.casework.actions import (
    closing,
    giving,
    holding,
    numbering,
    resolving,
)
from daihou.rooms.casework.actions import morning_sql as sql
from daihou.rooms.casework.actions.common import Deed, many_told, open_day
from daihou.rooms.casework.actions.facts import held_told
from daihou.rooms.casework.models import CaseLoan
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.states import MAY_COME_BACK, CloseCode, Method

Counts = Mapping[str, int]
_WANTED = (
    "exists (select from strategy_step s where s.customer_id = c.customer_id"
    " and s.open_case)"
)


def _values(deed: Deed, **more: Any) -> dict[str, Any]:
    return {"at": deed.at, "day": open_day(deed), "by": deed.by.username, **more}


def rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _done(statement: str, values: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _fresh(table: str, statement: str, values: Mapping[str, Any]) -> None:
    """Fill a table of this step alone, whatever the transaction had before."""
    _done(f"drop table if exists pg_temp.{table}", {})
    _done(statement, values)


def expire(*, as_of: date, deed: Deed) -> Counts:
    """Holds whose last day has come end by themselves; free cases are nobody's.

    What was confirmed goes on being held; where contact stays held without end, a
    supervisor is told.
    """
    ended = rows(sql.EXPIRED, _values(deed))
    if not ended:
        return {"holds": 0}
    ids = sorted({row[0] for row in ended})
    many_told(
        "case.hold.released",
        [(case, {"hold": hold, "kind": kind}) for case, hold, kind, _part in ended],
        deed=deed,
    )
    holding.go_on([row[1] for row in ended], deed=deed)
    found = rows(sql.STILL_HELD, {"ids": ids})
    free = sorted(case for case, held, was in found if was and not held)
    giving.free(free, method=Method.RELEASE, deed=deed)
    held_told(ids)
    return {"holds": len(ended)}


def join(*, as_of: date, deed: Deed) -> Counts:
    """Late loans of customers with a case go into it."""
    _fresh("casework_free", sql.FREE, {})
    joined = rows(sql.JOIN, _values(deed))
    many_told(
        "case.loan.joined",
        [(case, {"loan": loan}) for case, loan in joined],
        deed=deed,
    )
    return {"loans": len(joined)}


def refresh(*, as_of: date, deed: Deed) -> Counts:
    """Lateness and amounts of every case, as the book has them now."""
    rows(sql.IN_ORDER, {})
    changed = _done(sql.REFRESH, _values(deed))
    _done(sql.PAID_IN, {})
    return {"cases": changed}


def open_by_strategy(*, as_of: date, deed: Deed) -> Counts:
    """Open the cases that the strategy wants open."""
    _fresh("casework_wanted", sql.BY_STRATEGY, {})
    return _open(deed, because="strategy")


def open_by_rule(*, as_of: date, deed: Deed) -> Counts:
    """Open the cases of everybody late enough, by the rule of the house."""
    least = policy().open_from_dpd
    _fresh("casework_wanted", sql.BY_RULE, {"open_from": least})
    return _open(deed, because="rule")


def _open(deed: Deed, *, because: str) -> Counts:
    rules = policy()
    _done(sql.ONLY_LATE, {})
    _done("analyze casework_wanted", {})
    back_from = open_day(deed) - timedelta(days=rules.reopen_days)
    may_come_back = sorted(each.value for each in MAY_COME_BACK)
    known = {"back_from": back_from, "may_come_back": may_come_back}
    _fresh("casework_figured", sql.FIGURED, known)
    new = rows("select count(*) from casework_figured where back_id is null", {})[0][0]
    queue = queue_of("g.stage")
    back = rows(sql.REOPEN.format(queue=queue), _values(deed))
    opened: list[tuple[Any, ...]] = []
    if new:
        first = numbering.next_numbers(open_day(deed), count=new)
        values = _values(deed, first=first, because=because)
        opened = rows(sql.OPEN.format(queue=queue), values)
    ids = [row[0] for row in (*back, *opened)]
    _done("analyze casework_case", {})  # else what follows is planned for a few
    _done(sql.LOANS_IN, _values(deed, ids=ids))
    _done("analyze casework_loan", {})
    held_told(ids)
    many_told("case.reopened", [_opened(row) for row in back], deed=deed)
    many_told("case.opened", [_opened(row) for row in opened], deed=deed)
    return {"opened": len(opened), "reopened": len(back)}


def _opened(row: Sequence[Any]) -> tuple[int, Mapping[str, object]]:
    case_id, number, customer, because, queue, dpd, overdue, currency = row
    return case_id, {
        "number": number,
        "customer": customer,
        "because": because,
        "queue": queue,
        "dpd": dpd,
        "overdue": overdue,
        "currency": currency,
    }


def queue_of(stage: str) -> str:
    """SQL: the queue of a stage where no strategy says one; `stage` is a column."""
    rules = policy()
    cases = " ".join(
        f"when '{each}' then '{rules.queue_of(each).code}'"
        for each in rules.value.chance
    )
    return f"(case {stage} {cases} else '{rules.queues[0].code}' end)"


def close_by_strategy(*, as_of: date, deed: Deed) -> Counts:
    """Close what is over and what the strategy wants open no more."""
    return _close(deed, wanted=_WANTED)


def close_by_rule(*, as_of: date, deed: Deed) -> Counts:
    """Close what is over: nothing past due any more."""
    return _close(deed, wanted="false")


def _close(deed: Deed, *, wanted: str) -> Counts:
    over = rows(sql.OVER.format(wanted=wanted), {})
    if not over:
        return {"closed": 0}
    ids = [row[0] for row in over]
    by_code: dict[str, list[int]] = {}
    for row in over:
        by_code.setdefault(row[3], []).append(row[0])
    for code, cases in sorted(by_code.items()):
        resolving.end_all(cases, code=code, deed=deed)
    holding.release_all(ids, deed=deed)
    closing.after_closed(ids, deed=deed)
    giving.end_assignments(ids, at=deed.at)
    CaseLoan.objects.filter(case_id__in=ids, until=None).update(until=open_day(deed))
    codes = [row[3] for row in over]
    became = [closing.resolution_of(CloseCode(code)).value for code in codes]
    _done(sql.CLOSE, _values(deed, ids=ids, codes=codes, resolutions=became))
    held_told(ids)
    many_told(
        "case.closed",
        [
            (case, {"number": number, "customer": customer, "code": code})
            for case, number, customer, code in over
        ],
        deed=deed,
    )
    return {"closed": len(over), **{code: len(by_code[code]) for code in by_code}}
