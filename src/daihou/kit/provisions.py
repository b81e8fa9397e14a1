"""What the office needs to provide for the book, without knowing who reckons it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.rules import ProvisionRules


@dataclass(frozen=True, slots=True)
class ClassNeed:
    """Loans of one class, branch and currency under one table; minor units."""

    table: str
    currency: str
    branch: str
    asset_class: AssetClass
    loans: int
    balance: int
    needed: int


@dataclass(frozen=True, slots=True)
class Moved:
    """How balances and allowances of one table and currency came from one day to another.

    Sheets are class by line (`engine.provision.movement.Line`), `moved` from class to
    class; minor units.
    """

    table: str
    currency: str
    balances: Sequence[Sequence[int]]
    allowances: Sequence[Sequence[int]]
    moved: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Provided:
    """What a graded day needs under every table, and how it moved since `opening_on`."""

    needs: Sequence[ClassNeed]
    moves: Sequence[Moved]


class Provider(Protocol):
    """Reckons provisions of graded days from the night's files; it writes nothing."""

    def graded(self) -> Mapping[date, str]:
        """The fingerprint of the classes that stand for each graded day."""

    def provide(
        self,
        as_of: date,
        *,
        opening_on: date | None,
        rules: Mapping[str, ProvisionRules],
        opening_rules: Mapping[str, ProvisionRules],
    ) -> Provided:
        """Provide for a graded day under each table; `opening_on` None: from nothing.

        A loan needs what its class asks for, or the loss that was told to be expected
        of it if that is more. What was written off is what was left of it then.
        """

    def model_of(self, loan_id: int, *, as_of: date) -> int | None:
        """The loss that was told to be expected of a loan, in minor units."""


_provider: list[Provider] = []


def bind_provider(provider: Provider) -> None:
    """Say who provides; `config.wiring` does, and tests."""
    _provider[:] = [provider]


def unbind_provider() -> None:
    """Take it away again: the end of a test."""
    _provider.clear()


def provider() -> Provider | None:
    """Who provides, where somebody does."""
    return _provider[0] if _provider else None
