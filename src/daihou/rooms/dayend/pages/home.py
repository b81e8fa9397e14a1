"""The first page: four targets, the bucket ladder, what moved, who is new."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from daihou.kit import currencies, numbers
from daihou.kit.ladder import BUCKETS
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.dayend import costs
from daihou.rooms.dayend.pages import figures
from daihou.rooms.dayend.pages.days import Days, Top
from daihou.rooms.dayend.pages.targets import Target, four_targets, trend_dates
from daihou.rooms.ledger import door as ledger

ROWS_SHOWN = 6
Row = Mapping[str, Any]
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


def ladder(
    stock: Mapping[str, figures.Stock], old: Mapping[str, figures.Stock]
) -> Sequence[Rung]:
    """Loans and principal by bucket, bars to scale, change since the day before."""
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
    found: Top, *, scope: Scope, mark: Callable[[Row, ledger.reading.LoanLine], str]
) -> ShortList:
    """The largest few of `found`, with their words."""
    head = found.head[:ROWS_SHOWN]
    lines = ledger.reading.lines_of([row["loan_id"] for row in head], scope=scope)
    words = ledger.reading.list_words()
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
    left = found.loans - len(rows)
    shown = sum(row.amount for row in rows)
    rest = Rest(left, found.amount - shown) if left else None
    return ShortList(found.loans, found.amount, rows, rest)


def _mark_late(row: Row, line: ledger.reading.LoanLine) -> str:
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
    currency = currencies.choose(asked, ledger.book.register().currencies(scope))
    days = Days(reader, scope, currency=currency.code if currency.several else "")
    if not days.dates:
        return HomePage()
    as_of = days.dates[-1]
    earlier = days.dates[-2] if len(days.dates) > 1 else as_of
    now, change = days.stand(as_of), days.change(earlier, as_of)
    worse = _worse(change.moves)
    moved = sum(m.loans for m in change.moves)
    rungs = ladder(now.stock, days.stand(earlier).stock)
    return HomePage(
        day=ClosedDay(as_of, now.loans, closed_at(as_of), days.fingerprint(as_of)),
        currency=currency,
        unit=numbers.Unit(currency.code, large=True),
        kept=f"currency={currency.code}" if currency.several else "",
        targets=four_targets(
            days,
            as_of=as_of,
            costs=costs.of_years(trend_dates(days.dates, as_of), scope, currency.code),
        ),
        ladder=rungs,
        late_loans=sum(rung.loans for rung in rungs if rung.late),
        written_off=now.written_off,
        flow=flow(change.moves),
        flow_sentence=flow_sentence(change.moves),
        moved=moved,
        worse=worse,
        better=moved - worse,
        newly_late=short_list(change.newly_late, scope=scope, mark=_mark_late),
        cured=short_list(change.cured, scope=scope, mark=lambda row, line: ""),
    )
