"""The dictionary: whole, in two languages, and strict about what is compared."""

import importlib
from fractions import Fraction

import pytest

from daihou.engine.metrics.definition import Ratio, must_compare
from daihou.engine.metrics.dictionary import METRICS, metric
from daihou.engine.metrics.dictionary_days import DAYS
from daihou.engine.metrics.errors import NotComparable, UnknownMetric
from daihou.tables.positions import POSITIONS

LOANS = [
    {"status": "active", "dpd": 0, "asset_class": "normal", "owed": 700},
    {"status": "active", "dpd": 30, "asset_class": "special_mention", "owed": 200},
    {"status": "active", "dpd": 91, "asset_class": "doubtful", "owed": 100},
    {"status": "settled", "dpd": 0, "asset_class": None, "owed": 0},
    {"status": "written_off", "dpd": 400, "asset_class": "loss", "owed": 999},
]
ROWS = [row | {"outstanding_principal": row["owed"]} for row in LOANS]


@pytest.mark.parametrize(
    "each", [*METRICS.values(), *DAYS.values()], ids=[*METRICS, *DAYS]
)
def test_a_definition_is_whole(each):
    for text in (each.en, each.zh, each.formula, each.formula_zh, each.source):
        assert text
    assert any("\u4e00" <= letter <= "\u9fff" for letter in each.zh + each.formula_zh)
    assert each.version >= 1
    if isinstance(each.expression, Ratio):
        columns = {
            name
            for part in (each.expression.part, each.expression.whole)
            for name in (part.column, *(where.column for where in part.where))
        }
        assert columns - {None} <= set(POSITIONS.names)
    else:
        module, name = f"daihou.{each.expression.function}".rsplit(".", 1)
        assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize(
    ("id", "share"),
    [
        ("overdue_1_amount", Fraction(300, 1000)),
        ("overdue_30_amount", Fraction(300, 1000)),
        ("overdue_60_amount", Fraction(100, 1000)),
        ("overdue_30_count", Fraction(2, 3)),
        ("npl_ratio", Fraction(100, 1000)),
        ("special_mention_ratio", Fraction(200, 1000)),
        ("overdue_90_over_npl", Fraction(1)),
    ],
)
def test_a_ratio_by_hand_leaves_out_what_is_written_off(id, share):
    assert metric(id).expression.of(ROWS) == share


def test_of_an_empty_book_there_is_no_share():
    assert metric("npl_ratio").expression.of([]) is None


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("overdue_30_amount", "overdue_30_count", "basis"),
        ("vintage_ever_30_count", "vintage_30_count", "numerator timing"),
        ("overdue_30_amount", "vintage_30_amount", "denominator timing"),
        ("net_flow", "overdue_30_amount", "denominator timing"),
    ],
)
def test_figures_of_different_convention_share_no_axis(one, other, what):
    with pytest.raises(NotComparable, match=what) as refused:
        must_compare([metric(one), metric(other)])
    assert "不可比较" in refused.value.say("zh")


def test_figures_of_one_convention_do():
    must_compare([metric("overdue_30_amount"), metric("overdue_90_amount")])
    must_compare([metric("vintage_ever_30_count"), metric("vintage_ever_60_count")])
    must_compare([])


def test_an_unknown_metric_names_those_there_are():
    with pytest.raises(UnknownMetric, match="npl_ratio"):
        metric("npl")
