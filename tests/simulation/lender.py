"""What the lender of a test town does to its loans: reprices, gives up, extends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.book import Facts
from daihou.engine.rulebook.policy import Component, CostCap, OrderRule, Policy
from daihou.tables.facts import RATE_STEPS, WAIVERS
from daihou.town import calendar
from daihou.town.book import Book
from daihou.town.facts import days, facts

# What the contracts ask lies below 24 % a year: a harder cap bites.
CAPS = [
    CostCap("CN-INT-02", date(2017, 8, 4), Decimal(rate)) for rate in ("0.24", "0.12")
]
PRINCIPAL_FIRST = (
    Component.PRINCIPAL,
    Component.INTEREST,
    Component.FEE,
    Component.PENALTY,
    Component.COMPOUND,
)
MONTH = 30
REPRICED, GIVEN_UP, EXTENDED = 0.3, 0.2, 0.1  # shares of the loans


def terms(policies: Mapping[str, Policy], *, seed: int) -> dict[str, Policy]:
    """Put the products under a cap; every town has its own mixture of terms."""
    late = (OrderRule(order=PRINCIPAL_FIRST, dpd_over=90),)
    return {
        name: replace(
            policy,
            cost_caps=(CAPS[seed % 2],),
            order_rules=late if seed % 3 else policy.order_rules,
            non_accrual_after=90 if seed % 5 else policy.non_accrual_after,
        )
        for name, policy in policies.items()
    }


def deeds(book: Book) -> Facts:
    """The facts of a town after its lender's deeds, drawn from the town's seed."""
    rng = np.random.Generator(np.random.PCG64([book.seed, 6]))
    loans, demands, payments = facts(book)
    span = book.span
    first, last = (calendar.day_number(day) for day in (span.begin, span.until))
    return Facts(
        *(loans, _extended(rng, demands, len(book), first, last), payments),
        _given_up(rng, len(book), first, last),
        _repriced(rng, book.penalty_rate_nano, first, last),
    )


def _some(rng: Any, loans: int, share: float) -> Any:
    """Positions of some of the loans, in order."""
    return np.sort(rng.choice(loans, round(share * loans), replace=False))


def _repriced(rng: Any, rates: Any, first: int, last: int) -> pa.Table:
    """A new penalty rate for some loans: lower, none at all, or beyond the cap."""
    loans = _some(rng, len(rates), REPRICED)
    on = rng.integers(first, last, len(loans))
    factor = rng.choice([0, 900, 1_100, 3_000], len(loans))
    new = rates[loans] * factor // 1_000
    columns = [pa.array(loans + 1), days(on), pa.array(new)]
    return pa.table(columns, schema=RATE_STEPS)


def _given_up(rng: Any, loans: int, first: int, last: int) -> pa.Table:
    """Some of one component given up; a quarter of it is taken back later."""
    who = _some(rng, loans, GIVEN_UP)
    on = rng.integers(first, last, len(who))
    ends = on + rng.integers(1, 90, len(who))
    parts = rng.choice([part.value for part in Component], len(who))
    columns = [
        pa.array(who + 1),
        pa.array(np.arange(1, len(who) + 1)),
        days(on),
        days(ends, mask=rng.random(len(who)) > 0.25),
        pa.array(parts.tolist()),
        pa.array(rng.integers(1, 60_000, len(who))),
        pa.nulls(len(who), pa.int64()),
        pa.array(np.zeros(len(who), bool)),
    ]
    return pa.table(columns, schema=WAIVERS)


def _extended(
    rng: Any, demands: pa.Table, loans: int, first: int, last: int
) -> pa.Table:
    """One instalment of some loans falls due a month later, decided before it does."""
    who = set((_some(rng, loans, EXTENDED) + 1).tolist())
    rows = demands.to_pylist()
    added = []
    for row in rows:
        due = calendar.day_number(row["due_on"])
        standing = row["ends_on"] is None and row["seq"] > 0
        if row["loan_id"] not in who or not standing or not first < due < last:
            continue
        if rng.random() < 0.5:
            continue
        who.remove(row["loan_id"])
        decided = calendar.date_of(due - rng.integers(1, 20))
        if decided <= row["begins_on"]:
            continue
        row["ends_on"] = decided
        later = calendar.date_of(due + MONTH)
        number = len(rows) + len(added) + 1
        moved = {"demand_id": number, "begins_on": decided, "due_on": later}
        added.append(row | moved | {"ends_on": None})
    table = pa.Table.from_pylist([*rows, *added], schema=demands.schema)
    order = [(name, "ascending") for name in ("loan_id", "due_on", "seq", "demand_id")]
    return table.take(pc.sort_indices(table, sort_keys=order))
