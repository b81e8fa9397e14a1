"""What reports need of every loan beside the register: customer, region, channel, days.

Held in this process as Arrow columns for as long as the register has the same mark.
"""

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from daihou.kit.kept import Kept

_SQL: Final = """copy (
select l.id, l.customer_id, c.external_id, c.kind, c.region, l.channel, l.principal,
       l.disbursed_on, l.closed_on
from ledger_loan l join ledger_customer c on c.id = l.customer_id order by l.id
) to stdout (format csv)"""
_WORD = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final = {
    "loan_id": pa.int64(),
    "customer_id": pa.int64(),
    "customer_number": pa.string(),
    "customer_kind": _WORD,
    "region": _WORD,
    "channel": _WORD,
    "disbursed": pa.int64(),
    "disbursed_on": pa.date32(),
    "closed_on": pa.date32(),
}
_HELD: Kept["More"] = Kept(1)


@dataclass(frozen=True, slots=True, eq=False)
class More:
    """Every loan, sorted by loan_id; `disbursed` in minor units."""

    loans: pa.Table

    def of(self, loan_ids: Any) -> pa.Table:
        """The rows of these loans (int64, each known), in that order."""
        places = np.searchsorted(self.loans["loan_id"].to_numpy(), loan_ids)
        return self.loans.take(pa.array(places))


def more(mark: str) -> More:
    """The columns as they stand under this mark of the register."""
    return _HELD.get(mark, lambda: More(_read()))


def _read() -> pa.Table:
    text = io.BytesIO()
    connection.ensure_connection()
    with connection.connection.cursor().copy(_SQL) as out:
        for block in out:
            text.write(block)
    if not text.tell():
        return pa.schema(list(_TYPES.items())).empty_table()
    text.seek(0)
    return (
        csv.read_csv(
            text,
            read_options=csv.ReadOptions(column_names=list(_TYPES), block_size=2**24),
            convert_options=csv.ConvertOptions(
                column_types=_TYPES,
                null_values=[""],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True),
        )
        .unify_dictionaries()
        .combine_chunks()
    )
