"""Figures of a closed day, counted from the positions of the whole book.

Every function takes positions (`daihou.tables.positions`) of one currency, with the
steps of the ladder as buckets, and gives exact values; no rounding happens here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.kit.ladder import BUCKETS

SETTLED = "settled"  # paid off
LOST = "lost"  # written off, transferred, or no longer in the book


# Where a loan can stand: the steps of the ladder, then the two ways out of it.
_ENDS = pa.array([*BUCKETS, SETTLED, LOST])
_SETTLED, _LOST = len(BUCKETS), len(BUCKETS) + 1


@dataclass(frozen=True)
class Stock:
    """Loans and outstanding principal (minor units) standing in one bucket."""

    loans: int
    balance: int


@dataclass(frozen=True)
class Move:
    """How many loans went from one bucket to another."""

    from_bucket: str
    to_bucket: str
    loans: int


def active(positions: pa.Table) -> pa.Table:
    """The loans of every figure here: not settled, sold or written off."""
    return positions.filter(pc.equal(positions["status"], "active"))


def written_off(positions: pa.Table) -> Stock:
    """The loans that were written off and are still claimed (账销案存)."""
    lost = positions.filter(pc.equal(positions["status"], "written_off"))
    return Stock(lost.num_rows, pc.sum(lost["outstanding_principal"]).as_py() or 0)


def stock_by_bucket(positions: pa.Table) -> Mapping[str, Stock]:
    """Loans and outstanding principal by bucket, every bucket present."""
    book = active(positions)
    book = book.set_column(
        book.schema.get_field_index("bucket"),
        "bucket",
        book["bucket"].cast(pa.string()),
    )
    grouped = book.group_by("bucket").aggregate(
        [("loan_id", "count"), ("outstanding_principal", "sum")]
    )
    found = {
        row["bucket"]: Stock(row["loan_id_count"], row["outstanding_principal_sum"])
        for row in grouped.to_pylist()
    }
    assert found.keys() <= set(BUCKETS), "positions that are not on the ladder"
    return {bucket: found.get(bucket, Stock(0, 0)) for bucket in BUCKETS}


def overdue_rate(positions: pa.Table) -> Decimal | None:
    """Outstanding principal of loans past due over that of all loans (1+, 剩余本金).

    Written-off loans are outside both. None for an empty book.
    """
    book = active(positions)
    whole = pc.sum(book["outstanding_principal"]).as_py() or 0
    if whole == 0:
        return None
    late = pc.sum(book["overdue_loan_balance"]).as_py() or 0
    return Decimal(late) / Decimal(whole)


def whole_principal(positions: pa.Table) -> int:
    """Outstanding principal of all active loans, in minor units."""
    book = active(positions)
    return pc.sum(book["outstanding_principal"]).as_py() or 0


def recovered_rate(before: pa.Table, now: pa.Table) -> Decimal | None:
    """Share of the overdue amount of M1, 30 days ago, that was brought in since.

    A loan counts whole once its oldest unpaid due date of then is paid. None
    when nothing stood in M1 on that day.
    """
    start = before.filter(
        pc.and_(pc.equal(before["bucket"], "M1"), pc.equal(before["status"], "active"))
    )
    total = pc.sum(start["overdue_total"]).as_py() or 0
    if total == 0:
        return None
    later = _aligned(now, start["loan_id"].to_numpy(), "oldest_unpaid_due_on")
    then = _days(start["oldest_unpaid_due_on"])
    paid = (later < 0) | (later > then)
    amounts = start["overdue_total"].to_numpy()
    return Decimal(int(amounts[paid].sum())) / Decimal(total)


def loss_rate(positions: pa.Table) -> Decimal | None:
    """Written-off principal over all principal past due, written off or not.

    None while nothing was ever written off.
    """
    lost = positions.filter(pc.equal(positions["status"], "written_off"))
    if lost.num_rows == 0:
        return None
    written_off = pc.sum(lost["outstanding_principal"]).as_py() or 0
    late = active(positions)
    overdue = pc.sum(late["overdue_loan_balance"]).as_py() or 0
    if written_off + overdue == 0:
        return None
    return Decimal(written_off) / Decimal(written_off + overdue)


def _standing(now: pa.Table, ids: np.ndarray) -> np.ndarray:
    """Say for each loan id where it stands: its bucket, SETTLED or LOST, in _ENDS."""
    steps = pc.index_in(now["bucket"].cast(pa.string()), _ENDS).to_numpy()
    settled = pc.equal(now["status"], "settled").to_numpy(zero_copy_only=False)
    running = pc.equal(now["status"], "active").to_numpy(zero_copy_only=False)
    stands = np.where(running, steps, np.where(settled, _SETTLED, _LOST))
    at = _places(now["loan_id"].to_numpy(), ids)
    return np.append(stands, _LOST)[at]


def moves(before: pa.Table, now: pa.Table) -> tuple[Move, ...]:
    """Loans whose bucket differs between two days; one paid off goes to SETTLED,
    one written off or transferred to LOST.

    A loan paid out in between enters its first bucket and is not a move.
    """
    earlier = active(before)
    old = pc.index_in(earlier["bucket"].cast(pa.string()), _ENDS).to_numpy()
    new = _standing(now, earlier["loan_id"].to_numpy())
    size = len(_ENDS)
    counted = np.bincount((old * size + new)[old != new], minlength=size * size)
    names = _ENDS.to_pylist()
    found = {
        (names[pair // size], names[pair % size]): int(counted[pair])
        for pair in np.flatnonzero(counted)
    }
    return tuple(Move(a, b, n) for (a, b), n in sorted(found.items()))


def became_late(before: pa.Table, now: pa.Table) -> pa.Table:
    """Positions late now and not the day before, largest overdue amount first."""
    late = active(now)
    late = late.filter(pc.greater(late["dpd"], 0))
    was = _aligned(before, late["loan_id"].to_numpy(), "dpd")
    fresh = late.filter(pa.array(was <= 0))
    return fresh.sort_by([("overdue_total", "descending"), ("loan_id", "ascending")])


def came_back(before: pa.Table, now: pa.Table) -> pa.Table:
    """Positions of the day before that were late and now are not, largest first."""
    late = active(before)
    late = late.filter(pc.greater(late["dpd"], 0))
    ids = late["loan_id"].to_numpy()
    current = _aligned(now, ids, "dpd")
    gone = _places(now["loan_id"].to_numpy(), ids) == now.num_rows
    cured = late.filter(pa.array((current == 0) & ~gone))
    return cured.sort_by([("overdue_total", "descending"), ("loan_id", "ascending")])


def _places(sorted_ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Index of each wanted id, or `len(sorted_ids)` where it is missing."""
    at = np.searchsorted(sorted_ids, wanted)
    clipped = np.minimum(at, max(0, len(sorted_ids) - 1))
    if len(sorted_ids) == 0:
        return np.zeros(len(wanted), dtype=np.int64)
    return np.where(sorted_ids[clipped] == wanted, clipped, len(sorted_ids))


def _aligned(positions: pa.Table, ids: np.ndarray, column: str) -> np.ndarray:
    """A column's value for each id, -1 where the loan or the value is missing."""
    at = _places(positions["loan_id"].to_numpy(), ids)
    values = positions[column]
    numbers = _days(values) if pa.types.is_date(values.type) else values.to_numpy()
    return np.append(numbers.astype(np.int64), -1)[at]


def _days(dates: pa.ChunkedArray) -> np.ndarray:
    """Dates as days since 1970, -1 for none."""
    return dates.cast(pa.int32()).fill_null(-1).to_numpy().astype(np.int64)


def movers(before: pa.Table, now: pa.Table) -> pa.Table:
    """Each loan whose bucket changed: loan_id, from_bucket, to_bucket, amounts.

    Largest outstanding principal of the day before first.
    """
    earlier = active(before)
    ids = earlier["loan_id"].to_numpy()
    table = pa.table(
        {
            "loan_id": earlier["loan_id"],
            "from_bucket": earlier["bucket"],
            "to_bucket": _ENDS.take(pa.array(_standing(now, ids))),
            "outstanding_principal": earlier["outstanding_principal"],
        }
    )
    table = table.set_column(1, "from_bucket", table["from_bucket"].cast(pa.string()))
    moved = table.filter(pc.not_equal(table["from_bucket"], table["to_bucket"]))
    return moved.sort_by(
        [("outstanding_principal", "descending"), ("loan_id", "ascending")]
    )
