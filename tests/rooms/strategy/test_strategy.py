"""Strategies: drawn by one, decided by another, put back at once; never half."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from daihou.kit import steps
from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.packs import strategies
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, document, queries
from daihou.rooms.strategy.actions import telling
from daihou.rooms.strategy.models import Version
from daihou.rooms.strategy.states import State
from tests.rooms import strategies as small
from tests.rooms.approving import deed
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.strategies import TOMORROW, Maker, row

Three = tuple[people.Person, people.Person, people.Person]


@pytest.fixture
def maker() -> Iterator[Maker]:
    """A night that does what it is told."""
    made = Maker()
    steps.bind_step_maker(made)
    yield made
    steps.unbind_step_maker()


@pytest.fixture
def three(cast: Cast, maker: Maker) -> Three:
    """Rita draws, Rob and Cora decide, on an open business day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return small.three()


def test_a_draft_is_kept_and_two_at_once_are_told(three: Three) -> None:
    rita, rob, _cora = three
    line = small.made(rita)
    first = actions.keep_draft(
        version_id=line.id,
        rev=line.rev,
        content=small.content(row("early", "1..15")),
        deed=deed(rob, reason=""),
    )
    assert first.rev == line.rev + 1 and first.authors == ("rita", "rob")
    with pytest.raises(Conflict) as refused:
        actions.keep_draft(
            version_id=line.id,
            rev=line.rev,
            content=small.content(row("early", "1..20")),
            deed=deed(rita, reason=""),
        )
    assert refused.value.code == "draft_moved" and "rob" in str(refused.value)
    kept = queries.content_of(line.id)
    assert kept["table"]["rows"][0]["when"]["dpd"] == "1..15"


@pytest.mark.parametrize("odd", ["\x00", "\ud800", 7, None, ["x"], {"zh": "x"}])
def test_what_cannot_be_kept_is_refused(three: Three, odd: object) -> None:
    rita = three[0]
    line = small.made(rita)
    with pytest.raises(Refused):
        actions.keep_draft(
            version_id=line.id,
            rev=line.rev,
            content=small.content(title={"zh": odd, "en": "x"}),
            deed=deed(rita, reason=""),
        )
    assert queries.version(line.id).digest == line.digest


def test_half_a_cell_is_kept_but_not_proposed(three: Three) -> None:
    rita = three[0]
    line = small.made(rita, row("early", "1..abc"))
    kept = queries.content_of(line.id)
    assert kept["table"]["rows"][0]["when"]["dpd"] == "1..abc"
    with pytest.raises(Refused):
        small.proposed(rita, line)
    assert not approvals.open_on("strategy_version", line.id, person=rita, at=AT)


def test_cells_are_written_the_one_way_whoever_types_them(three: Three) -> None:
    rita = three[0]
    line = small.made(rita, row("early", "≥30"))
    assert queries.content_of(line.id)["table"]["rows"][0]["when"]["dpd"] == ">= 30"
    said = {"zh": "逾期 ≥30", "en": "late ≥30"}
    same = small.content(row("early", ">=  30", because=said))
    assert document.digest(document.tidy(same, code="small")) == line.digest


def test_the_digest_is_that_of_the_strategy_itself(three: Three) -> None:
    for content in (*document.shipped().values(), small.content()):
        tidy = document.tidy(content, code=content["id"])
        assert document.digest(tidy) == strategies.digest(document.drawn(tidy))


def test_an_author_never_decides_and_another_person_does(three: Three) -> None:
    rita, rob, cora = three
    line = small.made(rita)
    line = actions.keep_draft(
        version_id=line.id,
        rev=line.rev,
        content=small.content(row("early", "1..15")),
        deed=deed(rob, reason=""),
    )
    asked = small.proposed(rita, line)
    for author in (rita, rob):
        with pytest.raises(NotAllowed):
            small.decided(author, asked, "approve")
    assert queries.version(line.id).state == State.DRAFT
    small.decided(cora, asked, "approve")
    found = queries.version(line.id)
    assert (found.state, found.decided_by, found.begins_on) == (
        State.SCHEDULED,
        "cora",
        TODAY,
    )
    told = audit.timeline(subject_type="strategy", subject_id=line.strategy_id)
    assert "strategy.approved" in {each.type for each in told}


def test_the_database_wants_another_person_too(three: Three) -> None:
    rita = three[0]
    line = small.made(rita)
    wishes = (
        {"state": "live", "begins_on": TODAY, "decided_by": "rita"},
        {"state": "scheduled", "begins_on": TODAY, "decided_by": "cora"},
    )
    for wish in wishes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Version.objects.filter(pk=line.id).update(**wish)
    row_of = Version.objects.get(pk=line.id)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.create(
            strategy_id=row_of.strategy_id,
            number=9,
            state="live",
            origin="rollback",
            content=row_of.content,
            digest=row_of.digest,
            based_on=row_of,
            begins_on=TODAY,
            decided_by="cora",
            changed_by="rita",
            changed_at=AT,
        )


def test_what_was_decided_stays_as_it_was(three: Three) -> None:
    rita, _rob, cora = three
    line = small.live(rita, cora)
    assert line.state == State.LIVE
    for sql in (
        "update strategy_version set content = '{}' where id = %s",
        "update strategy_version set state = 'draft' where id = %s",
        "delete from strategy_version where id = %s",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [line.id])


def test_a_draft_changed_since_is_not_what_was_proposed(three: Three) -> None:
    rita, _rob, cora = three
    line = small.made(rita)
    asked = small.proposed(rita, line)
    actions.keep_draft(
        version_id=line.id,
        rev=line.rev,
        content=small.content(row("early", "1..9")),
        deed=deed(rita, reason=""),
    )
    with pytest.raises(Conflict):
        small.decided(cora, asked, "approve")
    assert queries.version(line.id).state == State.DRAFT


def test_a_version_holds_from_its_day_on_and_the_one_before_until_then(
    three: Three, maker: Maker
) -> None:
    rita, _rob, cora = three
    first = small.live(rita, cora)
    second = actions.begin_draft(
        strategy_id=first.strategy_id,
        content=small.content(row("early", "1..60")),
        deed=deed(rita, reason=""),
    )
    small.decided(cora, small.proposed(rita, second, TOMORROW), "approve")
    actions.evaluate_due(at=AT)
    assert [each.version_id for each in queries.in_force(TODAY)] == [first.id]
    assert [each.version_id for each in queries.in_force(TOMORROW)] == [second.id]
    dayend.set_business_date(on=TOMORROW, by="test", at=AT)
    actions.evaluate_due(at=AT)
    assert queries.version(second.id).state == State.LIVE
    assert queries.version(first.id).ended_on == TOMORROW
    assert [each.version_id for each in queries.in_force(TODAY)] == [first.id]


def test_without_a_day_it_waits_until_one_is_named(three: Three) -> None:
    rita, _rob, cora = three
    line = small.made(rita)
    small.decided(cora, small.proposed(rita, line, None), "approve")
    assert queries.version(line.id).state == State.REVIEWED
    with pytest.raises(NotAllowed):
        actions.schedule_version(
            version_id=line.id,
            begins_on=TOMORROW,
            deed=deed(people.person("mei"), reason=""),
        )
    actions.schedule_version(
        version_id=line.id, begins_on=TOMORROW, deed=deed(cora, reason="")
    )
    assert queries.version(line.id).state == State.SCHEDULED


def test_an_earlier_version_is_put_back_at_once(three: Three, maker: Maker) -> None:
    rita, rob, cora = three
    first = small.live(rita, cora)
    second = actions.begin_draft(
        strategy_id=first.strategy_id,
        content=small.content(row("early", "1..60")),
        deed=deed(rita, reason=""),
    )
    small.decided(cora, small.proposed(rita, second), "approve")
    maker.days = [small.LAST]
    actions.evaluate_due(at=AT)
    with pytest.raises(Refused):  # a reason is asked
        actions.roll_back(version_id=first.id, deed=deed(rob, reason=" "))
    back = actions.roll_back(version_id=first.id, deed=deed(rob, reason="too many"))
    actions.evaluate_due(at=AT)
    found = queries.version(back)
    assert (found.state, found.digest) == (State.LIVE, first.digest)
    assert found.begins_on == TODAY and queries.version(second.id).state == "retired"
    assert maker.evaluated[-1] == (small.LAST, (back,))
    with pytest.raises(Conflict):  # just this holds already
        actions.roll_back(version_id=first.id, deed=deed(rob, reason="again"))


def test_what_never_held_is_not_put_back(three: Three) -> None:
    rita, rob, cora = three
    first = small.live(rita, cora)
    second = actions.begin_draft(
        strategy_id=first.strategy_id,
        content=small.content(row("early", "1..60")),
        deed=deed(rita, reason=""),
    )
    small.decided(cora, small.proposed(rita, second, TOMORROW), "approve")
    actions.retire_version(version_id=second.id, deed=deed(cora, reason="too soon"))
    with pytest.raises(Conflict):
        actions.roll_back(version_id=second.id, deed=deed(rob, reason="after all"))
    assert queries.live_ids() == [first.id]
    story = audit.timeline(subject_type="strategy", subject_id=first.strategy_id)
    (told,) = [each.payload for each in story if each.type == "strategy.retired"]
    assert told["begins_on"] == TOMORROW.isoformat()


def test_who_drew_a_version_neither_times_it_nor_puts_it_back(three: Three) -> None:
    _rita, rob, cora = three
    line = small.made(rob)  # Rob may decide as well
    small.decided(cora, small.proposed(rob, line, None), "approve")
    with pytest.raises(NotAllowed):
        actions.schedule_version(
            version_id=line.id, begins_on=TODAY, deed=deed(rob, reason="")
        )
    actions.schedule_version(
        version_id=line.id, begins_on=TODAY, deed=deed(cora, reason="")
    )
    actions.evaluate_due(at=AT)
    actions.retire_version(version_id=line.id, deed=deed(cora, reason="wrong"))
    with pytest.raises(NotAllowed):
        actions.roll_back(version_id=line.id, deed=deed(rob, reason="mine"))
    assert actions.roll_back(version_id=line.id, deed=deed(cora, reason="right"))


def test_a_proposal_wants_a_rehearsal_of_the_draft_as_it_is(
    three: Three, maker: Maker
) -> None:
    rita, _rob, cora = three
    small.a_run()
    line = small.made(rita)
    with pytest.raises(Refused) as refused:
        small.proposed(rita, line)
    assert refused.value.code == "not_rehearsed"
    asked = actions.ask_rehearsal(
        version_id=line.id, rev=line.rev, deed=deed(rita, reason="")
    )
    maker.moved = [small.move(7)]
    actions.rehearse_waiting(at=AT)
    found = queries.rehearsal(asked)
    assert found.is_done and found.summary["moved"] == 1
    proposal = approvals.find(small.proposed(rita, line).id, person=cora, at=AT)
    told = proposal.after["rehearsed"]
    assert isinstance(told, dict) and told["moved"] == 1
    line = actions.keep_draft(
        version_id=line.id,
        rev=line.rev,
        content=small.content(row("early", "1..9")),
        deed=deed(rita, reason=""),
    )
    assert not queries.rehearsal(asked).still_so


def test_what_ships_is_put_in_once_and_says_that_nobody_approved_it(
    three: Three, maker: Maker
) -> None:
    maker.days = [small.LAST]
    actions.evaluate_due(at=AT)
    actions.evaluate_due(at=AT)
    lines = queries.strategies()
    assert len(lines) == len(document.shipped()) > 0
    for line in lines:
        assert line.live is not None and line.live.decided_by == ""
        document.whole(queries.content_of(line.live.id))  # fit to be released
    assert len(maker.evaluated) == 1


def test_nobody_falls_off_the_end_unnoticed(three: Three, maker: Maker) -> None:
    rita, _rob, cora = three
    small.live(rita, cora)
    maker.days, maker.alarms = [small.LAST], 3
    actions.evaluate_due(at=AT)
    wish: dict[str, Any] = {"kind": telling.ALARM, "unread": True, "limit": 5}
    (told,) = notices.notices_of("cora", **wish)
    assert told.params["n"] == 3 and told.url == "/strategy/steps/?alarm=1"
    maker.days, maker.alarms = [TODAY], 0
    actions.evaluate_due(at=AT)
    assert not notices.notices_of("cora", **wish)
