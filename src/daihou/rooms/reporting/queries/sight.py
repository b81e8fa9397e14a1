"""What of the book a person's figures are made of."""

from collections.abc import Sequence

from daihou.kit.portfolio import Sight
from daihou.kit.scope import Scope


def sights(scope: Scope) -> Sequence[Sight]:
    """The ways to see of a scope, as the months of the book ask for them.

    Nothing at all where nothing may be seen.
    """
    if scope.everything:
        return (Sight(),)
    return tuple(
        Sight(branches=way.branches, products=way.products, officers=way.officers)
        for way in scope.ways
    )
