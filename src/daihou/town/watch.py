"""What a town looks like from outside: positions at month-ends, counts and sums."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.settle import Settler
from daihou.town import calendar, payers
from daihou.town.book import Book
from daihou.town.facts import facts


def settler(book: Book) -> Settler:
    """The night's kernel with this town's facts, for any day up to its last."""
    return Settler(
        *facts(book), policies_on=lambda _day: book.policies, horizon=book.span.until
    )


def month_end_positions(book: Book) -> list[pa.Table]:
    """Positions at every month-end that was lived."""
    night = settler(book)
    ends = calendar.month_ends(book.span.begin, book.span.until)
    return [night.positions(end) for end in ends]


def late_share_per_10000(positions: pa.Table) -> int:
    """Outstanding principal of active loans that are late, per 10,000 of all."""
    active = positions.filter(pc.equal(positions["status"], "active"))
    late = pc.sum(active["overdue_loan_balance"]).as_py() or 0
    whole = pc.sum(active["outstanding_principal"]).as_py() or 0
    return round(10_000 * late / whole) if whole else 0


def describe(book: Book, *, as_of: date | None = None) -> list[str]:
    """A few lines on size, money and lateness at the end."""
    day = as_of or book.span.until
    positions = settler(book).positions(day)
    owed = pc.sum(positions["outstanding_principal"]).as_py() or 0
    buckets = {
        entry["values"]: entry["counts"]
        for entry in positions["bucket"].value_counts().to_pylist()
    }
    statuses = {
        entry["values"]: entry["counts"]
        for entry in positions["status"].value_counts().to_pylist()
    }
    returned = int(np.count_nonzero(book.payments.kind == payers.RETURNED))
    share = late_share_per_10000(positions)
    size = (
        f"{len(book):,} loans, {len(book.demands):,} instalments and charges, "
        f"{len(book.payments):,} payments ({returned:,} debits came back)"
    )
    return [
        size,
        f"lived from {book.span.begin} to {book.span.until}, seed {book.seed}",
        f"on {day}: {owed / 100:,.2f} outstanding, {share / 100:.2f} % of it late",
        "status  " + "  ".join(f"{k} {v:,}" for k, v in sorted(statuses.items())),
        "bucket  " + "  ".join(f"{k} {v:,}" for k, v in sorted(buckets.items())),
    ]
