"""The Python blocks of docs/how-to/notebook.md run, and print what it prints."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "notebook.md"
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<printed>.*?)^```\n)?",
    re.DOTALL | re.MULTILINE,
)


def complaint(page: str) -> str | None:
    """What the first block prints that the page does not; blocks are one session."""
    session: dict[str, Any] = {}
    for block in BLOCK.finditer(page):
        output = StringIO()
        with redirect_stdout(output):
            exec(block["code"], session)  # noqa: S102 - our own page
        if block["printed"] is not None and output.getvalue() != block["printed"]:
            return f"{block['code']}\nprints\n{output.getvalue()}"
    return None


def test_the_blocks_of_the_page_run_and_print_what_it_says() -> None:
    assert complaint(PAGE.read_text("utf-8")) is None


def test_every_place_the_table_names_is_there() -> None:
    page = PAGE.read_text("utf-8")
    named = re.findall(r"`((?:engine|packs|columnar)\.[\w.]+)`((?:[:,] `\w+`)+)", page)
    assert len(named) >= 12
    for module, names in named:
        wanted = ", ".join(re.findall(r"\w+", names))
        exec(f"from daihou.{module} import {wanted}", {})  # noqa: S102 - names of our own page


def test_another_figure_and_a_block_that_fails_are_seen() -> None:
    page = "```python\nprint(1 + 1)\n```\n\n```text\n{}\n```\n"
    assert complaint(page.format(2)) is None
    assert "prints\n2" in str(complaint(page.format(3)))
    with pytest.raises(ZeroDivisionError):
        complaint("```python\n1 / 0\n```\n")
