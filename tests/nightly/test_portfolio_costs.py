"""Costs of collecting: from the lender's own list, and blank without it."""

from dataclasses import replace

import pytest

from daihou.kit.portfolio import Asked
from daihou.nightly import portfolio_work as work
from tests.nightly.working import below, build, points

pytestmark = pytest.mark.django_db


def test_costs_are_blank_without_a_list_and_exact_with_one(tmp_path):
    build(seed=1)
    assert points("cost_to_collect"), "there is cash to compare with"
    assert not any(each.known for each in points("cost_to_collect").values())
    (tmp_path / "costs.csv").write_text(
        "month,kind,currency,amount\n2025-03,staff,CNY,12.34\n2025-03,legal,CNY,1\n"
        "2025-03,staff,USD,9\n",
        encoding="utf-8",
    )
    asked = Asked("cost_to_collect")
    told = {p.at: p for p in work.series(below(), asked, home=tmp_path).points}
    cash = points("collected_in_cases")
    assert (told["2025-03"].part, told["2025-03"].whole) == (
        1334,
        cash["", "2025-03"].part,
    )
    assert not told["2025-04"].known
    net = replace(asked, metric="net_recovery")
    found = {p.at: p for p in work.series(below(), net, home=tmp_path).points}
    assert found["2025-03"].part == cash["", "2025-03"].part - 100


@pytest.mark.parametrize(
    "line",
    [
        "2025-13,staff,CNY,1",
        "2025-3,staff,CNY,1",
        "2025-03,rent,CNY,1",
        "2025-03,staff,CNY,x",
        "2025-03,staff,CNY,-1",
    ],
)
def test_a_cost_that_cannot_be_read_is_told_by_its_line(tmp_path, line):
    build(seed=1)
    path = tmp_path / "costs.csv"
    path.write_text(f"month,kind,currency,amount\n{line}\n", encoding="utf-8")
    with pytest.raises(Exception, match="Line 2 of costs.csv"):
        work.series(below(), Asked("cost_to_collect"), home=tmp_path)
