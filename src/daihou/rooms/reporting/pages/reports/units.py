"""One page of a branch or an officer: stock, movement, lending, the latest loans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.engine.metrics.dictionary import metric
from daihou.kit import numbers
from daihou.kit import portfolio as months
from daihou.kit.portfolio import Asked, Cut, Point
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.pages.reports import (
    cells,
    lists,
    movement,
    origination,
    stock,
)
from daihou.rooms.reporting.pages.reports.desk import Desk, Wish
from daihou.rooms.reporting.pages.reports.page import Drawn, desk_of, drawn
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Report,
    Table,
    Value,
    fingerprint,
    made,
    rounded,
)

TOP = 20
MONTHS = 12
_CUTS = {"branch": Cut.BRANCH, "officer": Cut.OFFICER}
_TRENDS = ("overdue_1_amount", "overdue_30_amount", "npl_ratio")


@dataclass(frozen=True)
class Unit:
    """The whole page; `trends` and `lent` are there once a month was counted."""

    kind: str
    code: str
    name: str
    as_of: date
    wish: Wish
    currency: str
    fingerprint: str
    tables: Sequence[Drawn]


@dataclass(frozen=True)
class Known:
    """Branches and officers that a person sees, as code and word."""

    branches: Sequence[tuple[str, str]]
    officers: Sequence[str]


def known(reader: BookReader, query: QueryDict, *, scope: Scope) -> Known | None:
    """The branches and officers of the loans that are seen; None before a closed day."""
    desk = desk_of(reader, query, scope=scope)
    if desk is None:
        return None
    found, say = desk.choices(), ledger.reading.list_words().branch
    return Known(
        [(code, say(code)) for code in found["branch"]], list(found["officer"])
    )


def page(
    kind: str, code: str, reader: BookReader, query: QueryDict, *, scope: Scope
) -> Unit | None:
    """The page of a branch or an officer; None where nothing of it may be seen."""
    asked = query.copy()
    asked[kind] = code
    desk = desk_of(reader, asked, scope=scope)
    if desk is None or code not in desk.choices()[kind]:
        return None
    tables = [
        stock.ladder(desk)[0],
        stock.classes(desk)[0],
        movement.npl_moves(desk)[0],
        *_months(desk, kind, code),
        _latest(desk),
    ]
    draft = Report(
        code=kind,
        as_of=desk.wish.as_of,
        currency=desk.wish.currency,
        tables=tables,
        positions=desk.print_of(desk.wish.as_of),
        since=desk.wish.since,
        conditions=desk.wish.conditions,
    )
    words = cells.words_of(
        currency=desk.wish.currency,
        as_of=desk.wish.as_of,
        latest=desk.wish.as_of == desk.dates[-1],
    )
    return Unit(
        kind=kind,
        code=code,
        name=words.branch(code) if kind == "branch" else code,
        as_of=desk.wish.as_of,
        wish=desk.wish,
        currency=desk.wish.currency,
        fingerprint=fingerprint(draft),
        tables=[drawn(each, words) for each in tables],
    )


def _latest(desk: Desk) -> Table:
    whole = lists.overdue(desk)[0]
    title = _("The %(n)s latest loans") % {"n": min(TOP, whole.rows)}
    return replace(whole, title=title, data=whole.data.slice(0, TOP))


def _months(desk: Desk, kind: str, code: str) -> Sequence[Table]:
    """The trend of the last year and what was lent, from the counted months."""
    known = origination.counted_by(desk.wish.as_of)[-MONTHS:]
    if not known:
        return ()
    base = Asked(
        metric="",
        only={_CUTS[kind]: frozenset({code})},
        currency=desk.wish.currency,
        sight=origination.sights(desk.scope),
        known_at=known[-1],
    )
    ripe = origination.months_before(desk.wish.as_of, origination.RIPE)
    return [_trend(known, base), _lent(replace(base, metric="fpd_30", until=ripe))]


def _values(asked: Asked) -> Mapping[str, Point]:
    """The points of a question by their place; none where nothing was counted."""
    try:
        found = months.portfolio().series(asked)
    except LookupError:
        return {}
    return {each.at: each for each in found.points}


def _trend(names: Sequence[str], base: Asked) -> Table:
    asked = replace(base, since=names[0], until=names[-1])
    values = {each: _values(replace(asked, metric=each)) for each in _TRENDS}
    rows: list[dict[str, Value]] = []
    for name in names:
        row: dict[str, Value] = {"month": name}
        for each, points in values.items():
            row[each] = rounded(points[name].value) if name in points else None
        rows.append(row)
    month = Column("month", _("Month"), Kind.TEXT)
    columns = [Column(each, metric_name(each), Kind.SHARE) for each in _TRENDS]
    return made("trend", _("Month by month"), [month, *columns], rows)


def _lent(asked: Asked) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "month": at,
            "part": point.part,
            "whole": point.whole,
            "rate": rounded(point.value),
        }
        for at, point in sorted(_values(asked).items())
        if point.known
    ]
    rows = rows[-MONTHS:]
    return made(
        "lent",
        _("First payment default 30+ by month of lending"),
        [
            Column("month", _("Month"), Kind.TEXT),
            Column("part", _("Bad"), Kind.COUNT, sums=True),
            Column("whole", _("Loans"), Kind.COUNT, sums=True),
            Column("rate", _("Rate"), Kind.SHARE),
        ],
        rows,
        metric="fpd_30",
    )


def metric_name(id: str) -> str:
    """What a metric of the dictionary is called."""
    known = metric(id)
    return known.zh if numbers.is_chinese(cells.language()) else known.en
