"""Positions of a closed day as programs read them: a page of loans at a time."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from daihou.kit.ports import BookReader
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger.queries.register import register


def positions_after(
    book: BookReader, after: int, *, as_of: date, scope: Scope, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Positions at the end of `as_of` of loans with an id above `after`, by id.

    With `number` and `currency` of each loan beside the columns of
    `tables.positions`. NotFound for a day that is not closed.
    """
    if as_of not in book.dates():
        raise NotFound(
            "not_closed",
            _("%(day)s has not been closed. Look at the list of day-ends.")
            % {"day": as_of},
        )
    held = register()
    seen = held.seen(scope)
    loans = held.loans["loan_id"] if seen is None else seen
    ids = loans.to_numpy()
    begin = int(np.searchsorted(ids, after, side="right"))
    found: list[pa.Table] = []
    size = 0
    # A loan paid out later has no position that day, so a page may need more ids.
    while size < limit and begin < len(ids):
        wanted = ids[begin : begin + max(limit, 100)]
        inside = pc.field("loan_id").isin(pa.array(wanted))
        found.append(book.read(as_of, filters=inside))
        size += len(found[-1])
        begin += len(wanted)
    if not size:
        return []
    table = pa.concat_tables(found).slice(0, limit)
    words = held.of(table["loan_id"].to_numpy())
    rows: list[dict[str, Any]] = table.to_pylist()
    for row, number, currency in zip(
        rows, words["number"].to_pylist(), words["currency"].to_pylist(), strict=True
    ):
        row |= {"number": number, "currency": currency}
    return rows
