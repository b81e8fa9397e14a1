"""What collecting costs, as the lender writes it down, beside what it brought.

Costs are lines of a month, a kind and perhaps a channel (`reporting_cost_line`): what was
written down, else what was taken in. Months without a line are not known.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from daihou.kit.portfolio import EVERYTHING, Asked, Axis, Point, Series
from daihou.nightly.portfolio.work import placed
from daihou.nightly.portfolio.work.terms import (
    OF_PLACED,
    Connection,
    horizon,
    series_of,
    terms,
)

COST: Final = "cost_to_collect"
NET: Final = "net_recovery"
METRICS: Final = frozenset({COST, NET})
_OF_NET: Final = frozenset({"agency", "legal"})  # commission and legal cost
Costs = Mapping[str, Mapping[str, int]]  # by month and kind, minor units
_LINES: Final = """
select month, kind, sum(amount)::bigint from (
  select month, kind, amount from reporting_cost_line
  where currency = any(%(coins)s)) x group by 1, 2
"""
# What was taken in names no currency: it counts where the book has only this one.
_ALONE: Final = """
select exists (select from reporting_cost_line where taken_in)
  and not exists (select from ledger_loan where currency <> %(currency)s)
"""


def costs(connection: Connection, currency: str) -> Costs:
    """What is known in one currency, by month and kind; channels together."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    alone = connection.execute(_ALONE, {"currency": currency}).fetchone()
    coins = [currency, ""] if alone and alone[0] else [currency]
    for month, kind, amount in connection.execute(_LINES, {"coins": coins}):
        found[month][kind] = amount
    return found


def series(connection: Connection, asked: Asked) -> Series:
    """Costs over cash, or cash less costs over what was worked, by month.

    Costs are of the whole house: of a part of it, and of a month for which nothing was
    written down, the figure is not known.
    """
    known = horizon(connection)
    terms(asked, OF_PLACED, known)  # refuses every cut
    listed = costs(connection, asked.currency)
    whole_house = any(each in EVERYTHING for each in asked.sight)
    cash = placed.series(connection, replace(asked, metric=placed.COLLECTED))
    points = []
    for each in cash.points:
        spent = listed.get(each.at) if whole_house else None
        if asked.metric == COST:
            part, whole = sum((spent or {}).values()), each.part
        else:
            gone = sum(n for kind, n in (spent or {}).items() if kind in _OF_NET)
            part, whole = each.part - gone, each.whole
        if spent is None:
            points.append(Point("", each.at, 0, whole, known=False))
        else:
            points.append(Point("", each.at, part, whole))
    return series_of(asked, Axis.MONTH, points, known)


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str, most: int
) -> Sequence[int]:
    """The loans whose cash a month's figure rests on, the most first."""
    cash = replace(asked, metric=placed.COLLECTED)
    return placed.loans(connection, cash, at=at, key=key, most=most)
