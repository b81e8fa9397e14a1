"""Where a rule is used: what later rooms say of themselves, and what files name it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daihou.engine.rulebook.law import Lawbook, Rule


@dataclass(frozen=True, slots=True)
class Use:
    """One place that asks a rule: in words, and the address of its page or nothing."""

    words: str
    address: str = ""


Reader = Callable[[Rule, Lawbook], Sequence[Use]]
_readers: dict[str, Reader] = {}


def register_use(*, name: str, uses: Reader) -> None:
    """Say at start-up who can tell where a rule is used; the same name replaces it."""
    _readers[name] = uses


def of(rule: Rule, book: Lawbook) -> list[Use]:
    """Every known place that asks a rule."""
    return [use for name in sorted(_readers) for use in _readers[name](rule, book)]
