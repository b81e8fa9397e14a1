"""Tags that stick and pauses that end early, by the day."""

from datetime import date

import pytest

from daihou.engine.delinquency.pauses import PauseAction, as_they_ran, is_paused
from daihou.engine.delinquency.tags import StickyTag, Tag, by_range, range_of

RANGES = (("early", 1), ("middle", 4), ("late", 31))


def on(day: int) -> date:
    return date(2024, 3, day)


@pytest.mark.parametrize(
    ("days", "name"),
    [(0, None), (1, "early"), (3, "early"), (4, "middle"), (30, "middle")]
    + [(31, "late"), (900, "late")],
)
def test_a_range_begins_on_its_first_day(days, name):
    assert range_of(days, RANGES) == name


def test_amounts_are_summed_by_range_in_its_order():
    late = [(31, 5), (0, 100), (1, 7), (3, 2), (-4, 50)]
    assert by_range(late, RANGES) == {"early": 9, "late": 5}
    assert list(by_range(late, RANGES)) == ["early", "late"]


def test_a_tag_stays_until_it_is_judged_otherwise():
    tag = StickyTag(RANGES)
    tag.judge(0, on=on(1))
    assert tag.name is None and tag.history == []
    tag.judge(1, on=on(2))
    tag.judge(3, on=on(4))  # the same range: put on once
    assert tag.history == [Tag("early", on(2))]
    tag.judge(4, on=on(5))
    assert tag.history == [Tag("middle", on(5)), Tag("early", on(2), on(5))]
    tag.judge(0, on=on(6))
    assert tag.name is None
    assert tag.history[0] == Tag("middle", on(5), on(6))
    tag.judge(0, on=on(7))
    assert tag.history[0].lifted_on == on(6)
    tag.judge(2, on=on(8))
    assert tag.name == "early"
    assert tag.history[0] == Tag("early", on(8))
    assert len(tag.history) == 3


@pytest.mark.parametrize(
    ("resumed", "last"),
    [(3, 20), (5, 5), (9, 9), (19, 19), (20, 20), (25, 20)],
)
def test_a_resumption_ends_the_pause_that_runs(resumed, last):
    actions = [PauseAction(on(5), on(20)), PauseAction(on(resumed))]
    assert as_they_ran(actions) == [(on(5), on(last))]


def test_resuming_ends_only_the_latest_pause():
    actions = [
        PauseAction(on(1)),
        PauseAction(on(1), on(4)),
        PauseAction(on(6), on(12)),
        PauseAction(on(8)),
    ]
    assert as_they_ran(actions) == [(on(1), on(4)), (on(6), on(8))]


@pytest.mark.parametrize(
    ("day", "paused"), [(4, False), (5, True), (9, True), (10, False)]
)
def test_both_ends_of_a_pause_are_paused(day, paused):
    assert is_paused([(on(5), on(9))], on(day)) is paused
