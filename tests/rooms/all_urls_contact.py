"""How the addresses of contact are called in the walk, pages and operations."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people
from tests.rooms.all_urls import (
    GONE,
    REFUSED,
    Call,
    loan_form,
    loan_page,
    of_customer,
    of_the_house,
    page,
    task,
)
from tests.rooms.all_urls_api import read_loan, write, write_loan
from tests.rooms.cast import AT, TODAY

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def a_decision(world: "World") -> int:
    """An answer of the gate about the north's borrower."""
    wish = contact.Wish(loan_id=world.loan.pk, channel="letter", purpose="remind")
    maker = people.process("maker")
    deed = contact.Deed(by=maker, at=AT, business_date=TODAY)
    kept: contact.Kept = contact.may_contact(wish, deed=deed)
    return kept.id


def flag(_world: "World") -> Mapping[str, Any]:
    """What holds contact."""
    return {"kind": "dispute", "evidence": "letter", "point": "0"}


def consent(_world: "World") -> Mapping[str, Any]:
    """What was agreed."""
    return {"kind": "night_contact", "channel": "", "evidence": "form"}


def a_letter(world: "World") -> Mapping[str, Any]:
    """A letter to the registered address."""
    return {"loan": world.loan.pk, "channel": "letter", "purpose": "remind"}


CONTACT: dict[str, Call | list[Call]] = {
    "contact:person": loan_page(args=of_customer),
    "contact:ask": loan_form(args=of_customer, data=a_letter),
    "contact:flag": loan_form(args=of_customer, data=flag),
    "contact:lift": loan_form(
        args=lambda world: {**of_customer(world), "flag_id": 0},
        data=lambda world: {"evidence": "x"},
        north=GONE,
    ),
    "contact:consent": loan_form(args=of_customer, data=consent),
    "contact:withdraw": loan_form(
        args=lambda world: {**of_customer(world), "consent_id": 0}, north=GONE
    ),
    "contact:decision": [
        loan_page(
            args=lambda world: {"decision_id": a_decision(world)},
            names_the_loan=False,
        ),
        loan_form(
            args=lambda world: {"decision_id": a_decision(world)},
            data=lambda world: {"result": "SENT"},
        ),
    ],
    "contact:confirm_flag": loan_form(
        args=lambda world: {**of_customer(world), "flag_id": 0}, north=GONE
    ),
    "contact:confirm_consent": loan_form(
        args=lambda world: {**of_customer(world), "consent_id": 0}, north=GONE
    ),
    "contact:unused": loan_form(args=lambda world: {"decision_id": a_decision(world)}),
    "contact:templates": [
        page(),
        task(data=lambda world: {"code": "first", "channel": "sms", "body": "x"}),
    ],
    "contact:items": of_the_house(),
    "contact:close": of_the_house(
        method="post", args=lambda world: {"item_id": 0}, sam=REFUSED
    ),
    "api:may_contact": write_loan(
        args=lambda world: {},
        data=lambda world: {**a_letter(world), "loan": str(world.loan.pk)},
    ),
    "api:get_contact_decision": read_loan(
        args=lambda world: {"decision": a_decision(world)}
    ),
    "api:get_contact_week": read_loan(data=lambda world: {"channel": "letter"}),
    "api:record_contact_attempt": write_loan(
        args=lambda world: {},
        data=lambda world: {"decision": a_decision(world), "result": "SENT"},
    ),
    **{
        f"api:list_contact_{name}": read_loan(
            args=lambda world: {"customer": world.loan.customer_id}
        )
        for name in ("attempts", "flags", "consents")
    },
    "api:raise_contact_flag": write_loan(
        args=lambda world: {},
        data=lambda world: {
            "customer": str(world.loan.customer_id),
            "kind": "dispute",
            "evidence": "letter",
        },
    ),
    "api:lift_contact_flag": write(
        args=lambda world: {"flag": 999},
        data=lambda world: {"evidence": "x"},
        chief=GONE,
        north=GONE,
    ),
    **{
        f"api:confirm_contact_{name}": write(
            args=lambda world, name=name: {name: 999},
            data=lambda world: {},
            chief=GONE,
            north=GONE,
        )
        for name in ("flag", "consent")
    },
    "api:mark_contact_unused": write_loan(
        args=lambda world: {"decision": a_decision(world)}, data=lambda world: {}
    ),
    "api:give_contact_consent": write_loan(
        args=lambda world: {},
        data=lambda world: {
            "customer": str(world.loan.customer_id),
            "kind": "night_contact",
            "evidence": "form",
        },
    ),
    "api:withdraw_contact_consent": write(
        args=lambda world: {"consent": 999},
        data=lambda world: {},
        chief=GONE,
        north=GONE,
    ),
}
