"""The text of a cell: what is read, how it is written, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.strategy import cells
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.table import Input, Kind, Output

DAYS = Input("dpd", Kind.INTEGER, least=0, may_be_unknown=True)
MONEY = Input("overdue_total", Kind.MONEY)
RATE = Input("share", Kind.RATE)
ON = Input("on", Kind.DATE)
WORD = Input("promise_state", Kind.TEXT, ("none", "live", "kept"))
FREE = Input("product", Kind.TEXT)
FLAG = Input("held", Kind.FLAG)


@pytest.mark.parametrize(
    ("column", "text", "written", "yes", "no"),
    [
        (DAYS, "", "-", [0, 7, None], []),
        (DAYS, " - ", "-", [0, None], []),
        (DAYS, "3", "3", [3], [2, 4, None]),
        (DAYS, ">=3", ">= 3", [3, 4], [2, None]),
        (DAYS, "≥ 3", ">= 3", [3], [2]),
        (DAYS, "＞３", "> 3", [4], [3]),
        (DAYS, "<>3", "!= 3", [2, 4], [3, None]),
        (DAYS, "1 .. 30", "1..30", [1, 30], [0, 31]),
        (DAYS, "1～30", "1..30", [30], [31]),
        (DAYS, "[1..30)", "[1..30)", [1, 29], [30]),
        (DAYS, "(1..30]", "(1..30]", [2, 30], [1]),
        (DAYS, "in (3, 1, 3)", "in (3, 1)", [1, 3], [2]),
        (DAYS, "not in (1, 2)", "not in (1, 2)", [0, 3], [1, 2, None]),
        (DAYS, "?", "?", [None], [0]),
        (DAYS, ">= 7 或 ?", ">= 7 or ?", [7, None], [6]),
        (MONEY, ">= 100", ">= 100.00", [10_000], [9_999]),
        (MONEY, "[0.5..1.25)", "[0.50..1.25)", [50, 124], [125]),
        (RATE, "25%", "0.25", [250_000], [250_001]),
        (RATE, "< 0.1", "< 0.1", [99_999], [100_000]),
        (
            *(ON, "2026-01-01..2026-01-31", "2026-01-01..2026-01-31"),
            *([date(2026, 1, 31)], [date(2026, 2, 1), None]),
        ),
        (WORD, "live", "live", ["live"], ["none", "kept", None]),
        (WORD, "in(none,live)", "in (none, live)", ["none"], ["kept"]),
        (WORD, "属于（none，live）", "in (none, live)", ["live"], ["kept"]),
        (WORD, "!= live", "!= live", ["none"], ["live", None]),
        (FREE, '"a, b"', '"a, b"', ["a, b"], ["a"]),
        (FREE, "信用贷", "信用贷", ["信用贷"], ["a"]),
        (FREE, 'in ("-", x)', 'in ("-", x)', ["-", "x"], ["y"]),
        (FLAG, "是", "yes", [True], [False, None]),
        (FLAG, "false", "no", [False], [True]),
    ],
)
def test_a_cell_is_read_and_written_the_one_way(
    column: Input, text: str, written: str, yes: list[object], no: list[object]
) -> None:
    cell = cells.read(text, column)
    assert cell.text == written
    assert cells.read(written, column) == cell
    assert all(cell.test.holds(each, column.kind) for each in yes)  # type: ignore[arg-type]
    assert not any(cell.test.holds(each, column.kind) for each in no)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (DAYS, "three", "cell"),
        (DAYS, "1..", "cell"),
        (DAYS, "[1..3", "cell"),
        (DAYS, "1.5", "cell"),
        (DAYS, "3..1", "empty_range"),
        (DAYS, "[3..3)", "empty_range"),
        (DAYS, "in ()", "cell"),
        (DAYS, "9999999999999999", "too_large"),
        (MONEY, "1.005", "cell"),
        (MONEY, "1,000", "cell"),
        (RATE, "0.0000001", "cell"),
        (ON, "2026-02-30", "cell"),
        (WORD, "lively", "choice"),
        (WORD, "> live", "cell"),
        (FREE, "in (a,,b)", "cell"),
        (FLAG, "perhaps", "cell"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    column: Input, text: str, code: str
) -> None:
    with pytest.raises(StrategyError) as caught:
        cells.read(text, column, row="M1-01")
    assert caught.value.code == code
    for language in ("zh", "en"):
        said = caught.value.say(language)
        assert "M1-01" in said and column.name in said and text in said


words = st.text(
    st.characters(exclude_characters='"', exclude_categories=["C", "Z"]), min_size=1
)


@given(words)
def test_any_word_that_is_quoted_comes_back(word: str) -> None:
    cell = cells.read(f'"{word}"', FREE)
    again = cells.read(cell.text, FREE)
    assert again == cell
    assert again.test == cell.test


@given(st.integers(-(10**14), 10**14), st.sampled_from([DAYS, MONEY, RATE]))
def test_numbers_are_written_so_that_they_are_read_the_same(
    number: int, column: Input
) -> None:
    text = cells.write_value(number, column.kind)
    test = cells.read(text, column).test
    assert test.holds(number, column.kind)
    assert not test.holds(number + 1, column.kind)
    assert cells.read_value(text, Output("o", column.kind)) == number


def test_answers_are_read_by_the_kind_of_their_column() -> None:
    action = Output("action", Kind.TEXT, ("none", "call"))
    assert cells.read_value("call", action) == "call"
    assert cells.read_value("", action) is None
    assert cells.read_value("", Output("queue", Kind.TEXT)) == ""
    assert cells.read_value("否", Output("open_case", Kind.FLAG)) is False
    assert cells.read_value("12", Output("priority", Kind.INTEGER)) == 12
    with pytest.raises(StrategyError):
        cells.read_value("shout", action)
    with pytest.raises(StrategyError):
        cells.read_value("high", Output("priority", Kind.INTEGER))
