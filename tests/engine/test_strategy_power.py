"""What an experiment can see, by published sizes and by trying it out; its verdicts."""

import math
from random import Random
from typing import Any

import pytest

from daihou.engine.strategy.experiment import Amounts, Outcome, Share, read_out
from daihou.engine.strategy.power import (
    Verdict,
    needed,
    power,
    smallest_amount,
    smallest_share,
    verdict,
)
from daihou.engine.strategy.strategy import Arm, Experiment

TWO = Experiment("e", {}, "s", (Arm("champion", {}, 500), Arm("other", {}, 500)))


@pytest.mark.parametrize(
    ("one", "other", "size"),
    # Two proportions, two-sided 5 %, power 80 %, no correction for continuity.
    [(0.5, 0.6, 388), (0.1, 0.15, 686), (0.6, 0.7, 356), (0.05, 0.1, 435)],
)
def test_sizes_are_those_of_the_tables(one: float, other: float, size: int) -> None:
    found = needed(one, other, confidence=0.95)
    assert found is not None and abs(found - size) <= 1
    assert needed(other, one, confidence=0.95) == found


def test_equal_shares_are_told_apart_by_no_number() -> None:
    assert needed(0.3, 0.3, confidence=0.95) is None
    assert needed(0.3, 0.3000001, confidence=0.95) is None, "no number worth telling"


def test_the_smallest_difference_is_seen_in_four_of_five_trials() -> None:
    random, many, share = Random(7), 1_000, 0.3
    apart = smallest_share(share, many, many, confidence=0.95)
    assert apart is not None
    seen = 0
    for _ in range(400):
        one = sum(random.random() < share + apart for _ in range(many)) / many
        other = sum(random.random() < share for _ in range(many)) / many
        both = (one + other) / 2
        error = math.sqrt(2 * both * (1 - both) / many)
        seen += abs(one - other) > 1.959964 * error
    assert 0.72 < seen / 400 < 0.88


def test_the_smallest_amount_shrinks_with_the_root_of_the_customers() -> None:
    few, more = Amounts.of([0, 1000] * 50), Amounts.of([0, 1000] * 200)
    small, large = (
        smallest_amount(each, each, confidence=0.95) for each in (more, few)
    )
    assert small is not None and large is not None
    assert large / small == pytest.approx(2, rel=0.02)
    assert smallest_amount(Amounts.of([1]), few, confidence=0.95) is None


def outcome(customers: int = 1000, cured: int = 300, **changes: Any) -> Outcome:
    usual: dict[str, Any] = {
        "cash": Amounts.of([900, 1100] * (customers // 2)),
        "complained": 0,
        "broken": Share(10, 100),
        "refused": Share(0, 100),
    }
    return Outcome(customers=customers, cured=cured, **(usual | changes))


def spent(each: int, customers: int = 1000) -> Amounts:
    return Amounts.of([each - 1, each + 1] * (customers // 2))


@pytest.mark.parametrize(
    ("arm", "expected"),
    [
        (outcome(), Verdict.NOTHING),
        (outcome(cured=400), Verdict.BETTER),
        (outcome(cured=200), Verdict.WORSE),
        (outcome(cured=400, cash=Amounts.of([100, 120] * 500)), Verdict.WORSE),
        (outcome(cured=400, complained=100), Verdict.HARM),
        (outcome(20, 15, cash=Amounts.of([900, 1100] * 10)), Verdict.EARLY),
        (outcome(cured=400, cost=spent(500)), Verdict.BETTER_DEARER),
        (outcome(cured=400, cost=spent(50)), Verdict.BETTER),
        (outcome(cost=spent(50)), Verdict.CHEAPER),
        (outcome(cost=spent(500)), Verdict.NOTHING),
    ],
)
def test_a_verdict_counts_harm_first_then_results_then_costs(
    arm: Outcome, expected: Verdict
) -> None:
    champion = outcome(cost=spent(100))
    found = read_out(TWO, {"champion": champion, "other": arm})
    assert verdict(found.arms[0], mismatch=False, champion=champion) is expected
    wrong = verdict(found.arms[0], mismatch=True, champion=champion)
    assert wrong is Verdict.MISMATCH


def test_nobody_in_an_arm_has_no_power() -> None:
    none = outcome(0, 0, cash=Amounts(0, 0, 0))
    found = power(none, outcome(), confidence=0.95)
    assert (found.share, found.amount, found.needed) == (None, None, None)


@pytest.mark.parametrize("cured", [0, 1000])
def test_where_all_ended_alike_no_difference_is_promised(cured: int) -> None:
    found = power(outcome(), outcome(cured=cured), confidence=0.95)
    assert found.share is None and found.amount is not None


def test_where_nobody_paid_no_difference_is_promised() -> None:
    nothing = outcome(cash=Amounts.of([0] * 1000))
    found = power(nothing, nothing, confidence=0.95)
    assert found.amount is None and found.share is not None
