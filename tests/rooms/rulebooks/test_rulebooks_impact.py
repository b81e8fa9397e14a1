"""What a change of rules would have done to the last closed day, before it is made."""

from datetime import timedelta

import pytest

from daihou.kit.refusal import Refused
from daihou.packs import law
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, rehearsing
from daihou.rooms.rulebooks import door as rulebooks
from tests.rooms import ruling
from tests.rooms.approving import deed
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.ruling import (
    CALLS,
    LATER,
    most_calls,
    wish,
)

Two = tuple[people.Person, people.Person]
two = ruling.two
known_impact = ruling.known_impact


def test_a_change_is_tried_on_the_closed_day_before_it_is_proposed(
    two: Two, known_impact: object
) -> None:
    made = actions.look(wish(begins_on=LATER), deed=deed(two[0]))
    seen = rehearsing.rehearse(made, as_of=TODAY - timedelta(days=1))
    _name, found = seen.impacts["test"]
    assert [(each.was, each.becomes) for each in found.moved] == [("3", "2")]
    assert most_calls(TODAY) == 3  # looking changes nothing


def test_what_was_known_of_the_impact_goes_with_the_proposal(
    two: Two, known_impact: object
) -> None:
    made = actions.propose_change(
        wish(), deed=deed(two[0]), as_of=TODAY - timedelta(days=1)
    )
    told = approvals.find(made.id, person=two[1], at=AT).after["impact"]
    assert told == {
        "as_of": (TODAY - timedelta(days=1)).isoformat(),
        "kinds": {"test": {"looked_at": 10, "changes": 1}},
    }


def test_turning_a_version_to_another_day_shows_what_moves_and_moves_nothing(
    cast: Cast, known_impact: object
) -> None:
    rule = law.known().rules[CALLS]
    first = rule.versions[0].begins_on
    seen = rehearsing.turn(rule, first, TODAY, as_of=TODAY - timedelta(days=1))
    _name, found = seen.impacts["test"]
    assert [(each.was, each.becomes) for each in found.moved] == [("3", "None")]
    same = rehearsing.turn(rule, first, first, as_of=TODAY - timedelta(days=1))
    assert same.same and same.impacts == {}
    other = rehearsing.turn(rule, first, TODAY, as_of=TODAY)
    assert other.impacts["test"][1].changes == 0
    assert rulebooks.lawbook() is law.known()


def test_a_version_does_not_pass_its_neighbour(cast: Cast) -> None:
    rule = next(r for r in law.known().rules.values() if len(r.versions) > 1)
    former, later = rule.versions[0], rule.versions[1]
    with pytest.raises(Refused) as said:
        rehearsing.turn(rule, later.begins_on, former.begins_on, as_of=TODAY)
    assert said.value.code == "turn_order"
    assert str(said.value)
    with pytest.raises(Refused):
        rehearsing.turn(rule, former.begins_on, later.begins_on, as_of=TODAY)
