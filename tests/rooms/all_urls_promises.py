"""How results, promises and things to do are called in the walk, and numbers in use."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from daihou.rooms.casework.actions import items, markers, opening, promises
from daihou.rooms.casework.codes import Action, ItemKind
from daihou.rooms.casework.models import Case, Marker, Promise, WorkItem
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger.actions import standing
from daihou.rooms.people import door as people
from tests.rooms.all_urls import GONE, Call, loan_form, of_customer, page
from tests.rooms.all_urls_api import read, read_loan, write_loan
from tests.rooms.cast import AT, TODAY

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def _maker() -> contact.Deed:
    return contact.Deed(by=people.process("maker"), at=AT, business_date=TODAY)


def a_case(world: "World") -> Case:
    """The case of the north's borrower."""
    customer = world.loan.customer_id
    found = Case.objects.filter(customer_id=customer).exclude(lifecycle="closed")
    if not found.exists():
        standing.settle_at_once(world.loan, business_date=TODAY)
        opening.open_case(customer, deed=_maker())
    row: Case = found.get()
    return row


def a_promise(world: "World") -> int:
    """A promise that stands; another once it was cancelled."""
    case = a_case(world)
    found = Promise.objects.filter(case=case, state="active").first()
    if found is not None:
        return int(found.pk)
    given = promises.PromiseGiven(parts=[(TODAY, 100)])
    made: int = promises.make_promise(
        case.pk, given=given, channel=Action.INBOUND, deed=_maker()
    )
    return made


def an_item(world: "World") -> int:
    """Something to do; another once it was done."""
    case = a_case(world)
    found = WorkItem.objects.filter(case=case, kind="manual", state="open").first()
    if found is not None:
        return int(found.pk)
    made: int = items.add_item(case.pk, kind=ItemKind.MANUAL, due_at=AT, deed=_maker())
    return made


def a_marker(world: "World") -> int:
    """Something heard of the borrower; the same until it was decided."""
    case = a_case(world)
    found = Marker.objects.filter(case=case, state__in=("raised", "escalated")).first()
    if found is None:
        with transaction.atomic():
            found = markers.raise_for(
                Case.objects.select_for_update().get(pk=case.pk),
                "JAILED",
                words="***",
                hold_id=None,
                deed=_maker(),
            )
    assert found is not None
    return int(found.pk)


def of_case(world: "World") -> Mapping[str, Any]:
    return {"case": a_case(world).pk}


def a_result(world: "World") -> Mapping[str, Any]:
    """The customer called."""
    version = a_case(world).version
    return {"version": version, "code": "REFUSE", "action": "INBOUND"}


PROMISES: dict[str, Call | list[Call]] = {
    "contact:restore": loan_form(
        args=lambda world: {**of_customer(world), "point_id": 0},
        data=lambda world: {"evidence": "x"},
        north=GONE,
    ),
    "contact:twins": page(),
    "contact:decide_twin": loan_form(
        args=lambda world: {"twin_id": 0},
        data=lambda world: {"evidence": "x", "found": "one"},
        north=GONE,
    ),
    "casework:markers": page(),
    "casework:decide_marker": loan_form(
        args=lambda world: {"marker_id": a_marker(world)},
        data=lambda world: {"evidence": "x", "found": "confirm"},
    ),
    "api:list_markers": read(),
    "api:confirm_marker": write_loan(
        args=lambda world: {"marker": a_marker(world)},
        data=lambda world: {"evidence": "x"},
    ),
    "api:refute_marker": write_loan(
        args=lambda world: {"marker": a_marker(world)},
        data=lambda world: {"evidence": "x"},
    ),
    "api:record_case_result": write_loan(args=of_case, data=a_result),
    "api:list_case_results": read_loan(args=of_case),
    "api:make_case_promise": write_loan(
        args=of_case,
        data=lambda world: {
            "version": a_case(world).version,
            "parts": [{"due_on": TODAY.isoformat(), "amount": "1.00"}],
        },
    ),
    "api:list_promises": read(),
    "api:get_promise": read_loan(args=lambda world: {"promise": a_promise(world)}),
    "api:cancel_promise": write_loan(
        args=lambda world: {"promise": a_promise(world)},
        data=lambda world: {"reason": "asked to"},
    ),
    "api:list_work_items": read(),
    "api:add_work_item": write_loan(
        args=of_case,
        data=lambda world: {"kind": "review", "due_at": "2199-01-01T00:00:00Z"},
    ),
    "api:finish_work_item": write_loan(
        args=lambda world: {"item": an_item(world)}, data=lambda world: {}
    ),
    "api:dismiss_work_item": write_loan(
        args=lambda world: {"item": an_item(world)}, data=lambda world: {}
    ),
}
