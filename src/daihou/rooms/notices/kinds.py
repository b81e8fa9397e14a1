"""The kinds of notices; the room that sends one says at start-up what it is called."""

from dataclasses import dataclass
from typing import Any

LEVELS = ("info", "good", "warn", "bad")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: its code and the (lazily translated) word of it."""

    code: str
    label: Any


_kinds: dict[str, Kind] = {}


def register_kind(code: str, label: Any) -> None:
    """Name a kind of notice; the same code again replaces the name."""
    _kinds[code] = Kind(code, label)


def kinds() -> tuple[Kind, ...]:
    """Every kind that was named, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def kind_word(code: str) -> str:
    """The word of a kind; one nobody named is shown by its code."""
    known = _kinds.get(code)
    return str(known.label) if known else code
