"""A case with a late loan and a number to call, and who works it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from daihou.rooms.casework.actions.opening import open_case
from daihou.rooms.casework.actions.promises import PromiseGiven, make_promise
from daihou.rooms.casework.actions.results import Recorded, record_result
from daihou.rooms.casework.codes import Action
from daihou.rooms.casework.models import Case
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import ContactPoint, Loan
from daihou.rooms.people import door as people
from tests.rooms.cast import PASSWORD, TODAY, make_loan

NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, on the open day
DAY = timedelta(days=1)


def on(days: int) -> date:
    """So many days after the open day."""
    return TODAY + days * DAY


def deed(by: people.Person, *, at: datetime = NOON, day: date = TODAY) -> contact.Deed:
    """Done at an instant of a business day."""
    return contact.Deed(by=by, at=at, business_date=day)


def supervisor(name: str = "su") -> people.Person:
    """A person of the north who manages cases."""
    made: people.Person = people.create_user(
        username=name,
        password=PASSWORD,
        role="supervisor",
        branch="north",
        by="t",
        at=NOON,
    )
    return made


@dataclass(frozen=True)
class Worked:
    """A loan, its case, and the number of its borrower."""

    loan: Loan
    point: int
    boss: people.Person

    @property
    def case(self) -> Case:
        """The case as it is now."""
        row: Case = Case.objects.get(customer_id=self.loan.customer_id)
        return row


def late_case(number: str = "L1", *, boss: people.Person | None = None) -> Worked:
    """Two parts of 1,010.00 are overdue, 3,030.00 are owed; a case is open."""
    loan = make_loan(number)
    standing.settle_at_once(loan, business_date=TODAY)
    point = ContactPoint.objects.create(
        source="core",
        external_id=f"{number}-phone",
        digest=b"",
        customer=loan.customer,
        kind="mobile",
        owner_role="self",
        **ledger.personal.contact_columns(f"1380001{loan.pk:04d}"),
    )
    boss = boss or supervisor()
    open_case(loan.customer_id, deed=deed(boss))
    return Worked(loan, int(point.pk), boss)


def allowed(who: people.Person, worked: Worked, *, at: datetime = NOON) -> int:
    """The number of an answer of the gate that allows a call."""
    wish = contact.Wish(
        loan_id=worked.loan.pk,
        point_id=worked.point,
        channel="call",
        purpose="collect",
    )
    kept = contact.may_contact(wish, deed=deed(who, at=at))
    assert kept.answer.verdict == "allow", kept.answer
    number: int = kept.id
    return number


def recorded(
    who: people.Person,
    worked: Worked,
    code: str,
    *,
    at: datetime = NOON,
    **more: Any,
) -> Recorded:
    """What came of a call the gate allowed just now."""
    usual: dict[str, Any] = {
        "case_id": worked.case.pk,
        "version": worked.case.version,
    }
    if "decision_id" not in more:
        usual["decision_id"] = allowed(who, worked, at=at)
    made: Recorded = record_result(code=code, deed=deed(who, at=at), **(usual | more))
    return made


def promised(
    who: people.Person,
    worked: Worked,
    *parts: tuple[int, int],
    at: datetime = NOON,
    day: date = TODAY,
    **more: Any,
) -> int:
    """A promise of (days from today, amount) the customer called about."""
    given = PromiseGiven(parts=[(on(days), amount) for days, amount in parts], **more)
    made: int = make_promise(
        worked.case.pk,
        given=given,
        channel=Action.INBOUND,
        deed=deed(who, at=at, day=day),
    )
    return made
