"""When and how a loan left the pool: repaid, charged off, or taken out of it."""

from dataclasses import dataclass

from daihou.config.real_data.outcome import ROUNDING_SLACK
from daihou.config.real_data.source import Month, SourceLoan


@dataclass(frozen=True, slots=True)
class Ending:
    """The state a loan ends in (as the ledger names it) and the month of it."""

    status: str  # active, settled, written_off, transferred
    month: int | None = None


def _alive(month: Month) -> bool:
    return month.balance is not None and month.balance > 0


def ending(loan: SourceLoan) -> Ending:
    """How the loan ended, by its balance after the last month that shows one.

    Balance gone and covered by the principal collected (to ten dollars): settled.
    Balance gone without that, or no longer shown while the row goes on for
    recoveries: written off. No row at all any more: taken out of the pool by the
    seller (transferred). The file names none of the three; this is our reading.
    """
    months = loan.with_month_0()
    last = max((m.number for m in months if _alive(m)), default=-1)
    if last + 1 >= len(months):
        return Ending("active")
    before = months[last].balance if last >= 0 else loan.opening
    assert before is not None, "a living month has a balance"
    gone = months[last + 1]
    if gone.balance is not None:
        collected = sum(m.principal or 0 for m in months[last + 1 :])
        covered = before - collected <= ROUNDING_SLACK
        return Ending("settled" if covered else "written_off", gone.number)
    if gone.reported:
        covered = before - (gone.principal or 0) <= ROUNDING_SLACK
        return Ending("settled" if covered else "written_off", gone.number)
    if before <= ROUNDING_SLACK:
        return Ending("settled", gone.number)
    return Ending("transferred", gone.number)
