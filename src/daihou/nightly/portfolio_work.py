"""Figures of the work: promises, contacts, what cases brought, how and when they end.

They are asked of the tables of the office as they stand, up to the open day; figures
of the book itself come from the months (`nightly.portfolio`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from daihou.kit.portfolio import Asked, Cut, Series, Sight
from daihou.kit.portfolio_cuts import WORK_ONLY
from daihou.nightly import portfolio_work_contacts as contacts
from daihou.nightly import portfolio_work_costs as costs
from daihou.nightly import portfolio_work_placed as placed
from daihou.nightly import portfolio_work_promises as promises
from daihou.nightly import portfolio_work_waiting as waiting
from daihou.nightly.portfolio_work_terms import OF_CASE, Connection, seen

talked = contacts.talked


class _Loans(Protocol):
    def __call__(
        self, connection: Connection, asked: Asked, *, at: str, key: str, most: int
    ) -> Sequence[int]: ...


class _Series(Protocol):
    def __call__(self, connection: Connection, asked: Asked) -> Series: ...


_SERIES: Final[Mapping[str, _Series]] = {
    **dict.fromkeys(promises.METRICS, promises.series),
    **dict.fromkeys(contacts.METRICS, contacts.series),
    **dict.fromkeys(placed.METRICS, placed.series),
    **dict.fromkeys(waiting.METRICS, waiting.series),
}
_LOANS: Final[Mapping[str, _Loans]] = {
    **dict.fromkeys(promises.METRICS, promises.loans),
    **dict.fromkeys(contacts.METRICS, contacts.loans),
    **dict.fromkeys(placed.METRICS, placed.loans),
    **dict.fromkeys(waiting.METRICS, waiting.loans),
    **dict.fromkeys(costs.METRICS, costs.loans),
}
# Where the words of a cut stand; each is seen by the case of its row.
_WORDS: Final[Mapping[Cut, Sequence[tuple[str, str]]]] = {
    Cut.COLLECTOR: (
        ("t.taken_by", "casework_promise t join casework_case c on c.id = t.case_id"),
        (
            "t.recorded_by",
            "contact_attempt t join casework_case c on c.customer_id = t.customer_id",
        ),
    ),
    Cut.MEANS: (
        ("t.channel", "casework_promise t join casework_case c on c.id = t.case_id"),
        (
            "t.channel",
            "contact_attempt t join casework_case c on c.customer_id = t.customer_id",
        ),
    ),
    Cut.REASON: (
        (
            "t.reason_code",
            "casework_promise t join casework_case c on c.id = t.case_id",
        ),
    ),
}
_SIZES: Final = ("0-1000", "1000-10000", "10000-100000", "100000+")


def answers(metric: str) -> bool:
    """Whether a metric is one of the work."""
    return metric in _LOANS


def series(connection: Connection, asked: Asked, *, home: Path | None = None) -> Series:
    """The figure of a metric of the work, over all of its months or ages.

    `home` is where the lender's list of costs lies. LookupError: nothing is known of
    the metric, or not by that cut; NightError: the list of costs cannot be read.
    """
    if asked.metric in costs.METRICS:
        return costs.series(connection, asked, home=home)
    _must_know(asked)
    return _SERIES[asked.metric](connection, asked)


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str = "", most: int = 200
) -> Sequence[int]:
    """Our numbers of the loans in the numerator of a cell, the largest first."""
    _must_know(asked)
    return _LOANS[asked.metric](connection, asked, at=at, key=key, most=most)


def values(
    connection: Connection, cut: Cut, *, sight: Sequence[Sight]
) -> Sequence[str]:
    """What stands in a cut of the work alone, among what may be seen, in order."""
    if cut is Cut.SIZE:
        return _SIZES
    assert cut in WORK_ONLY, cut
    given: dict[str, object] = {}
    where = seen(sight, OF_CASE, given)
    sql = " union ".join(
        f"select distinct {column} from {rows} where {where}"
        for column, rows in _WORDS[cut]
    )
    return sorted(row[0] for row in connection.execute(sql, given) if row[0])


def _must_know(asked: Asked) -> None:
    if not answers(asked.metric):
        raise LookupError(f"{asked.metric} is no figure of the work")
