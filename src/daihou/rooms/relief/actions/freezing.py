"""What a plan that freezes penalty gives up at its end: stated before it is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from daihou.engine.commitments.arrangement import Instalment
from daihou.engine.ledger.values import Loan, Payment
from daihou.rooms.relief.actions import weighing
from daihou.rooms.relief.actions.weighing import Standing

FROZEN: Final = ("penalty", "compound")
_FIRST_ID = 10**12  # of payments that are only thought of: above every number of a row


def frozen(
    at: Standing,
    loan: Loan,
    rows: Sequence[Instalment],
    *,
    grace_days: int,
    all_here: bool,
) -> Mapping[str, int]:
    """The most penalty and compound a plan gives up, by component (minor units).

    What is owed today, or by the end of the plan when each of `rows` is paid on the
    last day of its grace; what accrues beyond that stays owed. `loan` is the loan with
    the plan; `all_here` False where some of the money goes to other loans, so that
    none of it is counted on.
    """
    last = rows[-1].due_on + timedelta(days=grace_days)
    paid = [
        Payment(
            _FIRST_ID + row.seq, row.due_on + timedelta(days=grace_days), row.amount
        )
        for row in rows[:-1]  # it is given up before the money of its last day
        if all_here
    ]
    then = replace(loan, payments=(*loan.payments, *paid))
    later = weighing.owed_on(replace(at, loan=then), last)
    return {part: max(at.owed[part], later[part]) for part in FROZEN}
