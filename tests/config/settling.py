"""The example of the page docs/how-to/settle.md, and the command run on it."""

import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from daihou.config.cli import daihou

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "settle.md"


def from_the_page() -> dict[str, Any]:
    """Return the example of the page."""
    return examples()[0]


def examples() -> list[dict[str, Any]]:
    """Return all JSON of the page: a loan, and a policy to put into it."""
    block = re.compile(r"^```json\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [json.loads(found) for found in block.findall(PAGE.read_text("utf-8"))]


def settle(loan: object, *options: str, language: str = "en") -> Result:
    """Run the command on a loan given as values, or as text."""
    text = loan if isinstance(loan, str) else json.dumps(loan)
    words = ["settle", "-", "--language", language, *options]
    return CliRunner().invoke(daihou, words, input=text)


def minor(text: str) -> int:
    return int(text.replace(".", ""))


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the example with one thing changed; a path such as events.0.amount."""
    loan = from_the_page()
    aim: Any = loan
    *places, last = path.split(".")
    for place in places:
        aim = aim[int(place)] if place.isdigit() else aim[place]
    aim[int(last) if last.isdigit() else last] = value
    return loan
