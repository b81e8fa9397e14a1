"""What each kind of person gets from the desk, the cases and the floor."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import GONE, REFUSED, Call, loan_form, loan_page, page, task
from tests.rooms.all_urls_promises import a_case

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def of_case(world: "World") -> Mapping[str, Any]:
    """The case of the north's borrower."""
    return {"number": a_case(world).number}


def worked(**wish: Any) -> Call:
    """Something done at the desk to the north's case."""
    return loan_form(**({"args": of_case} | wish))


def overseen(**wish: Any) -> Call:
    """A page for who oversees cases."""
    return page(**({"agent": REFUSED, "sam": REFUSED} | wish))


def version(world: "World") -> Mapping[str, Any]:
    """The case as it was last seen, and a reason."""
    return {"version": a_case(world).version, "reason": "x", "kind": "manual"}


def came(world: "World") -> Mapping[str, Any]:
    """They called by themselves and refuse."""
    given = {"code": "REFUSE", "came": "1", "note": "no money"}
    return {"version": a_case(world).version, **given}


DESK: dict[str, Call | list[Call]] = {
    "casework:desk": overseen(),
    "casework:day": overseen(),
    "casework:list": overseen(),
    "casework:take": task(),
    "casework:keep": task(),
    "casework:ask": worked(data=lambda world: {"channel": "letter"}),
    "casework:save": worked(data=came),
    "casework:undo": worked(),
    "casework:draft": worked(data=lambda world: {"note": "x"}),
    "casework:pulse": worked(data=version),
    "casework:terms": loan_page(args=of_case, sam=REFUSED, names_the_loan=False),
    "casework:due": loan_page(args=of_case, sam=REFUSED, names_the_loan=False),
    "casework:over": worked(),
    "casework:pass_over": worked(data=lambda world: {"reason": "x"}),
    "casework:hold": worked(data=version),
    "casework:escalate": worked(data=version),
    "casework:disagree": worked(data=lambda world: {"reason": "x"}),
    "casework:cases": page(
        data=lambda world: {"state": "open" if a_case(world) else ""},
        names_the_loan=True,
    ),
    "casework:bulk": task(data=lambda world: {"case": [a_case(world).pk]}),
    "casework:case": loan_page(args=of_case),
    "casework:release": worked(
        args=lambda world: {**of_case(world), "hold_id": 0}, north=GONE
    ),
    "casework:assign": worked(data=version),
    "casework:plan": worked(
        args=lambda world: {**of_case(world), "do": "pause"}, data=version
    ),
    "casework:together": worked(data=version),
    "casework:close": worked(data=lambda world: {"code": "WITHDRAWN"}),
    "casework:queues": overseen(),
    "casework:save_queue": task(
        args=lambda world: {"code": "none"},
        data=lambda world: {"order": "value", "taking": "both"},
        chief=GONE,
        north=GONE,
    ),
    "casework:share": overseen(
        args=lambda world: {"code": "none"}, chief=GONE, north=GONE
    ),
    "casework:share_out": task(
        args=lambda world: {"code": "none"}, chief=GONE, north=GONE
    ),
    "casework:save_seat": task(
        args=lambda world: {"login": "nobody"}, chief=GONE, north=GONE
    ),
    "casework:floor": overseen(),
    "casework:move": task(),
    "casework:undo_batch": task(
        args=lambda world: {"batch_id": 0}, chief=GONE, north=GONE
    ),
    "casework:bulletin": overseen(),
    "casework:agenda": overseen(),
}
