"""Arms that stay, samples that must fit, and differences with their intervals."""

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from daihou.engine.strategy import chances
from daihou.engine.strategy.experiment import (
    Amounts,
    Outcome,
    Share,
    amount_difference,
    arm_of,
    place_of,
    read_out,
    sample_ratio,
    seed_of,
    share_difference,
    wilson,
)
from daihou.engine.strategy.strategy import Arm, Experiment


def experiment(*shares: int, salt: str = "spring") -> Experiment:
    arms = tuple(Arm(f"arm{at}", {}, share) for at, share in enumerate(shares))
    return Experiment("e", {}, salt, arms)


def outcome(customers: int, **changes: Any) -> Outcome:
    usual: dict[str, Any] = {
        "cured": customers // 2,
        "cash": Amounts.of([1000, 0] * (customers // 2)),
        "complained": 0,
        "broken": Share(1, 10),
        "refused": Share(0, 10),
    }
    return Outcome(customers=customers, **(usual | changes))


def test_a_customer_keeps_the_arm_and_another_salt_deals_anew() -> None:
    one, other = experiment(500, 500), experiment(500, 500, salt="autumn")
    first = [arm_of(number, one).code for number in range(2000)]
    assert first == [arm_of(number, one).code for number in range(2000)]
    again = [arm_of(number, other).code for number in range(2000)]
    same = sum(a == b for a, b in zip(first, again, strict=True))
    assert 900 < same < 1100  # as two coins


def test_a_growing_share_moves_nobody_out_of_the_champion_but_the_new_ones() -> None:
    before, after = experiment(900, 100), experiment(800, 200)
    for number in range(3000):
        if arm_of(number, before).code == "arm1":
            assert arm_of(number, after).code == "arm1"


def test_the_places_are_even() -> None:
    seed = seed_of("spring")
    counts = Counter(place_of(number, seed) // 100 for number in range(20_000))
    found = stats.chisquare([counts[at] for at in range(10)])
    assert found.pvalue > 0.001
    assert set(counts) == set(range(10))


def test_lost_customers_are_noticed() -> None:
    asked = experiment(500, 500)
    fair = sample_ratio(asked, {"arm0": 5000, "arm1": 5050})
    assert not fair.is_suspicious
    lost = sample_ratio(asked, {"arm0": 5000, "arm1": 4600})
    assert lost.is_suspicious
    expected = stats.chisquare([5000, 4600], [4800, 4800])
    assert math.isclose(lost.chance, expected.pvalue, rel_tol=1e-9)
    assert not sample_ratio(asked, {}).is_suspicious


@given(st.floats(0, 400), st.integers(1, 40))
def test_the_tail_of_chi_square_is_that_of_the_library(
    value: float, freedom: int
) -> None:
    ours = chances.chi_square_above(value, freedom)
    theirs = float(stats.chi2.sf(value, freedom))
    assert math.isclose(ours, theirs, rel_tol=1e-7, abs_tol=1e-12)


@given(st.floats(0.51, 0.9999), st.floats(1, 5000))
def test_the_quantile_of_student_is_that_of_the_library(
    chance: float, freedom: float
) -> None:
    ours = chances.student_quantile(chance, freedom)
    assert math.isclose(ours, float(stats.t.ppf(chance, freedom)), rel_tol=1e-7)


def test_newcombes_own_examples_come_out() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table II, method 10."""
    for arm, champion, low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0000),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ):
        found = share_difference(Share(*arm), Share(*champion))
        assert found.low == pytest.approx(low, abs=5e-5)
        assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_score_interval_is_that_of_the_library(hits: int, more: int) -> None:
    many = hits + more
    low, high = wilson(Share(hits, many))
    found = stats.binomtest(hits, many).proportion_ci(method="wilson")
    assert math.isclose(low, found.low, abs_tol=1e-12)
    assert math.isclose(high, found.high, abs_tol=1e-12)


@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=30),
    st.lists(st.integers(0, 10**6), min_size=2, max_size=30),
)
def test_welch_is_that_of_the_library(one: list[int], other: list[int]) -> None:
    found = amount_difference(Amounts.of(one), Amounts.of(other))
    assert found.low is not None and found.high is not None
    assert found.middle is not None
    assert found.low <= found.middle <= found.high
    if len(set(one)) == 1 or len(set(other)) == 1:
        return  # the library doubts a variance of nothing
    theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert found.low == pytest.approx(theirs.low, abs=1.01)
    assert found.high == pytest.approx(theirs.high, abs=1.01)


def test_a_read_out_tells_what_is_better_what_harms_and_when_it_is_too_early() -> None:
    asked = experiment(500, 500)
    champion = outcome(1000, cured=400)
    challenger = outcome(1000, cured=520, complained=40)
    found = read_out(asked, {"arm0": champion, "arm1": challenger})
    (arm,) = found.arms
    assert arm.cured.is_clear and arm.cured.middle == pytest.approx(0.12)
    assert not arm.cash.is_clear
    assert arm.harms == ("complained",)
    assert not found.mismatch.is_suspicious
    assert found.stops == (("arm1", "complained"),)
    lost = outcome(700, cured=100)
    bad = read_out(asked, {"arm0": champion, "arm1": lost})
    assert bad.stops == (("", "mismatch"), ("arm1", "worse"))
    early = read_out(asked, {"arm0": outcome(10), "arm1": outcome(10, cured=0)})
    assert early.arms[0].cured.too_few
    assert not early.arms[0].cured.is_clear
    nobody = read_out(asked, {"arm0": outcome(0), "arm1": outcome(0)})
    assert nobody.arms[0].cured.middle is None


def test_more_challengers_make_every_interval_wider() -> None:
    many = {f"arm{at}": outcome(1000, cured=400 + 10 * at) for at in range(3)}
    two = read_out(experiment(500, 500), many)
    three = read_out(experiment(400, 300, 300), many)
    assert three.confidence > two.confidence
    assert three.arms[0].cured.high > two.arms[0].cured.high  # type: ignore[operator]
