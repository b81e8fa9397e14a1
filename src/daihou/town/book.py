"""The whole book of a town: loans, what they owe, and every payment, as arrays."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from daihou.columnar import kernel, layout
from daihou.columnar.flat import ONE_ROW, Owed, sealed
from daihou.columnar.heads import capped, rate_heads
from daihou.engine.rulebook.policy import Policy
from daihou.town import borrowers, calendar, payers, schedules
from daihou.town.borrowers import End, Paths
from daihou.town.draws import Array
from daihou.town.products import OFFERS
from daihou.town.schedules import Demands
from daihou.town.terms import Span, Terms, draw_terms, span

UNTIL: Final = date(2026, 11, 20)
CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Payments:
    """Sorted by day, loan and order within the day; money in fen, never negative.

    `of` is the position of the payment that a reversal takes back (else -1).
    """

    loan: Array
    day: Array
    fen: Array
    kind: Array
    channel: Array
    payer: Array
    lag_days: Array
    of: Array

    def __len__(self) -> int:
        """Number of payments."""
        return len(self.loan)


@dataclass(frozen=True, slots=True)
class Book:
    """A lender's loans at the end of `span.until` with all that happened.

    `status` and `closed_on` are what the lender says of each loan on that day
    (closed_on: day number, -1 for none).
    """

    span: Span
    seed: int
    terms: Terms
    paths: Paths
    demands: Demands
    payments: Payments
    penalty_rate_nano: Array
    status: Array  # position in columnar.layout.STATUSES
    closed_on: Array
    policies: Mapping[str, Policy]

    def __len__(self) -> int:
        """Number of loans."""
        return len(self.terms)


def make_book(
    loans: int,
    *,
    months: int,
    seed: int,
    policies: Mapping[str, Policy],
    until: date = UNTIL,
    history_months: int = 12,
    instalments: int | None = None,
) -> Book:
    """Make a town of so many loans that has lived `months` months up to `until`.

    The same arguments give the same book to the cent. `policies` are the terms of
    the products by name. `instalments` fixes their number for every loan.
    """
    time = span(months=months, until=until, history_months=history_months)
    terms = draw_terms(loans, span=time, seed=seed, instalments=instalments)
    paths = borrowers.draw_paths(terms, span=time, seed=seed)
    plan = schedules.plans(terms, policies)
    demands = schedules.with_late_fees(plan, terms, paths, span=time, seed=seed)
    rates = penalty_rates(terms, policies)
    rows, closed = _live(time, terms, paths, demands, rates, policies, seed=seed)
    status, closed_on = _statuses(time, paths, closed)
    early = np.flatnonzero((paths.end == End.EARLY) & (closed >= 0))
    demands = schedules.with_payoffs(demands, terms, early, closed[early])
    return Book(
        span=time,
        seed=seed,
        terms=terms,
        paths=paths,
        demands=demands,
        payments=_payments(rows, until=calendar.day_number(until)),
        penalty_rate_nano=rates,
        status=status,
        closed_on=closed_on,
        policies=policies,
    )


def penalty_rates(terms: Terms, policies: Mapping[str, Policy]) -> Array:
    """Yearly penalty rate of each loan as a whole number of 1e-9."""
    thousandths = [round(policies[o.product].penalty.multiplier * 1000) for o in OFFERS]
    rates: Array = terms.rate_millionths * np.array(thousandths)[terms.offer]
    return rates


def _owed(demands: Demands) -> Owed:
    """The demands as the kernel reads them; every one in force from the start."""
    always = np.full(len(demands), layout.NEVER, np.int32)
    return Owed(
        due_on=sealed(demands.due_on.astype(np.int32)),
        begins_on=sealed(always),
        ends_on=sealed(np.full(1, layout.FAR, np.int32)),
        ends_mask=np.int64(ONE_ROW),
        principal=sealed(demands.principal),
        interest=sealed(demands.interest),
        fee=sealed(demands.fee),
        demand_id=sealed(np.arange(len(demands))),
        paid=sealed(np.zeros((3, 0), np.int64)),
    )


def _live(
    time: Span,
    terms: Terms,
    paths: Paths,
    demands: Demands,
    rates: Array,
    policies: Mapping[str, Policy],
    *,
    seed: int,
) -> tuple[Array, Array]:
    """Let every borrower pay; rows as in `payers`, and the day each loan closed."""
    used = tuple(policies[o.product] for o in OFFERS)
    loans = np.stack(
        [terms.offer, terms.disbursed_on, terms.rate_millionths]
        + [paths.habit, paths.end, paths.end_month]
    ).astype(np.int64)
    heads = np.zeros((len(terms), layout.LOAN_WIDTH), np.int64)
    heads[:, layout.LOAN_POLICY] = terms.offer
    heads[:, layout.LOAN_DISBURSED_ON] = terms.disbursed_on
    rate_heads(heads, rates, used, capped(heads, used))
    starts = calendar.first_days(np.append(time.months, time.months[-1] + 1))
    counts, closed = np.zeros((2, len(terms)), np.int64)
    shared: tuple[Any, ...] = (
        *(layout.policy_rows(used), loans, heads, demands.bounds, _owed(demands)),
        *(demands.seq, paths.cleared, starts, calendar.day_number(time.until), seed),
    )

    def work(begin: int) -> Array:
        end = min(len(terms), begin + CHUNK)
        size = (len(starts) - 1) * payers.ROOM_A_MONTH
        lived = np.zeros(((end - begin) * size, payers.WIDTH), np.int64)
        longest = int(np.diff(demands.bounds[begin : end + 1]).max())
        payers.live(
            begin, end, *shared, lived, counts, closed, kernel.room(demands=longest)
        )
        used_rows = np.arange(size) < counts[begin:end, None]
        kept: Array = lived[used_rows.ravel()]
        return kept

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        parts = list(pool.map(work, range(0, len(terms), CHUNK)))
    starts_of = np.concatenate([[0], np.cumsum(counts)])
    rows = np.concatenate(parts)
    taken_back = rows[:, payers.OF] >= 0
    rows[taken_back, payers.OF] += starts_of[rows[taken_back, payers.LOAN]]
    return rows, closed


def _payments(rows: Array, *, until: int) -> Payments:
    """Put the rows in order of the day they happened, up to `until`."""
    keep = np.flatnonzero(rows[:, payers.DAY] <= until)
    order = keep[np.argsort(rows[keep, payers.DAY], kind="stable")]
    place = np.full(len(rows) + 1, -1, np.int64)
    place[order] = np.arange(len(order))
    picked = rows[order]
    return Payments(
        loan=picked[:, payers.LOAN],
        day=picked[:, payers.DAY],
        fen=picked[:, payers.FEN],
        kind=picked[:, payers.KIND],
        channel=picked[:, payers.CHANNEL],
        payer=picked[:, payers.PAYER],
        lag_days=picked[:, payers.LAG],
        of=place[picked[:, payers.OF]],
    )


def _statuses(time: Span, paths: Paths, closed: Array) -> tuple[Array, Array]:
    """Status and the day it holds from, as the lender knows them at the end."""
    starts = calendar.first_days(np.append(time.months, time.months[-1] + 1))
    ended = starts[paths.end_month + 1] - 1
    until = calendar.day_number(time.until)
    status = np.where(closed >= 0, layout.SETTLED, layout.ACTIVE)
    closed_on = closed.copy()
    for end, name in (
        (End.WRITTEN_OFF, layout.WRITTEN_OFF),
        (End.SOLD, layout.TRANSFERRED),
    ):
        here = (paths.end == end) & (ended <= until) & (closed < 0)
        status = np.where(here, name, status)
        closed_on = np.where(here, ended, closed_on)
    return status, closed_on
