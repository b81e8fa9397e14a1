"""Provisions of a graded day as sums: what is needed, and how it moved, by class.

Sums of pieces of a book add up to those of the whole, so each loan may be anywhere as
long as its two days stand in one piece.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daihou.columnar.provision import Amounts, Codes, Day, Loans, movement, needed
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.rules import ProvisionRules

NEED, BALANCES, ALLOWANCES, MOVED = range(4)  # `what` a row of sums is
_CLASSES: Final = len(AssetClass)
KEYS: Final = ("table", "what", "currency", "branch", "row", "line")
NUMBERS: Final = ("loans", "balance", "needed")
# `row` is a class; `line` a line of the movement, or the class moved to. Of a sheet
# `balance` holds the amount; `branch` is told of needs alone.
SUMS: Final = pa.schema(
    {
        "table": pa.string(),
        "what": pa.int8(),
        "currency": pa.int32(),
        "branch": pa.int32(),
        "row": pa.int8(),
        "line": pa.int8(),
    }
    | dict.fromkeys(NUMBERS, pa.int64())
)
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Graded:
    """The open loans of a graded day, sorted by loan; amounts in minor units.

    `model` is the loss that was told to be expected; branch and currency are numbers.
    """

    loans: Loans
    classes: Codes
    balances: Amounts
    model: Amounts
    branch: Numbers
    currency: Numbers

    def needs(self, rules: ProvisionRules) -> Amounts:
        """What each loan needs."""
        return needed(self.classes, self.balances, rules, model=self.model)


@dataclass(frozen=True, slots=True)
class Off:
    """What was left of each loan that was open and is written off now."""

    loans: Loans
    left: Amounts
    currency: Numbers


@dataclass(frozen=True, slots=True)
class Given:
    """Two graded days, and what was written off between them."""

    opening: Graded
    closing: Graded
    off: Off


def provided(
    given: Given,
    rules: Mapping[str, ProvisionRules],
    opening_rules: Mapping[str, ProvisionRules],
) -> pa.Table:
    """The sums of each table of `rules` as rows of `SUMS`.

    ProvisionError names a loan of which more was written off than it owed.
    """
    rows: list[tuple[Any, ...]] = []
    for table, found in rules.items():
        closing = given.closing.needs(found)
        opening = given.opening.needs(opening_rules.get(table, found))
        rows += _needs(table, given.closing, closing)
        rows += _moves(table, given, opening, closing)
    columns = list(zip(*rows, strict=True)) or [()] * len(SUMS)
    made = [pa.array(c, each.type) for c, each in zip(columns, SUMS, strict=True)]
    return pa.table(made, schema=SUMS)


def added(several: Iterable[pa.Table]) -> pa.Table:
    """The sums of pieces as those of the whole, in order of their keys."""
    rows = pa.concat_tables([SUMS.empty_table(), *several])
    found = rows.group_by(list(KEYS)).aggregate([(name, "sum") for name in NUMBERS])
    named = found.rename_columns(
        [name.removesuffix("_sum") for name in found.column_names]
    )
    ordered = named.select(SUMS.names).cast(SUMS)
    return ordered.sort_by([(name, "ascending") for name in KEYS])


def _needs(table: str, day: Graded, amounts: Amounts) -> Iterator[tuple[Any, ...]]:
    """The sums by currency, branch and class; only those with a loan."""
    if not len(day.loans):
        return
    branches = int(day.branch.max()) + 1
    key = day.currency.astype(np.int64) * branches + day.branch
    found, at = np.unique(key * _CLASSES + day.classes, return_inverse=True)
    sums = np.zeros((len(found), 3), np.int64)
    np.add.at(sums[:, 0], at, 1)
    np.add.at(sums[:, 1], at, day.balances)
    np.add.at(sums[:, 2], at, amounts)
    for each, row in zip(found.tolist(), sums.tolist(), strict=True):
        rest, asset_class = divmod(each, _CLASSES)
        yield (table, NEED, *divmod(rest, branches), asset_class, 0, *row)


def _moves(
    table: str, given: Given, opening: Amounts, closing: Amounts
) -> Iterator[tuple[Any, ...]]:
    """Every cell of the movement of each currency there is."""
    there = (given.opening.currency, given.closing.currency)
    for currency in np.union1d(*there).tolist():
        start = _of(given.opening, opening, currency)
        end = _of(given.closing, closing, currency)
        mine = given.off.currency == currency
        found = movement(start, end, (given.off.loans[mine], given.off.left[mine]))
        sheets = (
            (BALANCES, found.balances),
            (ALLOWANCES, found.allowances),
            (MOVED, found.moved),
        )
        for what, sheet in sheets:
            for row, cells in enumerate(sheet.tolist()):
                for line, amount in enumerate(cells):
                    yield (table, what, currency, 0, row, line, 0, amount, 0)


def _of(day: Graded, allowances: Amounts, currency: int) -> Day:
    mine = day.currency == currency
    return Day(day.loans[mine], day.classes[mine], day.balances[mine], allowances[mine])
