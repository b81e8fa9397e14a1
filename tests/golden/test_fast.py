"""The golden cases on the fast text: the same words for the whole book."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from daihou.columnar.settle import settle
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS, RATE_STEPS, WAIVERS
from tests.golden.cases import Case, cases
from tests.golden.test_reference import expected

CASES = list(cases())
DAYS = [(case, on) for case in CASES for on in case.expect]


def rows(case: Case, kind: str) -> list[dict[str, Any]]:
    """Return the demands or payments of a case as rows of the facts table."""
    return [
        {"loan_id": 1} | {name: getattr(each, name) for name in each.__slots__}
        for each in getattr(case.loan, kind)
    ]


def facts(case: Case) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Return a case as the three facts tables."""
    loan = {name: getattr(case.loan, name) for name in case.loan.__slots__}
    loan |= {"product": "golden", "customer_id": 1}
    demands = sorted(rows(case, "demands"), key=lambda row: (row["due_on"], row["seq"]))
    payments = sorted(
        rows(case, "payments"), key=lambda row: (row["paid_on"], row["payment_id"])
    )
    return (
        pa.Table.from_pylist([loan], schema=LOANS),
        pa.Table.from_pylist(demands, schema=DEMANDS),
        pa.Table.from_pylist(payments, schema=PAYMENTS),
    )


def further(case: Case) -> dict[str, pa.Table]:
    """Return the waivers and the repricings of a case as tables of facts."""
    waivers = [row | {"waived_on": row.pop("on")} for row in rows(case, "waivers")]
    waivers.sort(key=lambda row: (row["waived_on"], row["waiver_id"]))
    return {
        "waivers": pa.Table.from_pylist(waivers, schema=WAIVERS),
        "rate_steps": pa.Table.from_pylist(rows(case, "rate_steps"), schema=RATE_STEPS),
    }


@pytest.mark.parametrize(
    ("case", "on"), DAYS, ids=[f"{case.name}: {on}" for case, on in DAYS]
)
def test_says_what_the_case_says(case: Case, on: date) -> None:
    positions = settle(
        *facts(case),
        {"golden": case.policy},
        as_of=on,
        calendar=case.closed_days or None,
        pauses={1: case.loan.pauses} if case.loan.pauses else {},
        **further(case),
    )
    (position,) = positions.to_pylist()
    wanted = dict(expected(case.expect[on]))
    for name in ("payoff", "claimable"):  # asked of one loan, never of the book
        wanted.pop(name, None)
    assert {name: position[name] for name in wanted} == wanted
