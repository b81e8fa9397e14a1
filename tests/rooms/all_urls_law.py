"""What each kind of person gets from the addresses of the rules."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import GONE, REFUSED, Call, page, task

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def a_rule(_world: "World") -> Mapping[str, Any]:
    """A rule that ships with the house."""
    return {"rule_id": "CN-COL-02"}


def fewer_calls(_world: "World") -> Mapping[str, Any]:
    """The form of a change, looked at and not proposed."""
    return {
        "step": "values",
        "v-most_connected_a_day": "2",
        "begins_on": "2099-01-01",
        "source": "x",
        "reason": "x",
        "act": "look",
    }


LAW: dict[str, Call | list[Call]] = {
    "rulebooks:rules": page(agent=REFUSED),
    "rulebooks:rule": page(args=a_rule, agent=REFUSED),
    "rulebooks:compare": page(agent=REFUSED),
    "rulebooks:history": page(agent=REFUSED),
    "rulebooks:turn": page(
        args=a_rule, data=lambda world: {"to": "2026-01-01"}, agent=REFUSED
    ),
    "rulebooks:change": [
        page(args=a_rule, agent=REFUSED, sam=REFUSED),
        task(args=a_rule, data=fewer_calls),
        task(args=a_rule, data=lambda world: fewer_calls(world) | {"act": "propose"}),
    ],
    # One that is none of a rule is not there.
    "rulebooks:proposal": page(
        args=lambda world: {"proposal_id": world.open_proposal()},
        chief=GONE,
        agent=REFUSED,
        sam=GONE,
        north=GONE,
    ),
}
