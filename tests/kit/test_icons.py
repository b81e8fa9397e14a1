"""Every glyph a page names is on the sheet, and none is on it twice."""

import re
from pathlib import Path

from daihou.kit import shell

SOURCE = Path(__file__).parents[2] / "src" / "daihou"
SHEET = (SOURCE / "kit/static/daihou/icons.svg").read_text("utf-8")
GLYPHS = re.findall(r'<symbol id="([\w-]+)"', SHEET)
ASKED = re.compile(r'{%\s*icon "([\w-]+)"')


def test_no_glyph_is_there_twice() -> None:
    assert len(GLYPHS) == len(set(GLYPHS))


def test_every_glyph_a_template_names_is_there() -> None:
    asked = {
        (path.name, name)
        for path in SOURCE.rglob("templates/**/*.html")
        for name in ASKED.findall(path.read_text("utf-8"))
    }
    assert len(asked) > 20
    assert not {each for each in asked if each[1] not in GLYPHS}


def test_every_line_of_the_navigation_has_its_glyph_and_its_own_letter() -> None:
    entries = list(shell.entries())
    assert len(entries) > 3
    assert not [each.icon for each in entries if each.icon not in GLYPHS]
    letters = [each.key for each in entries if each.key]
    assert len(letters) == len(set(letters)), letters
