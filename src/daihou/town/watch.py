"""What a town looks like from outside: positions at month-ends, counts and sums."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.settle import Settler
from daihou.kit.speech import gettext
from daihou.town import calendar, payers
from daihou.town.book import Book
from daihou.town.facts import facts


def settler(book: Book) -> Settler:
    """The night's kernel with this town's facts, for any day up to its last."""
    return Settler(*facts(book), policies_on=lambda _day: book.policies)


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
    size = gettext(
        "%(loans)s loans, %(demands)s instalments and charges, %(payments)s payments"
        " (%(returned)s debits came back)"
    )
    lived = gettext("lived from %(begin)s to %(until)s, seed %(seed)s")
    lateness = gettext("on %(day)s: %(owed)s outstanding, %(share)s %% of it late")
    return [
        size
        % {
            "loans": f"{len(book):,}",
            "demands": f"{len(book.demands):,}",
            "payments": f"{len(book.payments):,}",
            "returned": f"{returned:,}",
        },
        lived % {"begin": book.span.begin, "until": book.span.until, "seed": book.seed},
        lateness
        % {"day": day, "owed": f"{owed / 100:,.2f}", "share": f"{share / 100:.2f}"},
        gettext("status") + "  " + _counts(statuses),
        gettext("bucket") + "  " + _counts(buckets),
    ]


def _counts(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
