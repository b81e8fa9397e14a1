"""Which subjects of events a person may see who does not see the whole book.

Rooms that come later know their subjects; each says at start-up how to tell.
"""

from collections.abc import Callable, Iterable

from daihou.kit.scope import Scope

See = Callable[[Iterable[str], Scope], frozenset[str]]
_sees: dict[str, See] = {}


def register_subject(subject_type: str, see: See) -> None:
    """Say which of some subject ids (as text) lie within a scope."""
    _sees[subject_type] = see


def subjects(wanted: Iterable[tuple[str, str]], scope: Scope) -> set[tuple[str, str]]:
    """Which of these (type, id) may be seen within `scope`; unknown types may not."""
    pairs = set(wanted)
    if scope.everything:
        return pairs
    seen: set[tuple[str, str]] = set()
    for kind in {kind for kind, _number in pairs} & set(_sees):
        ids = [number for each, number in pairs if each == kind]
        seen |= {(kind, number) for number in _sees[kind](ids, scope)}
    return seen
