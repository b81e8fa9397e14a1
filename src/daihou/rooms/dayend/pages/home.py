"""The first page: four targets, the bucket ladder, what moved, who is new."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext

from daihou.kit import currencies, numbers
from daihou.kit.ladder import BUCKETS, on_ladder
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.dayend.pages import figures
from daihou.rooms.dayend.pages.targets import COLUMNS, Target, four_targets
from daihou.rooms.ledger import door as ledger

ROWS_SHOWN = 6
DAYS = ("", "1–30", "31–60", "61–90", "91–120", "121–150", "151–180", "> 180")


@dataclass(frozen=True)
class ClosedDay:
    """The day the page shows, and when it was closed."""

    as_of: date
    loans: int
    finished_at: datetime | None
    digest: str


@dataclass(frozen=True)
class Rung:
    """One bucket of the ladder; `width` is the bar in pixels."""

    bucket: str
    level: int
    days: str
    loans: int
    balance: int
    share: Decimal
    change: int
    width: int

    @property
    def late(self) -> bool:
        """Whether loans here are past due."""
        return self.level > 0

    @property
    def better(self) -> str:
        """Which way is good: more on time, fewer late."""
        return "down" if self.late else "up"


@dataclass(frozen=True)
class Listed:
    """One loan of a short list."""

    loan_id: int
    name: str
    product: str
    branch: str
    amount: int
    dpd: int
    mark: str = ""


@dataclass(frozen=True)
class Rest:
    """What a short list leaves out."""

    loans: int
    amount: int


@dataclass(frozen=True)
class ShortList:
    """The largest few of a list, and what the whole of it comes to."""

    loans: int
    amount: int
    rows: Sequence[Listed]
    rest: Rest | None


@dataclass(frozen=True)
class HomePage:
    """Everything the first page draws; `day` is None before the first closed day."""

    day: ClosedDay | None = None
    currency: currencies.Choice | None = None
    unit: numbers.Unit | None = None
    kept: str = ""  # what a link to the ledger carries along
    targets: Sequence[Target] = ()
    ladder: Sequence[Rung] = ()
    late_loans: int = 0
    written_off: figures.Stock | None = None
    flow: Sequence[dict[str, object]] = ()
    flow_sentence: str = ""
    moved: int = 0
    worse: int = 0
    better: int = 0
    newly_late: ShortList | None = None
    cured: ShortList | None = None


ENDS = {figures.SETTLED: -1, figures.LOST: len(BUCKETS)}


def bucket_level(bucket: str) -> int:
    """The order from best to worst: paid off, M0 to M7, lost."""
    return ENDS[bucket] if bucket in ENDS else BUCKETS.index(bucket)


def bucket_word(bucket: str) -> str:
    if bucket == figures.SETTLED:
        return gettext("settled")
    if bucket == figures.LOST:
        return gettext("written off or sold")
    return numbers.bucket_word(bucket)


def ladder(now: pa.Table, before: pa.Table | None) -> Sequence[Rung]:
    """Loans and principal by bucket, bars to scale, change since the day before."""
    stock = figures.stock_by_bucket(now)
    old = figures.stock_by_bucket(before) if before is not None else stock
    whole = sum(each.balance for each in stock.values()) or 1
    top = max(each.balance for code, each in stock.items() if code != "M0") or 1
    return [
        Rung(
            bucket=code,
            level=level,
            days=DAYS[level] or gettext("not late"),
            loans=each.loans,
            balance=each.balance,
            share=Decimal(each.balance) / whole,
            change=each.loans - old[code].loans,
            width=max(3, 133 * each.balance // top),
        )
        for level, (code, each) in enumerate(stock.items())
    ]


def flow(found: Sequence[figures.Move]) -> Sequence[dict[str, object]]:
    """Moves as links that the chart draws."""

    def end(bucket: str) -> dict[str, object]:
        return {"word": bucket_word(bucket), "level": bucket_level(bucket)}

    return [
        {"from": end(m.from_bucket), "to": end(m.to_bucket), "loans": m.loans}
        for m in found
    ]


def _worse(found: Sequence[figures.Move]) -> int:
    """How many loans moved to a later bucket."""
    return sum(
        m.loans
        for m in found
        if bucket_level(m.to_bucket) > bucket_level(m.from_bucket)
    )


def flow_sentence(found: Sequence[figures.Move]) -> str:
    """The flow for those who do not see it: the moves, largest first."""
    parts = [
        gettext("%(from)s to %(to)s %(loans)s")
        % {
            "from": bucket_word(m.from_bucket),
            "to": bucket_word(m.to_bucket),
            "loans": m.loans,
        }
        for m in sorted(found, key=lambda m: -m.loans)
    ]
    return gettext("Loans that changed bucket since the day before: %(moves)s") % {
        "moves": ", ".join(parts)
    }


def short_list(
    found: pa.Table, *, scope: Scope, mark: Callable[[dict, ledger.LoanLine], str]
) -> ShortList:
    """The largest few of `found`, with their words; `found` is sorted already."""
    head = found.slice(0, ROWS_SHOWN).to_pylist()
    lines = ledger.lines_of([row["loan_id"] for row in head], scope=scope)
    words = ledger.list_words()
    rows = [
        Listed(
            loan_id=line.loan_id,
            name=line.name,
            product=words.product(line.product),
            branch=words.branch(line.branch),
            amount=row["overdue_total"],
            dpd=row["dpd"],
            mark=mark(row, line),
        )
        for row in head
        if (line := lines.get(row["loan_id"]))
    ]
    amount = pc.sum(found["overdue_total"]).as_py() or 0
    left = found.num_rows - len(rows)
    rest = Rest(left, amount - sum(row.amount for row in rows)) if left else None
    return ShortList(found.num_rows, amount, rows, rest)


def _mark_late(row: dict, line: ledger.LoanLine) -> str:
    if row["oldest_unpaid_due_on"] == line.first_due_on:
        return "first"
    return "again" if row["times_late"] > 1 else ""


def home_page(
    reader: BookReader,
    *,
    scope: Scope,
    asked: str | None,
    closed_at: Callable[[date], datetime | None],
) -> HomePage:
    """Everything the first page draws, for what this person may see.

    `asked` is the currency the address names; amounts of others are left out.
    """
    dates = reader.dates()
    if not dates:
        return HomePage()
    as_of = dates[-1]
    currency = currencies.choose(asked, ledger.currencies(scope))
    read = book_of(reader, scope, currency=currency.code if currency.several else "")
    now = read(as_of)
    before = read(dates[-2]) if len(dates) > 1 else None
    earlier = now if before is None else before
    found = figures.moves(earlier, now)
    worse = _worse(found)
    moved = sum(m.loans for m in found)
    rungs = ladder(now, before)
    return HomePage(
        day=ClosedDay(as_of, now.num_rows, closed_at(as_of), reader.fingerprint(as_of)),
        currency=currency,
        unit=numbers.Unit(currency.code, large=True),
        kept=f"currency={currency.code}" if currency.several else "",
        targets=four_targets(
            read,
            dates=dates,
            as_of=as_of,
            cost_of_year=ledger.cost_of_year(until=as_of, scope=scope),
            several_currencies=currency.several,
        ),
        ladder=rungs,
        late_loans=sum(rung.loans for rung in rungs if rung.late),
        written_off=figures.written_off(now),
        flow=flow(found),
        flow_sentence=flow_sentence(found),
        moved=moved,
        worse=worse,
        better=moved - worse,
        newly_late=short_list(
            figures.became_late(earlier, now), scope=scope, mark=_mark_late
        ),
        cured=short_list(
            figures.came_back(earlier, now), scope=scope, mark=lambda row, line: ""
        ),
    )


def book_of(
    reader: BookReader, scope: Scope, *, currency: str = ""
) -> Callable[[date], pa.Table]:
    """A reader of days on the ladder, of this scope only; each day is read once.

    `currency` leaves out the loans in any other.
    """
    ids = ledger.loan_ids_in(scope, currency=currency)
    seen = None if ids is None else pa.array(ids, pa.int64())

    @functools.cache
    def read(day: date) -> pa.Table:
        table = on_ladder(reader.read(day, columns=[*COLUMNS, "times_late"]))
        if seen is None:
            return table
        return table.filter(pc.is_in(table["loan_id"], seen))

    return read
