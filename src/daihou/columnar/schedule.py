"""Repayment plans of many loans at once; equal to the reference to the cent."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np

from daihou.columnar import planning
from daihou.columnar.layout import EPOCH, ROUNDINGS, Ints
from daihou.engine.basics import rounding
from daihou.engine.basics.money import NANO
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import LoanTerms, Row

METHODS: Final = (
    "equal_instalment",
    "equal_principal",
    "interest_only",
    "bullet",
    "flat",
)
UNITS: Final = ("days", "weeks", "months")
# The last is made by the reference, as is all else the kernel cannot do exactly.
DAY_COUNTS: Final = ("30/360", "ACT/360", "ACT/365F", "period", "ACT/ACT")
CHUNK: Final = 10_000  # loans a thread takes at a time
_REFERENCE: Final = -1


@dataclass(frozen=True, slots=True)
class Contracts:
    """The terms of many loans, an array each; conventions as in `LoanTerms`.

    Principal in minor units, yearly rate in 10**-9, days since 1970-01-01; method,
    unit, day count and rounding are places in METHODS, UNITS, DAY_COUNTS and
    `engine.basics.rounding.MODES`.
    """

    principal: Any
    rate_nano: Any
    method: Any
    periods: Any
    disbursed_on: Any
    first_due_on: Any
    unit: Any = 2
    every: Any = 1
    day_count: Any = 0
    rounding: Any = 0
    currency: str = "CNY"

    def __len__(self) -> int:
        """Number of loans."""
        return len(self.principal)

    def terms(self, i: int) -> LoanTerms:
        """The contract of loan `i` as the reference reads it."""

        def of(values: Any) -> int:
            return int(np.broadcast_to(values, len(self))[i])

        return LoanTerms(
            currency=self.currency,
            principal_minor=of(self.principal),
            annual_rate=Decimal(of(self.rate_nano)) / NANO,
            method=METHODS[of(self.method)],
            periods=of(self.periods),
            period_unit=UNITS[of(self.unit)],
            disbursed_on=date.fromordinal(EPOCH + of(self.disbursed_on)),
            first_due_on=date.fromordinal(EPOCH + of(self.first_due_on)),
            every=of(self.every),
            day_count=DAY_COUNTS[of(self.day_count)],
            rounding=rounding.MODES[of(self.rounding)],
        )


@dataclass(frozen=True, slots=True)
class Plans:
    """Rows of many plans; those of loan i are `bounds[i]` to `bounds[i + 1]`.

    Days since 1970-01-01, minor units. `by_reference` counts the loans that were
    too near a rounding boundary, too wide or too rare for the kernel.
    """

    bounds: Ints
    due_on: Ints
    principal: Ints
    interest: Ints
    by_reference: int


def _matrix(contracts: Contracts) -> Ints:
    """The contracts as the kernel reads them, a row a loan."""
    modes = np.array([ROUNDINGS[mode] for mode in rounding.MODES])
    counts = np.where(np.arange(len(DAY_COUNTS)) > planning.PERIOD, _REFERENCE, 0)
    counts = counts + np.arange(len(DAY_COUNTS)) * (counts == 0)
    rows = np.empty((len(contracts), planning.TERMS_WIDTH), np.int64)
    for column, values in (
        (planning.PRINCIPAL, contracts.principal),
        (planning.RATE, contracts.rate_nano),
        (planning.METHOD, contracts.method),
        (planning.PERIODS, contracts.periods),
        (planning.UNIT, contracts.unit),
        (planning.EVERY, contracts.every),
        (planning.DISBURSED_ON, contracts.disbursed_on),
        (planning.FIRST_DUE_ON, contracts.first_due_on),
        (planning.DAY_COUNT, counts[contracts.day_count]),
        (planning.ROUNDING, modes[contracts.rounding]),
    ):
        rows[:, column] = values
    return rows


def schedules(contracts: Contracts, *, threads: int | None = None) -> Plans:
    """Make the plan of every loan.

    Equal to `engine.ledger.schedule` for every loan, to the cent and the day.
    Raises TermsError for the first loan whose terms cannot be. `threads` None: one
    a core, at most eight.
    """
    rows = _matrix(contracts)
    bullet = METHODS.index("bullet")
    sizes = np.where(rows[:, planning.METHOD] == bullet, 1, rows[:, planning.PERIODS])
    bounds = np.concatenate([[0], np.cumsum(np.maximum(sizes, 0))])
    due_on, principal, interest = np.empty((3, int(bounds[-1])), np.int64)
    made = np.empty(len(contracts), bool)

    def work(begin: int) -> None:
        end = min(len(contracts), begin + CHUNK)
        planning.run(begin, end, rows, bounds, due_on, principal, interest, made)

    starts = range(0, len(contracts), CHUNK)
    with ThreadPoolExecutor(threads or min(8, os.cpu_count() or 1)) as pool:
        list(pool.map(work, starts))
    odd = np.flatnonzero(~made).tolist()
    for i in odd:
        own = slice(bounds[i], bounds[i + 1])
        plan = schedule(contracts.terms(i))
        due_on[own] = [row.due_on.toordinal() - EPOCH for row in plan]
        principal[own] = [row.principal for row in plan]
        interest[own] = [row.interest for row in plan]
    return Plans(bounds, due_on, principal, interest, len(odd))


def rows_of(plans: Plans, i: int) -> Sequence[Row]:
    """The plan of loan `i` as the reference writes it."""
    first, last = int(plans.bounds[i]), int(plans.bounds[i + 1])
    return tuple(
        Row(
            seq=k - first + 1,
            due_on=date.fromordinal(EPOCH + int(plans.due_on[k])),
            principal=int(plans.principal[k]),
            interest=int(plans.interest[k]),
        )
        for k in range(first, last)
    )
