"""A town as the tables the night reads (`tables.facts`), without a database."""

from typing import Any

import numpy as np
import pyarrow as pa

from daihou.columnar import layout
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS
from daihou.town import payers
from daihou.town.book import Book
from daihou.town.draws import Array
from daihou.town.products import OFFERS


def facts(book: Book) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Loans, demands and payments; loan ids count from 1 in order of pay-out."""
    return _loans(book), _demands(book), _payments(book)


def days(values: Array, mask: Array | None = None) -> pa.Array:
    """Dates from day numbers; null where `mask`."""
    return pa.array(values.astype(np.int32), mask=mask).cast(pa.date32())


def words(places: Array, names: Any) -> pa.Array:
    """Text by position in `names`."""
    indices = pa.array(np.asarray(places, np.int32))
    return pa.DictionaryArray.from_arrays(
        indices, pa.array(list(names), pa.string())
    ).cast(pa.string())


def _loans(book: Book) -> pa.Table:
    terms, count = book.terms, len(book)
    columns = [
        pa.array(np.arange(1, count + 1)),
        words(terms.offer, [o.product for o in OFFERS]),
        pa.array(np.arange(1, count + 1)),
        words(np.zeros(count), ["CNY"]),
        pa.array(terms.principal),
        days(terms.disbursed_on),
        words(book.status, layout.STATUSES),
        days(book.closed_on, mask=book.closed_on < 0),
        pa.array(book.penalty_rate_nano),
    ]
    return pa.table(columns, schema=LOANS)


def _demands(book: Book) -> pa.Table:
    owed, count = book.demands, len(book.demands)
    none = pa.array(np.zeros(count, np.int64))
    columns = [
        pa.array(owed.loan + 1),
        pa.array(np.arange(1, count + 1)),
        pa.array(owed.seq.astype(np.int32)),
        days(owed.due_on),
        days(owed.begins_on),
        days(owed.ends_on, mask=owed.ends_on == layout.FAR),
        pa.array(owed.principal),
        pa.array(owed.interest),
        pa.array(owed.fee),
        *(none, none, none, none),
    ]
    return pa.table(columns, schema=DEMANDS)


def _payments(book: Book) -> pa.Table:
    paid = book.payments
    ends = np.zeros(len(paid), np.int64)
    takes = np.flatnonzero(paid.of >= 0)
    ends[paid.of[takes]] = paid.day[takes]
    order = np.argsort(paid.loan, kind="stable")
    order = order[paid.kind[order] != payers.REVERSAL]
    columns = [
        pa.array(paid.loan[order] + 1),
        pa.array(order + 1),
        days(paid.day[order]),
        days(ends[order], mask=ends[order] == 0),
        pa.array(paid.fen[order]),
    ]
    return pa.table(columns, schema=PAYMENTS)
