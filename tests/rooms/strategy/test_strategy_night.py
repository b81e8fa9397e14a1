"""The room and the night together: steps, why, a rehearsal, and a version put back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daihou.config import clock
from daihou.kit import grades, ports, steps
from daihou.nightly.grading.grader import Grader
from daihou.nightly.stores.classes import GradedBook
from daihou.nightly.strategy.maker import StepMaker
from daihou.rooms.approvals import door as approvals
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend.models import Run
from daihou.rooms.grading import actions as grading
from daihou.rooms.grading.models import GradingRun
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, door, queries
from daihou.rooms.strategy.models import CustomerStep
from tests.nightly import world
from tests.rooms import strategies as small
from tests.rooms.approving import deed
from tests.rooms.cast import AT, make_cast
from tests.rooms.grading.test_grading_pages import standing
from tests.rooms.test_pages import signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = world.LAST + timedelta(days=1)
Two = tuple[people.Person, people.Person]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """A week of a lender, graded; Rita draws and Cora decides."""
    world.build(loans=24)
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=world.LAST))
    night.shut()
    grades.bind_grader(Grader(url=world.url(), home=tmp_path))
    book = GradedBook(
        tmp_path, lambda: standing(Run.objects), lambda: standing(GradingRun.objects)
    )
    ports.bind_book(book)
    steps.bind_step_maker(StepMaker(url=world.url(), home=tmp_path))
    dayend.set_business_date(on=OPEN, by="test", at=AT)
    grading.grade_due(at=AT)
    make_cast()
    rita, _rob, cora = small.three()
    yield rita, cora
    steps.unbind_step_maker()
    grades.unbind_grader()
    ports.unbind_book()


def tells_the_same(late: CustomerStep) -> None:
    """One who is shown a step is told the same by the plain text."""
    address = f"/strategy/versions/{late.version_id}/try/?customer={late.pk}"
    assert f"Row {late.row_id}" in text_of(signed_in("rita").get(address))


def tried_without(
    row_id: str, live: queries.VersionLine, rita: people.Person
) -> tuple[queries.VersionLine, queries.RehearsalLine]:
    """A draft without a row, and its rehearsal."""
    content = queries.content_of(live.id)
    content["table"]["rows"] = [
        each for each in content["table"]["rows"] if each["id"] != row_id
    ]
    draft = actions.begin_draft(
        strategy_id=live.strategy_id, content=content, deed=deed(rita, reason="")
    )
    actions.ask_rehearsal(
        version_id=draft.id, rev=draft.rev, deed=deed(rita, reason="")
    )
    actions.rehearse_waiting(at=AT)
    tried = queries.last_rehearsal(draft.id)
    assert tried is not None and tried.is_done, tried
    return draft, tried


def test_from_the_shipped_strategy_to_one_of_ours_and_back(two: Two) -> None:
    rita, cora = two
    actions.evaluate_due(at=AT)
    run = door.steps_run()
    assert run is not None and run.as_of == world.LAST and run.steps > 0
    shipped = queries.strategies()[0].live
    assert shipped is not None and shipped.id in run.versions
    before = dict(CustomerStep.objects.values_list("pk", "row_id"))
    late = CustomerStep.objects.filter(action="call").order_by("pk").first()
    assert late is not None
    line = door.step_of(late.pk)
    assert line is not None and line.because["zh"] and line.because["en"]

    tells_the_same(late)
    draft, tried = tried_without(late.row_id, shipped, rita)
    assert tried.summary["moved"] > 0
    page = text_of(signed_in("rita").get(f"/strategy/rehearsals/{tried.id}/"))
    assert f"customer={late.pk}" in page
    assert dict(CustomerStep.objects.values_list("pk", "row_id")) == before

    proposal = actions.propose_version(
        version_id=draft.id, rev=draft.rev, begins_on=OPEN, deed=_on(rita, "fewer")
    )
    approvals.decide(proposal_id=proposal.id, verdict="approve", deed=_on(cora, ""))
    actions.evaluate_due(at=AT)
    assert queries.live_ids() == [draft.id]
    after = dict(CustomerStep.objects.values_list("pk", "row_id"))
    moved = {pk for pk in {*before, *after} if before.get(pk) != after.get(pk)}
    assert late.pk in moved and len(moved) == tried.summary["moved"]

    back = actions.roll_back(version_id=shipped.id, deed=_on(cora, "too few calls"))
    actions.evaluate_due(at=AT)
    assert queries.live_ids() == [back]
    assert dict(CustomerStep.objects.values_list("pk", "row_id")) == before


def _on(by: people.Person, reason: str) -> approvals.Deed:
    """Done on the open day."""
    return replace(deed(by, reason=reason), business_date=OPEN, at=clock.now())
