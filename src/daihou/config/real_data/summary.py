"""What came out, counted: arrears by month, months without a payment, balances."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from daihou.config.real_data.opening import month_end
from daihou.config.real_data.source import SourceLoan

BUCKETS = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7")


@dataclass(frozen=True, slots=True)
class MonthCount:
    """One month-end: loans by status, running loans by bucket."""

    as_of: date
    status: Mapping[str, int]
    buckets: Mapping[str, int]

    @property
    def active(self) -> int:
        """Loans neither repaid, written off nor taken out."""
        return self.status.get("active", 0)

    def share(self, *buckets: str) -> float:
        """Running loans in these buckets, in percent of all running loans."""
        count = sum(self.buckets.get(bucket, 0) for bucket in buckets)
        return 100 * count / self.active if self.active else 0.0


def count(
    as_of: date, positions: pa.Table, *, only: frozenset[str] | None = None
) -> MonthCount:
    """Count one month-end, of all loans or of `only` these."""
    if only is not None:
        among = pa.array(sorted(only), pa.string())
        positions = positions.filter(pc.is_in(positions["loan_id"], value_set=among))
    status = positions["status"].to_pylist()
    buckets = positions["bucket"].to_pylist()
    running = (b for b, s in zip(buckets, status, strict=True) if s == "active")
    return MonthCount(as_of, Counter(status), Counter(running))


@dataclass(frozen=True, slots=True)
class ZeroCount:
    """Loans with a balance and a reported payment, and those that paid nothing."""

    as_of: date
    loans: int
    unpaid: int

    @property
    def share(self) -> float:
        """Months without a cent, in percent."""
        return 100 * self.unpaid / self.loans if self.loans else 0.0


def zero_months(loans: Iterable[SourceLoan]) -> tuple[ZeroCount, ...]:
    """Of the loans that owe something at a month-end, how many paid nothing in it."""
    with_balance: Counter[date] = Counter()
    unpaid: Counter[date] = Counter()
    for loan in loans:
        for month in loan.months:
            if month.paid is None or month.balance is None or month.balance <= 0:
                continue
            day = month_end(loan, month.number)
            with_balance[day] += 1
            unpaid[day] += month.paid == 0
    return tuple(
        ZeroCount(day, with_balance[day], unpaid[day]) for day in sorted(with_balance)
    )


@dataclass(frozen=True, slots=True)
class BalanceGap:
    """How far our outstanding principal is from the published balance, in percent."""

    as_of: date
    median: float
    ninetieth: float


def balance_gap(
    as_of: date, positions: pa.Table, loans: Mapping[str, SourceLoan]
) -> BalanceGap:
    """The gap over running loans with a published balance at that month-end."""
    gaps = []
    for loan_id, owed, status in zip(
        positions["loan_id"].to_pylist(),
        positions["outstanding_principal"].to_pylist(),
        positions["status"].to_pylist(),
        strict=True,
    ):
        loan = loans[loan_id]
        begun = loan.begins_on
        number = (as_of.year - begun.year) * 12 + as_of.month - begun.month
        balance = loan.with_month_0()[number].balance
        if status == "active" and balance is not None and balance > 0:
            gaps.append(100 * abs(float(owed) * 100 - balance) / balance)
    gaps.sort()
    if not gaps:
        return BalanceGap(as_of, 0.0, 0.0)
    return BalanceGap(as_of, gaps[len(gaps) // 2], gaps[len(gaps) * 9 // 10])
