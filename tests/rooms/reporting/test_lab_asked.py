"""What the lab says of questions it cannot answer as they were asked."""

from dataclasses import replace
from typing import Any

import pytest

from daihou.kit import portfolio
from daihou.kit.portfolio import Asked
from tests.rooms.portfolio import Small
from tests.rooms.reporting.test_lab import ask, months
from tests.rooms.test_pages import signed_in, text_of

__all__ = ["months"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"month": "2020-01"},
            "2020-01 is not counted; counted are 2026-01 to 2026-03",
        ),
        ({"month": "2020-01", "view": "forecast"}, "2020-01 is not counted"),
        (
            {"view": "chart", "since": "2026-03", "until": "2026-01"},
            "2026-03 is after 2026-01: ask the other way round.",
        ),
    ],
)
def test_months_that_cannot_be_answered_for_are_named(
    months: Small, asked: dict[str, str], said: str
) -> None:
    page = ask(signed_in("arun"), metric="roll_amount", **asked).context["page"]
    assert said in page.why
    assert (page.roll, page.forecast, page.chart) == (None, None, None)
    taken = signed_in("arun").get(
        "/lab/export/xlsx/", {"metric": "roll_amount", "month": "2020-01"}
    )
    assert taken.status_code == 404, "and no file has the numbers of another month"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "zzz"}, "“zzz” is not known here"),
        ({"view": "zzz"}, "“zzz” is not known here"),
        ({"since": "2026-13"}, "“2026-13” is not known here"),
        ({"branch": "nosuch"}, "No loan you may see has “nosuch”."),
    ],
)
def test_what_is_not_understood_is_said(
    months: Small, asked: dict[str, str], said: str
) -> None:
    page = ask(signed_in("arun"), metric="overdue_30_amount", **asked)
    assert said in text_of(page)
    plain = ask(signed_in("arun"), metric="overdue_30_amount", by="branch")
    assert plain.context["page"].doubts == []


def test_a_change_is_against_the_month_before_or_there_is_none(
    months: Small,
) -> None:
    class Gap(Small):
        def series(self, asked: Asked) -> Any:
            whole = super().series(asked)
            points = [
                replace(point, known=point.at != "2026-02") for point in whole.points
            ]
            return replace(whole, points=points)

    portfolio.bind_portfolio(Gap(months.rows))
    tiles = {
        each.id: each for each in signed_in("arun").get("/lab/").context["page"].tiles
    }
    assert tiles["overdue_30_amount"].at == "2026-03"
    assert not tiles["overdue_30_amount"].compared
    assert tiles["overdue_30_amount"].change == ""
