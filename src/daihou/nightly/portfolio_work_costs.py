"""What collecting costs, from the lender's own list, beside what it brought.

The list is `costs.csv` in DAIHOU_HOME: month, kind, currency, amount, a line for each;
amounts of the main unit, exact. Without it what depends on costs is not known.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit.portfolio import EVERYTHING, Asked, Axis, Point, Series
from daihou.nightly import portfolio_work_placed as placed
from daihou.nightly.errors import NightError
from daihou.nightly.portfolio_work_terms import (
    OF_PLACED,
    Connection,
    horizon,
    month_name,
    month_number,
    series_of,
    terms,
)

FILE: Final = "costs.csv"
KINDS: Final = ("staff", "telecom", "agency", "legal", "system")
COST: Final = "cost_to_collect"
NET: Final = "net_recovery"
METRICS: Final = frozenset({COST, NET})
_COLUMNS: Final = ("month", "kind", "currency", "amount")
_OF_NET: Final = frozenset({"agency", "legal"})  # commission and legal cost
Costs = Mapping[str, Mapping[str, int]]  # by month and kind, minor units


def costs(home: Path | None, currency: str) -> Costs:
    """The lender's list of one currency; nothing without one.

    Several lines of one month and kind add up. NightError("cost_line") names the first
    that cannot be read.
    """
    path = home / FILE if home else None
    if path is None or not path.is_file():
        return {}
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                month, kind, money, amount = _read(row)
            except (LookupError, ValueError, MoneyError) as error:
                raise NightError(
                    "cost_line",
                    file=FILE,
                    line=line,
                    problem=str(error) or type(error).__name__,
                    kinds=", ".join(KINDS),
                ) from None
            if money == currency:
                found[month][kind] += amount
    return found


def _read(row: Mapping[str, str | None]) -> tuple[str, str, str, int]:
    month, kind, currency, amount = ((row.get(n) or "").strip() for n in _COLUMNS)
    if month_name(month_number(month)) != month:  # 2026-1 would never be found
        raise ValueError(f"month {month!r}")
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}")
    minor = to_minor(amount, currency)
    if minor < 0:
        raise ValueError(f"amount {amount}")
    return month, kind, currency, minor


def series(connection: Connection, asked: Asked, *, home: Path | None) -> Series:
    """Costs over cash, or cash less costs over what was worked, by month.

    Costs are of the whole house: of a part of it, and of a month without a line in the
    list, the figure is not known.
    """
    known = horizon(connection)
    terms(asked, OF_PLACED, known)  # refuses every cut
    listed = costs(home, asked.currency)
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
