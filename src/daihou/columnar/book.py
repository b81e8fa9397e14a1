"""The book as flat arrays: made once from the facts tables, settled for any date."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar import kernel, layout
from daihou.columnar.layout import FAR, NEVER, OUT_WIDTH, STATUSES, Ints
from daihou.engine.rulebook.policy import Policy

EPOCH: Final = date(1970, 1, 1).toordinal()
SAFE: Final = 2.0**61  # products estimated in floating point stay below 2**63
LOG_ROOM: Final = 4_000_000  # rows of the allocation log; beyond it: wide path
CHUNK: Final = 20_000  # loans a thread takes at a time


class UnknownProduct(LookupError):
    """A loan names a product that no policy was given for."""


def day_number(day: date) -> int:
    """Days since 1970-01-01, as Arrow's date32 counts."""
    return day.toordinal() - EPOCH


def integers(table: pa.Table, column: str, *, null: int = 0) -> np.ndarray[Any, Any]:
    """A column of integers or dates as numpy, without copying where it can be."""
    if column not in table.column_names:
        return np.zeros(table.num_rows, np.int64)
    values = table[column]
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    if values.null_count:
        values = pc.fill_null(values, pa.scalar(null, values.type))
    array: np.ndarray[Any, Any] = values.to_numpy()
    return array


def stack(table: pa.Table, columns: tuple[str, ...], kind: type, null: int = 0) -> Any:
    """Columns as the rows of one array."""
    room = np.empty((len(columns), table.num_rows), kind)
    for row, column in enumerate(columns):
        room[row] = integers(table, column, null=null)
    return room


def bounds(keys: np.ndarray[Any, Any], ids: Ints) -> Ints:
    """Where each id begins and ends in sorted `keys`; two rows."""
    assert not len(keys) or bool((keys[1:] >= keys[:-1]).all()), "facts not sorted"
    if len(ids) and len(keys) > 8 * len(ids):
        starts = np.searchsorted(keys, ids, side="left")
        ends = np.searchsorted(keys, ids, side="right")
        return np.stack([starts, ends]).astype(np.int64)
    edges = np.flatnonzero(np.diff(keys)) + 1 if len(keys) else np.zeros(0, np.int64)
    edges = np.concatenate([[0], edges, [len(keys)]])[: None if len(keys) else 1]
    found = keys[edges[:-1]]
    spot = np.searchsorted(found, ids)
    hit = np.zeros(len(ids), bool)
    inside = spot < len(found)
    hit[inside] = found[spot[inside]] == ids[inside]
    starts = np.where(hit, edges[np.minimum(spot, len(edges) - 1)], 0)
    ends = np.where(hit, edges[np.minimum(spot + 1, len(edges) - 1)], 0)
    return np.stack([starts, ends]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Book:
    """Facts of many loans as arrays the kernel reads; all loans by loan_id."""

    loan_ids: Ints
    disbursed_on: np.ndarray[Any, Any]
    loans: Ints  # rows LOAN_POLICY... of layout
    policies: tuple[Policy, ...]
    demand_bounds: Ints
    demand_dates: np.ndarray[Any, Any]
    demand_amounts: Ints
    demand_paid: Ints
    payment_bounds: Ints
    paid_on: np.ndarray[Any, Any]
    payment_ends: np.ndarray[Any, Any]
    payment_amounts: Ints
    longest: int
    log_room: int
    too_wide: np.ndarray[Any, Any]  # the kernel must not touch these

    def run(self, picked: Ints, *, as_of: int, threads: int | None = None) -> Ints:
        """Settle the loans at positions `picked`; (OUT_WIDTH, n) integers."""
        n = len(picked)
        out = np.zeros((OUT_WIDTH, n), np.int64)
        whole = n == len(self.loan_ids)
        pick = slice(None) if whole else picked
        arguments = (
            np.int64(as_of),
            layout.policy_rows(self.policies),
            np.ascontiguousarray(self.loans[:, pick]),
            np.ascontiguousarray(self.demand_bounds[:, pick]),
            *(self.demand_dates, self.demand_amounts, self.demand_paid),
            np.ascontiguousarray(self.payment_bounds[:, pick]),
            *(self.paid_on, self.payment_ends, self.payment_amounts),
        )

        def work(begin: int) -> None:
            w = np.zeros((max(1, self.longest), layout.DEMAND_WIDTH), np.int64)
            log = np.zeros((max(1, self.log_room), 3), np.int64)
            kernel.run(begin, min(n, begin + CHUNK), *arguments, w, log, out)

        starts = range(0, n, CHUNK)
        if len(starts) < 2:
            list(map(work, starts))
        else:
            with ThreadPoolExecutor(threads or min(8, os.cpu_count() or 1)) as pool:
                list(pool.map(work, starts))
        return out


def _loan_rows(loans: pa.Table, policies: tuple[Policy, ...], which: Ints) -> Ints:
    """The rows the kernel reads of each loan, as named in `layout`."""
    rates = integers(loans, "penalty_rate_nano").astype(np.int64)
    days = np.array([p.penalty.days_in_year for p in policies] or [1], np.int64)
    denominators = days[which] * 10**9
    common = np.gcd(rates, denominators)
    status = loans["status"].combine_chunks().dictionary_encode()
    codes = np.array([STATUSES.index(s) for s in status.dictionary.to_pylist()] or [0])
    code = codes[status.indices.to_numpy()]
    since = integers(loans, "status_on", null=NEVER).astype(np.int64)
    code = np.where((code == layout.ACTIVE) & (since == NEVER), layout.NOT_GIVEN, code)
    paid_out = integers(loans, "disbursed_on").astype(np.int64)
    return np.stack(
        [
            which,
            rates // common,
            denominators // common,
            code,
            since,
            np.where(since == NEVER, paid_out, since),
            integers(loans, "principal").astype(np.int64),
        ]
    )


def _which_policy(loans: pa.Table, policies: Mapping[str, Policy]) -> tuple[Any, Ints]:
    product = loans["product"].combine_chunks().dictionary_encode()
    names = product.dictionary.to_pylist()
    unknown = sorted(set(names) - set(policies))
    if unknown:
        known = ", ".join(sorted(policies))
        raise UnknownProduct(
            f"No terms for product {', '.join(unknown)}. Known products: {known}. "
            "Add a product file or correct the loans."
        )
    found = tuple(policies[name] for name in names)
    return found, product.indices.to_numpy().astype(np.int64)


def _segment_sums(values: Ints, edges: Ints) -> np.ndarray[Any, Any]:
    """Sum of values between the two rows of edges, in floating point."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: np.ndarray[Any, Any] = total[edges[1]] - total[edges[0]]
    return sums


def _too_wide(
    policies: tuple[Policy, ...],
    loans: Ints,
    demand_bounds: Ints,
    dates: Any,
    amounts: Ints,
    *,
    horizon: int,
) -> np.ndarray[Any, Any]:
    """Loans whose products might pass 64 bits by `horizon` (a generous bound)."""
    count = loans.shape[1]
    if not amounts.size:
        return np.zeros(count, bool)
    span = max(1, horizon - int(dates[0].min()))
    shares = [layout.policy_row(p)[layout.SHARE_DENOMINATOR] for p in policies]
    share = max(shares, default=1)
    most = demand_bounds[1] - demand_bounds[0]
    total = float(amounts.sum(axis=0, dtype=np.float64).max()) * float(most.max())
    if total * max(span * float(loans[1].max(initial=1)), share) < SAFE:
        return np.zeros(count, bool)
    owed = _segment_sums(amounts.sum(axis=0), demand_bounds) * 1.001 + 1e6
    factor = np.maximum(span * np.maximum(loans[1], 1).astype(np.float64), share)
    wide: np.ndarray[Any, Any] = owed * factor >= SAFE
    return wide


def make_book(
    loans: pa.Table,
    demands: pa.Table,
    payments: pa.Table,
    policies: Mapping[str, Policy],
    *,
    horizon: date,
) -> Book:
    """Lay the facts tables out flat; dates up to `horizon` may be asked for.

    Raises UnknownProduct when a loan's product has no policy.
    """
    ids = integers(loans, "loan_id").astype(np.int64)
    assert bool((ids[1:] > ids[:-1]).all()), "loans are not sorted by loan_id"
    used, which = _which_policy(loans, policies)
    rows = _loan_rows(loans, used, which)
    demand_bounds = bounds(integers(demands, "loan_id"), ids)
    payment_bounds = bounds(integers(payments, "loan_id"), ids)
    dates = stack(demands, ("due_on", "begins_on", "ends_on"), np.int32, FAR)
    amounts = stack(demands, ("principal", "interest", "fee"), np.int64)
    mirror = any(p.mode == "mirror" for p in used)
    paid = ("paid_principal", "paid_interest", "paid_fee")
    paid_rows = stack(demands if mirror else demands.slice(0, 0), paid, np.int64)
    signed = integers(payments, "amount").astype(np.int64)
    longest = demand_bounds[1] - demand_bounds[0]
    count = payment_bounds[1] - payment_bounds[0]
    negative = _segment_sums((signed < 0).astype(np.int64), payment_bounds) > 0
    log_need = np.where(negative, (longest + count) * longest * 8, 1)
    wide = _too_wide(
        *(used, rows, demand_bounds, dates, amounts), horizon=day_number(horizon)
    )
    wide |= log_need > LOG_ROOM
    return Book(
        loan_ids=ids,
        disbursed_on=integers(loans, "disbursed_on"),
        loans=rows,
        policies=used,
        demand_bounds=demand_bounds,
        demand_dates=dates,
        demand_amounts=amounts,
        demand_paid=paid_rows,
        payment_bounds=payment_bounds,
        paid_on=integers(payments, "paid_on").astype(np.int32),
        payment_ends=integers(payments, "ends_on", null=FAR).astype(np.int32),
        payment_amounts=signed,
        longest=int(longest.max(initial=0)),
        log_room=int(np.where(wide, 1, log_need).max(initial=1)),
        too_wide=wide,
    )
