"""Chinese texts name what their English ones name, so that nothing fails on a page."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

CATALOG = Path(__file__).parents[2] / "src/daihou/locale/zh_Hans/LC_MESSAGES/django.po"
NAMED = re.compile(r"%\((\w+)\)[sd]")


def texts() -> Iterator[tuple[str, str]]:
    """Every English text with its Chinese one; of plurals the last."""
    for entry in polib.pofile(str(CATALOG)):
        if entry.msgid_plural:
            yield from (
                (entry.msgid_plural, one) for one in entry.msgstr_plural.values()
            )
        elif entry.msgstr:
            yield entry.msgid, entry.msgstr


def test_what_is_filled_in_is_named_in_both_languages() -> None:
    wrong = [
        (english, chinese)
        for english, chinese in texts()
        if set(NAMED.findall(english)) != set(NAMED.findall(chinese))
    ]
    assert wrong == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_per_cent_sign_beside_a_name_is_doubled(which: int) -> None:
    wrong = [
        pair[which]
        for pair in texts()
        if NAMED.search(pair[which])
        and "%" in NAMED.sub("", pair[which]).replace("%%", "")
    ]
    assert wrong == []
