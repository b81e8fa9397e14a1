"""What closing the open day would change, as the night planned it, for the page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from daihou.kit import numbers
from daihou.kit.ladder import BUCKETS
from daihou.kit.scope import Scope
from daihou.rooms.dayend import queries
from daihou.rooms.ledger import door as ledger

NOWHERE = ""  # not in the book before, or no longer
_ORDER = {code: place for place, code in enumerate((NOWHERE, *BUCKETS))}


@dataclass(frozen=True)
class Cell:
    """Loans that go from the bucket of the row to that of the column."""

    loans: int
    plain: bool  # stays, comes new or leaves: neither worse nor better
    worse: bool


@dataclass(frozen=True)
class MatrixRow:
    """Where the loans of one bucket go."""

    word: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class PlannedMove:
    """One loan that would change its bucket or state."""

    loan_id: int
    number: str
    name: str
    from_word: str
    to_word: str
    worse: bool
    dpd_before: int
    dpd: int
    overdue: int
    currency: str


@dataclass(frozen=True)
class Owed:
    """What would be overdue in one currency, minor units."""

    currency: str
    overdue_total: int


@dataclass(frozen=True)
class Ahead:
    """The plan of one day; `stale` says why it no longer holds, or nothing.

    Amounts are minor units; `since` is the closed day it is compared with, None for
    the first day of a book. `past` is true once its day was closed.
    """

    as_of: date
    since: date | None
    made_at: datetime | None
    seconds: float
    stale: str
    past: bool
    loans: int
    moving: int
    newly_late: int
    cured: int
    late: int
    overdue: Sequence[Owed]
    columns: Sequence[str]
    matrix: Sequence[MatrixRow]
    first: Sequence[PlannedMove]


def _place(code: str) -> int:
    """Where a bucket stands on the ladder; one of another set stands last."""
    return _ORDER.get(code, len(_ORDER))


def _from_word(code: str) -> str:
    return numbers.bucket_word(code) if code else gettext("new in the book")


def _to_word(code: str) -> str:
    return numbers.bucket_word(code) if code else gettext("left the book")


def _arrival(moved: Mapping[str, Any]) -> str:
    """Where a loan arrives: its bucket, or its state where only that changes."""
    words = {
        "active": pgettext("loan status", "Active"),
        "settled": pgettext("loan status", "Settled"),
        "written_off": pgettext("loan status", "Written off"),
        "transferred": pgettext("loan status", "Transferred"),
    }
    state = moved["to_status"]
    if moved["from_status"] != state:
        return words.get(state, state)
    return _to_word(moved["to_bucket"])


def matrix(
    moves: Sequence[Mapping[str, Any]],
) -> tuple[Sequence[str], Sequence[MatrixRow]]:
    """Columns and rows of who goes where; only buckets that occur, in their order."""
    counts: Counter[tuple[str, str]] = Counter()
    for move in moves:  # a line a currency
        counts[move["from_bucket"], move["to_bucket"]] += move["loans"]
    starts = sorted(
        {start for start, _ in counts}, key=lambda code: (_place(code), code)
    )
    ends = sorted(
        {end for _, end in counts},
        key=lambda code: (code == NOWHERE, _place(code), code),
    )
    rows = [
        MatrixRow(
            _from_word(start),
            [
                Cell(
                    loans=counts[start, end],
                    plain=start == end or NOWHERE in (start, end),
                    worse=_place(end) > _place(start),
                )
                for end in ends
            ],
        )
        for start in starts
    ]
    return [_to_word(end) for end in ends], rows


def _first(moved: Sequence[Mapping[str, Any]], scope: Scope) -> Sequence[PlannedMove]:
    lines = ledger.reading.lines_of([each["loan_id"] for each in moved], scope=scope)
    return [
        PlannedMove(
            loan_id=line.loan_id,
            number=line.number,
            name=line.name,
            from_word=_from_word(each["from_bucket"]),
            to_word=_arrival(each),
            worse=_place(each["to_bucket"]) > _place(each["from_bucket"]),
            dpd_before=each["dpd_before"],
            dpd=each["dpd"],
            overdue=each["overdue_total"],
            currency=line.currency,
        )
        for each in moved
        if (line := lines.get(each["loan_id"]))
    ]


def ahead(
    asked: queries.RequestLine | None,
    *,
    day: queries.BusinessDay | None,
    facts: str,
    scope: Scope,
) -> Ahead | None:
    """The newest plan for who sees the whole book; None where there is none.

    `facts` is the mark of the facts now: another than the plan's makes it stale.
    """
    if asked is None or asked.plan is None or not scope.everything:
        return None
    plan = asked.plan
    as_of = date.fromisoformat(plan["as_of"])
    stale = ""
    past = day is None or day.on != as_of
    if not past and plan["facts"] != facts:
        stale = gettext("Facts have changed since it was made. Plan again.")
    columns, rows = matrix(plan["moves"])
    return Ahead(
        as_of=as_of,
        since=date.fromisoformat(plan["since"]) if plan["since"] else None,
        made_at=asked.finished_at,
        seconds=plan["seconds"],
        stale=stale,
        past=past,
        loans=plan["loans"],
        moving=plan["moving"],
        newly_late=plan["newly_late"],
        cured=plan["cured"],
        late=plan["late"],
        overdue=[
            Owed(each["currency"], each["overdue_total"])
            for each in plan.get("overdue", ())  # none in a plan of an older version
        ],
        columns=columns,
        matrix=rows,
        first=_first(plan["first"], scope),
    )
