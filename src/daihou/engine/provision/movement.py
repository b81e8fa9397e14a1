"""How balances and allowances moved between two days, class by class, so that it foots.

Opening + moved in and out + new + repaid + written off (+ remeasured) = closing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.errors import ProvisionError


class Line(IntEnum):
    """The lines of a movement, in the order in which they are printed."""

    OPENING = 0
    MOVED_IN = 1  # from another class, with the opening amounts
    MOVED_OUT = 2
    NEW = 3  # paid out since; of allowances: charged on new loans
    REPAID = 4  # of allowances: released on loans repaid in full
    WRITTEN_OFF = 5
    REMEASURED = 6  # of allowances: charged or released on loans that stay
    CLOSING = 7

    @property
    def code(self) -> str:
        """The name in files."""
        return self.name.lower()


# What passes through profit and loss, of an allowance.
CHARGED = (Line.NEW, Line.REPAID, Line.REMEASURED)


@dataclass(frozen=True, slots=True)
class Position:
    """A loan on one day: its class, balance and allowance in minor units."""

    asset_class: AssetClass
    balance: int
    allowance: int


Sheet = Mapping[tuple[AssetClass, Line], int]


@dataclass(frozen=True, slots=True)
class Movement:
    """Two sheets, of balances and of allowances, and who went from where to where.

    `moved[(start, end)]` is the opening balance of loans on the books on both days.
    """

    balances: Sheet
    allowances: Sheet
    moved: Mapping[tuple[AssetClass, AssetClass], int]

    @property
    def charge(self) -> int:
        """What profit and loss bore for the allowance: charged less released."""
        return sum(self.allowances[at, line] for at in AssetClass for line in CHARGED)

    def foots(self) -> bool:
        """Tell whether every class, and so the whole, comes to its closing."""
        return all(
            sum(sheet[at, line] for line in Line if line is not Line.CLOSING)
            == sheet[at, Line.CLOSING]
            for sheet in (self.balances, self.allowances)
            for at in AssetClass
        )


def movement(
    opening: Mapping[str, Position],
    closing: Mapping[str, Position],
    *,
    written_off: Mapping[str, int] = MappingProxyType({}),
) -> Movement:
    """Return how each class came from opening to closing.

    A write-off uses as much allowance as it takes off the balance; what the loan's
    allowance lacked for that was charged. It stands in the class the loan has at the
    end, or had last. Raises ProvisionError where a write-off cannot be.
    """
    sheets = _Sheets()
    for loan in [*opening, *(each for each in closing if each not in opening)]:
        sheets.add(loan, opening.get(loan), closing.get(loan), written_off)
    for loan in written_off:
        if loan not in opening and loan not in closing:
            raise ProvisionError("unknown_loan", loan=loan)
    found = Movement(
        MappingProxyType(sheets.balances),
        MappingProxyType(sheets.allowances),
        MappingProxyType(sheets.moved),
    )
    assert found.foots(), found
    return found


class _Sheets:
    """The sums while loans are added one by one."""

    def __init__(self) -> None:
        places = [(at, line) for at in AssetClass for line in Line]
        self.balances = dict.fromkeys(places, 0)
        self.allowances = dict.fromkeys(places, 0)
        self.moved = {(one, two): 0 for one in AssetClass for two in AssetClass}

    def add(
        self,
        loan: str,
        before: Position | None,
        after: Position | None,
        written_off: Mapping[str, int],
    ) -> None:
        """Add one loan that is on the books on one of the days or on both."""
        off = written_off.get(loan, 0)
        if before is not None:
            self._put(
                before.asset_class, Line.OPENING, before.balance, before.allowance
            )
        if after is not None:
            self._put(after.asset_class, Line.CLOSING, after.balance, after.allowance)
        if before is None:
            assert after is not None
            at = after.asset_class
            self._put(at, Line.NEW, after.balance + off, after.allowance + off)
        elif after is None:
            at = before.asset_class
            self._gone(loan, before, off)
        else:
            at = after.asset_class
            self._stayed(before, after, off)
        self._put(at, Line.WRITTEN_OFF, -off, -off)

    def _gone(self, loan: str, before: Position, off: int) -> None:
        at, left = before.asset_class, before.balance - off
        if left < 0:
            said = {"loan": loan, "amount": off, "balance": before.balance}
            raise ProvisionError("written_off", **said)
        if off:
            self._put(at, Line.REPAID, -left, 0)
            self._put(at, Line.REMEASURED, 0, off - before.allowance)
        else:
            self._put(at, Line.REPAID, -left, -before.allowance)

    def _stayed(self, before: Position, after: Position, off: int) -> None:
        start, at = before.asset_class, after.asset_class
        self.moved[start, at] += before.balance
        if start is not at:
            self._put(start, Line.MOVED_OUT, -before.balance, -before.allowance)
            self._put(at, Line.MOVED_IN, before.balance, before.allowance)
        change = after.balance - before.balance + off
        self._put(at, Line.NEW if change > 0 else Line.REPAID, change, 0)
        remeasured = after.allowance - before.allowance + off
        self._put(at, Line.REMEASURED, 0, remeasured)

    def _put(self, at: AssetClass, line: Line, balance: int, allowance: int) -> None:
        self.balances[at, line] += balance
        self.allowances[at, line] += allowance
