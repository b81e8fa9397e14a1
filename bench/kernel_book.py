"""A large book made with numpy for measuring the kernel: 24 instalments a loan."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from daihou.columnar.book import Facts
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import LoanTerms
from daihou.engine.rulebook.policy import DpdMethod, Mode, PenaltyTerms, Policy
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS

AS_OF = date(2026, 11, 20)
PERIODS = 24
KINDS = 500  # different contracts; every loan is one of them, moved in time
PRODUCT = "bench"
POLICY = Policy(
    product=PRODUCT,
    begins_on=date(2020, 1, 1),
    mode=Mode.OWN,
    dpd=DpdMethod(id="DPD-BENCH"),
    penalty=PenaltyTerms(
        multiplier=Decimal("1.5"), on_principal=True, on_interest=True
    ),
)
# Of the borrowers: share, chance a month to be late, and chance to miss it wholly.
HABITS = ((0.82, 0.03, 0.0), (0.14, 0.35, 0.02), (0.04, 0.6, 0.25))
PART = 0.03  # of the payments leave half of the instalment for ten days later
DAYS_LATE = 45

Array = np.ndarray[Any, Any]


def _days(months: Array) -> Array:
    """Day numbers of the 15th of months counted from 1970."""
    fifteenth = months.astype("datetime64[M]").astype("datetime64[D]")
    days: Array = fifteenth.astype(np.int64) + 14
    return days


def contracts(random: np.random.Generator) -> tuple[Array, Array, Array]:
    """Principal in fen, and the plan of principal and interest, of each contract."""
    principal = random.integers(5_000, 300_000, KINDS) * 100
    rate = random.integers(40, 240, KINDS)
    rows = np.empty((2, KINDS, PERIODS), np.int64)
    for kind in range(KINDS):
        terms = LoanTerms(
            currency="CNY",
            principal_minor=int(principal[kind]),
            annual_rate=Decimal(int(rate[kind])).scaleb(-3),
            method="equal_instalment",
            periods=PERIODS,
            period_unit="months",
            disbursed_on=date(2020, 1, 15),
            first_due_on=date(2020, 2, 15),
        )
        plan = schedule(terms)
        rows[:, kind] = [[r.principal for r in plan], [r.interest for r in plan]]
    return principal, rate, rows


def _asked(owed: Array, days: Array, rate: Array) -> Array:
    """What a late payer is asked for: the instalment and its penalty, rounded up."""
    asked: Array = owed + -(-owed * days * rate[:, None] * 3 // (360 * 2_000))
    return asked


def _paid(
    random: np.random.Generator, due: Array, owed: Array, rate: Array
) -> pa.Table:
    """Payments by loans with habits; `due` and `owed` have a row a loan."""
    loans = len(due)
    habit = random.choice(len(HABITS), loans, p=[share for share, _, _ in HABITS])
    late = random.random(due.shape) < np.array([x for _, x, _ in HABITS])[habit, None]
    missed = random.random(due.shape) < np.array([x for _, _, x in HABITS])[habit, None]
    days = np.where(late, random.integers(1, DAYS_LATE, due.shape), 0)
    paid_on = due + days
    part = ~missed & (random.random(due.shape) < PART)
    loan = np.broadcast_to(np.arange(1, loans + 1)[:, None], due.shape)
    asked = _asked(owed, days, rate)
    whole = np.where(part, asked // 2, asked)
    last = (AS_OF - date(1970, 1, 1)).days
    one, two = ~missed & (paid_on <= last), part & (paid_on + 10 <= last)
    number = np.concatenate([loan[one], loan[two]])
    on = np.concatenate([paid_on[one], paid_on[two] + 10])
    cents = np.concatenate([whole[one], (_asked(owed, days + 10, rate) - whole)[two]])
    order = np.lexsort((on, number))
    return pa.table(
        {
            "loan_id": number[order],
            "payment_id": np.arange(1, len(order) + 1),
            "paid_on": pa.array(on[order].astype(np.int32)).cast(pa.date32()),
            "ends_on": pa.nulls(len(order), pa.date32()),
            "amount": cents[order],
        },
        schema=PAYMENTS,
    )


def _demands(loans: int, due: Array, begins: Array, rows: Array) -> pa.Table:
    count = loans * PERIODS
    zeros = pa.array(np.zeros(count, np.int64))
    return pa.table(
        {
            "loan_id": np.repeat(np.arange(1, loans + 1), PERIODS),
            "demand_id": np.arange(1, count + 1),
            "seq": np.tile(np.arange(1, PERIODS + 1, dtype=np.int32), loans),
            "due_on": pa.array(due.ravel().astype(np.int32)).cast(pa.date32()),
            "begins_on": pa.array(np.repeat(begins, PERIODS).astype(np.int32)).cast(
                pa.date32()
            ),
            "ends_on": pa.nulls(count, pa.date32()),
            "principal": rows[0].ravel(),
            "interest": rows[1].ravel(),
            **dict.fromkeys(DEMANDS.names[8:], zeros),
        },
        schema=DEMANDS,
    )


def make(loans: int, *, seed: int) -> Facts:
    """A book of `loans` paid out 12 to 24 months before AS_OF, paid as people do."""
    random = np.random.default_rng(seed)
    principal, rate, plans = contracts(random)
    kind = random.integers(0, KINDS, loans)
    month = (AS_OF.year - 1970) * 12 + AS_OF.month - 1 - random.integers(12, 25, loans)
    begins = _days(month)
    due = _days(month[:, None] + np.arange(1, PERIODS + 1))
    rows = plans[:, kind]
    heads = pa.table(
        {
            "loan_id": np.arange(1, loans + 1),
            "product": pa.repeat(PRODUCT, loans),
            "customer_id": np.arange(1, loans + 1),
            "currency": pa.repeat("CNY", loans),
            "principal": principal[kind],
            "disbursed_on": pa.array(begins.astype(np.int32)).cast(pa.date32()),
            "status": pa.repeat("active", loans),
            "status_on": pa.nulls(loans, pa.date32()),
            "penalty_rate_nano": rate[kind] * 1_500_000,
        },
        schema=LOANS,
    )
    return Facts(
        heads,
        _demands(loans, due, begins, rows),
        _paid(random, due, rows.sum(axis=0), rate[kind]),
    )
