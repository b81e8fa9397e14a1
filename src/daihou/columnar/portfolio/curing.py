"""Who cures, who cures alone and who falls back: of any panel with days past due."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.portfolio import columns, cures, reading
from daihou.columnar.portfolio.columns import Ints
from daihou.columnar.portfolio.counting import Flags
from daihou.columnar.portfolio.panel import Keep, Panel, panel
from daihou.engine.metrics.cures import End, Share
from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.survival import Step, incidence_of

WITHIN: Final = (1, 3, 6)
STAY, LATE_AGAIN = 1, 30
_YES: Final = frozenset({"1", "1.0", "true", "yes", "y", "t"})
_CODES: Final = {
    each.value: cures.ENDS.index(each) for each in End if each is not End.CURED
}


@dataclass(frozen=True, slots=True)
class Cured:
    """Shares of spells of delinquency, by how many periods were given.

    `alone` is None where nobody said who was contacted. `waiting` is how spells end by
    their length: endings compete (Aalen-Johansen).
    """

    stay: int
    late_again: int
    within: tuple[int, ...]
    spells: int
    cured: tuple[Share, ...]
    alone: tuple[Share, ...] | None
    fell_back: tuple[Share, ...]
    waiting: tuple[Step, ...]

    def content(self) -> dict[str, Any]:
        """As JSON: counts exact, rates as numbers, null where nothing is known."""

        def told(shares: tuple[Share, ...]) -> list[dict[str, Any]]:
            return [
                {
                    "part": share.part,
                    "whole": share.whole,
                    "rate": None if share.rate is None else float(share.rate),
                }
                for share in shares
            ]

        return {
            "stay": self.stay,
            "late_again": self.late_again,
            "within": list(self.within),
            "spells": self.spells,
            "cure": told(self.cured),
            "self_cure": None if self.alone is None else told(self.alone),
            "redefault": told(self.fell_back),
            "waiting": [
                {
                    "age": step.age,
                    "at_risk": step.at_risk,
                    "surviving": float(step.surviving),
                    "incidence": {
                        end: float(share) for end, share in step.incidence.items()
                    },
                }
                for step in self.waiting
            ],
        }


def cure_rates(
    given: Any,
    *,
    id: str,
    period: str,
    dpd: str,
    closed: str | None = None,
    contacted: str | None = None,
    replaced: str | None = None,
    stay: int = STAY,
    late_again: int = LATE_AGAIN,
    within: Sequence[int] = WITHIN,
    keep: Keep | None = None,
) -> Cured:
    """Cure, self-cure and re-default of a file or frame; see `engine.metrics.cures`.

    `closed` names the column that says how an account ended in a period: settled,
    written_off or transferred, else empty. `contacted` and `replaced` (a debt paid with
    a new loan, which is no cure) are columns of 1 or true. See `panel` for what can be
    read and the errors.
    """
    if stay < 1 or not within or min(within) < 1:
        raise PanelError("within")
    more = [name for name in (closed, contacted, replaced) if name]
    table = reading.table_of(given, [id, period, dpd, *more])
    late = columns.late(table[dpd], dpd, over=1)
    place = table.column_names.index(dpd)
    found = panel(
        table.set_column(place, dpd, late), id=id, period=period, status=dpd, keep=keep
    )
    spells = cures.spells(
        _months(found, table, dpd, closed, contacted, replaced),
        stay=stay,
        late_again=late_again,
    )
    asked: dict[str, Any] = {"last": found.last, "stay": stay}
    return Cured(
        stay=stay,
        late_again=late_again,
        within=tuple(within),
        spells=len(spells),
        cured=tuple(cures.cure_rate(spells, within=n, **asked) for n in within),
        alone=None
        if contacted is None
        else tuple(
            cures.cure_rate(spells, within=n, alone=True, **asked) for n in within
        ),
        fell_back=tuple(cures.redefault_rate(spells, within=n) for n in within),
        waiting=incidence_of(cures.waiting(spells)),
    )


def _months(
    found: Panel,
    table: pa.Table,
    dpd: str,
    closed: str | None,
    contacted: str | None,
    replaced: str | None,
) -> cures.Months:
    def flags(name: str | None) -> Flags:
        if name is None:
            return np.zeros(len(found), np.bool_)
        told: Flags = _looked_up(table[name], lambda word: word.lower() in _YES)
        return told[found.rows]

    def code(word: str) -> int:
        if word and word not in _CODES:
            raise PanelError("unlisted", status=word, known=", ".join(_CODES))
        return _CODES.get(word, cures.OPEN)

    ends = (
        np.full(len(found), cures.OPEN)
        if closed is None
        else _looked_up(table[closed], code)[found.rows]
    )
    return cures.Months(
        account=found.account,
        period=found.period,
        dpd=_days(table[dpd])[found.rows],
        closed=ends.astype(np.int8),
        contacted=flags(contacted),
        replaced=flags(replaced),
    )


def _days(column: pa.ChunkedArray) -> Ints:
    """Days past due, which `columns.late` has looked at already; none: in time."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return columns.whole(pc.fill_null(column, 0).cast(pa.int64(), safe=False))
    told: Ints = _looked_up(column, lambda word: int(word or 0)).astype(np.int64)
    return told


def _looked_up(column: pa.ChunkedArray, meaning: Any) -> Any:
    """What each word of a column means, each looked at once."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    codes, texts = columns.coded(column)
    told = [meaning((word or "").strip()) for word in texts.to_pylist()]
    return np.array([*told, meaning("")])[codes]
