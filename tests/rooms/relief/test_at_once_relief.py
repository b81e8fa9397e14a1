"""Two people act on one request for relief at the same moment, in every action."""

import pytest

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions
from daihou.rooms.relief.models import HouseholdPlan, Relief
from tests.rooms.at_once_relief import LINES, NO_CASE, WITHIN, World
from tests.rooms.cast import AT, PASSWORD, make_cast
from tests.rooms.overlapping import actions_in, overlapped
from tests.rooms.relieving import make_deciders

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_action_on_a_request_has_its_line() -> None:
    assert set(LINES) - WITHIN | NO_CASE == set(actions_in(actions))


def _login(name: str, role: str) -> people.Person:
    made: people.Person = people.create_user(
        username=name, password=PASSWORD, role=role, branch="north", by="t", at=AT
    )
    return made


@pytest.mark.parametrize("name", sorted(LINES))
def test_one_wins_and_the_other_is_told(name: str) -> None:
    cast, deciders = make_cast(), make_deciders()
    minnie, lead2 = _login("min", "collector"), _login("lead2", "supervisor")
    line = LINES[name]
    for number in (1, 2):
        world = World(f"L{number}", cast, deciders, minnie, lead2)
        pair = line.prepare(world)
        if number == 2:
            pair = (pair[1], pair[0])
        told, versions = _told(line.event), _versions()
        got = overlapped(*pair)
        refused = [each for each in got if isinstance(each, Refused)]
        assert [each.code for each in refused] == list(line.told), got
        assert not isinstance(got[0], Refused), "who was first wins"
        assert all(isinstance(each, Conflict) and str(each) for each in refused)
        assert _told(line.event) == told + line.events
        assert _versions() > versions


def _told(event: str) -> int:
    return Event.objects.filter(type=event).count()


def _versions() -> int:
    """Grows with whatever is written of a request or a household's plan."""
    rows = (*Relief.objects.all(), *HouseholdPlan.objects.all())
    return sum(int(row.version) for row in rows)
