"""The overdue ledger 逾期台账 as of one closed day: filtered, sorted, totalled."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.kit import currencies
from daihou.kit.ladder import on_ladder
from daihou.kit.paging import Paging, paging
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger.pages.wish import CHOSEN, SORTS, Wish
from daihou.rooms.ledger.queries import lines_of

COLUMNS = [
    "loan_id",
    "dpd",
    "bucket",
    "overdue_principal",
    "overdue_interest",
    "overdue_fee",
    "overdue_penalty",
    "overdue_compound",
    "overdue_total",
    "outstanding_principal",
    "oldest_unpaid_due_on",
    "late_instalments",
    "status",
]
AMOUNTS = ("overdue_total", "principal", "interest", "extras", "outstanding")


@dataclass(frozen=True)
class Totals:
    """Sums over a list of one currency, in minor units, and how many loans it has."""

    loans: int
    overdue_total: int
    principal: int
    interest: int
    extras: int
    outstanding: int


@dataclass(frozen=True)
class Ledger:
    """One page of rows of one currency, the totals of the whole list, the choices."""

    as_of: date
    currency: str
    fingerprint: str
    rows: Sequence[Mapping[str, object]]
    total: Totals
    paging: Paging
    choices: Mapping[str, Sequence[str]]
    view_counts: Mapping[str, int]


def overdue_loans(
    reader: BookReader, as_of: date, *, scope: Scope, currency: str
) -> pa.Table:
    """Every overdue loan of that day and currency a person may see, with its words."""
    positions = reader.read(
        as_of, columns=COLUMNS, filters=pc.field("overdue_total") > 0
    )
    positions = on_ladder(positions)
    ids = positions["loan_id"].to_pylist()
    lines = {
        loan_id: line
        for loan_id, line in lines_of(ids, scope=scope).items()
        if line.currency == currency
    }
    seen = pa.array([loan_id in lines for loan_id in ids], pa.bool_())
    positions = positions.filter(seen)
    shown = [lines[loan_id] for loan_id in ids if loan_id in lines]
    extras = pc.add(
        pc.add(positions["overdue_penalty"], positions["overdue_compound"]),
        positions["overdue_fee"],
    )
    first_due = pa.array([line.first_due_on for line in shown], pa.date32())
    return pa.table(
        {
            "loan_id": positions["loan_id"],
            "number": pa.array([line.number for line in shown], pa.string()),
            "name": pa.array([line.name for line in shown], pa.string()),
            "product": pa.array([line.product for line in shown], pa.string()),
            "branch": pa.array([line.branch for line in shown], pa.string()),
            "officer": pa.array([line.officer for line in shown], pa.string()),
            "first_late": pc.equal(positions["oldest_unpaid_due_on"], first_due),
            "dpd": positions["dpd"],
            "bucket": positions["bucket"],
            "overdue_total": positions["overdue_total"],
            "principal": positions["overdue_principal"],
            "interest": positions["overdue_interest"],
            "extras": extras,
            "outstanding": positions["outstanding_principal"],
            "oldest_due_on": positions["oldest_unpaid_due_on"],
            "late_instalments": positions["late_instalments"],
            "status": positions["status"],
        }
    )


def mark_new(reader: BookReader, loans: pa.Table, before: date | None) -> pa.Table:
    """Add the column `fresh`: late on this day and not on the closed day before."""
    if before is None:
        fresh = pa.array([False] * loans.num_rows, pa.bool_())
    else:
        late = reader.read(before, columns=["loan_id"], filters=pc.field("dpd") > 0)
        fresh = pc.and_(
            pc.invert(pc.is_in(loans["loan_id"], late["loan_id"].combine_chunks())),
            pc.greater(loans["dpd"], 0),
        )
    return loans.append_column("fresh", fresh)


def _says(loans: pa.Table, text: str) -> pa.ChunkedArray:
    found = [
        pc.match_substring(loans[column], text, ignore_case=True)
        for column in ("number", "name")
    ]
    return pc.or_(*found)


def narrow(loans: pa.Table, wish: Wish, *, currency: str) -> pa.Table:
    """The rows, all of one currency, that fit every condition of the wish."""
    masks = [
        pc.equal(loans[column], value) for column, value in wish.equal.items() if value
    ]
    if wish.buckets:
        masks.append(pc.is_in(loans["bucket"], pa.array(wish.buckets)))
    if wish.least:
        least = math.ceil(wish.least * 10 ** currencies.digits(currency))
        masks.append(pc.greater_equal(loans["overdue_total"], least))
    if wish.text:
        masks.append(_says(loans, wish.text))
    if wish.flag:
        masks.append(loans[wish.flag])
    for mask in masks[1:]:
        masks[0] = pc.and_(masks[0], mask)
    return loans.filter(masks[0]) if masks else loans


def order(loans: pa.Table, sort: str) -> pa.Table:
    """Sorted as asked; ties by loan, so that pages never overlap."""
    column, descending = SORTS[sort.lstrip("-")], sort.startswith("-")
    direction = "descending" if descending else "ascending"
    return loans.sort_by([(column, direction), ("loan_id", "ascending")])


def totals(loans: pa.Table) -> Totals:
    """Sums over all rows."""
    sums = {name: pc.sum(loans[name]).as_py() or 0 for name in AMOUNTS}
    return Totals(loans=loans.num_rows, **sums)


def choices(loans: pa.Table) -> Mapping[str, Sequence[str]]:
    """What can be chosen: the branches, products, states and officers of overdue loans."""
    return {
        column: sorted(value for value in pc.unique(loans[column]).to_pylist() if value)
        for column in CHOSEN
    }


def ledger(
    reader: BookReader,
    *,
    as_of: date,
    before: date | None,
    wish: Wish,
    views: Mapping[str, Wish],
    scope: Scope,
    currency: str,
    page: str | None,
    whole: bool = False,
) -> Ledger:
    """The page of the ledger that an address asks for; `whole` gives every row."""
    late = overdue_loans(reader, as_of, scope=scope, currency=currency)
    late = mark_new(reader, late, before)
    found = order(narrow(late, wish, currency=currency), wish.sort)
    cut = paging(page, total=found.num_rows)
    return Ledger(
        as_of=as_of,
        currency=currency,
        fingerprint=reader.fingerprint(as_of),
        rows=(found if whole else found.slice(cut.start, cut.size)).to_pylist(),
        total=totals(found),
        paging=cut,
        choices=choices(late),
        view_counts={
            name: narrow(late, view, currency=currency).num_rows
            for name, view in views.items()
        },
    )


def nearest(dates: Sequence[date], asked: date | None) -> date | None:
    """The closed date to show: the one asked for, else the last one before it.

    None when no day is closed. Asked before the first closed day: the first.
    """
    if not dates:
        return None
    if asked is None:
        return dates[-1]
    at = int(np.searchsorted(np.array(dates, "M8[D]"), np.datetime64(asked), "right"))
    return dates[max(0, at - 1)]
