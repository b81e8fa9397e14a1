"""The golden cases on the plain reference."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from daihou.engine.ledger.history import history
from daihou.engine.ledger.settle import settle
from daihou.engine.ledger.values import LoanState
from daihou.engine.ledger.whatif import payoff
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
    if name == "payoff":
        return payoff(case.loan, case.policy, on=state.as_of).total
    return getattr(state, name)


def expected(values: Any) -> Iterator[tuple[str, Any]]:
    """Yield each expected figure as the engine writes it."""
    for name, value in values.items():
        if name == "paid":
            continue
        if name.endswith("_on"):
            yield name, value and day(value)
        elif isinstance(value, str) and "." in value:
            yield name, minor(value)
        else:
            yield name, value


@pytest.mark.parametrize(
    ("case", "on"), DAYS, ids=[f"{case.name}: {on}" for case, on in DAYS]
)
def test_says_what_the_case_says(case: Case, on: date) -> None:
    state = settle(case.loan, case.policy, as_of=on, calendar=case.closed_days or None)
    wanted = dict(expected(case.expect[on]))
    assert {name: found(state, case, name) for name in wanted} == wanted
    paid = case.expect[on].get("paid", {})
    for component, amount in paid.items():
        total = sum(each.paid[component] for each in state.demands)
        assert total == minor(amount), component


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
