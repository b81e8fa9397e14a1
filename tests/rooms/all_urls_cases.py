"""How the operations of cases, holds and distribution are called in the walk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from daihou.rooms.casework.actions import holding
from daihou.rooms.casework.models import Hold, Queue
from daihou.rooms.casework.states import HoldKind
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people
from tests.rooms.all_urls import GONE, REFUSED, WRONG, Call
from tests.rooms.all_urls_api import read, read_loan, write, write_loan
from tests.rooms.all_urls_promises import a_case, of_case
from tests.rooms.cast import AT, TODAY

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def a_hold(world: "World") -> int:
    """A hold of the north's case, by nobody of the walk; another once released."""
    case = a_case(world)
    found = Hold.objects.filter(case=case, released_at=None, kind="technical").first()
    if found is not None:
        return int(found.pk)
    maker = contact.Deed(by=people.process("maker"), at=AT, business_date=TODAY)
    return holding.place_hold(case.pk, kind=HoldKind.TECHNICAL, reason="x", deed=maker)


def a_queue(_world: "World") -> Mapping[str, Any]:
    """A queue that is there."""
    Queue.objects.get_or_create(code="early", defaults={"title": "x"})
    return {"queue": "early"}


def why(_world: "World") -> Mapping[str, Any]:
    """A reason."""
    return {"reason": "x"}


CASES: dict[str, Call | list[Call]] = {
    "api:list_cases": read(),
    "api:get_case": read_loan(args=of_case),
    "api:list_case_events": read_loan(args=of_case),
    "api:list_case_holds": read_loan(args=of_case),
    "api:get_case_plan": read_loan(args=of_case),
    "api:pause_case_plan": write_loan(
        args=of_case,
        data=lambda world: {"reason": "x", "until": "2026-03-25"},
        north=WRONG,
    ),
    "api:resume_case_plan": write_loan(args=of_case, data=why, north=WRONG),
    "api:stop_case_plan": write_loan(args=of_case, data=why, north=WRONG),
    "api:open_case": write_loan(
        args=lambda world: {},
        data=lambda world: {"customer": str(a_case(world).customer_id)},
    ),
    "api:join_case": write_loan(
        args=of_case, data=lambda world: {"loan": world.loan.pk}
    ),
    "api:close_case": write_loan(
        args=of_case, data=lambda world: {"code": "CURED", "reason": "x"}
    ),
    "api:reopen_case": write_loan(args=of_case, data=why),
    "api:hold_case": write_loan(
        args=of_case, data=lambda world: {"kind": "technical", "reason": "x"}
    ),
    "api:release_case_hold": write_loan(
        args=lambda world: {"hold": a_hold(world)}, data=why
    ),
    "api:take_next_case": write(data=lambda world: {}),
    "api:let_go_of_case": write_loan(
        args=of_case, data=lambda world: {"skip": "not mine"}
    ),
    "api:assign_cases": write(
        data=lambda world: {"cases": [a_case(world).pk], "collector": "north"}
    ),
    "api:distribute_queue": write(args=a_queue, data=lambda world: {}),
    "api:list_assignment_batches": read(agent=REFUSED, sam=REFUSED),
    "api:undo_assignment_batch": write(
        args=lambda world: {"batch": 999},
        data=lambda world: {},
        chief=GONE,
        north=GONE,
    ),
    "api:list_queues": read(),
}
