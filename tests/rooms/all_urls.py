"""How every address of the site is called, and what each kind of person gets.

One line per url name. A new address without a line fails `test_all_urls.py`.

The people: `chief` holds every permission there is, but of the south alone; `agent`
collects for an agency that may use interfaces; `sam` audits; `nobody` is not signed in; `north` holds every
permission, of the north alone: the control that the call is a right one. The loan that
is asked for is of the north. What the north's loan holds (names, numbers, amounts that
occur nowhere else) must be in no answer to `chief`, `agent` and `nobody`, whatever the
address is; that is looked for in every answer, also inside spreadsheets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World

SEEN = "seen"  # 200, or on to another page of the site
REFUSED = "refused"  # 401, 403 or 404
SIGN_IN = "sign in"  # sent to the sign-in page
WRONG = "wrong"  # 400, 405, 409, 422: let in, but the form or moment was not right
GONE = "gone"  # 404 alone: there is no such thing, for anybody
LET_IN = frozenset({SEEN, WRONG})

Given = Callable[["World"], Mapping[str, Any]]


def nothing(_world: "World") -> Mapping[str, Any]:
    """No arguments, no form."""
    return {}


@dataclass(frozen=True)
class Call:
    """One way to call an address; what each person gets is one word or several."""

    method: str = "get"
    args: Given = nothing  # of the address
    data: Given = nothing  # of the form or the question part
    headers: Callable[["World", str], Mapping[str, str]] | None = None
    chief: Any = SEEN
    agent: Any = SEEN
    sam: Any = SEEN
    nobody: Any = SIGN_IN
    north: Any = SEEN
    names_the_loan: bool = field(default=False)  # north must find the loan in it
    as_json: bool = False  # the form goes as JSON

    def expected(self, who: str) -> frozenset[str]:
        """The words for this person."""
        word = getattr(self, who)
        return frozenset({word}) if isinstance(word, str) else frozenset(word)


def page(**wish: Any) -> Call:
    """A page everybody who signed in may open; the loan shows to the north only."""
    return Call(**wish)


def loan_page(**wish: Any) -> Call:
    """A page of the north's loan: not there for anybody else."""
    usual: dict[str, Any] = {
        "args": lambda world: {"loan_id": world.loan.pk},
        "chief": REFUSED,
        "agent": REFUSED,
        "names_the_loan": True,
    }
    return Call(**(usual | wish))


def loan_form(**wish: Any) -> Call:
    """Something done to the north's loan."""
    usual: dict[str, Any] = {
        "method": "post",
        "args": lambda world: {"loan_id": world.loan.pk},
        "chief": REFUSED,
        "agent": REFUSED,
        "sam": REFUSED,
        "north": LET_IN,
    }
    return Call(**(usual | wish))


def task(**wish: Any) -> Call:
    """Something done that is of no loan, by who holds the right: not the agency."""
    usual: dict[str, Any] = {
        "method": "post",
        "chief": LET_IN,
        "agent": REFUSED,
        "sam": REFUSED,
        "north": LET_IN,
    }
    return Call(**(usual | wish))


def of_the_house(**wish: Any) -> Call:
    """A page of the whole house: only for who sees everything, and may."""
    usual: dict[str, Any] = {"chief": REFUSED, "agent": REFUSED, "north": REFUSED}
    return Call(**(usual | wish))


def open_to_all(**wish: Any) -> Call:
    """An address for strangers too."""
    return Call(**({"nobody": SEEN} | wish))


def a_proposal(world: "World") -> Mapping[str, Any]:
    """A correction of the north's loan that nobody has decided."""
    return {"proposal_id": world.open_proposal()}


def about_a_proposal(**wish: Any) -> Call:
    """Something done about a correction of the north's loan."""
    usual: dict[str, Any] = {
        "method": "post",
        "args": a_proposal,
        "chief": REFUSED,
        "agent": REFUSED,
        "sam": REFUSED,
        "north": LET_IN,
    }
    return Call(**(usual | wish))


def a_document(world: "World") -> Mapping[str, Any]:
    """The document number of the customer of the north's loan."""
    from daihou.rooms.ledger import door as ledger

    who = world.loan.customer
    for name, value in ledger.personal.id_columns("990101199003077735").items():
        setattr(who, name, value)
    who.save()
    return {"customer_id": who.pk, "field": "id_no"}


def about_a_receipt(**wish: Any) -> Call:
    """A receipt that is claimed for the north's loan: nobody else's business."""
    usual: dict[str, Any] = {
        "args": lambda world: {"receipt_id": world.claimed_receipt()[0]},
        "chief": REFUSED,
        "agent": REFUSED,
    }
    return Call(**(usual | wish))


def of_customer(world: "World") -> Mapping[str, Any]:
    """The customer of the north's loan."""
    return {"customer_id": world.loan.customer_id}


def own_notice(_world: "World") -> Mapping[str, Any]:
    """A notice there is not."""
    return {"notice_id": 0}


def no_view(_world: "World") -> Mapping[str, Any]:
    """A saved view there is not."""
    return {"view_id": 0}


TABLE: dict[str, Call | list[Call]] = {
    # the site itself
    "live": open_to_all(),
    "ready": open_to_all(),
    "metrics": open_to_all(
        chief=(SEEN, REFUSED),
        agent=(SEEN, REFUSED),
        sam=(SEEN, REFUSED),
        nobody=(SEEN, REFUSED),
        north=(SEEN, REFUSED),
    ),
    # gateway
    "gateway:tokens": [page(), task(agent=WRONG, sam=WRONG)],
    "gateway:revoke": task(
        args=lambda world: {"public_id": "0" * 12}, chief=GONE, sam=GONE, north=GONE
    ),
    "gateway:webhooks": of_the_house(sam=REFUSED),
    **{
        f"gateway:{name}": of_the_house(
            method="get" if name == "webhook" else "post",
            args=lambda world: {"endpoint_id": 1},
            sam=REFUSED,
        )
        for name in ("webhook", "rotate", "switch", "test", "replay")
    },
    "api_docs": page(),
    "openapi": open_to_all(),
    # audit
    "audit:explorer": of_the_house(),
    "audit:export": of_the_house(),
    # lists
    "lists:views": page(),
    "lists:save": task(
        data=lambda world: {"list": "overdue", "name": "mine", "query": "bucket=M1"},
        agent=LET_IN,
        sam=LET_IN,
    ),
    "lists:open": Call(args=no_view, chief=GONE, agent=GONE, sam=GONE, north=GONE),
    "lists:change": Call(
        method="post",
        args=no_view,
        data=lambda world: {"step": "delete"},
        chief=GONE,
        agent=GONE,
        sam=GONE,
        north=GONE,
    ),
    # notices
    "notices:inbox": page(),
    "notices:open": Call(args=own_notice, chief=GONE, agent=GONE, sam=GONE, north=GONE),
    "notices:read": task(agent=LET_IN, sam=LET_IN),
    "notices:wishes": task(agent=LET_IN, sam=LET_IN),
    # approvals
    "approvals:inbox": [page(), page(data=lambda world: {"tab": "all"})],
    "approvals:away": [page(), task(agent=SEEN, sam=SEEN)],
    "approvals:end": Call(
        method="post",
        args=lambda world: {"delegation_id": 99},
        chief=GONE,
        agent=GONE,
        sam=GONE,
        north=GONE,
    ),
    "approvals:together": [
        page(data=lambda world: {"id": world.open_proposal()}),
        task(
            data=lambda world: {"id": f"{world.open_proposal()}.1"},
            agent=SEEN,
            sam=SEEN,
        ),
    ],
    "approvals:levels": page(agent=REFUSED, sam=REFUSED),
    "approvals:proposal": about_a_proposal(method="get", sam=SEEN, names_the_loan=True),
    "approvals:difference": about_a_proposal(method="get", sam=SEEN),
    "approvals:decide": about_a_proposal(
        data=lambda world: {"verdict": "refuse", "level": 1, "note": "no"}
    ),
    "approvals:withdraw": about_a_proposal(north=REFUSED),
    "approvals:comment": about_a_proposal(data=lambda world: {"text": "why?"}),
    "approvals:reveal": about_a_proposal(data=lambda world: {"reason": "to judge"}),
    # ledger
    "ledger:overdue": page(names_the_loan=True),
    "ledger:export": page(agent=REFUSED),
    "ledger:bulk": task(
        data=lambda world: {
            "action": "label",
            "loan": [world.loan.pk],
            "word": "first",
        },
        agent=(SEEN, REFUSED),
    ),
    "ledger:search": [
        page(data=lambda world: {"q": world.loan.external_id}),
        page(data=lambda world: {"q": "北密"}),
    ],
    "ledger:suggest": page(data=lambda world: {"q": world.loan.external_id}),
    "ledger:loan": loan_page(),
    "ledger:correct_loan": [
        loan_page(sam=REFUSED, names_the_loan=False),
        loan_form(data=lambda world: {"new-officer": "x", "reason": "seen"}),
    ],
    "ledger:correct_customer": [
        loan_page(
            args=lambda world: {"customer_id": world.loan.customer_id},
            sam=REFUSED,
            names_the_loan=False,
        ),
        loan_form(
            args=lambda world: {"customer_id": world.loan.customer_id},
            data=lambda world: {"new-employer": "x", "reason": "seen"},
        ),
    ],
    "ledger:ask_export": [page(agent=REFUSED), task(sam=(SEEN, REFUSED))],
    "ledger:take_export": Call(
        method="post",
        args=lambda world: {"proposal_id": world.open_proposal()},
        chief=REFUSED,
        agent=REFUSED,
        sam=REFUSED,
        north=REFUSED,
    ),
    "ledger:personal_value": [
        loan_page(args=a_document, names_the_loan=False),
        loan_form(args=a_document, data=lambda world: {"why": "contact"}),
    ],
    # Of the whole house, and for compliance alone.
    "ledger:personal": of_the_house(sam=REFUSED),
    "ledger:personal_run": of_the_house(args=lambda world: {"run_id": 0}, sam=REFUSED),
    "ledger:personal_plan": of_the_house(method="post", sam=REFUSED),
    "ledger:personal_carry_out": of_the_house(
        method="post", args=lambda world: {"run_id": 0}, sam=REFUSED
    ),
    "ledger:personal_hold": of_the_house(
        method="post",
        data=lambda world: {"number": world.loan.external_id, "reason": "lawsuit"},
        sam=REFUSED,
    ),
    "ledger:personal_lift": of_the_house(
        method="post", args=lambda world: {"hold_id": 0}, sam=REFUSED
    ),
    "ledger:personal_canary": of_the_house(method="post", sam=REFUSED),
    "ledger:personal_end_canary": of_the_house(
        method="post", args=lambda world: {"canary_id": 0}, sam=REFUSED
    ),
    "ledger:customer": loan_page(args=of_customer),
    "ledger:customer_note": loan_form(
        args=of_customer, data=lambda world: {"text": "x"}
    ),
    "ledger:statement": loan_page(args=of_customer),
    "ledger:payments": page(
        data=lambda world: {"v": "all" if world.paid() else ""}, names_the_loan=True
    ),
    "ledger:receipts": page(
        data=lambda world: {"show": "all" if world.claimed_receipt() else ""},
        agent=REFUSED,
        names_the_loan=True,
    ),
    "ledger:receipt_new": [
        page(agent=REFUSED, sam=REFUSED),
        task(data=lambda world: {"external_id": "x"}, chief=WRONG, north=WRONG),
    ],
    "ledger:receipt": about_a_receipt(names_the_loan=True),
    "ledger:claim": about_a_receipt(
        method="post",
        data=lambda world: {"loan": world.loan.pk, "amount": "5"},
        sam=REFUSED,
        north=WRONG,
    ),
    "ledger:decide": about_a_receipt(
        method="post",
        args=lambda world: {"claim_id": world.claimed_receipt()[1]},
        data=lambda world: {"step": "refuse", "note": ""},
        sam=REFUSED,
    ),
    # intake
    "intake:history": [of_the_house(), task(north=REFUSED, chief=REFUSED)],
    "intake:planned": task(
        method="get",
        args=lambda world: {"plan": "0" * 32, "number": 0},
        chief=REFUSED,
        north=REFUSED,
    ),
    "intake:errors": task(
        method="get",
        args=lambda world: {"batch_id": world.batch_id, "digest": world.digest},
        chief=REFUSED,
        north=REFUSED,
    ),
    "intake:batch": of_the_house(args=lambda world: {"batch_id": world.taken_in()}),
    "intake:progress": task(
        method="get",
        args=lambda world: {"token": "0" * 32},
        chief=GONE,
        north=GONE,
    ),
    "intake:mappings": of_the_house(sam=REFUSED),
    "intake:mapping": of_the_house(
        args=lambda world: {"name": "auto_abs"}, sam=REFUSED
    ),
    # day-end
    "dayend:home": page(),
    "dayend:day_end": page(),
    "dayend:calendar": page(data=lambda world: {"day": "2026-03-19"}),
    "dayend:ask": task(),
    "dayend:begin": task(),
    "dayend:waiting": page(),
    "dayend:run": page(args=lambda world: {"run_id": world.run_id}),
}

# The API's lines name the same people; they stand apart for their length.
from tests.rooms.all_urls_api import API
from tests.rooms.all_urls_caps import CAPS
from tests.rooms.all_urls_cases import CASES
from tests.rooms.all_urls_clocks import CLOCKS
from tests.rooms.all_urls_contact import CONTACT
from tests.rooms.all_urls_desk import DESK
from tests.rooms.all_urls_grading import GRADING
from tests.rooms.all_urls_lab import LAB
from tests.rooms.all_urls_law import LAW
from tests.rooms.all_urls_people import PEOPLE
from tests.rooms.all_urls_promises import PROMISES
from tests.rooms.all_urls_relief import RELIEF
from tests.rooms.all_urls_reports import REPORTS
from tests.rooms.all_urls_strategy import STRATEGY

TABLE |= STRATEGY | DESK | CASES
TABLE |= PROMISES | API | LAW | PEOPLE | CONTACT | GRADING | CAPS | CLOCKS
TABLE |= RELIEF | REPORTS | LAB
