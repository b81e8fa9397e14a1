"""How figures and dates are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.kit import currencies, numbers


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (1_076_439, "10,764.39"),
        (0, "0.00"),
        (5, "0.05"),
        (-4600, "−46.00"),
        (-1, "−0.01"),
        (100_000_000_000, "1,000,000,000.00"),
    ],
)
def test_money_keeps_every_cent(minor: int, text: str) -> None:
    assert str(numbers.money_parts(minor, currency="CNY")) == text


@given(st.integers(-(10**17), 10**17))
def test_money_reads_back_to_the_cent(minor: int) -> None:
    for currency, unit in (("CNY", 100), ("JPY", 1), ("KWD", 1000)):
        text = str(numbers.money_parts(minor, currency=currency))
        text = text.replace(",", "").replace("−", "-")
        assert int(Decimal(text) * unit) == minor


@pytest.mark.parametrize(
    ("minor", "chinese", "english"),
    [
        (318_600_000, "318.6 万元", "¥3.19 m"),
        (303_881_000_000, "30.39 亿元", "¥3.04 bn"),
        (41_270_00, "4.13 万元", "¥41.3 k"),
        (864_20, "¥864.20", "¥864.20"),
        (-318_600_000, "−318.6 万元", "−¥3.19 m"),
    ],
)
def test_large_money_in_the_unit_of_the_language(
    minor: int, chinese: str, english: str
) -> None:
    assert numbers.large_money(minor, language="zh-hans", currency="CNY") == chinese
    assert numbers.large_money(minor, language="en", currency="CNY") == english


@pytest.mark.parametrize(
    ("minor", "currency", "exact", "chinese", "english"),
    [
        (318_600_000, "USD", "US$3,186,000.00", "318.6 万美元", "US$3.19 m"),
        (3_186_000, "JPY", "JP¥3,186,000", "318.6 万日元", "JP¥3.19 m"),
        (3_186_000_000, "KWD", "KWD 3,186,000.000", "318.6 万KWD", "KWD 3.19 m"),
        (-864, "JPY", "−JP¥864", "−JP¥864", "−JP¥864"),
    ],
)
def test_an_amount_is_written_in_its_own_currency(
    minor: int, currency: str, exact: str, chinese: str, english: str
) -> None:
    assert numbers.money_text(minor, currency=currency) == exact
    large = {
        language: numbers.large_money(minor, language=language, currency=currency)
        for language in ("zh-hans", "en")
    }
    assert large == {"zh-hans": chinese, "en": english}


def test_a_page_speaks_of_one_currency() -> None:
    loans = {"CNY": 9, "JPY": 2}
    assert currencies.choose(None, loans).code == "CNY"
    assert currencies.choose("JPY", loans).code == "JPY"
    assert currencies.choose("ZZZ", loans).code == "CNY"
    assert currencies.choose("JPY", loans).several
    assert not currencies.choose(None, {"USD": 1}).several
    assert currencies.choose(None, {"USD": 1}).code == "USD"
    assert currencies.choose("'; drop", {}).code == "CNY"


def test_large_money_rounds_half_to_even() -> None:
    assert numbers.scaled(250_000, divisor=1_000_000, places=1) == "0.2"
    assert numbers.scaled(350_000, divisor=1_000_000, places=1) == "0.4"


def test_percent_and_signs() -> None:
    assert numbers.percent(Decimal("0.0462")) == "4.62"
    assert numbers.signed(28) == "+28"
    assert numbers.signed(-46) == "−46"
    assert numbers.signed(0) == "–"
    assert numbers.signed(numbers.percent(Decimal("-0.0021"))) == "−0.21"


def test_dates_by_language() -> None:
    day = date(2026, 11, 20)
    assert numbers.day_with_weekday(day, language="zh-hans") == "2026-11-20 周五"
    assert numbers.day_with_weekday(day, language="en") == "Fri 20 Nov 2026"
    assert numbers.day_short(day, language="zh-hans", year=2026) == "11-20"
    assert numbers.day_short(day, language="en", year=2026) == "20 Nov"
    assert numbers.day_short(day, language="zh-hans", year=2027) == "2026-11-20"
    at = datetime(2026, 11, 20, 14, 42, tzinfo=UTC)
    assert numbers.instant_text(at, language="en") == "20 Nov 2026 14:42"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.038, "38 ms"), (0.42, "0.42 s"), (12.34, "12.3 s"), (125, "2 min 05 s")],
)
def test_measured_time(seconds: float, text: str) -> None:
    assert numbers.seconds_text(seconds) == text


def test_fingerprint_shows_both_ends() -> None:
    assert numbers.fingerprint("a3f1" + "0" * 56 + "9c0e") == "a3f1…9c0e"
    assert numbers.fingerprint("short") == "short"
