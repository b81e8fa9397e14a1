"""The filters that print figures into pages."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from daihou.kit.numbers import Unit
from daihou.kit.paging import paging

EXACT, LARGE = Unit("CNY"), Unit("CNY", large=True)


def show(text: str, **values: object) -> str:
    return Template("{% load daihou %}" + text).render(Context(values))


def test_cents_step_back_and_zero_is_a_dash() -> None:
    assert (
        show('{{ x|money:"CNY" }}', x=1_076_439) == '10,764<span class="c">.39</span>'
    )
    assert show('{{ x|money:"CNY" }}', x=0) == '<span class="zero">–</span>'
    assert show('{{ x|money_full:"CNY" }}', x=0) == '0<span class="c">.00</span>'


def test_no_cents_where_the_currency_has_none() -> None:
    assert show('{{ x|money:"JPY" }}', x=1_076_439) == "1,076,439"
    assert show('{{ x|money:"KWD" }}', x=1_234) == '1<span class="c">.234</span>'


def test_the_unit_of_a_column_in_the_language_of_the_page() -> None:
    both = "{{ c|currency_unit }} {{ c|large_unit }} {{ c|currency_sign }}"
    with translation.override("zh-hans"):
        assert show(both, c="CNY") == "元 万元 ¥"
        assert show(both, c="USD") == "美元 万美元 US$"
    with translation.override("en"):
        assert show(both, c="CNY") == "¥ ¥ thousand ¥"
        assert show(both, c="SEK") == "SEK SEK thousand SEK "


def test_the_large_unit_keeps_the_exact_amount_in_the_title() -> None:
    with translation.override("zh-hans"):
        shown = show("{{ x|money_unit:u }}", x=31_860_012, u=LARGE)
    assert shown == '<span title="¥318,600.12">31.86</span>'
    assert show("{{ x|money_unit:u }}", x=31_860_012, u=EXACT).startswith("318,600")


@pytest.mark.parametrize(
    ("change", "better", "direction", "judged"),
    [
        (3, "down", "up", "bad"),
        (3, "up", "up", "good"),
        (-3, "down", "dn", "good"),
        (-3, "up", "dn", "bad"),
    ],
)
def test_a_change_has_arrow_colour_and_sign(
    change: int, better: str, direction: str, judged: str
) -> None:
    shown = show("{{ x|delta:b }}", x=change, b=better)
    sign = "+3" if change > 0 else "−3"
    assert shown == f'<span class="delta {direction} {judged}">{sign}</span>'


def test_the_last_bucket_is_shown_as_more_than_six() -> None:
    assert show("{{ x|bucket }}", x="M7") == '<span class="bk" data-m="7">M6+</span>'
    assert show("{{ x|bucket }}", x="M2") == '<span class="bk" data-m="2">M2</span>'


def test_classes_have_a_shape_and_a_word() -> None:
    with translation.override("en"):
        shown = show("{{ x|asset_class }}", x="substandard")
    assert shown == '<span class="chip bare cls-3">Substandard</span>'
    assert show("{{ x|asset_class }}", x=None) == '<span class="zero">–</span>'


def test_words_from_data_are_escaped() -> None:
    shown = show('{% chip "bad" "tri" word %}', word="<b>x</b>")
    assert "<b>" not in shown and "&lt;b&gt;" in shown
    assert "<i>" not in show("{{ x|bucket }}", x="<i>")


def test_percent_rounds_once() -> None:
    assert show("{{ x|percent:1 }}", x=Decimal("0.78649")) == "78.6"


@pytest.mark.parametrize(
    ("asked", "number"), [(None, 1), ("2", 2), ("99", 3), ("0", 1), ("x", 1), ("-1", 1)]
)
def test_a_page_out_of_range_is_moved_in(asked: str | None, number: int) -> None:
    assert paging(asked, total=120).number == number


def test_pages_cover_every_row_once() -> None:
    seen: list[int] = []
    for number in range(1, paging(None, total=120).pages + 1):
        page = paging(str(number), total=120)
        seen += range(page.start, page.stop)
    assert seen == list(range(120))
    assert paging(None, total=0).first == 0
