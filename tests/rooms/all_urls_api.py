"""How every operation of the API is called in the walk, each person with a token."""

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from daihou.config import clock
from daihou.rooms.gateway import door as gateway
from daihou.rooms.people import door as people
from tests.rooms.all_urls import GONE, LET_IN, REFUSED, SEEN, Call

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World

_numbers = itertools.count(1)
TODAY = "2026-03-20"
LAST = "2026-03-19"


def token(_world: "World", who: str) -> Mapping[str, str]:
    """A token of this person for everything; nobody has none."""
    headers = {
        "accept-language": "en",
        "idempotency-key": f"walk-{next(_numbers)}",
    }
    if who == "nobody":
        return headers
    _line, secret = gateway.make_token(
        username=who,
        name="walk",
        scopes=tuple(gateway.ApiScope),
        days=366,
        by=people.process("test"),
        at=clock.now(),
    )
    return headers | {"authorization": f"Bearer {secret}"}


def read(**wish: Any) -> Call:
    """What every token may read; what is in it is of its person."""
    return Call(**({"headers": token, "nobody": REFUSED} | wish))


def read_loan(**wish: Any) -> Call:
    """Something of the north's loan: not there for anybody else."""
    usual = {
        "args": lambda world: {"loan": world.loan.pk},
        "chief": REFUSED,
        "agent": REFUSED,
    }
    return read(**(usual | wish))


def write(**wish: Any) -> Call:
    """Something done, by who may."""
    usual = {"method": "post", "as_json": True, "agent": REFUSED, "sam": REFUSED}
    return read(**(usual | {"chief": LET_IN, "north": LET_IN} | wish))


def write_loan(**wish: Any) -> Call:
    """Something done to the north's loan."""
    usual = {"args": lambda world: {"loan": world.loan.pk}, "chief": REFUSED}
    return write(**(usual | wish))


def of_the_house(**wish: Any) -> Call:
    """Only for who sees the whole book, and may."""
    usual = {"chief": REFUSED, "agent": REFUSED, "north": REFUSED}
    return read(**(usual | wish))


def manage(**wish: Any) -> Call:
    """Receivers of events: nobody of the walk manages them."""
    usual = {"args": lambda world: {"webhook": 1}, "sam": REFUSED}
    return of_the_house(**(usual | wish))


def payment(world: "World") -> Mapping[str, Any]:
    """Money for the north's loan."""
    return {
        "source": "bank",
        "number": "W1",
        "loan": str(world.loan.pk),
        "paid_on": TODAY,
        "amount": "1.00",
        "currency": "CNY",
    }


def charge(_world: "World") -> Mapping[str, Any]:
    """A fee."""
    return {
        "source": "bank",
        "number": "F1",
        "kind": "legal",
        "due_on": TODAY,
        "amount": "1.00",
        "currency": "CNY",
    }


def plan(_world: "World") -> Mapping[str, Any]:
    """A plan that owes another principal, so it is refused where it is looked at."""
    row = {"seq": 3, "due_on": "2026-06-01", "principal": "1.00", "interest": "0.00"}
    return {"begins_on": TODAY, "currency": "CNY", "rows": [row], "reason": "x"}


def loan_sent(_world: "World") -> Mapping[str, Any]:
    """A loan to reckon with, of no book."""
    terms = {
        "principal": "12000.00",
        "annual_rate": "0.12",
        "method": "equal_instalment",
        "periods": 12,
        "disbursed_on": "2026-01-10",
        "first_due_on": "2026-02-10",
    }
    return {"product": "consumer_loan", "terms": terms, "as_of": TODAY}


def rows_sent(_world: "World") -> Mapping[str, Any]:
    """A row to take in."""
    row = {"customer_id": "K1", "kind": "person", "name": "x"}
    return {"source": "walk", "tables": {"customers": [row]}}


def rule_change(_world: "World") -> Mapping[str, Any]:
    """Fewer calls a day, from a day far off."""
    return {
        "begins_on": "2099-01-01",
        "values": {"most_connected_a_day": 2},
        "source": "x",
        "reason": "x",
    }


NOT_THERE: dict[str, Any] = {
    "chief": GONE,
    "agent": GONE,
    "sam": GONE,
    "north": GONE,
}
API: dict[str, Call | list[Call]] = {
    "api:get_me": read(),
    "api:list_loans": read(names_the_loan=True),
    "api:get_loan": read_loan(names_the_loan=True),
    "api:get_position": read_loan(),
    "api:get_schedule": read_loan(),
    "api:get_payoff": read_loan(),
    "api:list_customers": read(names_the_loan=True),
    "api:get_customer": read_loan(
        args=lambda world: {"customer": world.loan.customer_id}, names_the_loan=True
    ),
    "api:list_payments": [
        read(),
        read_loan(
            args=lambda world: {}, data=lambda world: {"loan": str(world.loan.pk)}
        ),
    ],
    "api:get_payment": read(args=lambda world: {"payment": 999}, **NOT_THERE),
    "api:list_receipts": read(agent=REFUSED),
    "api:get_receipt": read(
        args=lambda world: {"receipt": 999}, **(NOT_THERE | {"agent": REFUSED})
    ),
    "api:list_positions": read(data=lambda world: {"as_of": LAST}, names_the_loan=True),
    "api:post_one_payment": write_loan(args=lambda world: {}, data=payment),
    "api:post_payment_batch": write(data=lambda world: {"items": [payment(world)]}),
    "api:reverse_one_payment": write(
        args=lambda world: {"payment": 999},
        data=lambda world: {"reversed_on": TODAY, "reason": "x"},
        chief=GONE,
        north=GONE,
    ),
    "api:record_loan_charge": write_loan(data=charge),
    "api:extend_loan": write_loan(data=plan),
    "api:calc_schedule": read(method="post", as_json=True, data=loan_sent),
    "api:calc_settle": read(method="post", as_json=True, data=loan_sent),
    "api:calc_payoff": read(method="post", as_json=True, data=loan_sent),
    "api:list_intakes": of_the_house(),
    "api:get_intake": of_the_house(
        args=lambda world: {"intake": world.batch_id}, sam=(SEEN, GONE)
    ),
    "api:take_files_in": of_the_house(
        method="post", data=lambda world: {"source": "walk"}, sam=REFUSED
    ),
    "api:take_rows_in": of_the_house(
        method="post", as_json=True, data=rows_sent, sam=REFUSED
    ),
    "api:get_business_date": read(),
    "api:list_day_ends": read(),
    "api:get_day_end": read(args=lambda world: {"run": world.run_id}),
    "api:list_day_end_requests": read(),
    "api:get_day_end_request": read(args=lambda world: {"number": 999}, **NOT_THERE),
    "api:request_day_end": write(data=lambda world: {"kind": "next"}),
    "api:list_proposals": read(),
    "api:get_proposal": read(args=lambda world: {"proposal": 999}, **NOT_THERE),
    "api:decide_proposal": write(
        args=lambda world: {"proposal": 999},
        data=lambda world: {"verdict": "approve"},
        **NOT_THERE,
    ),
    "api:list_events": read(agent=REFUSED),
    "api:list_rules": read(agent=REFUSED),
    "api:get_rule": read(args=lambda world: {"rule": "CN-COL-02"}, agent=REFUSED),
    "api:propose_rule_change": write(
        args=lambda world: {"rule": "CN-COL-02"}, data=rule_change
    ),
    "api:list_webhooks": manage(args=lambda world: {}),
    "api:add_webhook": manage(
        method="post",
        as_json=True,
        args=lambda world: {},
        data=lambda world: {
            "name": "x",
            "url": "https://example.com/",
            "types": ["*"],
        },
    ),
    "api:get_webhook": manage(),
    "api:list_deliveries": manage(),
    **{
        f"api:{name}": manage(method="post", as_json=True)
        for name in (
            *("rotate_webhook_key", "pause_webhook", "resume_webhook"),
            *("try_webhook", "replay_dead_deliveries"),
        )
    },
    "api:replay_delivery": manage(
        method="post",
        as_json=True,
        args=lambda world: {"webhook": 1, "delivery": 1},
    ),
}
