"""The clock is read in one place and can be held."""

from datetime import UTC, date, datetime

import pytest

from daihou.config import clock


def test_a_held_clock_tells_the_lenders_date():
    with clock.standing_at(datetime(2026, 2, 28, 17, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 1)  # already the next day in Shanghai
    assert clock.now().year >= 2026
    assert clock.now().tzinfo is UTC


def test_a_clock_is_not_held_at_an_instant_without_a_zone():
    with (
        pytest.raises(ValueError, match="aware"),
        clock.standing_at(datetime(2026, 2, 28)),  # noqa: DTZ001
    ):
        pass
