"""What each kind of person gets from the addresses of relief."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import (
    REFUSED,
    SEEN,
    WRONG,
    Call,
    loan_page,
    page,
)
from tests.rooms.all_urls_api import read, write, write_loan
from tests.rooms.relieving import a_begun

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def a_request(world: "World") -> int:
    """A waiver of the north's loan that waits to be decided."""
    from daihou.rooms.people import door as people
    from daihou.rooms.relief import actions
    from daihou.rooms.relief.models import Relief
    from tests.rooms.cast import AT, TODAY

    known = Relief.objects.filter(loan_id=world.loan.pk).first()
    if known is not None:
        return int(known.pk)
    made = actions.ask_waiver(
        world.loan.pk,
        actions.WaiverWish(parts={"interest": 100}, difficulty="overdue"),
        deed=actions.Deed(
            by=people.process("maker"), at=AT, business_date=TODAY, reason="北密因"
        ),
    )
    number: int = made.id
    return number


def asked(world: "World") -> Mapping[str, Any]:
    """Its number, for pages."""
    return {"relief_id": a_request(world)}


def waiver(_world: "World") -> Mapping[str, Any]:
    """A little interest, sent by a program."""
    part = {"component": "interest", "amount": "1.00"}
    return {"parts": [part], "difficulty": "overdue", "reason": "x"}


def plan(_world: "World") -> Mapping[str, Any]:
    """A plan of three weeks."""
    return {
        "count": 3,
        "first_due_on": "2026-03-27",
        "unit": "weeks",
        "difficulty": "overdue",
        "reason": "x",
    }


def settlement(_world: "World") -> Mapping[str, Any]:
    """Far too little, so it is refused where the loan is seen."""
    part = {"on": "2026-03-27", "amount": "1.00"}
    return {"parts": [part], "difficulty": "overdue", "reason": "x"}


def terms(_world: "World") -> Mapping[str, Any]:
    """Another account."""
    return {
        "change": "account",
        "what": "x",
        "difficulty": "overdue",
        "reason": "x",
        "agreed": "x",
    }


def household(world: "World") -> Mapping[str, Any]:
    """The north's borrower."""
    return {"customer_id": world.loan.customer_id}


def a_household(world: "World") -> int:
    """A plan that runs for the household of the north's borrower."""
    from daihou.rooms.people import door as people
    from daihou.rooms.relief import actions
    from daihou.rooms.relief.actions import household as acts
    from daihou.rooms.relief.models import HouseholdPlan
    from tests.rooms.cast import AT, TODAY

    known = HouseholdPlan.objects.filter(customer_id=world.loan.customer_id).first()
    if known is not None:
        return int(known.pk)
    made = acts.begin(
        world.loan.customer_id,
        acts.HouseholdWish(
            goal=100,
            goal_on=TODAY + timedelta(days=90),
            next_on=TODAY + timedelta(days=7),
            review_on=TODAY + timedelta(days=30),
            willingness="unable_willing",
            story="北密因",
            sources=[
                acts.SourceWish(kind="rent", amount=100, every="month", from_on=TODAY)
            ],
            means=[("visit", TODAY + timedelta(days=7))],
        ),
        deed=actions.Deed(by=people.process("maker"), at=AT, business_date=TODAY),
    )
    number: int = made.id
    return number


RELIEF: dict[str, Call | list[Call]] = {
    "relief:requests": page(),
    "relief:households": page(),
    "relief:policy": page(agent=REFUSED),
    "relief:pools": page(agent=REFUSED, sam=(SEEN, REFUSED)),
    "relief:request": loan_page(args=asked),
    "relief:act": loan_page(
        method="post",
        args=lambda world: {"relief_id": a_request(world), "deed": "withdraw"},
        data=lambda _world: {"reason": "x"},
        sam=REFUSED,
        north=(SEEN, WRONG),
        names_the_loan=False,
    ),
    "relief:ask": loan_page(
        args=lambda world: {"loan_id": world.loan.pk, "kind": "waiver"},
        sam=REFUSED,
        names_the_loan=False,
    ),
    "relief:household": loan_page(args=household, names_the_loan=False),
    "api:list_relief": read(),
    "api:get_relief": read(
        args=lambda world: {"relief": a_request(world)}, chief=REFUSED, agent=REFUSED
    ),
    "api:ask_waiver": write_loan(data=waiver),
    "api:ask_plan": write_loan(data=plan),
    "api:ask_settlement": write_loan(data=settlement),
    "api:ask_change_of_terms": write_loan(data=terms),
    "api:act_on_relief": write(
        args=lambda world: {"relief": a_request(world)},
        data=lambda _world: {"deed": "withdraw", "reason": "x"},
        chief=REFUSED,
    ),
    "api:list_households": read(),
    "api:get_household": read(
        args=lambda world: {"plan": a_household(world)}, chief=REFUSED, agent=REFUSED
    ),
    "api:begin_household": write(
        args=lambda world: {"customer": world.loan.customer_id},
        data=lambda _world: a_begun(),
        chief=REFUSED,
    ),
    "api:act_on_household": write(
        args=lambda world: {"plan": a_household(world)},
        data=lambda _world: {"deed": "end", "reason": "x"},
        chief=REFUSED,
    ),
}
