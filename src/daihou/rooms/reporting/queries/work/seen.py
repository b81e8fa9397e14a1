"""What may be seen and fits the conditions of a page, as one scope."""

from collections.abc import Mapping

from daihou.kit.scope import NOTHING, Scope

Words = frozenset[str]


def narrowed(scope: Scope, equal: Mapping[str, str]) -> Scope:
    """The part of a scope with this branch, product and officer; empty narrows not."""
    if not any(equal.values()):
        return scope
    found = []
    for way in scope.ways:
        one = Scope(
            branches=_both(way.branches, equal.get("branch", "")),
            products=_both(way.products, equal.get("product", "")),
            officers=_both(way.officers, equal.get("officer", "")),
        )
        found.append(one)
    return NOTHING.with_also(*found)


def _both(words: Words | None, wanted: str) -> Words | None:
    if not wanted:
        return words
    return frozenset({wanted}) if words is None or wanted in words else frozenset()
