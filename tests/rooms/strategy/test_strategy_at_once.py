"""Two people, or two workers, at one version at the same moment: one wins, nothing is half."""

from collections.abc import Iterator

import pytest

from daihou.kit import steps
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, queries
from daihou.rooms.strategy.models import Rehearsal, Version
from tests.rooms import strategies as small
from tests.rooms.approving import deed
from tests.rooms.cast import AT, TODAY, make_cast
from tests.rooms.strategies import Maker, row
from tests.rooms.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Three = tuple[people.Person, people.Person, people.Person]


@pytest.fixture
def maker() -> Iterator[Maker]:
    """A night that does what it is told."""
    made = Maker()
    steps.bind_step_maker(made)
    yield made
    steps.unbind_step_maker()


@pytest.fixture
def three(db: None, maker: Maker) -> Three:
    """Rita draws, Rob and Cora decide."""
    make_cast()
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return small.three()


def keep(by: people.Person, line: queries.VersionLine, dpd: str) -> object:
    """Keep the draft with another first row."""
    return actions.keep_draft(
        version_id=line.id,
        rev=line.rev,
        content=small.content(row("early", dpd)),
        deed=deed(by, reason=""),
    )


def events(line: queries.VersionLine, happened: str) -> int:
    """How often it happened."""
    found = audit.timeline(subject_type="strategy", subject_id=line.strategy_id)
    return sum(each.type == f"strategy.{happened}" for each in found)


def test_of_two_who_keep_a_draft_one_wins(three: Three) -> None:
    rita, rob, _cora = three
    line = small.made(rita)
    got = at_once(lambda: keep(rita, line, "1..5"), lambda: keep(rob, line, "1..9"))
    assert sum(isinstance(each, Conflict) for each in got) == 1
    assert queries.version(line.id).rev == line.rev + 1


def test_what_is_approved_is_what_was_proposed(three: Three) -> None:
    rita, _rob, cora = three
    line = small.made(rita)
    asked = small.proposed(rita, line)

    def approve() -> object:
        small.decided(cora, asked, "approve")
        return "approved"

    got = at_once(approve, lambda: keep(rita, line, "1..9"))
    found = queries.version(line.id)
    if "approved" in got:
        assert (found.state, found.digest) == ("scheduled", line.digest)
        assert sum(isinstance(each, Refused) for each in got) == 1
    else:
        assert (found.state, found.rev) == ("draft", line.rev + 1)


def test_of_two_who_decide_one_is_told(three: Three) -> None:
    rita, rob, cora = three
    line = small.made(rita)
    asked = small.proposed(rita, line)

    def decide(by: people.Person) -> object:
        return approvals.decide(
            proposal_id=asked.id, verdict="approve", deed=deed(by, reason="")
        )

    got = at_once(lambda: decide(rob), lambda: decide(cora))
    assert sum(isinstance(each, Refused) for each in got) == 1
    assert events(line, "approved") == 1


def test_of_two_who_put_back_one_is_told_and_one_version_is_live(three: Three) -> None:
    rita, rob, cora = three
    first = small.live(rita, cora)
    second = actions.begin_draft(
        strategy_id=first.strategy_id,
        content=small.content(row("early", "1..60")),
        deed=deed(rita, reason=""),
    )
    small.decided(cora, small.proposed(rita, second), "approve")

    def back(by: people.Person) -> object:
        return actions.roll_back(version_id=first.id, deed=deed(by, reason="now"))

    def begin() -> object:
        actions.evaluate_due(at=AT)
        return "begun"

    begin()
    got = at_once(lambda: back(rob), lambda: back(cora), begin)
    assert sum(isinstance(each, Conflict) for each in got) == 1
    assert Version.objects.filter(strategy=first.strategy_id, state="live").count() == 1
    assert events(first, "rolled_back") == 1


def test_two_workers_begin_and_rehearse_everything_once(
    three: Three, maker: Maker
) -> None:
    rita, _rob, cora = three
    line = small.made(rita)
    small.decided(cora, small.proposed(rita, line), "approve")

    def begin() -> object:
        actions.evaluate_due(at=AT)
        return "begun"

    at_once(begin, begin)
    assert events(line, "begun") == 1
    small.a_run()
    draft = actions.begin_draft(
        strategy_id=line.strategy_id,
        content=small.content(row("early", "1..60")),
        deed=deed(rita, reason=""),
    )
    actions.ask_rehearsal(
        version_id=draft.id, rev=draft.rev, deed=deed(rita, reason="")
    )

    def rehearse() -> object:
        actions.rehearse_waiting(at=AT)
        return "done"

    at_once(rehearse, rehearse)
    assert len(maker.rehearsed) == 1
    assert Rehearsal.objects.get().state == "done"
