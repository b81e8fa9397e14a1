"""The block of docs/how-to/roll-matrix.md runs, on any frame, and shows a table."""

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "roll-matrix.md"
BLOCK = re.compile(
    r"^```python\n(?P<code>import.*?)^```\n\n```text\n(.*?)^```",
    re.DOTALL | re.MULTILINE,
)


def block() -> tuple[str, str]:
    """The code of the page and what it says that it prints."""
    found = BLOCK.search(PAGE.read_text("utf-8"))
    assert found is not None
    return found[1], found[2]


def as_it_is(table: Any) -> Any:
    return table


def as_pandas(table: Any) -> Any:
    pytest.importorskip("pandas")
    return table.to_pandas()


def as_polars(table: Any) -> Any:
    return pytest.importorskip("polars").from_arrow(table)


@pytest.mark.parametrize("made", [as_it_is, as_pandas, as_polars])
def test_the_block_prints_what_the_page_says_of_any_frame(
    made: Callable[[Any], Any],
) -> None:
    code, printed = block()
    before, after = code.split("matrix = ", 1)
    session: dict[str, Any] = {}
    output = StringIO()
    with redirect_stdout(output):
        exec(before, session)  # noqa: S102 - our own page
        session["frame"] = made(session["frame"])
        exec("matrix = " + after, session)  # noqa: S102 - our own page
    assert output.getvalue() == printed


def cells(html: str) -> list[list[str]]:
    return [
        ["".join(cell.itertext()) for cell in row]
        for row in ET.fromstring(html).iter("tr")
    ]


def test_a_notebook_shows_tables() -> None:
    session: dict[str, Any] = {}
    with redirect_stdout(StringIO()):
        exec(block()[0], session)  # noqa: S102 - our own page
    shown = cells(session["matrix"]._repr_html_())
    assert shown[0] == ["", "accounts", "M0", "M1", "M2"]
    # of 390 that stood in M0, 200 went to M1
    assert shown[1] == ["M0", "3", "48.72%", "51.28%", "0.00%"]
    curves = cells(session["curves"]._repr_html_())
    assert curves == [
        ["", "accounts", "0", "1", "2"],
        ["2026-01", "3", "0.00%", "33.33%", "33.33%"],
    ]


def test_what_is_not_known_is_blank_and_words_are_escaped() -> None:
    from daihou.engine.metrics.vintage import Vintage

    curves = Vintage("ever", 0, ("<b>",), (0, 1), (4,), ((1, None),))
    shown = cells(curves._repr_html_())
    assert shown[1] == ["<b>", "4", "25.00%", ""]
