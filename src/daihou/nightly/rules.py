"""The product terms a night goes by, and their digest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from daihou.engine.rulebook.policy import Policy
from daihou.packs import products


@dataclass(frozen=True, slots=True)
class Rules:
    """Which terms are in force on a date, product by product."""

    policies_on: Callable[[date], Mapping[str, Policy]]

    def digest(self, as_of: date) -> str:
        """Fingerprint of the terms in force on `as_of`."""
        return products.digest(self.policies_on(as_of).values())[:32]


@lru_cache(maxsize=512)
def _shipped_on(as_of: date) -> Mapping[str, Policy]:
    return products.policies(on=as_of)


def shipped() -> Rules:
    """The rules of the product files that come with the house."""
    return Rules(policies_on=_shipped_on)
