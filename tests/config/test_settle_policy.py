"""`daihou settle` with a policy of one's own, rows given, the cap, huge amounts."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.config.settling import changed, examples, from_the_page, minor, settle


def with_policy(**policy: object) -> dict[str, Any]:
    loan = from_the_page() | {"policy": policy, "currency": "CNY", "events": []}
    del loan["product"]
    return loan


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (
            {
                "cost_caps": [
                    {"rule": "X", "begins_on": "2020-01-01", "annual_rate": "24"}
                ]
            },
            "$.policy.cost_caps[0].annual_rate: 24 is out of range (a share from 0 to 10",
        ),
        ({"dpd": {"id": "x"}}, "such as DPD-CN-01"),
        ({"dpd": {"tolerance": "-1"}}, "$.policy.dpd.tolerance"),
        ({"allocation": {"order": ["fee"]}}, "at least 5 of them"),
        ({"non_accrual_after": -1}, "not below 0"),
        ({"mode": "mirror"}, "$.policy: A core system keeps"),
    ],
)
def test_a_policy_that_cannot_be_is_said_with_its_place(
    policy: dict[str, object], said: str
) -> None:
    result = settle(with_policy(**policy))
    assert result.exit_code == 1
    assert said in result.output


def test_of_a_penalty_only_the_multiplier_need_be_said() -> None:
    short = with_policy(penalty={"multiplier": "1.5"})
    whole = {"multiplier": "1.5", "on_principal": True, "on_interest": True}
    state = json.loads(settle(short, "--json").output)
    assert state == json.loads(
        settle(with_policy(penalty=whole | {"days_in_year": 360}), "--json").output
    )
    # 2026-02-10 to 2026-05-02 is 81 days: 946.19 and 120.00 at 18 % over 360.
    unpaid = state["instalments"][0]["unpaid"]
    assert (unpaid["penalty"], unpaid["compound"]) == ("38.32", "4.86")


def test_ten_billion_at_36_percent_for_ten_years_is_exact() -> None:
    loan = with_policy(penalty={"multiplier": "1.5"})
    loan["terms"] |= {
        "principal": "10000000000.00",
        "annual_rate": "0.36",
        "periods": 120,
    }
    rows = json.loads(settle(loan, "--json", "--as-of", "2046-01-10").output)[
        "instalments"
    ]
    # P i (1+i)^n / ((1+i)^n - 1) at 3 % a month, worked out in 60 digits.
    assert (rows[0]["principal"], rows[0]["interest"]) == ("8899175.77", "300000000.00")
    assert (rows[-1]["principal"], rows[-1]["interest"]) == (
        "299902116.09",
        "8997063.48",
    )
    days = (date(2046, 1, 10) - date(2026, 2, 10)).days
    exact = Decimal("8899175.77") * Decimal("0.54") * days / 360
    assert Decimal(rows[0]["unpaid"]["penalty"]) == round(exact, 2)


def test_the_policy_of_the_page_can_stand_in_place_of_the_product() -> None:
    loan, policy = examples()
    del loan["product"]
    result = settle(loan | policy, "--json", "--as-of", "2026-04-25")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["dpd"] == 46


def test_a_policy_of_ones_own_and_rows_given() -> None:
    loan = from_the_page()
    del loan["product"], loan["events"]
    loan |= {
        "currency": "JPY",
        "policy": {"dpd": {"tolerance": "5"}, "allocation": {"advance": "next"}},
        "versions": [
            {
                "begins_on": "2026-01-10",
                "rows": [{"due_on": "2026-03-01", "principal": "12000"}],
            }
        ],
    }
    loan["terms"]["principal"] = "12000"
    loan["events"] = [
        {"kind": "payment", "id": 1, "happened_on": "2026-02-01", "amount": 11996}
    ]
    state = json.loads(settle(loan, "--json").output)
    assert (state["outstanding_total"], state["dpd"]) == ("4", 0)
    loan["policy"]["dpd"]["tolerance"] = "3"
    assert json.loads(settle(loan, "--json").output)["dpd"] == 62


def test_a_currency_nobody_knows_is_refused_in_a_policy_of_ones_own() -> None:
    loan = from_the_page() | {"policy": {}, "currency": "XYZ"}
    del loan["product"]
    assert "Currency 'XYZ' is not in the table" in settle(loan).output


def test_what_the_cost_cap_cuts_is_shown_and_rows_add_up() -> None:
    loan = changed("terms.annual_rate", "0.36") | {"events": []}
    table = settle(loan).output
    assert "Above the cost cap, not claimed: 389.24   claimable 12896.00" in table
    assert "超过成本上限、不主张：389.24" in settle(loan, language="zh").output
    late = settle(from_the_page(), "--as-of", "2026-04-25").output
    row = next(line for line in late.splitlines() if " 2026-03-10 " in line).split()
    due, paid, off, left = row[2:6], *row[6:9]
    assert sum(map(minor, due)) == minor(paid) + minor(off) + minor(left)
    assert "Above the cost cap" not in late
