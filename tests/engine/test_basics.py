"""Rounding, money, periods, day counts and buckets, each against hand-made tables."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.basics.dates import add_period, next_open_day, year_share
from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import Money, format_minor, nano, to_major, to_minor
from daihou.engine.basics.rounding import MODES, divide
from daihou.engine.delinquency.buckets import BUCKET_SETS, bucket, bucket_range
from daihou.engine.delinquency.dpd import paused_days

# -2.5 -1.5 -0.6 0.4 0.5 1.5 2.5
HALVES = [(-5, 2), (-3, 2), (-3, 5), (2, 5), (1, 2), (3, 2), (5, 2)]


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("half_even", [-2, -2, -1, 0, 0, 2, 2]),
        ("half_up", [-3, -2, -1, 0, 1, 2, 3]),
        ("half_down", [-2, -1, -1, 0, 0, 1, 2]),
        ("up", [-3, -2, -1, 1, 1, 2, 3]),
        ("down", [-2, -1, 0, 0, 0, 1, 2]),
        ("ceiling", [-2, -1, 0, 1, 1, 2, 3]),
        ("floor", [-3, -2, -1, 0, 0, 1, 2]),
    ],
)
def test_each_rounding_mode(mode: str, wanted: list[int]) -> None:
    assert [divide(n, d, rounding=mode) for n, d in HALVES] == wanted


@given(st.integers(-50, 50), st.integers(1, 8), st.sampled_from(MODES))
def test_rounding_is_off_by_less_than_one(n: int, d: int, mode: str) -> None:
    off = abs(divide(n, d, rounding=mode) - Fraction(n, d))
    assert off <= Fraction(1, 2) if mode.startswith("half") else off < 1


@pytest.mark.parametrize(
    ("text", "currency", "minor", "shown"),
    [
        ("1234.5", "CNY", 123_450, "1,234.50"),
        ("-0.01", "USD", -1, "-0.01"),
        ("1234", "JPY", 1_234, "1,234"),
        ("1.234", "KWD", 1_234, "1.234"),
        ("0", "CNY", 0, "0.00"),
        ("1e18", "JPY", 10**18, "1,000,000,000,000,000,000"),
    ],
)
def test_money_is_read_and_written_exactly(
    text: str, currency: str, minor: int, shown: str
) -> None:
    assert to_minor(text, currency) == minor
    assert to_major(minor, currency) == Decimal(text)
    assert format_minor(minor, currency) == shown


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1.005", "CNY", "too_many_decimals"),
        ("0.5", "JPY", "too_many_decimals"),
        ("12,5", "CNY", "not_a_number"),
        ("NaN", "CNY", "not_a_number"),
        ("1e19", "JPY", "too_large"),
        ("1", "QQQ", "currency"),
    ],
)
def test_money_that_cannot_be_read(text: str, currency: str, code: str) -> None:
    with pytest.raises(MoneyError) as caught:
        to_minor(text, currency)
    assert caught.value.code == code
    assert caught.value.say("zh-hans") != caught.value.say("en")


def test_money_adds_within_a_currency_and_rounds_once() -> None:
    amount = Money.parse("100.10", "CNY")
    assert amount + amount - Money("CNY", 20) == Money("CNY", 20_000)
    assert amount.at_rate(Decimal("0.015")) == Money("CNY", 150)
    assert str(amount) == "CNY 100.10"
    with pytest.raises(AssertionError):
        amount + Money("USD", 1)
    assert nano(Decimal("0.216")) == 216_000_000


@pytest.mark.parametrize(
    ("start", "end", "day_count", "numerator", "denominator"),
    [
        (date(2024, 1, 31), date(2024, 2, 29), "30/360", 29, 360),
        (date(2024, 1, 31), date(2024, 3, 31), "30/360", 60, 360),
        (date(2024, 1, 15), date(2024, 3, 31), "30/360", 76, 360),
        (date(2024, 2, 28), date(2024, 3, 1), "ACT/360", 2, 360),
        (date(2023, 2, 28), date(2023, 3, 1), "ACT/365F", 1, 365),
        (date(2023, 12, 31), date(2024, 1, 2), "ACT/ACT", 366 + 365, 365 * 366),
        (date(2023, 1, 1), date(2025, 1, 1), "ACT/ACT", 2, 1),
    ],
)
def test_day_counts(
    start: date, end: date, day_count: str, numerator: int, denominator: int
) -> None:
    share = Fraction(*year_share(start, end, day_count))
    assert share == Fraction(numerator, denominator)


def test_periods() -> None:
    assert add_period(date(2023, 1, 31), 1, "months") == date(2023, 2, 28)
    assert add_period(date(2023, 1, 31), 13, "months") == date(2024, 2, 29)
    assert add_period(date(2024, 2, 29), 12, "months") == date(2025, 2, 28)
    assert add_period(date(2024, 2, 29), -2, "months", day=31) == date(2023, 12, 31)
    assert add_period(date(2024, 2, 26), 2, "weeks") == date(2024, 3, 11)
    closed = {date(2026, 10, day) for day in range(1, 8)}
    assert next_open_day(date(2026, 10, 4), closed) == date(2026, 10, 8)
    assert next_open_day(date(2026, 10, 9), closed) == date(2026, 10, 9)


def test_overlapping_pauses_count_each_day_once() -> None:
    pauses = [
        (date(2024, 3, 3), date(2024, 3, 6)),
        (date(2024, 3, 1), date(2024, 3, 4)),
        (date(2024, 3, 20), date(2024, 3, 25)),
    ]
    begin, end = date(2024, 3, 2), date(2024, 3, 21)
    assert paused_days(pauses, begin=begin, end=end) == 5


@pytest.mark.parametrize(
    ("dpd", "name"),
    [(0, "M0"), (1, "M1"), (30, "M1"), (31, "M2"), (60, "M2"), (61, "M3"), (90, "M3")]
    + [(91, "M4"), (120, "M4"), (121, "M5"), (150, "M5"), (151, "M6"), (180, "M6")]
    + [(181, "M7"), (9999, "M7")],
)
def test_buckets_of_thirty_days(dpd: int, name: str) -> None:
    assert bucket(dpd, "M0_M7") == name


@pytest.mark.parametrize("bucket_set", BUCKET_SETS)
def test_every_day_lies_in_the_range_of_its_bucket(bucket_set: str) -> None:
    for dpd in range(400):
        first, last = bucket_range(bucket(dpd, bucket_set), bucket_set)
        assert first <= dpd <= (dpd if last is None else last)
