"""What each kind of person gets from the addresses of the classes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import (
    LET_IN,
    REFUSED,
    Call,
    loan_form,
    loan_page,
    page,
    task,
)
from tests.rooms.all_urls_api import read, read_loan, write_loan

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def a_fact(_world: "World") -> Mapping[str, Any]:
    """A fact of the form and of the API."""
    return {"kind": "evasion", "begins_on": "2026-03-01", "evidence": "file 7"}


def a_class(_world: "World") -> Mapping[str, Any]:
    """A better class with its three proofs."""
    return {"to": "special_mention", "paid": "x", "able": "x", "others": "x"}


def told(world: "World") -> Mapping[str, Any]:
    """The number of a fact that stands for the north's loan."""
    from daihou.rooms.grading.models import ClassFact
    from tests.rooms.cast import AT, TODAY

    made, _new = ClassFact.objects.get_or_create(
        loan_id=world.loan.pk,
        customer_id=world.loan.customer_id,
        kind="evasion",
        defaults={"begins_on": TODAY, "known_on": TODAY, "by": "maker", "at": AT},
    )
    return {"fact_id": made.pk}


GRADING: dict[str, Call | list[Call]] = {
    "grading:overview": page(),
    "grading:loans": page(),
    "grading:loan": loan_page(),
    "grading:tell": loan_form(data=a_fact),
    "grading:upgrade": loan_form(data=a_class),
    "grading:end": loan_form(
        args=told, data=lambda world: {"ends_on": "2026-03-20", "reason": "x"}
    ),
    "grading:provision": page(),
    "grading:provision_export": page(
        chief=REFUSED, agent=REFUSED, sam=REFUSED, north=REFUSED
    ),
    "grading:provision_held": task(chief=LET_IN, north=LET_IN),
    "grading:provision_of_loan": loan_page(),
    "api:get_provision": read(chief=REFUSED, agent=REFUSED, sam=REFUSED, north=REFUSED),
    "api:get_loan_provision": read_loan(),
    "api:list_classes": read(),
    "api:get_loan_class": read_loan(sam=REFUSED, north=REFUSED),
    "api:tell_class_fact": write_loan(data=a_fact),
    "api:ask_class_upgrade": write_loan(data=a_class),
}
