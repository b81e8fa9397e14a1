"""The town lived day by day: the laws of the ledger hold after every one of them."""

from datetime import timedelta

import pytest

from tests.simulation.towns import UNTIL, Laws, every_day, town


def live(
    *, loans: int, months: int, seed: int, days: int, sample: int
) -> dict[str, int]:
    """Live the last `days` days of a town under the laws; what was seen."""
    laws = Laws(town(loans, months=months, seed=seed), sample=sample)
    for day in every_day(UNTIL - timedelta(days=days - 1), UNTIL):
        laws.live(day)
    return laws.seen


def test_ninety_days_under_the_laws():
    seen = live(loans=150, months=3, seed=1, days=90, sample=4)
    assert seen["aged"] > 300
    assert seen["compared"] > 500
    assert seen["newly late"] > 10
    assert seen["cured"] > 10


@pytest.mark.deep
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_year_under_the_laws(seed):
    seen = live(loans=150, months=12, seed=seed, days=365, sample=12)
    assert seen["aged"] > 2000
    assert seen["compared"] > 4000
    assert seen["newly late"] > 50
    assert seen["cured"] > 50


def test_the_laws_notice_a_late_loan_that_stands_still():
    laws = Laws(town(150, months=3, seed=1), sample=1)
    day = UNTIL - timedelta(days=30)
    positions = laws.live(day)
    with pytest.raises(AssertionError):
        laws.untouched_ages_a_day(positions, positions, day + timedelta(days=400))
