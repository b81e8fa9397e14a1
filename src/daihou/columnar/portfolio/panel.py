"""A panel of accounts by period, coded and sorted: what every figure starts from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from daihou.columnar.portfolio import columns, counting, reading
from daihou.columnar.portfolio.columns import Codes, Ints
from daihou.engine.metrics.errors import PanelError

Keep = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class Panel:
    """One row per account and period, sorted by both.

    `account` holds numbers that are equal for equal accounts; `names` their texts
    (None: the numbers themselves). `status` counts into `states`, -1: not said.
    `amount` is in units of 10 ** -`scale`, empty when none was asked for. Where
    `months`, a period is year * 12 + month - 1.
    """

    account: Ints
    period: Ints
    status: Codes
    states: tuple[str, ...]
    amount: Ints
    scale: int
    months: bool
    names: pa.Array | None
    id_column: str
    rows: Ints  # where each row stood in the frame that was given

    def __len__(self) -> int:
        """Rows, each an account in a period."""
        return len(self.account)

    @property
    def first(self) -> int:
        """The first period of all."""
        return int(self.period.min())

    @property
    def last(self) -> int:
        """The last period of all."""
        return int(self.period.max())

    @property
    def weighed(self) -> bool:
        """Whether there are amounts."""
        return len(self.amount) > 0

    @property
    def negative(self) -> int:
        """Rows with an amount below nothing: shares of it may leave 0 to 100 %."""
        return int((self.amount < 0).sum())

    @property
    def unsaid(self) -> int:
        """Rows that name no state: they count as no row."""
        return int((self.status < 0).sum())

    def text(self, period: int) -> str:
        """A period as it was given."""
        return columns.period_text(period, months=self.months)

    def name(self, row: int) -> str:
        """The account of a row as it was given."""
        account = int(self.account[row])
        return str(account) if self.names is None else str(self.names[account])

    @property
    def looks_like_months(self) -> bool:
        """Whole numbers that can be read as YYYYMM and cross a new year."""
        if self.months:
            return False
        year, month = np.divmod(np.unique(self.period), 100)
        plain = (year >= 1900) & (year <= 2199) & (month >= 1) & (month <= 12)
        return bool(plain.all() and year.min() < year.max())


def panel(
    given: Any,
    *,
    id: str,
    period: str,
    status: str,
    amount: str | None = None,
    states: Sequence[str] | None = None,
    keep: Keep | None = None,
) -> Panel:
    """Read a panel from a CSV or Parquet file, or an Arrow, pandas or polars frame.

    `states` lists the states in the order wanted (else: by name, M2 before M10).
    Periods are whole numbers, months as YYYY-MM, or dates, of which the month counts.
    PanelError: what cannot be read, with the way out; two rows for one account and
    period, unless `keep` says which of them counts, by the order of rows.
    """
    wanted = [id, period, status, *([amount] if amount else [])]
    table = reading.table_of(given, wanted)
    if not table.num_rows:
        raise PanelError("empty", file="frame")  # of a file it was said before
    account, names = columns.accounts(table[id], id)
    when, months = columns.periods(table[period], period)
    listed = None if states is None else tuple(states)
    standing, ordered = columns.states(table[status], status, listed=listed)
    units, scale = np.empty(0, np.int64), 0
    if amount:
        units, scale = columns.amounts(table[amount], amount)
    rows = np.arange(len(account))
    loose = Panel(
        *(account, when, standing, ordered, units, scale, months, names, id, rows)
    )
    return _sorted(loose, keep=keep)


def _sorted(loose: Panel, *, keep: Keep | None) -> Panel:
    if counting.in_order(loose.account, loose.period):
        return loose
    found = _taken(loose, counting.order(loose.account, loose.period))
    same = (np.diff(found.account) == 0) & (np.diff(found.period) == 0)
    if not same.any():
        return found
    if keep is None:
        row = int(same.argmax())
        twins = found.account == found.account[row]
        twins &= found.period == found.period[row]
        raise PanelError(
            "twice",
            id_column=found.id_column,
            account=found.name(row),
            period=found.text(int(found.period[row])),
            count=int(twins.sum()),
        )
    kept = np.append(~same, True) if keep == "last" else np.append(True, ~same)
    return _taken(found, np.flatnonzero(kept))


def _taken(panel: Panel, order: Ints) -> Panel:
    return replace(
        panel,
        account=panel.account[order],
        period=panel.period[order],
        status=panel.status[order],
        amount=panel.amount[order] if len(panel.amount) else panel.amount,
        rows=panel.rows[order],
    )
