"""What axe-core finds on a page: barriers for people who see, hear or type otherwise."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

PROGRAM = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}
_RUN = """([rules, tags]) => axe.run(document, {
  runOnly: rules.length ? {type: 'rule', values: rules} : {type: 'tag', values: tags},
  resultTypes: ['violations'],
})"""


@functools.cache
def program() -> str:
    """The source of axe-core; the test is skipped where npm did not bring it."""
    if not PROGRAM.exists():
        pytest.skip("AXE-CORE IS NOT HERE; run tools/chromium.py to fetch it")
    return PROGRAM.read_text("utf-8")


def grave(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Serious and critical findings as lines: rule, words, where; `rules` alone or all."""
    source = program()
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(source)  # by the debugger: the page's own policy forbids it
    found: dict[str, Any] = page.evaluate(_RUN, [list(rules), STANDARDS])
    return [
        f"{each['id']}: {each['help']}: {node['target']} {node['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]
