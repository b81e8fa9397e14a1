"""Files of payments whose loans are not settled yet, and a state as a position."""

from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from daihou.engine.ledger.values import LoanState
from daihou.rooms.ledger.models import Change

# Older facts are a history: the night runs again from their day and settles them.
BACK: Final = timedelta(days=31)
ALL: Final = 2**63 - 1  # `settled_to` of what is settled wholly
_KIND: Final = "intake.payments"


def files(open_on: date) -> QuerySet[Change]:
    """The notes of files of payments to be settled at once, not settled wholly yet."""
    return Change.objects.filter(
        Q(settled_to=None) | Q(settled_to__lt=ALL),
        consumed_by=None,
        kind=_KIND,
        batch_id__isnull=False,
        happened_on__gt=open_on - BACK,
        happened_on__lte=open_on,
    )


def files_wait(open_on: date) -> bool:
    """Whether positions lack money of a file that came since the last night."""
    return files(open_on).exists()


def position_columns(state: LoanState) -> dict[str, object]:
    """A state as the columns of `daihou.tables.positions`, but for the class.

    The five-tier class is given by the day-end; a payment does not move it.
    """
    overdue = {f"overdue_{part}": amount for part, amount in state.overdue.items()}
    return overdue | {
        "dpd": state.dpd,
        "bucket": state.bucket,
        "overdue_total": state.overdue_total,
        "overdue_loan_balance": state.outstanding_principal if state.dpd else 0,
        "oldest_unpaid_due_on": state.oldest_unpaid_due_on,
        "next_due_on": state.next_due_on,
        "next_due_amount": state.next_due_amount,
        "outstanding_principal": state.outstanding_principal,
        "outstanding_total": state.outstanding_total,
        "unapplied_credit": state.unapplied_credit,
        "times_late": state.times_late,
        "worst_dpd": state.worst_dpd,
        "late_instalments": state.late_instalments,
        "status": state.status,
        "dpd_method": state.dpd_method,
        "over_cap": sum(state.over_cap.values()),
        "non_accrual_since": state.non_accrual_since,
    }
