"""Every fault intake can name, in English and Chinese, with the way out.

`{value}` and the other fields are filled per row; `right` says what would be right.
"""

from collections.abc import Mapping

from daihou.rooms.intake.phrases.cell import CELL
from daihou.rooms.intake.phrases.file import FILE
from daihou.rooms.intake.phrases.phrase import Phrase
from daihou.rooms.intake.phrases.row import ROW

__all__ = ["CELL", "FILE", "PHRASES", "ROW", "Phrase", "general", "say", "say_right"]

PHRASES: Mapping[str, Phrase] = {**FILE, **CELL, **ROW}


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def _spoken(params: Mapping[str, object], language: str) -> _Blank:
    """The values as text; one that speaks both languages is asked in this one."""
    return _Blank(
        {
            key: value.say(language) if hasattr(value, "say") else value
            for key, value in params.items()
        }
    )


def say(code: str, params: Mapping[str, object], *, language: str) -> str:
    """What is wrong, in Chinese for a language code starting with zh."""
    phrase = PHRASES[code]
    text = phrase.zh if language.lower().startswith("zh") else phrase.en
    return text.format_map(_spoken(params, language))


class _Open(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def general(code: str, *, language: str) -> str:
    """What a code is about, without the values of any row."""
    phrase = PHRASES[code]
    text = phrase.zh if language.lower().startswith("zh") else phrase.en
    return text.format_map(_Open())


def say_right(code: str, params: Mapping[str, object], *, language: str) -> str:
    """What would be right, in the same words everywhere."""
    phrase = PHRASES[code]
    text = phrase.right_zh if language.lower().startswith("zh") else phrase.right_en
    return text.format_map(_spoken(params, language))
