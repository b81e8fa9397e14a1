"""What the kernel reads of each loan besides its rows: status, rates and caps."""

from typing import Any, Final

import numpy as np
import pyarrow as pa

from daihou.columnar import flat, layout
from daihou.columnar.layout import NEVER, STATUSES, Ints, day_number
from daihou.engine.basics.money import NANO
from daihou.engine.rulebook.policy import CostCap, Mode, Policy

NO_CAP: Final = 2**62  # a yearly rate no contract has
NO_STEPS: Final = np.zeros(0, np.int64)


def status_heads(heads: Ints, loans: pa.Table) -> None:
    """Write status, since when, and when lateness ended if it did."""
    status = loans["status"].combine_chunks().dictionary_encode()
    codes = np.array([STATUSES.index(s) for s in status.dictionary.to_pylist()] or [0])
    code = codes[status.indices.to_numpy()]
    since = flat.column(loans, "status_on", np.int64, null=NEVER)
    code = np.where((code == layout.ACTIVE) & (since == NEVER), layout.NOT_GIVEN, code)
    paid_out = heads[:, layout.LOAN_DISBURSED_ON]
    heads[:, layout.LOAN_STATUS] = code
    heads[:, layout.LOAN_STATUS_ON] = since
    heads[:, layout.LOAN_CLOSED_ON] = np.where(since == NEVER, paid_out, since)


def _most(cap: CostCap, policy: Policy) -> int:
    """The yearly penalty rate under a cap, in 10**-9, rounded down."""
    share, whole = cap.annual_rate.as_integer_ratio()
    return share * policy.penalty.days_in_year * NANO // (whole * cap.days_in_year)


def _caps(policy: Policy) -> list[CostCap]:
    """The caps by the day they began; of several on one day the first."""
    first: dict[Any, CostCap] = {}
    for cap in policy.cost_caps:
        first.setdefault(cap.begins_on, cap)
    return [first[day] for day in sorted(first)]


def capped(heads: Ints, policies: tuple[Policy, ...]) -> Ints:
    """Write the cost cap of each loan; return the penalty rate it leaves, 10**-9.

    The last cap that began by the day of the payout counts.
    """
    rows: list[tuple[int, int, int]] = [(0, 1, NO_CAP)]
    place = np.zeros(len(heads), np.int64)
    for number, policy in enumerate(policies):
        caps = _caps(policy)
        if not caps:
            continue
        own = np.flatnonzero(heads[:, layout.LOAN_POLICY] == number)
        days = np.array([day_number(cap.begins_on) for cap in caps])
        which = np.searchsorted(days, heads[own, layout.LOAN_DISBURSED_ON], "right")
        place[own] = np.where(which > 0, len(rows) - 1 + which, 0)
        for cap in caps:
            share, whole = cap.annual_rate.as_integer_ratio()
            year = whole * cap.days_in_year
            common = np.gcd(share, year)
            counted = policy.mode is Mode.OWN
            rows.append(
                (
                    int(share // common) if counted else 0,
                    int(year // common),
                    min(NO_CAP, _most(cap, policy)),
                )
            )
    table = np.array(rows, np.int64)
    heads[:, layout.CAP_NUMERATOR] = table[place, 0]
    heads[:, layout.CAP_DENOMINATOR] = table[place, 1]
    most: Ints = table[place, 2]
    return most


def rate_heads(
    heads: Ints,
    rates: Ints,
    policies: tuple[Policy, ...],
    most: Ints,
    *,
    later: tuple[Ints, Ints] = (NO_STEPS, NO_STEPS),
) -> tuple[Ints, Ints]:
    """Write rates and denominator of each loan; return the later ones likewise.

    All rates of one loan stand in lowest terms over one denominator, 10**9 x the
    days in the year. `rates` are the contract's, `most` what the cap leaves, both
    in 10**-9; `later` the place of a loan and the rate of each later step. What is
    returned is claimed, and above the cap.
    """
    years = np.array([p.penalty.days_in_year for p in policies] or [1], np.int64)
    whole = years[heads[:, layout.LOAN_POLICY]] * NANO
    claimed = np.minimum(rates, most)
    common = np.gcd(np.gcd(claimed, rates - claimed), whole)
    loan, stepped = later
    steps = np.stack([np.minimum(stepped, most[loan]), stepped])
    steps[1] -= steps[0]
    np.gcd.at(common, loan, np.gcd(steps[0], steps[1]))
    steps //= common[loan]
    heads[:, layout.LOAN_RATE] = claimed // common
    heads[:, layout.LOAN_ABOVE] = (rates - claimed) // common
    heads[:, layout.LOAN_DENOMINATOR] = whole // common
    return steps[0], steps[1]
