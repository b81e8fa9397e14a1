"""The town lived day by day: the laws of the ledger hold after every one of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from daihou.engine.ledger.values import LoanState
from tests.simulation.towns import UNTIL, Laws, every_day, town

TWO_YEARS = 730


def live(
    *, loans: int, months: int, seed: int, days: int, sample: int
) -> dict[str, int]:
    """Live the last `days` days of a town under the laws; what was seen."""
    laws = Laws(town(loans, months=months, seed=seed), sample=sample)
    for day in every_day(UNTIL - timedelta(days=days - 1), UNTIL):
        laws.live(day)
    return laws.seen


def test_ninety_days_under_the_laws():
    seen = live(loans=150, months=3, seed=1, days=90, sample=3)
    assert seen["aged"] > 300
    assert seen["compared"] > 400
    assert seen["newly late"] > 10
    assert seen["cured"] > 10
    assert min(seen.values()) > 0


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(1, 21))
def test_two_years_under_the_laws(seed):
    seen = live(loans=150, months=24, seed=seed, days=TWO_YEARS, sample=4)
    assert seen["aged"] > 1500
    assert seen["compared"] > 3000
    assert seen["newly late"] > 80
    assert seen["cured"] > 80
    assert seen["capped"]
    assert seen["waived"] > 10


def test_the_laws_notice_a_late_loan_that_stands_still():
    laws = Laws(town(150, months=3, seed=1), sample=1)
    day = UNTIL - timedelta(days=30)
    positions = laws.live(day)
    with pytest.raises(AssertionError):
        laws.law_4_untouched_ages_a_day(positions, positions, day + timedelta(days=400))


def test_the_laws_notice_a_cost_above_the_cap():
    """The same loans, their penalties claimed to the last cent of the contract."""
    laws = Laws(town(150, months=3, seed=1), sample=150)
    laws.count_principal(to=UNTIL)
    noticed = 0
    for loan, policy, state in laws.settled(UNTIL):
        if not any(state.over_cap.values()):
            continue
        try:
            laws.law_6_nothing_above_the_cap(loan, policy, uncut(state))
        except AssertionError:
            noticed += 1
    assert noticed


def uncut(state: LoanState) -> LoanState:
    """A state that claims what is above the cap as well."""
    first, *others = state.demands
    above = {part: first.unpaid[part] + state.over_cap[part] for part in first.unpaid}
    none = dict.fromkeys(state.over_cap, 0)
    return replace(
        state, demands=(replace(first, unpaid=above), *others), over_cap=none
    )
