"""What each kind of person gets from the addresses of the clocks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import LET_IN, REFUSED, Call, loan_page, page, task
from tests.rooms.all_urls_api import read, write, write_loan

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def a_clock(world: "World") -> Mapping[str, Any]:
    """The limitation of the north's loan."""
    from daihou.rooms.clocks.models import Clock
    from tests.rooms.cast import AT, TODAY

    made, _new = Clock.objects.get_or_create(
        kind="limitation",
        loan_id=world.loan.pk,
        party_id=0,
        closed_on=None,
        defaults={
            "customer_id": world.loan.customer_id,
            "branch": world.loan.branch,
            "product": world.loan.product,
            "officer": world.loan.officer,
            "begins_on": TODAY,
            "ends_on": TODAY,
            "counted_to": TODAY,
            "state": "running",
            "reckoned_on": TODAY,
            "started_by": "clocks",
            "started_at": AT,
        },
    )
    return {"clock_id": made.pk}


def of_api(world: "World") -> Mapping[str, Any]:
    """The same by the name the API has for it."""
    return {"clock": a_clock(world)["clock_id"]}


def an_event(world: "World") -> Mapping[str, Any]:
    """Something told of it."""
    from daihou.rooms.clocks.models import ClockEvent
    from tests.rooms.cast import AT, TODAY

    a_clock(world)
    made, _new = ClockEvent.objects.get_or_create(
        loan_id=world.loan.pk,
        kind="instalment_promise",
        happened_on=TODAY,
        struck_at=None,
        defaults={"by": "maker", "at": AT},
    )
    return {"event_id": made.pk}


def told(_world: "World") -> Mapping[str, Any]:
    """An event of the form and of the API."""
    return {
        "kind": "instalment_promise",
        "happened_on": "2026-03-01",
        "evidence": "file 7",
    }


def begun(_world: "World") -> Mapping[str, Any]:
    """A clock of the house as the form and the API start it."""
    return {"kind": "evaluation", "begins_on": "2026-03-01", "evidence": "contract"}


def of_the_norths(**wish: Any) -> Call:
    """Something done to a clock of the north's loan."""
    usual: dict[str, Any] = {
        "method": "post",
        "chief": REFUSED,
        "agent": REFUSED,
        "sam": REFUSED,
        "north": LET_IN,
    }
    return Call(**(usual | wish))


CLOCKS: dict[str, Call | list[Call]] = {
    "clocks:clocks": page(),
    "clocks:export": page(agent=REFUSED),
    "clocks:clock": loan_page(args=a_clock),
    "clocks:new": [
        page(agent=REFUSED, sam=REFUSED),
        task(data=lambda world: {**begun(world), "name": "agency"}),
    ],
    "clocks:new_of_loan": [
        loan_page(sam=REFUSED, names_the_loan=False),
        of_the_norths(
            args=lambda world: {"loan_id": world.loan.pk},
            data=lambda world: {**begun(world), "kind": "blame"},
        ),
    ],
    "clocks:tell": of_the_norths(args=a_clock, data=told),
    "clocks:close": of_the_norths(args=a_clock, data=lambda world: {"because": "x"}),
    "clocks:strike": of_the_norths(args=an_event, data=lambda world: {"because": "x"}),
    "api:list_clocks": read(),
    "api:get_clock": read(args=of_api, chief=REFUSED, agent=REFUSED),
    "api:start_clock": write(data=lambda world: {**begun(world), "about": "agency"}),
    "api:tell_clock_event": write_loan(args=of_api, data=told),
}
