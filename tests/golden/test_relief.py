"""The relief policy a lender starts with says what a branch manager expects."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from daihou.engine.basics.money import to_minor
from daihou.engine.commitments import arrangement, settlement
from daihou.engine.commitments.authority import Ask, authorise
from daihou.engine.commitments.receipts import Receipt
from daihou.engine.commitments.recoverability import Facts, propose
from daihou.engine.commitments.settlement import SettlementError
from daihou.engine.commitments.waiver import Condition, WaiverState, judge
from daihou.packs import relief

STORIES = yaml.safe_load(
    (Path(__file__).parent / "relief/policy.yaml").read_text(encoding="utf-8")
)
DAY = date(2026, 3, 20)
Story = Mapping[str, Any]


def stories(group: str) -> Any:
    """The stories of a group, by name."""
    return pytest.mark.parametrize(
        "story", [pytest.param(each, id=each["name"]) for each in STORIES[group]]
    )


def fen(amounts: Mapping[str, str]) -> dict[str, int]:
    return {part: to_minor(amount, "CNY") for part, amount in amounts.items()}


def money(rows: list[list[Any]]) -> list[Receipt]:
    return [Receipt(on, to_minor(a, "CNY"), *ended) for on, a, *ended in rows]


@stories("authority")
def test_authority(story: Story) -> None:
    asked = story["ask"]
    ask = Ask(
        kind=asked["kind"],
        currency="CNY",
        parts=fen(asked["parts"]),
        owed=fen(asked["owed"]),
        before=fen(asked.get("before", {})),
        dpd=asked["dpd"],
        product="consumer_loan",
        role="collector",
        pool_used=to_minor(asked.get("pool_used", "0"), "CNY"),
    )
    found = authorise(relief.shipped().matrix, ask, as_of=DAY)
    assert found.verdict == story["says"]["verdict"]
    assert list(found.levels) == story["says"].get("levels", [])


@stories("waiver")
def test_waiver(story: Story) -> None:
    told = story["condition"]
    condition = Condition(to_minor(told["amount"], "CNY"), told["since"], told["until"])
    was = WaiverState(story.get("was", "conditional"))
    found = judge(condition, money(story["money"]), as_of=story["as_of"], was=was)
    assert found.state == story["says"]["state"]
    assert found.met_on == story["says"].get("met_on")


@stories("plan")
def test_plan(story: Story) -> None:
    terms = relief.shipped().plan
    rows = tuple(
        arrangement.Instalment(seq, on, to_minor(amount, "CNY"))
        for seq, (on, amount) in enumerate(story["rows"], 1)
    )
    plan = arrangement.Plan(
        rows=rows,
        accepted_on=DAY,
        allowance=terms.allowance,
        grace_days=terms.grace_days,
        tolerance=terms.tolerance,
        missed=terms.missed,
    )
    found = arrangement.standing(plan, money(story["money"]), as_of=story["as_of"])
    assert found.state == story["says"]["state"]
    assert list(found.misses) == story["says"].get("misses", [])


@stories("settlement")
def test_settlement(story: Story) -> None:
    policy = relief.shipped()
    owed, amount = (to_minor(story[name], "CNY") for name in ("owed", "amount"))
    if story["says"]["band"] is None:
        with pytest.raises(SettlementError):
            settlement.band_for(policy.bands, dpd=story["dpd"])
        return
    band = settlement.band_for(policy.bands, dpd=story["dpd"])
    assert band.id == story["says"]["band"]
    try:
        settlement.check_offer(band, amount, owed=owed, currency="CNY")
    except SettlementError:
        assert not story["says"]["allowed"]
    else:
        assert story["says"]["allowed"]


@stories("recoverability")
def test_recoverability(story: Story) -> None:
    policy = relief.shipped()
    found = propose(
        policy.recoverability,
        Facts(**story["facts"]),
        as_of=DAY,
        version=policy.version,
    )
    assert found.answer == story["says"]
