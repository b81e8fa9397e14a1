"""Golden lives: what a restructuring leads to, as a lawyer would check it."""

from datetime import date
from typing import Any

import pytest

from daihou.engine.basics.money import to_major, to_minor
from daihou.engine.ledger.life.front import LifeState, settle_life
from tests.golden.lives import Life, lives

CASES = {each.name: each for each in lives()}
ROW = ("principal", "interest", "fee")


def test_there_are_cases() -> None:
    assert len(CASES) >= 25


@pytest.mark.parametrize("name", CASES)
def test_a_life_is_as_expected(name: str) -> None:
    case = CASES[name]
    for on, expected in case.expect.items():
        found = seen(case, on)
        wrong = {
            key: (found[key], value)
            for key, value in expected.items()
            if found[key] != value
        }
        assert not wrong, f"{on}: found, expected: {wrong}"


def seen(case: Life, on: date) -> dict[str, Any]:
    """Return what a case may expect, as its file would write it."""
    life = settle_life(case.contract, case.events, as_of=on, known_at=case.known_at)
    state = life.state
    money = {
        "outstanding_principal": state.outstanding_principal,
        "outstanding_total": state.outstanding_total,
        "overdue_total": state.overdue_total,
        "credit": state.unapplied_credit,
    }
    return {name: major(amount) for name, amount in money.items()} | {
        "dpd": state.dpd,
        "dpd_original": life.dpd_original,
        "worst_dpd": state.worst_dpd,
        "status": state.status,
        "left": [
            [each.due_on.isoformat(), *(major(each.unpaid[part]) for part in ROW)]
            for each in state.demands
            if any(each.unpaid[part] for part in ROW)
        ],
        "given_up": given_up(life),
    }


def given_up(life: LifeState) -> dict[str, str]:
    """Sum what was really given up, by component."""
    sums: dict[str, int] = {}
    for each in life.loan.waivers:
        if not each.moved:
            sums[each.component] = sums.get(each.component, 0) + each.amount
    return {component: major(amount) for component, amount in sums.items()}


def major(minor: int) -> str:
    """Write fen as yuan."""
    assert to_minor(to_major(minor, "CNY"), "CNY") == minor
    return f"{to_major(minor, 'CNY'):.2f}"
