"""Promises by the month in which they fall due: how they were judged, and their money."""

from collections.abc import Mapping, Sequence
from typing import Final

from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series
from daihou.nightly.portfolio.work.terms import (
    OF_CASE,
    Columns,
    Connection,
    horizon,
    month_name,
    month_of,
    series_of,
    sizes,
    terms,
    within,
)

_JUDGED: Final = "p.state in ('kept', 'partially_kept', 'broken')"
_ENDED: Final = "p.state in ('invalidated', 'cancelled', 'superseded')"
# Of a metric: which promises are counted, and of which.
_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "promise_kept": ("p.state = 'kept'", _JUDGED),
    "promise_partly": ("p.state = 'partially_kept'", _JUDGED),
    "promise_broken": ("p.state = 'broken'", _JUDGED),
    "promise_open": ("p.state = 'active'", "true"),
    "promise_ended": (_ENDED, "true"),
    "promise_due": (_JUDGED, "true"),
    "promise_amount_kept": (_JUDGED, _JUDGED),
}
METRICS: Final = frozenset(_PARTS)
# How much is one of how many; of the main unit, by powers of ten.
_SIZE: Final = sizes("p.amount")
# Days from giving it to its date.
_AGE: Final = """
case when p.due_on - p.made_on <= 3 then '0-3' when p.due_on - p.made_on <= 7 then '4-7'
     when p.due_on - p.made_on <= 14 then '8-14' else '15+' end
"""
# How late the case was when the promise was noted; nothing where it came otherwise.
_BUCKET: Final = """
(select 'M' || least(7, (r.dpd + 29) / 30) from casework_result r
 where r.promise_id = p.id order by r.id limit 1)
"""
_COLUMNS: Final[Columns] = {
    **OF_CASE,
    Cut.COLLECTOR: "p.taken_by",
    Cut.MEANS: "p.channel",
    Cut.SIZE: _SIZE,
    Cut.REASON: "p.reason_code",
    Cut.BUCKET: _BUCKET,
    Cut.AGE: _AGE,
}
_FROM: Final = """
from casework_promise p join casework_case c on c.id = p.case_id
where p.currency = %(currency)s
"""


def series(connection: Connection, asked: Asked) -> Series:
    """Promises of a metric by the month of their last day, any month there is.

    A promise is kept as the lender's policy said when it was taken: within its days of
    grace and its tolerance.
    """
    known = horizon(connection)
    told = terms(asked, _COLUMNS, known)
    part, whole = _PARTS[asked.metric]
    amount = asked.metric == "promise_amount_kept"
    one, other = ("p.appropriated", "p.amount") if amount else ("1", "1")
    rows = connection.execute(
        f"select {told.key}, {month_of('p.due_on')},"
        f" coalesce(sum({one}) filter (where {part}), 0),"
        f" coalesce(sum({other}) filter (where {whole}), 0)"
        f" {_FROM} and {told.where} group by 1, 2",
        told.given,
    ).fetchall()
    points = [
        Point(key, month_name(month), int(part), int(whole))
        for key, month, part, whole in rows
        if within(asked, month)
    ]
    return series_of(asked, Axis.MONTH, points, known)


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str, most: int
) -> Sequence[int]:
    """The loans of the promises counted in a cell, the largest promise first."""
    told = terms(asked, _COLUMNS, horizon(connection), at=at, wanted=key, most=most)
    part, _ = _PARTS[asked.metric]
    rows = connection.execute(
        f"select loan, max(p.amount) {_FROM.replace('where', _EACH)}"
        f" and {told.where} and {part} and to_char(p.due_on, 'YYYY-MM') = %(at)s"
        f" and {told.key} = %(wanted)s group by 1 order by 2 desc, 1 limit %(most)s",
        told.given,
    ).fetchall()
    return [row[0] for row in rows]


_EACH: Final = "cross join lateral unnest(p.loans) loan where"
