"""A car loan as the published files tell it, with what a test wants changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.config.real_data.source import Month, SourceLoan

INSTALMENT = 200_00

PLAIN = SourceLoan(
    loan_id="1",
    asset="1",
    deal="deal",
    begins_on=date(2019, 5, 1),
    ends_on=date(2019, 5, 31),
    originated_on=date(2018, 11, 1),
    rate=Decimal("0.06"),
    remaining=54,
    opening=9_600_00,
    closing=9_448_00,
    instalment=INSTALMENT,
    next_due=INSTALMENT,
    paid=INSTALMENT,
    principal_paid=152_00,
    days_late=0,
    months=(),
    outcome="C",
)


def loan(counts: Sequence[int | None] = (), **changes: Any) -> SourceLoan:
    """A loan that pays so many instalments a month; None: nothing reported.

    Three quarters of each payment are principal.
    """
    made = replace(PLAIN, **changes)
    balance, months = made.closing, []
    for number, count in enumerate(counts, 1):
        if count is None:
            months.append(Month(number, None, None, None))
            continue
        amount = count * made.instalment
        principal = min(balance, amount * 3 // 4)
        balance -= principal
        months.append(Month(number, balance, principal, amount))
    return replace(made, months=tuple(months))
