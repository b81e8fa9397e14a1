"""The language of mapping files: exact, closed, and clear about what it refuses."""

import re
from datetime import date
from decimal import Decimal

import pytest

from daihou.rooms.intake.mapping.expression import Expression, ExpressionError

COLUMNS = ("A", "B", "C")


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("A + B", ("0.1", "0.2", None), Decimal("0.3")),
        ("A * 12 - B", ("100.05", "0.6", None), Decimal("1200.00")),
        ("A + B", ("1", None, None), None),
        ("concat(A, '-', B, C)", ("x", None, "y"), "x-y"),
        ("add_months('2024-01-31', 1)", ("", "", ""), date(2024, 2, 29)),
        ("add_days(A, -1)", ("2024-03-01", None, None), date(2024, 2, 29)),
        ("month_end(date(A, '%m/%Y'))", ("02/2023", None, None), date(2023, 2, 28)),
        ("round(A, 2)", ("0.125", None, None), Decimal("0.12")),
        ("when(A > 10, 'big', 'small')", ("9", None, None), "small"),
        ("A in ['x', 'y'] and not B == 'z'", ("y", "w", None), True),
        ("coalesce(A, B)", (None, "b", None), "b"),
        ("min(A, B, C)", ("3", None, "2"), Decimal(2)),
        ("date(A) >= date('2024-01-01')", ("2024-01-01", None, None), True),
        ("A > 5", (None, None, None), False),
        ("right(A, 2)", ("abc", None, None), "bc"),
        ('col("A")', ("q", None, None), "q"),
    ],
)
def test_what_it_says(text: str, row: tuple[str | None, ...], expected: object) -> None:
    assert Expression(text, COLUMNS)(row) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A.__class__",
        "(lambda: A)()",
        "[x for x in A]",
        "open('/etc/passwd')",
        "A ** 9",
        "f'{A}'",
        "A[0]",
        "D",
        "1 +",
        "concat(A, sep='x')",
        "A < B < C",
        "(" * 60 + "A" + ")" * 60 + "+" * 0 + "-" * 50 + "A",
    ],
)
def test_what_it_refuses_to_read(text: str) -> None:
    with pytest.raises(ExpressionError) as told:
        Expression(text, COLUMNS)
    assert re.search("[一-鿿]", told.value.say("zh-hans"))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("A + B", ("1", "x", None)),
        ("A / B", ("1", "0", None)),
        ("number(A)", ("1e99", None, None)),
        ("number(A)", ("1,000", None, None)),
        ("date(A)", ("31/12/2024", None, None)),
        ("add_months(A, 999999)", ("2024-01-01", None, None)),
    ],
)
def test_rows_without_an_answer_say_so(text: str, row: tuple[str | None, ...]) -> None:
    with pytest.raises(ExpressionError) as told:
        Expression(text, COLUMNS)(row)
    assert re.search("[一-鿿：]", told.value.say("zh"))
    assert not re.search("[一-鿿]", told.value.say("en"))
