"""Provisions of a whole book: needed by class, and a movement that foots, on arrays.

The reference text is `daihou.engine.provision`; a parity test holds them together.
Classes are codes 0 to 4 (`AssetClass`), -1 where a loan is not on the books; amounts
are 64-bit minor units.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daihou.engine.basics.rounding import divide
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.errors import ProvisionError
from daihou.engine.provision.movement import Line, Movement
from daihou.engine.provision.required import ROUNDING, Total
from daihou.engine.provision.rules import ProvisionRules

Codes = NDArray[np.int8]
Amounts = NDArray[np.int64]
Loans = NDArray[np.int64]
NONE = -1
_CLASSES = len(AssetClass)
_LARGEST = np.iinfo(np.int64).max


def needed(
    classes: Codes,
    balances: Amounts,
    rules: ProvisionRules,
    *,
    model: Amounts | None = None,
) -> Amounts:
    """Return the provision each loan needs: by table, or the model's if that is more.

    Exact, and rounded half to even once, as the reference does. Balances so large
    that the product would not fit go through whole numbers of Python.
    """
    found = np.zeros(len(balances), np.int64)
    for each in AssetClass:
        numerator, denominator = rules.shares[each].as_integer_ratio()
        chosen = np.flatnonzero(classes == each)
        if not len(chosen):
            continue
        amounts = balances[chosen]
        if _fits(amounts, numerator, denominator):
            found[chosen] = _half_even(amounts * numerator, denominator)
        else:
            wide = [
                divide(int(amount) * numerator, denominator, rounding=ROUNDING)
                for amount in amounts
            ]
            found[chosen] = np.array(wide, np.int64)
    return found if model is None else np.maximum(found, model)


def _fits(amounts: Amounts, numerator: int, denominator: int) -> bool:
    largest = max(int(amounts.max()), -int(amounts.min()))
    return largest * numerator <= _LARGEST and 2 * denominator <= _LARGEST


def _half_even(products: Amounts, denominator: int) -> Amounts:
    quotients, rests = np.divmod(products, denominator)
    twice = 2 * rests
    odd_half = (twice == denominator) & (quotients & 1 == 1)
    more: Amounts = quotients + ((twice > denominator) | odd_half)
    return more


def totals(
    classes: Codes,
    balances: Amounts,
    rules: ProvisionRules,
    *,
    model: Amounts | None = None,
) -> dict[AssetClass, Total]:
    """Return the sums by class, of every class, as the reference does."""
    amounts = needed(classes, balances, rules, model=model)
    found = {}
    for each in AssetClass:
        chosen = classes == each
        found[each] = Total(
            loans=int(chosen.sum()),
            balance=int(balances[chosen].sum()),
            needed=int(amounts[chosen].sum()),
        )
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """The loans of one day, in any order: ids, classes, balances, allowances."""

    loans: Loans
    classes: Codes
    balances: Amounts
    allowances: Amounts


@dataclass(frozen=True, slots=True)
class Moves:
    """Sheets of class by line, and opening balances from class to class."""

    balances: Amounts  # (class, line)
    allowances: Amounts  # (class, line)
    moved: Amounts  # (from, to)

    def foots(self) -> bool:
        """Tell whether every class comes to its closing."""
        return all(
            np.array_equal(sheet[:, : Line.CLOSING].sum(axis=1), sheet[:, Line.CLOSING])
            for sheet in (self.balances, self.allowances)
        )

    def plain(self) -> Movement:
        """Return the same as a movement of the reference."""

        def sheet(amounts: Amounts) -> dict[tuple[AssetClass, Line], int]:
            return {
                (at, line): int(amounts[at, line]) for at in AssetClass for line in Line
            }

        return Movement(
            balances=sheet(self.balances),
            allowances=sheet(self.allowances),
            moved={
                (one, two): int(self.moved[one, two])
                for one in AssetClass
                for two in AssetClass
            },
        )


def movement(opening: Day, closing: Day, written_off: tuple[Loans, Amounts]) -> Moves:
    """Return how each class came from opening to closing.

    `written_off` are ids, each once and of a loan on the books on one of the days,
    with the amounts.
    """
    ids = np.union1d(opening.loans, closing.loans)
    start, balance, allowance = _aligned(ids, opening)
    end, balance_then, allowance_then = _aligned(ids, closing)
    off = np.zeros(len(ids), np.int64)
    places = np.searchsorted(ids, written_off[0])
    assert (ids[np.minimum(places, len(ids) - 1)] == written_off[0]).all()
    off[places] = written_off[1]
    gone = end == NONE
    too_much = np.flatnonzero(gone & (off > balance))
    if len(too_much):
        loan = int(ids[too_much[0]])
        said = {"amount": int(off[too_much[0]]), "balance": int(balance[too_much[0]])}
        raise ProvisionError("written_off", loan=loan, **said)
    both, new = (start != NONE) & (end != NONE), start == NONE
    at = np.where(gone, start, end)
    change = balance_then - balance + off
    remeasured = allowance_then - allowance + off
    kept, lost = both & (start != end), gone & (off == 0)
    sheets = []
    for before, after, grown, again in (
        (balance, balance_then, change, np.zeros_like(change)),
        (allowance, allowance_then, np.where(new, remeasured, 0), remeasured),
    ):
        money = before is balance
        sheet = np.zeros((_CLASSES, len(Line)), np.int64)
        _put(sheet, Line.OPENING, start, before, start != NONE)
        _put(sheet, Line.CLOSING, end, after, end != NONE)
        _put(sheet, Line.MOVED_OUT, start, -before, kept)
        _put(sheet, Line.MOVED_IN, end, before, kept)
        _put(sheet, Line.NEW, at, grown, new | (both & (grown > 0)) if money else new)
        repaid = gone | (both & (grown <= 0)) if money else lost
        _put(sheet, Line.REPAID, at, grown if money else -before, repaid)
        _put(sheet, Line.WRITTEN_OFF, at, -off, off != 0)
        _put(sheet, Line.REMEASURED, at, again, both | (gone & ~lost))
        sheets.append(sheet)
    moved = np.zeros((_CLASSES, _CLASSES), np.int64)
    np.add.at(moved, (start[both], end[both]), balance[both])
    found = Moves(sheets[0], sheets[1], moved)
    assert found.foots()
    return found


def _put(
    sheet: Amounts,
    line: Line,
    classes: Codes,
    amounts: Amounts,
    chosen: NDArray[np.bool_],
) -> None:
    np.add.at(sheet[:, line], classes[chosen], amounts[chosen])


def _aligned(ids: Loans, day: Day) -> tuple[Codes, Amounts, Amounts]:
    """Return the columns of a day by the places of all ids; absent is -1 and 0."""
    places = np.searchsorted(ids, day.loans)
    classes = np.full(len(ids), NONE, np.int8)
    balances, allowances = np.zeros((2, len(ids)), np.int64)
    classes[places] = day.classes
    balances[places] = day.balances
    allowances[places] = day.allowances
    return classes, balances, allowances
