"""Two people act on one case at the same moment, in every action a case has."""

from collections.abc import Iterator

import pytest
from django.db.models import Count

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.casework import actions, door
from daihou.rooms.casework.actions import desk
from daihou.rooms.casework.door import CloseCode
from daihou.rooms.casework.models import Case, Draft, Result
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from tests.rooms.at_once_casework import LINES, NO_CASE
from tests.rooms.at_once_world import World, make_world
from tests.rooms.caseworking import make_login
from tests.rooms.cast import AT, TODAY, make_cast
from tests.rooms.overlapping import actions_in, overlapped
from tests.rooms.promising import NOON, deed, supervisor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    """The cast and the open day; nothing that must always hold is broken at the end."""
    make_cast()
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    yield
    assert broken() == ()
    twice = Event.objects.values("subject_type", "subject_id", "position")
    assert not twice.annotate(n=Count("id")).filter(n__gt=1).exists()


@pytest.fixture
def people_of_it() -> dict[str, people.Person]:
    """Two supervisors and two collectors of the north."""
    return {
        "boss": supervisor(),
        "other": supervisor("so"),
        "mei": people.person("mei", at=NOON),
        "li": make_login("li", "collector"),
    }


def test_every_action_on_a_case_has_its_line() -> None:
    assert set(LINES) | NO_CASE == set(actions_in(actions))


@pytest.mark.parametrize("name", sorted(LINES))
def test_one_wins_and_the_other_is_told(
    name: str, people_of_it: dict[str, people.Person]
) -> None:
    line = LINES[name]
    for number in ("first", "second"):
        world = make_world(f"{name}-{number}", **people_of_it)
        pair = line.prepare(world)
        if number == "second":
            pair = (pair[1], pair[0])
        seen, told = world.case.version, _told(line.event)
        got = overlapped(*pair)
        refused = [each for each in got if isinstance(each, Refused)]
        assert [each.code for each in refused] == list(line.told), got
        assert not isinstance(got[0], Refused), "who was first wins"
        assert all(isinstance(each, Conflict) and str(each) for each in refused)
        assert _told(line.event) == told + line.events
        if line.told and name not in _NO_VERSION:
            assert world.case.version > seen
        if name == "taking.take_next":
            assert sorted(map(type, got), key=str) == [type(None), int]
        _out_of_the_way(world)


def _out_of_the_way(world: World) -> None:
    """The next round finds nothing of this one."""
    for row in Case.objects.exclude(lifecycle="closed"):
        door.close_case(
            row.pk, code=CloseCode.WITHDRAWN, reason="over", deed=deed(world.boss)
        )


# What is one's own, or begins a case, is no change of the version that was seen.
_NO_VERSION = {"desk.take_back", "taking.take", "opening.open_case"}


# What ends while somebody else closes the case: told, or through before it.
_BESIDE = sorted(
    name
    for name, line in LINES.items()
    if name not in ("opening.open_case", "opening.reopen_case", "closing.close_case")
)


@pytest.mark.parametrize("name", _BESIDE)
def test_while_somebody_else_closes_the_case(
    name: str, people_of_it: dict[str, people.Person]
) -> None:
    for closed_first in (True, False):
        world = make_world(f"{name}-{closed_first}", **people_of_it)
        act = LINES[name].prepare(world)[0]
        seen = world.case
        told = _told(LINES[name].event)

        def close(seen: Case = seen, by: people.Person = world.other) -> object:
            return door.close_case(
                seen.pk,
                code=CloseCode.WITHDRAWN,
                reason="x",
                deed=deed(by),
                version=seen.version,
            )

        got = overlapped(close, act) if closed_first else overlapped(act, close)
        assert not isinstance(got[0], Refused), "who was first wins"
        shut = got[0 if closed_first else 1]
        second = got[1]
        if isinstance(second, Refused):
            assert isinstance(second, Conflict) and str(second), second
        assert (world.case.lifecycle == "closed") == (not isinstance(shut, Refused))
        if isinstance(second, Refused) and closed_first:
            # Nothing is half done: what was refused left no word of itself.
            ended = LINES[name].event in _ENDED_BY_CLOSING
            assert _told(LINES[name].event) == told + ended
        assert broken() == ()
        _out_of_the_way(world)


# What closing a case tells as well: holds and assignments end with it.
_ENDED_BY_CLOSING = {"case.hold.released"}


def test_results_saved_by_two_are_written_once(
    people_of_it: dict[str, people.Person],
) -> None:
    world = make_world("L1", **people_of_it)
    for act in LINES["desk.save"].prepare(world):
        act()
    assert Draft.objects.exclude(due_at=None).count() == 2
    (lost,) = desk.keep_due(at=NOON + 2 * desk.UNDO)
    assert lost.words and Result.objects.filter(case=world.case.pk).count() == 1
    kept = Draft.objects.get()
    assert kept.due_at is None and kept.problem == lost.words


def _told(event: str) -> int:
    return Event.objects.filter(type=event).count() if event else 0
