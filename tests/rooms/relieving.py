"""Who asks and who decides on relief in these tests, and a loan that is late."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import PlanWish
from tests.rooms.cast import AT, HAND, PASSWORD, TODAY, Cast, make_loan

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deciders:
    """The three levels of the policy that is shipped, all of the north."""

    lead: people.Person
    head: people.Person
    risk: people.Person


def make_deciders() -> Deciders:
    """A supervisor, a branch manager and a risk officer."""

    def login(name: str, role: str) -> people.Person:
        made: people.Person = people.create_user(
            username=name,
            password=PASSWORD,
            role=role,
            branch="north",
            by="test",
            at=AT,
        )
        return made

    return Deciders(
        login("lead", "supervisor"),
        login("head", "branch_manager"),
        login("guard", "risk"),
    )


def deed(
    by: people.Person, *, on: date = TODAY, reason: str = "lost the job"
) -> actions.Deed:
    """Done now by somebody, for a reason."""
    return actions.Deed(by=by, at=AT, business_date=on, reason=reason)


def late_loan(number: str = "L1", **wish: object) -> Loan:
    """2,020.00 late since 1 February, 1,010.00 to come; its rows follow from its terms."""
    loan = make_loan(number, **wish)  # type: ignore[arg-type]
    Loan.objects.filter(pk=loan.pk).update(method="equal_instalment")
    loan.refresh_from_db()
    return loan


def decide(
    line: queries.Line, *by: people.Person, verdict: str = "approve", on: date = TODAY
) -> queries.Line:
    """Each decides one level in turn; the request as it then is."""
    assert line.proposal_id is not None
    for person in by:
        approvals.decide(
            proposal_id=line.proposal_id,
            verdict=verdict,
            note="looked at",
            deed=deed(person, on=on),
        )
    return queries.find(line.id, scope=by[-1].scope)


def judge(on: date) -> None:
    """What a worker does when a day has opened."""
    actions.judge_all(deed=deed(people.process("relief"), on=on))


def plan(loan: Loan, cast: Cast, **wish: object) -> queries.Line:
    given: dict[str, Any] = {
        "count": 3,
        "first_due_on": TODAY + 7 * DAY,
        "every": 1,
        "unit": "weeks",
        "difficulty": "overdue",
    }
    line: queries.Line = actions.ask_plan(
        loan.pk, PlanWish(**(given | wish)), deed=deed(cast.mei)
    )
    return line


def agreed(loan: Loan, cast: Cast, deciders: Deciders, **wish: object) -> queries.Line:
    line = plan(loan, cast, **wish)
    by = {"supervisor": deciders.lead, "branch_manager": deciders.head}
    offered = decide(line, *(by[level] for level in line.levels))
    assert offered.state == "approved" and offered.offer_until is not None
    done: queries.Line = actions.accept(
        offered.id, evidence="signed paper 12", deed=deed(cast.mei)
    )
    return done


def found(line: queries.Line) -> queries.Line:
    """A request as it is now."""
    now: queries.Line = queries.find(line.id, scope=HAND.scope)
    return now


def bounce(payment_id: int, *, on: date = TODAY) -> None:
    """A payment is taken back."""
    ledger.posting.reverse_payment(
        payment_id=payment_id,
        reversed_on=on,
        reason="bounced",
        by=HAND,
        at=AT,
        business_date=on,
    )


def all_decide(line: queries.Line, deciders: Deciders) -> queries.Line:
    """Each level that a request needs approves it."""
    by = {
        "supervisor": deciders.lead,
        "branch_manager": deciders.head,
        "risk": deciders.risk,
    }
    return decide(line, *(by[level] for level in line.levels))


def a_begun() -> dict[str, Any]:
    """A plan for a household as a program sends it."""
    source = {
        "kind": "rent",
        "amount": "1.00",
        "every": "month",
        "from_on": "2026-03-20",
    }
    return {
        "goal": "10.00",
        "goal_on": "2026-06-20",
        "next_on": "2026-03-27",
        "review_on": "2026-04-20",
        "willingness": "unable_willing",
        "story": "x",
        "sources": [source],
        "means": [{"code": "visit", "on": "2026-03-27"}],
    }
