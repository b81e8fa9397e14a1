"""A book to work: late loans with positions, a supervisor, and a morning."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from daihou.rooms.casework import door
from daihou.rooms.casework.actions.morning import Done, morning
from daihou.rooms.casework.door import CaseLine, Deed
from daihou.rooms.casework.models import Queue
from daihou.rooms.dayend.models import BusinessDate, Run
from daihou.rooms.ledger.models import Loan, Position
from daihou.rooms.people import door as people
from tests.rooms.book import NOTHING_DUE
from tests.rooms.cast import AT, PASSWORD, TODAY, make_loan

NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
CLOSED = TODAY - timedelta(days=1)


def stand(loan: Loan, *, dpd: int = 0, **facts: Any) -> Position:
    """The current position of a loan; a late one owes 1,010.00 of 3,000.00."""
    values = {
        **NOTHING_DUE,
        "changed_on": CLOSED,
        "dpd": dpd,
        "bucket": f"M{min(7, (dpd + 29) // 30)}",
    }
    if dpd:
        values |= {"overdue_total": 101_000, "overdue_principal": 100_000}
    row, _new = Position.objects.update_or_create(
        loan=loan, defaults=values | {k: v for k, v in facts.items()}
    )
    return row


def late_loan(
    number: str, *, dpd: int = 20, branch: str = "north", **facts: Any
) -> Loan:
    """A loan with a position."""
    loan = make_loan(number, branch=branch)
    stand(loan, dpd=dpd, **facts)
    return loan


def paid_off(loan: Loan) -> None:
    """Nothing is owed on it any more."""
    stand(loan, dpd=0, outstanding_total=0, outstanding_principal=0, status="settled")


def deed(by: people.Person, at: datetime = NOON, on: date = TODAY) -> Deed:
    """Done now."""
    return Deed(by=by, at=at, business_date=on)


def make_login(name: str, role: str, branch: str | None = "north") -> people.Person:
    """Somebody more."""
    made: people.Person = people.create_user(
        username=name, password=PASSWORD, role=role, branch=branch, by="t", at=AT
    )
    return made


def supervisor(name: str = "su", branch: str | None = "north") -> people.Person:
    """Who manages cases of the north."""
    return make_login(name, "supervisor", branch)


def opened(loan: Loan, by: people.Person, **more: Any) -> CaseLine:
    """The case of the borrower of a loan."""
    return door.open_case(loan.customer_id, deed=deed(by), **more)


def close_day(as_of: date = CLOSED, fingerprint: str = "f1") -> None:
    """A day-end stands for `as_of`; the day after is open."""
    BusinessDate.objects.update_or_create(
        id=1, defaults={"on": as_of + timedelta(days=1)}
    )
    Run.objects.filter(as_of=as_of).update(current=False)
    Run.objects.create(
        as_of=as_of,
        kind="first",
        state="done",
        current=True,
        started_at=AT,
        fingerprint=fingerprint,
    )


def a_morning(
    as_of: date = CLOSED, *, fingerprint: str = "f1", at: datetime = NOON
) -> Done:
    """Close a day and go through its morning."""
    close_day(as_of, fingerprint)
    return morning(as_of, at=at)


def queue(code: str = "early", **facts: Any) -> Queue:
    """A queue that is not shared out by itself, but for what `facts` say."""
    row, _new = Queue.objects.update_or_create(
        code=code, defaults={"title": code, "auto": False, **facts}
    )
    return row
