"""Fills the made parts of the algorithm pages: prose stays, tables are printed anew.

A made part stands between two comments, the first naming what is wanted:

    <!-- made: case | The name of a golden case -->
    <!-- end -->
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.worked import accruals, across, index, plans, restructured, said, tables

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference" / "algorithms"
PART = re.compile(r"(<!-- made: ([^>]*?) -->\n).*?(<!-- end -->)", re.DOTALL)

MAKERS: Mapping[str, Callable[..., list[str]]] = {
    "plan": plans.plan_lines,
    "plans": plans.lines,
    "case": tables.case_lines,
    "money": tables.money_lines,
    "several": across.lines,
    "penalty": accruals.penalty_lines,
    "why": said.why_lines,
    "life": restructured.lines,
    "lives": restructured.index,
    "index": index.lines,
}


def filled(text: str) -> str:
    """Return a page with each of its made parts printed from its case."""

    def made(match: re.Match[str]) -> str:
        kind, *rest = (word.strip() for word in match[2].split("|"))
        body = "\n".join(MAKERS[kind](*rest))
        return f"{match[1]}\n{body}\n\n{match[3]}"

    return PART.sub(made, text)


def algorithm_pages() -> dict[str, Callable[[], str]]:
    """Each page below docs/reference, and what prints it."""
    return {
        f"algorithms/{path.name}": lambda path=path: filled(path.read_text("utf-8"))
        for path in sorted(FOLDER.glob("*.md"))
    }
