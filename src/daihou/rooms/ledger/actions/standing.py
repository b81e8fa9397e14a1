"""After a change of one loan: settle it at once, note it for the night."""

from dataclasses import dataclass
from datetime import date, datetime

from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import LoanState
from daihou.rooms.ledger.models import Change, Loan, Position
from daihou.rooms.ledger.queries import facts_of_row, seen, stands_on
from daihou.rooms.ledger.queries.waiting import position_columns


@dataclass(frozen=True, slots=True)
class Standing:
    """How a loan stands: what a receipt or an event says of it (minor units)."""

    as_of: date
    dpd: int
    bucket: str
    overdue_total: int
    outstanding_total: int
    unapplied_credit: int
    status: str

    def payload(self) -> dict[str, object]:
        """The same as plain JSON."""
        names = self.__dataclass_fields__
        return {
            name: str(value) if isinstance(value, date) else value
            for name in names
            for value in [getattr(self, name)]
        }


def locked(loan_id: int) -> Loan:
    """The loan's row, held until the transaction ends: one writer a loan at a time.

    Without its key: the night, which holds the positions, may still refer to the loan
    while a poster that holds the loan waits for them.
    """
    row: Loan | None = (
        Loan.objects.select_for_update(no_key=True).filter(pk=loan_id).first()
    )
    if row is None:
        raise seen.no_such_loan(loan_id)
    return row


def standing_of(state: LoanState) -> Standing:
    """The few figures of a state that people ask for."""
    return Standing(
        as_of=state.as_of,
        dpd=state.dpd,
        bucket=state.bucket,
        overdue_total=state.overdue_total,
        outstanding_total=state.outstanding_total,
        unapplied_credit=state.unapplied_credit,
        status=state.status,
    )


def settle_at_once(row: Loan, *, business_date: date) -> LoanState:
    """Settle a locked loan by the reference and keep its current position.

    The same rule and figures as the night's: the next day-end changes nothing that
    is not new. `changed_on` moves only when something else does.
    """
    state = state_of(row, business_date=business_date)
    columns = position_columns(state)
    position = Position.objects.filter(loan=row).first()
    if position is None:
        Position.objects.create(loan=row, changed_on=state.as_of, **columns)
    elif any(getattr(position, name) != value for name, value in columns.items()):
        Position.objects.filter(loan=row).update(changed_on=state.as_of, **columns)
    return state


def state_of(row: Loan, *, business_date: date) -> LoanState:
    """The state of a loan on the date on which its current position stands."""
    facts = facts_of_row(row, as_of=business_date)
    as_of = stands_on(facts.loan, business_date=business_date)
    if as_of != business_date:
        facts = facts.under_policy_of(as_of)
    return settle(facts.loan, facts.policy, as_of=as_of)


def tell_the_night(row: Loan, *, kind: str, happened_on: date, at: datetime) -> None:
    """Leave the note by which the day-end finds the change, late or not."""
    Change.objects.create(
        loan_id=row.pk, kind=kind, happened_on=happened_on, recorded_at=at
    )
