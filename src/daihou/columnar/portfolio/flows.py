"""What moved in a month: matrices, roll rates, NPL formed, migration of classes.

All of it follows the single loan (account-tracked) from the end of the month before;
amounts are the balance then. Rows are those of a month or its cells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from daihou.columnar.portfolio.cube import Array, Flags, Rows, added
from daihou.engine.metrics.matrix import RollMatrix
from daihou.engine.metrics.recovery import Movement
from daihou.engine.metrics.regulatory import ClassMoves, moves_of
from daihou.tables import months as shape
from daihou.tables.months import NO_CLASS, STATE, STATES

STEPS: Final = len(shape.LADDER)
_BAD: Final = shape.CLASSES.index("substandard")
_GONE: Final = (STATE[shape.WRITTEN_OFF], STATE[shape.TRANSFERRED])
# The states of a class matrix: the classes instead of the ladder.
CLASS_STATES: Final = (*shape.CLASSES, *STATES[STEPS:])
FLOW_COLUMNS: Final = (
    *("state_before", "state", "class_before", "asset_class"),
    *("balance_before", "balance", "lost", "disbursed"),
)
Sums = tuple[list[int], list[int]]


def opening(rows: Rows) -> Array:
    """The opening amount: the balance before; of the new what was paid out.

    Of a loan that was off the book already, what was lost then.
    """
    before = rows.of("state_before")
    amount = np.where(
        np.isin(before, _GONE), rows.of("lost"), rows.of("balance_before")
    )
    found: Array = np.where(before == STATE[shape.NEW], rows.of("disbursed"), amount)
    return found


def matrix(rows: Rows, *, classes: bool, amount: bool) -> RollMatrix:
    """Where the loans of the month before stand now; every row adds up exactly."""
    states = CLASS_STATES if classes else STATES
    size = len(states)
    start, end = places(rows, classes=classes)
    cell = start.astype(np.int64) * size + end
    count = added(rows.loans(), cell, size * size)
    sums = added(opening(rows), cell, size * size) if amount else None

    def square(cells: list[int]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(cells[n * size : (n + 1) * size]) for n in range(size))

    return RollMatrix(
        states, square(count), None if sums is None else square(sums), scale=0
    )


def places(rows: Rows, *, classes: bool) -> tuple[Array, Array]:
    """Where each row stood and stands, as places in STATES or CLASS_STATES."""
    start, end = rows.of("state_before"), rows.of("state")
    if not classes:
        return start, end
    return (
        _class_state(start, rows.of("class_before")),
        _class_state(end, rows.of("asset_class")),
    )


def _class_state(state: Array, asset_class: Array) -> Array:
    """The place in CLASS_STATES; a loan without a class where others have one: missing."""
    classed = np.where(
        asset_class == NO_CLASS, CLASS_STATES.index(shape.MISSING), asset_class
    )
    shifted = state.astype(np.int64) - STEPS + len(shape.CLASSES)
    found: Array = np.where(state < STEPS, classed, shifted)
    return found


def rolled(
    rows: Rows, *, by_amount: bool, classes: bool = False
) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Of each step, or class: what went to the next worse one, of all that stood there."""
    found = matrix(rows, classes=classes, amount=by_amount)
    cells = found.amount if by_amount else found.count
    assert cells is not None
    steps = len(shape.CLASSES) if classes else STEPS
    return {
        (found.states[n], found.states[n + 1]): (cells[n][n + 1], sum(cells[n]))
        for n in range(steps - 1)
    }


def forward(rows: Rows, group: Array, size: int, *, by_amount: bool) -> Sums:
    """What rolled to a worse step or off the book as a loss, of all that was open."""
    before, now = rows.of("state_before"), rows.of("state")
    open_ = before < STEPS
    worse = open_ & (
        ((now < STEPS) & (now > before)) | (now == STATE[shape.WRITTEN_OFF])
    )
    weight = rows.of("balance_before") if by_amount else rows.loans()
    return added(weight, group, size, worse), added(weight, group, size, open_)


def net(rows: Rows) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Balance on the next step now, and on this one before: the net flow's two sums."""
    before, now = rows.of("state_before"), rows.of("state")
    opened = added(rows.of("balance_before"), before, len(STATES))
    closed = added(rows.of("balance"), now, len(STATES))
    return {
        (STATES[n], STATES[n + 1]): (closed[n + 1], opened[n]) for n in range(STEPS - 1)
    }


@dataclass(frozen=True, slots=True)
class Formed:
    """How NPL moved in each group, and the loans it opened with; see `recovery`."""

    movements: Sequence[Movement]
    closing: Sequence[int]
    opening_loans: Sequence[int]


def formation(rows: Rows, group: Array, size: int) -> Formed:
    """NPL movement of a month, loan by loan.

    `formed` is what stands in NPL now and did not before, and what went off the book
    from outside of NPL: it was bad in between. What a bad loan owes less is collected,
    also where it was upgraded or written off in the same month (net of new payouts).
    One without a row any more paid nothing that is known: it is missing.
    """
    before, now = rows.of("class_before"), rows.of("asset_class")
    was_open = rows.of("state_before") < STEPS
    state = rows.of("state")
    was_bad, is_bad = was_open & (before >= _BAD), (state < STEPS) & (now >= _BAD)
    off, sold = (
        (state == each) & ~np.isin(rows.of("state_before"), _GONE) for each in _GONE
    )
    owed, owes, lost = rows.of("balance_before"), rows.of("balance"), rows.of("lost")
    up = was_bad & (state < STEPS) & ~is_bad

    def total(weight: Array, mask: Flags) -> list[int]:
        return added(weight, group, size, mask)

    left, away = np.where(off | sold, lost, owes), state == STATE[shape.MISSING]
    parts = {
        "opening": total(owed, was_bad),
        "formed": _summed(
            total(owes, is_bad & ~was_bad), total(lost, (off | sold) & ~was_bad)
        ),
        "collected": total(owed - left, was_bad & ~away),
        "missing": total(owed, was_bad & away),
        "upgraded": total(owes, up),
        "written_off": total(lost, off),
        "transferred": total(lost, sold),
    }
    return Formed(
        movements=[
            Movement(**{name: sums[n] for name, sums in parts.items()})
            for n in range(size)
        ],
        closing=total(owes, is_bad),
        opening_loans=total(owed, was_open),
    )


def _summed(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def class_moves(rows: Rows, group: Array, size: int) -> list[ClassMoves]:
    """Opening balance by class before and now, as far as it is still owed.

    "" is the rest, the decrease 期间减少 of the period: what was collected, also by an
    instalment of a loan that stays, disposed of or written off.
    """
    classes = (*shape.CLASSES, "")
    was = (rows.of("state_before") < STEPS) & (rows.of("class_before") != NO_CLASS)
    start = rows.of("class_before").astype(np.int64)
    end = rows.of("asset_class").astype(np.int64)
    end = np.where(end == NO_CLASS, len(shape.CLASSES), end)
    wide = len(classes)
    cell = (group.astype(np.int64) * wide + start) * wide + end
    opened = added(rows.of("balance_before"), cell, size * wide * wide, was)
    # Of a loan that left, or has no class now, all of it is gone.
    stays = was & (end != len(shape.CLASSES))
    kept = added(rows.kept(), cell, size * wide * wide, stays)

    def square(cells: list[int], n: int) -> dict[tuple[str, str], int]:
        return {
            (shape.CLASSES[i], classes[j]): cells[(n * wide + i) * wide + j]
            for i in range(wide - 1)
            for j in range(wide)
        }

    return [moves_of(square(opened, n), square(kept, n)) for n in range(size)]
