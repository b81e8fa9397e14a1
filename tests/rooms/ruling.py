"""Helpers of the tests of rules: who proposes, who decides, and a change between them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from daihou.engine.rulebook.law import Lawbook
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, impact
from daihou.rooms.rulebooks import door as rulebooks
from daihou.rooms.rulebooks.drafting import Wish
from daihou.rooms.rulebooks.impact import Impact, Moved
from tests.rooms.approving import deed, login
from tests.rooms.cast import TODAY, Cast

TOMORROW = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=30)
CALLS = "CN-COL-02"  # a standard: three connected calls a day; it binds
MOST = "most_connected_a_day"
CHAT = "CN-POL-05"  # a policy of the house, unverified: it may be opened


def lawyers() -> tuple[people.Person, people.Person]:
    """One who proposes and one who decides."""
    return login("lena", "legal"), login("cora", "compliance")


@pytest.fixture
def two(cast: Cast) -> tuple[people.Person, people.Person]:
    """Lena of legal, Cora of compliance."""
    return lawyers()


def wish(**other: object) -> Wish:
    """Two connected calls a day from tomorrow on, but for what `other` says."""
    usual = {
        "rule": CALLS,
        "step": "values",
        "begins_on": TOMORROW,
        "values": {MOST: 2},
        "source": "minutes of the board",
    }
    return Wish(**(usual | other))  # type: ignore[arg-type]


def propose(
    by: people.Person, *, reason: str = "fewer complaints", **other: object
) -> approvals.Proposal:
    """Propose it."""
    return actions.propose_change(wish(**other), deed=deed(by, reason=reason))


def agreed(
    by: people.Person, other: people.Person, **more: object
) -> approvals.Proposal:
    """Propose it and let another person agree."""
    made = propose(by, **more)
    return approvals.decide(
        proposal_id=made.id, verdict="approve", deed=deed(other, reason="")
    )


def most_calls(on: date) -> object:
    """How many connected calls a day the law book of the lender allows."""
    found = rulebooks.lawbook().on(CALLS, on)
    return found.values[MOST] if found else None


def calls_handler(before: Lawbook, after: Lawbook, as_of: date) -> Impact:
    """A room that tells how many calls a day each law book allows."""
    was, now = (book.on(CALLS, as_of) for book in (before, after))
    told = [each.values[MOST] if each else None for each in (was, now)]
    changed = int(told[0] != told[1])
    one = Moved(loan=7, number="JK7", was=str(told[0]), becomes=str(told[1]))
    return Impact(looked_at=10, changes=changed, moved=(one,) * changed)


@pytest.fixture
def known_impact() -> Iterator[None]:
    """One kind of impact for as long as a test lasts."""
    before = dict(impact._known)
    impact._known.clear()
    rulebooks.register_impact(kind="test", name="Calls", handler=calls_handler)
    yield
    impact._known.clear()
    impact._known.update(before)
