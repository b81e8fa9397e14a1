"""What loans need as provisions over non-performing and over all loans, by month.

The amounts are those that the office keeps of each graded month end
(`nightly.provision` reckons them loan by loan), under the table a lender looks at
first; the same that the page of provisions shows.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import psycopg

from daihou.engine.classification.codes import AssetClass
from daihou.engine.metrics.definition import Metric
from daihou.engine.provision.rules import usual_table
from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series, said
from daihou.kit.portfolio_cuts import PROVIDED
from daihou.nightly.digests import digest_of
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio.rows import Book
from daihou.nightly.stores.months import Row

Connection = psycopg.Connection[Any]
METRICS: Final = frozenset(PROVIDED)
_NEEDS_SQL: Final = """
select r.as_of, r.classes, n."table", n.branch, n.asset_class, n.balance, n.needed
from grading_provision_run r join grading_provision_need n on n.run_id = r.id
where r.current and n.currency = %s and r.as_of = any(%s::date[])
order by 1, 3, 4, 5
"""
Needs = Mapping[str, list[tuple[AssetClass, int, int]]]  # by branch


def series(connection: Connection, book: Book, asked: Asked, metric: Metric) -> Series:
    """The share of each month; blank where its last day was not provided for (yet).

    NotCounted: a cut other than the branch is asked for, or the reader sees parts of
    branches only.
    """
    for cut in (*([asked.by] if asked.by else []), *asked.only):
        if cut is not Cut.BRANCH:
            raise NotCounted("cut", metric=metric.id, cut=cut)
    seen = _branches(asked, metric)
    months = book.within(asked.since, asked.until)
    kept = _needs(connection, asked.currency, [row.as_of for row in months])
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in months:
        for branch, lines in _of(kept, row).items():
            if seen is None or branch in seen:
                key = branch if asked.by else ""
                part, whole = found[key].get(row.name, (0, 0))
                for asset_class, balance, needed in lines:
                    part += needed
                    if metric.id == "provision_share" or asset_class.is_bad:
                        whole += balance
                found[key][row.name] = part, whole
    points = [
        Point(
            key,
            row.name,
            *found[key].get(row.name, (0, 0)),
            known=bool(_of(kept, row)),
        )
        for key in sorted(found or ([] if asked.by else [""]))
        for row in months
    ]
    digest = digest_of(metric.id, str(metric.version), said(asked), repr(points))
    return Series(metric.id, Axis.MONTH, points, book.last.as_of, digest)


def _branches(asked: Asked, metric: Metric) -> frozenset[str] | None:
    """The branches that count; None: all of them."""
    seen: frozenset[str] | None = frozenset()
    for way in asked.sight:
        if way.products is not None or way.officers is not None:
            raise NotCounted("sight", metric=metric.id)
        whole = seen is None or way.branches is None
        seen = None if whole else (seen or frozenset()) | (way.branches or frozenset())
    named = asked.only.get(Cut.BRANCH)
    if named is None:
        return seen
    return named if seen is None else named & seen


def _needs(
    connection: Connection, currency: str, days: list[date]
) -> Mapping[tuple[date, str], Mapping[str, Needs]]:
    """By one of the days and the classes it rests on: by table, by branch."""
    found: dict[tuple[date, str], dict[str, dict[str, Any]]] = {}
    rows = connection.execute(_NEEDS_SQL, (currency, days)).fetchall()
    for as_of, classes, table, branch, asset_class, balance, needed in rows:
        tables = found.setdefault((as_of, classes), {})
        lines = tables.setdefault(table, {}).setdefault(branch, [])
        lines.append((AssetClass(asset_class), balance, needed))
    return found


def _of(kept: Mapping[tuple[date, str], Mapping[str, Needs]], row: Row) -> Needs:
    """What the loans of a month need; nothing where nobody provided for its classes."""
    tables = kept.get((row.as_of, row.classes))
    return tables[usual_table(list(tables))] if tables else {}
