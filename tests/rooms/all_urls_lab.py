"""What each kind of person gets from the lab; the north's money is in no other answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from daihou.kit import portfolio
from tests.rooms.all_urls import GONE, LET_IN, REFUSED, Call, page, task
from tests.rooms.all_urls_api import read
from tests.rooms.portfolio import Row, Small

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World

ASKED = {"metric": "overdue_30_amount", "by": "branch"}


def counted(world: "World") -> Mapping[str, Any]:
    """Months of the north's loan and the south's are there."""
    north = Row(world.loan.pk, "north", balance=777_140_100, dpd=(0, 20, 46))
    south = Row(world.southern.pk, "south", dpd=(0, 0, 31))
    portfolio.bind_portfolio(Small([north, south]))
    return {}


def _file(kind: str) -> Call:
    return page(
        args=lambda world: {**counted(world), "kind": kind},
        data=lambda world: ASKED,
        agent=REFUSED,
    )


def _ask(**asked: str) -> Call:
    return page(args=counted, data=lambda world: asked, agent=REFUSED)


def _given(world: "World") -> Mapping[str, Any]:
    """A question the north gave to its own unit."""
    from daihou.rooms.reporting.models import Standing
    from tests.rooms.cast import AT

    row, _new = Standing.objects.get_or_create(
        name="walk",
        defaults={
            "owner": "north",
            "fields": "metric=npl_ratio",
            "units": ["north"],
            "made_at": AT,
        },
    )
    return {"standing_id": row.pk}


LAB: dict[str, Call | list[Call]] = {
    "reporting:lab": page(args=counted, agent=REFUSED),
    "reporting:lab_ask": [
        _ask(**ASKED),
        _ask(metric="roll_amount"),
        _ask(metric="vintage_ever_30_amount"),
        _ask(metric="roll_count", view="forecast"),
    ],
    "reporting:lab_loans": page(
        args=counted,
        data=lambda world: {**ASKED, "at": "2026-03"},
        agent=REFUSED,
        names_the_loan=True,
    ),
    "reporting:lab_export": [_file(kind) for kind in ("xlsx", "parquet", "svg")],
    "reporting:metrics": page(agent=REFUSED),
    "reporting:metric": page(args=lambda world: {"id": "npl_ratio"}, agent=REFUSED),
    "reporting:given": page(agent=REFUSED),
    "reporting:given_one": page(args=_given, chief=GONE, agent=REFUSED, sam=GONE),
    "reporting:give": task(
        args=counted,
        data=lambda world: {"query": "metric=npl_ratio", "name": "n", "units": "south"},
    ),
    "reporting:given_end": task(args=_given, chief=GONE, north=LET_IN),
    "api:get_portfolio_months": read(args=counted, agent=REFUSED),
    "api:get_portfolio_metrics": read(agent=REFUSED),
    "api:get_portfolio_series": read(
        args=counted, data=lambda world: ASKED, agent=REFUSED
    ),
    "api:get_portfolio_matrix": read(
        args=counted, data=lambda world: {"basis": "amount"}, agent=REFUSED
    ),
}
