"""Plans to pay in instalments: what fell due and was kept, and how plans ended."""

from collections.abc import Mapping, Sequence
from typing import Final

from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series
from daihou.nightly.portfolio.work.terms import (
    Columns,
    Connection,
    Terms,
    horizon,
    month_name,
    month_of,
    series_of,
    sizes,
    terms,
    within,
)

# An instalment is judged once it fell due and is either there or missed.
_JUDGED: Final = "(i.missed or i.paid >= i.amount)"
# Of a metric of instalments: which are counted, and what one counts for.
_ROWS: Final[Mapping[str, tuple[str, str]]] = {
    "plan_kept": ("i.paid >= i.amount", "1"),
    "plan_missed": ("i.missed and i.paid < i.amount", "1"),
    "plan_amount_kept": ("true", "i.paid"),
}
_ENDS: Final[Mapping[str, str]] = {
    "plan_completed": "r.state = 'completed'",
    "plan_defaulted": "r.state = 'defaulted'",
}
METRICS: Final = frozenset({*_ROWS, *_ENDS})
# What the whole plan brings, of the main unit, by powers of ten.
_SIZE: Final = sizes("r.receive")
_SEQ: Final = """
case when i.seq <= 3 then i.seq::text when i.seq <= 6 then '4-6'
     when i.seq <= 12 then '7-12' else '13+' end
"""
_COLUMNS: Final[Columns] = {
    Cut.PRODUCT: "r.product",
    Cut.BRANCH: "r.branch",
    Cut.OFFICER: "r.officer",
    Cut.COLLECTOR: "r.asked_by",
    Cut.SIZE: _SIZE,
    Cut.REASON: "r.difficulty",
    Cut.AGE: _SEQ,
    Cut.RE_AGED: "case when r.re_age then 're_aged' else 'not_re_aged' end",
}
# A plan that ended asks for nothing after that day; one put in place of it does.
_INSTALMENTS: Final = """
from relief_instalment i join relief_relief r on r.id = i.relief_id
where r.kind = 'plan' and r.currency = %(currency)s and r.accepted_on is not null
  and i.due_on <= %(as_of)s and (r.ended_on is null or i.due_on <= r.ended_on)
"""
_PLANS: Final = """
from relief_relief r
where r.kind = 'plan' and r.currency = %(currency)s
  and r.state in ('completed', 'defaulted') and r.ended_on is not null
"""


def series(connection: Connection, asked: Asked) -> Series:
    """Instalments by the month in which they fell due, or plans by that of their end.

    An instalment that was paid late counts as kept from then on: the plan goes on.
    """
    known = horizon(connection)
    told = terms(asked, _COLUMNS, known)
    if asked.metric in _ENDS:
        part, one, other = _ENDS[asked.metric], "1", "1"
        rows, day = f"{_PLANS} and {told.where}", "r.ended_on"
    else:
        part, one = _ROWS[asked.metric]
        other = "i.amount" if asked.metric == "plan_amount_kept" else "1"
        rows, day = f"{_INSTALMENTS} and {_JUDGED} and {told.where}", "i.due_on"
    found = connection.execute(
        f"select {told.key}, {month_of(day)},"
        f" coalesce(sum({one}) filter (where {part}), 0), sum({other})"
        f" {rows} group by 1, 2",
        told.given,
    ).fetchall()
    points = [
        Point(key, month_name(month), int(part), int(whole))
        for key, month, part, whole in found
        if within(asked, month)
    ]
    return series_of(asked, Axis.MONTH, points, known)


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str, most: int
) -> Sequence[int]:
    """The loans of the plans counted in a cell, the largest plan first."""
    told = terms(asked, _COLUMNS, horizon(connection), at=at, wanted=key, most=most)
    rows = connection.execute(
        f"select r.loan_id, max(r.receive) {_counted(asked, told)}"
        f" and {told.key} = %(wanted)s group by 1 order by 2 desc, 1 limit %(most)s",
        told.given,
    ).fetchall()
    return [row[0] for row in rows]


def _counted(asked: Asked, told: Terms) -> str:
    if asked.metric in _ENDS:
        rows, part, day = _PLANS, _ENDS[asked.metric], "r.ended_on"
    else:
        rows, day = f"{_INSTALMENTS} and {_JUDGED}", "i.due_on"
        part = _ROWS[asked.metric][0]
        if asked.metric == "plan_amount_kept":
            part = "i.paid > 0"
    return f"{rows} and {told.where} and {part} and to_char({day}, 'YYYY-MM') = %(at)s"
