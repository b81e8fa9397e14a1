"""A figure made of few says how sure its share is, on the page and by the API."""

from dataclasses import replace
from fractions import Fraction

from django.utils import translation

from daihou.engine.metrics.dictionary import METRICS
from daihou.kit.portfolio import Point
from daihou.rooms.reporting.pages.answer import made_of


def test_a_cell_says_how_sure_its_share_is() -> None:
    metric = METRICS["liquidation_amount"]
    plain = Point("", "0", 10_00, 100_00)
    sure = replace(plain, low=Fraction(5, 100), high=Fraction(16, 100))
    with translation.override("en"):
        told, more = (made_of(metric, each, currency="CNY") for each in (plain, sure))
    assert "95 of 100" not in told
    assert more.startswith(told) and "from 5.00% to 16.00%" in more
