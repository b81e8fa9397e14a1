"""The status of a loan that its sender has set: from which day it holds."""

from datetime import date

from daihou.engine.ledger.values import Loan

CLOSED = frozenset({"settled", "transferred"})


def given_status(loan: Loan, on: date) -> str | None:
    """Return the status the sender set, if it holds on a day."""
    if loan.status_on is None:
        return loan.status if loan.status != "active" else None
    if loan.status_on <= on:
        return loan.status
    held = (status for status, since in reversed(loan.former) if since <= on)
    return next(held, None)
