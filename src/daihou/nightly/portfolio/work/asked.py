"""Figures of the work: promises, contacts, what cases brought, how and when they end.

They are asked of the tables of the office as they stand, up to the open day; figures
of the book itself come from the months (`nightly.portfolio.book`).
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from daihou.kit.portfolio import Asked, Cut, Series, Sight
from daihou.kit.portfolio_cuts import WORK_ONLY
from daihou.nightly.portfolio.work import (
    contacts,
    costs,
    placed,
    plans,
    promises,
    waiting,
)
from daihou.nightly.portfolio.work.terms import OF_CASE, Connection, seen

talked = contacts.talked


class _Loans(Protocol):
    def __call__(
        self, connection: Connection, asked: Asked, *, at: str, key: str, most: int
    ) -> Sequence[int]: ...


class _Series(Protocol):
    def __call__(self, connection: Connection, asked: Asked) -> Series: ...


_SERIES: Final[Mapping[str, _Series]] = {
    **dict.fromkeys(promises.METRICS, promises.series),
    **dict.fromkeys(plans.METRICS, plans.series),
    **dict.fromkeys(contacts.METRICS, contacts.series),
    **dict.fromkeys(placed.METRICS, placed.series),
    **dict.fromkeys(waiting.METRICS, waiting.series),
    **dict.fromkeys(costs.METRICS, costs.series),
}
_LOANS: Final[Mapping[str, _Loans]] = {
    **dict.fromkeys(promises.METRICS, promises.loans),
    **dict.fromkeys(plans.METRICS, plans.loans),
    **dict.fromkeys(contacts.METRICS, contacts.loans),
    **dict.fromkeys(placed.METRICS, placed.loans),
    **dict.fromkeys(waiting.METRICS, waiting.loans),
    **dict.fromkeys(costs.METRICS, costs.loans),
}
# Where the words of a cut stand; each is seen by the case of its row (`c`), a plan by
# itself.
_OF_PLANS: Final = "relief_relief c"
_WORDS: Final[Mapping[Cut, Sequence[tuple[str, str]]]] = {
    Cut.COLLECTOR: (
        ("c.asked_by", _OF_PLANS),
        (
            "t.collector",
            "casework_assignment t join casework_case c on c.id = t.case_id",
        ),
        ("t.taken_by", "casework_promise t join casework_case c on c.id = t.case_id"),
        (
            "t.recorded_by",
            "contact_attempt t join casework_case c on c.customer_id = t.customer_id",
        ),
    ),
    Cut.TEAM: (
        (
            "t.team",
            "casework_assignment t join casework_case c on c.id = t.case_id",
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
        ("c.difficulty", _OF_PLANS),
        (
            "t.reason_code",
            "casework_promise t join casework_case c on c.id = t.case_id",
        ),
    ),
}
# Cuts whose words are always the same.
_ALWAYS: Final[Mapping[Cut, Sequence[str]]] = {
    Cut.SIZE: ("0-1000", "1000-10000", "10000-100000", "100000+"),
    Cut.AGE: (
        *("0-3", "4-7", "8-14", "15+"),
        *("1", "2", "3", "4-6", "7-12", "13+"),
    ),
    Cut.HOUR: tuple(f"{hour:02d}" for hour in range(24)),
    Cut.RE_AGED: ("re_aged", "not_re_aged"),
    Cut.HALF: ("earlier", "later"),
}


def answers(metric: str) -> bool:
    """Whether a metric is one of the work."""
    return metric in _LOANS


def series(connection: Connection, asked: Asked) -> Series:
    """The figure of a metric of the work, over all of its months or ages.

    LookupError: nothing is known of the metric, or not by that cut.
    """
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
    if cut in _ALWAYS:
        return _ALWAYS[cut]
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
