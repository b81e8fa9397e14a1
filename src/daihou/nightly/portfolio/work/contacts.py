"""The contact funnel by month: from cases over attempts to promises.

An account is a case. An attempt is a call, a call of a robot or a visit that reached
the network, to collect or to remind; a message is none, for nobody answers it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series
from daihou.nightly.portfolio.work.terms import (
    OF_CASE,
    Columns,
    Connection,
    horizon,
    month_name,
    month_number,
    month_of,
    series_of,
    terms,
    within,
)

ALL, ANSWERED, THEM, PROMISED = "true", "connected", "right_party", "promised"
# Attempts are gathered by account first: counting what differs in a group sorts it.
_ATTEMPT: Final = "({tries})"
_ACCOUNT: Final = """(
  select key, month, case_id, bool_or(right_party) as right_party
  from ({tries}) x group by 1, 2, 3)"""
# Of a metric: what is counted (rows or cases), which of them, and of which.
_PARTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "contact_penetration": (_ATTEMPT, ANSWERED, ALL),
    "rpc_per_attempt": (_ATTEMPT, THEM, ALL),
    "rpc_per_account": (_ACCOUNT, THEM, ALL),
    "rpc_share_of_connects": (_ATTEMPT, THEM, ANSWERED),
    "promise_rate": (_ATTEMPT, PROMISED, THEM),
}
COVERAGE: Final = "contact_coverage"
METRICS: Final = frozenset({*_PARTS, COVERAGE})
_COLUMNS: Final[Columns] = {
    **OF_CASE,
    Cut.COLLECTOR: "a.recorded_by",
    Cut.MEANS: "a.channel",
    Cut.HOUR: "to_char(a.at at time zone %(zone)s, 'HH24')",
}
# Somebody else behind a number of the customer's has a point in the name.
_ATTEMPTS: Final = """
select {key} as key, a.id, a.loan_id, c.id as case_id, c.overdue_total,
  {month} as month, a.connected, a.right_party, a.right_party and a.result = 'PTP'
    as promised
from (select *, (at at time zone %(zone)s)::date as day,
        connected and conversation and position('.' in person) = 0 as right_party
      from contact_attempt
      where not failed and channel in ('call', 'robot_call', 'visit')
        and purpose <> 'service') a
join casework_case c on c.customer_id = a.customer_id
  and a.at >= c.opened_at and (c.closed_at is null or a.at < c.closed_at)
where c.currency = %(currency)s and {where}
"""
_ASSIGNED: Final = """
select key, g.month, sum(cases)::bigint as cases from (
  select {key} as key, {opened} as opened, {closed} as closed, count(*) as cases
  from casework_case c where c.currency = %(currency)s and {where}
  group by 1, 2, 3) x
cross join lateral generate_series(opened, closed) g(month) group by 1, 2
"""


def series(connection: Connection, asked: Asked) -> Series:
    """A share of the funnel by month, the one that still runs included."""
    known = horizon(connection)
    told = terms(asked, _COLUMNS, known, running=known.month)
    tries = _ATTEMPTS.format(key=told.key, month=month_of("a.day"), where=told.where)
    if asked.metric == COVERAGE:
        cases = _ASSIGNED.format(
            key=told.key,
            where=told.where,
            opened=month_of("c.opened_on"),
            closed=f"coalesce({month_of('c.closed_on')}, %(running)s)",
        )
        sql = (
            f"select s.key, s.month, coalesce(t.cases, 0), s.cases from ({cases}) s"
            f" left join (select key, month, count(*) as cases"
            f" from {_ACCOUNT.format(tries=tries)} y group by 1, 2) t"
            " on t.key = s.key and t.month = s.month"
        )
    else:
        what, part, whole = _PARTS[asked.metric]
        sql = (
            f"select key, month, count(*) filter (where {part}),"
            f" count(*) filter (where {whole}) from {what.format(tries=tries)} y"
            " group by 1, 2"
        )
    rows = connection.execute(sql, told.given).fetchall()
    points = [
        Point(key, month_name(month), part, whole)
        for key, month, part, whole in rows
        if within(asked, month)
    ]
    return series_of(asked, Axis.MONTH, points, known)


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str, most: int
) -> Sequence[int]:
    """The loans of the attempts in the numerator of a cell, most overdue cases first."""
    given = {"at": month_number(at), "wanted": key, "most": most}
    told = terms(asked, _COLUMNS, horizon(connection), **given)
    tries = _ATTEMPTS.format(key=told.key, month=month_of("a.day"), where=told.where)
    part = ALL if asked.metric == COVERAGE else _PARTS[asked.metric][1]
    rows = connection.execute(
        f"select loan_id, max(overdue_total) from ({tries}) x where {part}"
        " and month = %(at)s and key = %(wanted)s and loan_id is not null"
        " group by 1 order by 2 desc, 1 limit %(most)s",
        told.given,
    ).fetchall()
    return [row[0] for row in rows]


def talked(connection: Connection, loans: Sequence[int]) -> frozenset[tuple[int, str]]:
    """Of these loans the months in which somebody spoke with the debtor.

    There was no self-cure there.
    """
    rows = connection.execute(
        "select distinct l.id, to_char(a.at at time zone %(zone)s, 'YYYY-MM')"
        " from contact_attempt a join ledger_loan l on l.customer_id = a.customer_id"
        " where l.id = any(%(loans)s)"
        " and a.conversation and position('.' in a.person) = 0",
        {"zone": "Asia/Shanghai", "loans": list(loans)},
    )
    return frozenset((loan, month) for loan, month in rows)
