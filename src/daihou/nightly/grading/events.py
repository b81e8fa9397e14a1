"""What a run itself sees happen to restructured loans, and when it counts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np

from daihou.columnar.classification import Classes
from daihou.engine.basics.dates import DAY as ONE_DAY
from daihou.engine.classification.codes import AssetClass
from daihou.nightly.grading.facts import (
    Array,
    Before,
    Day,
    FactRow,
    Static,
    missed_now,
)
from daihou.nightly.stores.classes import Connection
from daihou.tables.grades import Fact

_BAD: Final = int(AssetClass.SUBSTANDARD)
# The last time each of some loans turned bad, in the runs before a day.
_TURNED_SQL: Final = """
select m.loan_id, max(m.as_of) from grading_move m
join grading_run r on r.id = m.run_id and r.current
where m.loan_id = any(%s) and m.as_of < %s and m.becomes >= %s
  and m.was >= 0 and m.was < %s
group by m.loan_id
"""


def restructured(loan_id: Array, known: Iterable[FactRow]) -> Array:
    """Which of these loans somebody told of as restructured."""
    told = [each.loan_id for each in known if each.kind == Fact.RESTRUCTURED]
    return np.isin(loan_id, told)


def seen_before(
    connection: Connection,
    day: Day,
    static: Static,
    earlier: Before,
    known: Sequence[FactRow],
    *,
    as_of: date,
    last_on: date | None,
) -> list[FactRow]:
    """What the run of `as_of` counts itself: payments missed, and what it hears late.

    What is late today could be paid on time until yesterday: the payment day, or the
    last of its days of grace. A miss is dated on that day (办法 art. 20). Of a loan that is told of as
    restructured from an earlier day on, the last miss and the last turning bad since
    that day count too.
    """
    missed = restructured(day.loan_id, known) & missed_now(day, earlier)
    due_on = as_of - ONE_DAY
    found = [
        FactRow(int(loan), int(customer), Fact.MISSED, due_on, {}, as_of)
        for loan, customer in zip(
            day.loan_id[missed], static.customer_id[missed], strict=True
        )
    ]
    if last_on is None:
        return found
    here = set(day.loan_id.tolist())
    late = [
        each
        for each in known
        if each.kind == Fact.RESTRUCTURED
        and each.known_on > last_on
        and each.begins_on < as_of
        and each.loan_id in here
    ]
    return found + _heard_late(connection, day, earlier, late, as_of=as_of)


def _heard_late(
    connection: Connection,
    day: Day,
    earlier: Before,
    late: Sequence[FactRow],
    *,
    as_of: date,
) -> list[FactRow]:
    """What earlier runs saw of loans before it was told that they are restructured."""
    if not late:
        return []
    ids = [each.loan_id for each in late]
    rows = connection.execute(_TURNED_SQL, (ids, as_of, _BAD, _BAD)).fetchall()
    turned: dict[int, date] = dict(rows)
    found = []
    for each in late:
        place = int(np.searchsorted(day.loan_id, each.loan_id))
        seen: date | None = earlier.missed_on[place].item()
        missed = None if seen is None else seen - ONE_DAY
        for kind, on in (
            (Fact.MISSED, missed),
            (Fact.TURNED_BAD, turned.get(each.loan_id)),
        ):
            if on is not None and on >= each.begins_on:
                found.append(
                    FactRow(each.loan_id, each.customer_id, kind, on, {}, as_of)
                )
    return found


def turned_bad(
    day: Day,
    static: Static,
    earlier: Before,
    known: Sequence[FactRow],
    classes: Classes,
    *,
    as_of: date,
) -> list[FactRow]:
    """The restructured loans that this run made bad; it counts from tomorrow."""
    which = restructured(day.loan_id, known) & (classes.asset_class >= _BAD)
    which &= (earlier.asset_class >= 0) & (earlier.asset_class < _BAD)
    return [
        FactRow(int(loan), int(customer), Fact.TURNED_BAD, as_of, {}, as_of + ONE_DAY)
        for loan, customer in zip(
            day.loan_id[which], static.customer_id[which], strict=True
        )
    ]
