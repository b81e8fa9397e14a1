"""Where the lines, words and bands of a drawing stand."""

import re
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from daihou.rooms.reporting.pages import chart, flow

SHARES = st.none() | st.fractions(0, 2, max_denominator=97)


@given(st.fractions(Fraction(1, 10**6), 5))
def test_an_axis_holds_its_value_and_is_round(value: Fraction) -> None:
    top = chart.nice(value)
    assert top >= float(value) * 0.9999
    assert top <= float(value) * 2.01


@given(
    st.integers(1, 26).flatmap(
        lambda n: st.lists(
            st.lists(SHARES, min_size=n, max_size=n),
            min_size=1,
            max_size=chart.STYLES,
        )
    )
)
def test_everything_stands_on_the_paper_and_no_word_on_another(
    rows: list[list[Fraction | None]],
) -> None:
    places = [str(n) for n in range(len(rows[0]))]
    lines = [
        chart.Given(str(n), row, ["said"] * len(row)) for n, row in enumerate(rows)
    ]
    made = chart.chart(lines, places=places, title="t", told="d")
    for line in made.lines:
        given_to = [v for v in rows[line.style] if v is not None]
        assert len(line.spots) == len(given_to)
        for spot in line.spots:
            assert made.left <= spot.x <= made.right
            assert 0 <= spot.y <= made.bottom
        assert 0 <= line.label_y <= chart.HEIGHT
    column = sorted(line.label_y for line in made.lines if line.leader)
    apart = [lower - upper for upper, lower in pairwise(column)]
    assert all(gap >= 14.9 for gap in apart)


def test_a_value_that_is_not_known_leaves_a_gap() -> None:
    values = [Fraction(1, 2), None, Fraction(1, 4), Fraction(1, 8)]
    line = chart.Given("a", values, [""] * 4)
    made = chart.chart([line], places=list("abcd"), title="t", told="d")
    assert re.sub(r"[^ML]", "", made.lines[0].path) == "MML"


def test_an_early_end_has_its_word_there() -> None:
    short = chart.Given("short", [Fraction(1, 2), None, None], [""] * 3)
    whole = chart.Given("whole", [Fraction(1, 2)] * 3, [""] * 3)
    made = chart.chart([short, whole], places=list("abc"), title="t", told="d")
    assert made.lines[0].label_x < made.left + 20
    assert made.lines[1].label_x > made.right
    assert (made.lines[0].leader, bool(made.lines[1].leader)) == ("", True)


def test_the_same_place_is_told_apart_by_dash_and_marker() -> None:
    assert len(set(chart.MARKERS)) == chart.REST + 1


@given(
    st.lists(
        st.lists(st.integers(0, 50), min_size=4, max_size=4), min_size=4, max_size=4
    )
)
def test_a_flow_draws_who_moved_and_nobody_else(cells: list[list[int]]) -> None:
    made = flow.flow(list("abcd"), cells, title="t")
    moved = sum(cells[i][j] > 0 for i in range(4) for j in range(4) if i != j)
    assert len(made.bands) == moved
    for bar in (*made.before, *made.after):
        assert 0 <= bar.y
        assert bar.y + bar.high <= made.height + 1
    for side in (made.before, made.after):
        ends = [bar.y + bar.high for bar in side]
        assert all(
            bar.y >= end - 0.2 for end, bar in zip(ends, list(side)[1:], strict=False)
        )


def test_a_flow_of_nobody_is_empty() -> None:
    assert flow.flow(["a", "b"], [[5, 0], [0, 5]], title="t").bands == ()
