"""The products a loan may name, and whether we or a core system keep its ledger."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from daihou.engine.rulebook.policy import Mode
from daihou.packs import products
from daihou.packs.errors import ProductError


def known_products() -> frozenset[str]:
    """The ids of all products there is a file for."""
    return frozenset(products.known())


def is_own(product: str | None) -> bool:
    """Whether we keep the ledger of loans of this product; unknown: yes."""
    known = products.known().get(product or "")
    if known is None:
        return True
    return known.versions[-1].policy.mode == Mode.OWN


def modes(names: Sequence[str | None]) -> npt.NDArray[np.bool_]:
    """For each product name, whether we keep the ledger."""
    own = {name: is_own(name) for name in set(names)}
    return np.array([own[name] for name in names], dtype=np.bool_)


def terms_of(product: str, *, on: date) -> tuple[str, str]:
    """Day count and rounding of a product on a day; ProductError if not in force."""
    policy = products.policy(product, on=on)
    return policy.day_count, policy.rounding


__all__ = ["ProductError", "is_own", "known_products", "modes", "terms_of"]
