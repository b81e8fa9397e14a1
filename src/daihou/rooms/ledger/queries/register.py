"""The register: what lists say of every loan, held in this process as Arrow columns.

A list over the whole book would else ask the database for the words of a hundred
thousand loans. Triggers note each change of loans or customers in the same
transaction (`ledger_register_change`); another mark, and the register is read anew.
"""

import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from pyarrow import csv

from daihou.kit.kept import Kept
from daihou.kit.scope import Scope

_SQL: Final = """copy (
select l.id, l.external_id, c.name, l.product, l.branch, l.officer, l.currency,
       l.first_due_on
from ledger_loan l join ledger_customer c on c.id = l.customer_id order by l.id
) to stdout (format csv)"""
_WORD = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final = {
    "loan_id": pa.int64(),
    "number": pa.string(),
    "name": pa.string(),
    "product": _WORD,
    "branch": _WORD,
    "officer": _WORD,
    "currency": _WORD,
    "first_due_on": pa.date32(),
}
_reading = threading.Lock()
_held: dict[str, "Register"] = {}  # the newest one


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Every loan, sorted by loan_id; columns `number name product branch officer
    currency first_due_on`. `mark` is another once anything in it may be."""

    mark: str
    loans: pa.Table
    _seen: Kept[pa.Array] = field(default_factory=lambda: Kept(32))

    def of(self, loan_ids: Any) -> pa.Table:
        """The rows of these loans (int64, each in the register), in that order."""
        places = np.searchsorted(self.loans["loan_id"].to_numpy(), loan_ids)
        return self.loans.take(pa.array(places))

    def seen(self, scope: Scope, *, currency: str = "") -> pa.Array | None:
        """Ids of the loans of the scope (and currency), sorted; None when all are."""
        if scope.everything and (not currency or len(self.currencies(scope)) == 1):
            return None

        def look() -> pa.Array:
            fits = limited(self.loans, scope, currency=currency)
            return self.loans["loan_id"].combine_chunks().filter(fits)

        return self._seen.get((scope, currency), look)

    def currencies(self, scope: Scope) -> Mapping[str, int]:
        """Loans of the scope by currency, the one with most loans first."""

        def count() -> pa.Array:
            fits = limited(self.loans, scope)
            return self.loans["currency"].combine_chunks().filter(fits).value_counts()

        counted = self._seen.get((scope, "currencies"), count).to_pylist()
        found = {str(row["values"]): int(row["counts"]) for row in counted}
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def carrying(column: pa.ChunkedArray, words: Iterable[str]) -> pa.Array:
    """Which rows of a column of words carry one of these."""
    array = column.combine_chunks()
    known = pc.is_in(array.dictionary, pa.array(sorted(words), pa.string()))
    return known.take(array.indices)


def limited(loans: pa.Table, scope: Scope, *, currency: str = "") -> pa.Array:
    """Which loans are of the scope, and of the currency if one is named."""
    fits = pa.repeat(pa.scalar(value=scope.everything), loans.num_rows)
    for way in () if scope.everything else scope.ways:
        seen = pa.repeat(pa.scalar(value=True), loans.num_rows)
        for name, words in way.named():
            seen = pc.and_(seen, carrying(loans[name], words))
        fits = pc.or_(fits, seen)
    if currency:
        fits = pc.and_(fits, carrying(loans["currency"], [currency]))
    return fits


def register() -> Register:
    """The register as it stands; one small query while nothing changed."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(id) from ledger_register_change")
        rows, last = cursor.fetchone()
    mark = f"{connection.settings_dict['NAME']} {rows} {last}"
    held = _held.get("register")
    if held is not None and held.mark == mark:
        return held
    with _reading:  # one thread reads, the others wait for it
        held = _held.get("register")
        if held is None or held.mark != mark:
            held = _held["register"] = Register(mark, _read())
    return held


def _read() -> pa.Table:
    text = io.BytesIO()
    connection.ensure_connection()
    with connection.connection.cursor().copy(_SQL) as out:
        for block in out:
            text.write(block)
    names: Sequence[str] = list(_TYPES)
    if not text.tell():
        return pa.schema(list(_TYPES.items())).empty_table()
    text.seek(0)
    return (
        csv.read_csv(
            text,
            read_options=csv.ReadOptions(column_names=names, block_size=2**24),
            convert_options=csv.ConvertOptions(
                column_types=_TYPES,
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True),
        )
        .unify_dictionaries()
        .combine_chunks()
    )
