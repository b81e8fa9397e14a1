"""The golden cases on the plain reference."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from daihou.engine.ledger.fixed.history import history
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import payoff
from daihou.engine.ledger.values import LoanState
from tests.golden.cases import Case, cases, day, minor

CASES = list(cases())
DAYS = [(case, on) for case in CASES for on in case.expect]


def found(state: LoanState, case: Case, name: str) -> Any:
    """Return what the state says under the name a case uses."""
    if name == "overdue_loan_balance":
        return state.outstanding_principal if state.dpd > 0 else 0
    if name == "overdue_total":
        return state.overdue_total
    if name.startswith("overdue_"):
        return state.overdue[name.removeprefix("overdue_")]
    if name == "over_cap":
        return sum(state.over_cap.values())
    if name == "payoff":
        return payoff(case.loan, case.policy, on=state.as_of).total
    return getattr(state, name)


# By component; asked of one loan, never of the book.
BY_COMPONENT = ("paid", "waived", "above", "memo")


def expected(values: Any) -> Iterator[tuple[str, Any]]:
    """Yield each expected figure as the engine writes it."""
    for name, value in values.items():
        if name in BY_COMPONENT:
            continue
        if name.endswith(("_on", "_since")):
            yield name, value and day(value)
        elif isinstance(value, str) and "." in value:
            yield name, minor(value)
        else:
            yield name, value


def by_component(state: LoanState, name: str) -> dict[str, int]:
    """Return what the state says by component: paid, waived, above the cap, memo."""
    if name in ("above", "memo"):
        return dict(state.over_cap if name == "above" else state.memo)
    total: Counter[str] = Counter()
    for each in state.demands:
        total.update(each.paid if name == "paid" else each.waived)
    return dict(total)


@pytest.mark.parametrize(
    ("case", "on"), DAYS, ids=[f"{case.name}: {on}" for case, on in DAYS]
)
def test_says_what_the_case_says(case: Case, on: date) -> None:
    state = settle(case.loan, case.policy, as_of=on, calendar=case.closed_days or None)
    wanted = dict(expected(case.expect[on]))
    assert {name: found(state, case, name) for name in wanted} == wanted
    for name in BY_COMPONENT:
        given = case.expect[on].get(name)
        if given is not None:
            amounts = by_component(state, name)
            assert {part: amounts[part] for part in given} == {
                part: minor(amount) for part, amount in given.items()
            }, name


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_history_agrees_with_each_day(case: Case) -> None:
    first, last = min(case.expect), max(case.expect)
    seen = history(
        case.loan,
        case.policy,
        first=first,
        last=last,
        calendar=case.closed_days or None,
    )
    wanted = {on: each["dpd"] for on, each in case.expect.items() if "dpd" in each}
    assert {on: seen[on] for on in wanted} == wanted
