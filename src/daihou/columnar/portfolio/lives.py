"""The months of each loan, one after the other, and the spells of delinquency in them."""

from dataclasses import fields
from typing import Any, Final

import numpy as np
import pyarrow as pa

from daihou.columnar.portfolio.columns import Ints
from daihou.columnar.portfolio.counting import Flags
from daihou.columnar.portfolio.cures import ENDS, OPEN, Months, Spells, spells
from daihou.engine.metrics.cures import End
from daihou.tables import months as shape
from daihou.tables.months import STATE

_ENDED: Final = {
    STATE[shape.PAID]: End.SETTLED,
    STATE[shape.CLOSED]: End.SETTLED,
    STATE[shape.WRITTEN_OFF]: End.WRITTEN_OFF,
    STATE[shape.TRANSFERRED]: End.TRANSFERRED,
}
_PERIODS: Final = 12 * 10_000  # more than there are months
# What is read of a loan and month, and in which months somebody spoke with whom.
ROWS: Final = pa.schema(
    {
        "loan_id": pa.int64(),
        "period": pa.int32(),
        "state": pa.int8(),
        "dpd": pa.int32(),
        "restructured": pa.bool_(),
    }
)
TALKS: Final = pa.schema({"loan_id": pa.int64(), "period": pa.int32()})
_FLAGS: Final = ("unseen", "contacted", "replaced", "settled")
SPELLS: Final = pa.schema(
    {
        each.name: pa.int8()
        if each.name == "end"
        else pa.bool_()
        if each.name in _FLAGS
        else pa.int64()
        for each in fields(Spells)
    }
)


def spells_of(rows: pa.Table, talks: pa.Table) -> Spells:
    """The spells of these loans (`ROWS`, in any order), by loan and time.

    Months without a row of the loan are left out by whoever asks. A loan newly
    restructured did not get well out of its own means.
    """
    account = _of(rows, "loan_id")
    period = _of(rows, "period").astype(np.int64)
    order = np.argsort(account * _PERIODS + period, kind="stable")
    account, period = account[order], period[order]
    marked = _of(rows, "restructured")[order]
    closed = np.full(len(shape.STATES), OPEN, np.int8)
    for place, end in _ENDED.items():
        closed[place] = ENDS.index(end)
    same = np.append(False, account[1:] == account[:-1])[: len(account)]
    before = np.append(False, marked[:-1])[: len(account)] & same
    return spells(
        Months(
            account=account,
            period=period,
            dpd=_of(rows, "dpd").astype(np.int64)[order],
            closed=closed[_of(rows, "state")[order]],
            contacted=_spoken(account, period, talks),
            replaced=marked & ~before,
        )
    )


def _spoken(account: Ints, period: Ints, talks: pa.Table) -> Flags:
    told = _of(talks, "loan_id") * _PERIODS + _of(talks, "period").astype(np.int64)
    found: Flags = np.isin(account * _PERIODS + period, told)
    return found


def spell_rows(rows: pa.Table, talks: pa.Table) -> pa.Table:
    """`spells_of` as a table (`SPELLS`)."""
    found = spells_of(rows, talks)
    return pa.table(
        [pa.array(getattr(found, name)) for name in SPELLS.names], names=SPELLS.names
    ).cast(SPELLS)


def spells_from(table: pa.Table) -> Spells:
    """What `spell_rows` wrote."""
    return Spells(**{name: _of(table, name) for name in SPELLS.names})


def _of(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()
