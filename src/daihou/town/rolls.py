"""Monthly roll rates: counted in real card data, and counted in a town.

Status 0 is up to 29 days late (on time included), 1 is 30-59, 2 is 60-89, 3 is
90-119, 4 is 120-149, 5 is 150 and more; from one month-end to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.kit.speech import gettext

# Moves of 0, 1, 2, 3, 4 to the next status in a month, per ten thousand: 269,581
# account-months of the public table credit_record.csv ("Credit Card Approval
# Prediction"), counted over pairs of consecutive months.
REAL_PER_10000: Final = (188, 495, 3121, 5596, 7576)
STATUSES: Final = 6
DAYS_A_STATUS: Final = 30


def status_of(dpd: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Status 0 to 5 of days past due."""
    found: npt.NDArray[Any] = np.minimum(
        np.maximum(dpd, 0) // DAYS_A_STATUS, STATUSES - 1
    )
    return found


@dataclass(frozen=True, slots=True)
class Rolls:
    """Counted moves: `moves[i, j]` loans went from status i to j in a month.

    The last column counts loans that were settled or sold by the next month-end.
    """

    moves: npt.NDArray[np.int64]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Loan-months seen in each status."""
        total: npt.NDArray[np.int64] = self.moves.sum(axis=1)
        return total

    def up_per_10000(self, status: int) -> int | None:
        """Share of a status that was one status later a month on; None if empty."""
        seen = int(self.rows[status])
        return (
            round(10_000 * int(self.moves[status, status + 1]) / seen) if seen else None
        )

    def noise_per_10000(self, status: int) -> int | None:
        """Two standard errors of the real share at this number of loan-months."""
        seen = int(self.rows[status])
        share = REAL_PER_10000[status] / 10_000
        if not seen:
            return None
        return round(20_000 * float(np.sqrt(share * (1 - share) / seen)))


def count(month_ends: Sequence[pa.Table]) -> Rolls:
    """Count moves between positions (tables.positions) of consecutive month-ends."""
    moves = np.zeros((STATUSES, STATUSES + 1), np.int64)
    for before, after in pairwise(month_ends):
        old_ids, old = _statuses(before)
        new_ids, new = _statuses(after)
        place = np.searchsorted(new_ids, old_ids)
        assert bool((new_ids[place] == old_ids).all()), "a loan left the book"
        here = old < STATUSES
        np.add.at(moves, (old[here], new[place][here]), 1)
    return Rolls(moves=moves)


def _statuses(positions: pa.Table) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Loan ids, and status 0 to 5, or 6 for a loan that has left the book."""
    gone = pa.array(["settled", "transferred"])
    left = pc.is_in(positions["status"], value_set=gone)
    status = status_of(positions["dpd"].to_numpy())
    return positions["loan_id"].to_numpy(), np.where(left.to_numpy(), STATUSES, status)


def say(rolls: Rolls) -> list[str]:
    """Lines of a table: what was counted here beside what was counted there."""
    head = gettext("move    town    real   loan-months  (two standard errors)")
    lines = [head]
    for status, real in enumerate(REAL_PER_10000):
        here = rolls.up_per_10000(status)
        noise = rolls.noise_per_10000(status)
        town = "   n/a" if here is None else f"{here / 100:5.2f}%"
        spread = "" if noise is None else f"± {noise / 100:.2f}"
        lines.append(
            f"{status}->{status + 1}   {town}  {real / 100:5.2f}%   "
            f"{int(rolls.rows[status]):>11,}  {spread}"
        )
    return lines
