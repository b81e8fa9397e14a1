"""Costs of collecting: as the lender wrote them down, and blank without."""

from dataclasses import replace
from datetime import date

import pytest

from daihou.kit.portfolio import Asked, Sight
from daihou.nightly.portfolio.work import asked as work
from daihou.rooms.reporting.models import Cost
from tests.nightly.working import below, build, noon, points

pytestmark = pytest.mark.django_db
AT = noon(date(2025, 4, 1))


def wrote(kind: str, amount: int | None, *, channel: str = "", currency: str = "CNY"):
    Cost.objects.create(
        month="2025-03",
        kind=kind,
        channel=channel,
        currency=currency,
        amount=amount,
        by="fay",
        at=AT,
    )


def test_costs_are_blank_without_a_line_and_exact_with_one():
    build(seed=1)
    assert points("cost_to_collect"), "there is cash to compare with"
    assert not any(each.known for each in points("cost_to_collect").values())
    wrote("staff", 1)
    wrote("staff", 1234)  # the newest line stands
    wrote("legal", 60)
    wrote("legal", 40, channel="letter")
    wrote("staff", 900, currency="USD")
    told, cash = points("cost_to_collect"), points("collected_in_cases")
    found = told["", "2025-03"]
    assert (found.part, found.whole) == (1334, cash["", "2025-03"].part)
    assert not told["", "2025-04"].known
    net = {p.at: p for p in work.series(below(), Asked("net_recovery")).points}
    assert net["2025-03"].part == cash["", "2025-03"].part - 100


def test_a_line_taken_back_is_not_known_and_a_part_of_the_house_has_no_costs():
    build(seed=1)
    wrote("staff", 1234)
    asked = Asked("cost_to_collect")
    north = replace(asked, sight=(Sight(branches=frozenset({"north"})),))
    assert not any(each.known for each in work.series(below(), north).points)
    wrote("staff", None)
    assert not any(each.known for each in work.series(below(), asked).points)
