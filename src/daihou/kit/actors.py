"""Who did something, as pages call them: what no person did has a word of its own."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# What is written where no person acted: the rooms' own work, and the command line.
_WORDS: Final[Mapping[str, str | Promise]] = {
    "approvals": pgettext_lazy("actor", "System (approvals)"),
    "casework": pgettext_lazy("actor", "System (cases)"),
    "clocks": pgettext_lazy("actor", "System (clocks of law)"),
    "command line": pgettext_lazy("actor", "Command line"),
    "console": pgettext_lazy("actor", "Command line"),
    "grading": pgettext_lazy("actor", "System (classes)"),
    "identity": pgettext_lazy("actor", "System (same persons)"),
    "strategy": pgettext_lazy("actor", "System (strategy)"),
}


def actor_word(by: str, *, names: Mapping[str, str] | None = None) -> str:
    """What the log calls `by`, in words; a login is its name where `names` has it."""
    if by in _WORDS:
        return str(_WORDS[by])
    return (names or {}).get(by, by)
