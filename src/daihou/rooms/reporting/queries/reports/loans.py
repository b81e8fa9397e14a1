"""What reports need of loans beside the register: customer, region, channel, days.

Whose every loan is, two numbers a loan, is held in this process for as long as the
register has the same mark; the rest is read of the loans a report names.
"""

import io
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from daihou.kit.kept import Kept

_MORE: Final = """copy (
select l.id, l.customer_id, c.external_id, c.kind, c.region, l.channel, l.principal,
       l.disbursed_on, l.closed_on
from ledger_loan l join ledger_customer c on c.id = l.customer_id
where l.id = any(%s) order by l.id
) to stdout (format csv)"""
# Of a whole book two numbers a loan, side by side: a million rows take their time.
_WHOSE: Final = """
select string_agg(int8send(id), ''::bytea order by id),
       string_agg(int8send(customer_id), ''::bytea order by id)
from ledger_loan
"""
_SENT: Final = np.dtype(">i8")
_WORD = pa.dictionary(pa.int32(), pa.string())
_PAIR: Final = {"loan_id": pa.int64(), "customer_id": pa.int64()}
_TYPES: Final = {
    **_PAIR,
    "customer_number": pa.string(),
    "customer_kind": _WORD,
    "region": _WORD,
    "channel": _WORD,
    "disbursed": pa.int64(),
    "disbursed_on": pa.date32(),
    "closed_on": pa.date32(),
}
_HELD: Kept[pa.Table] = Kept(1)


def more(loan_ids: Any) -> pa.Table:
    """A row for each of these loans (int64, each known), in their order.

    `disbursed` is in minor units.
    """
    return _placed(_read(_MORE, _TYPES, [np.asarray(loan_ids).tolist()]), loan_ids)


def customers(loan_ids: Any, *, mark: str) -> pa.ChunkedArray:
    """The customer of each of these loans, in their order; of a whole book.

    `mark` is that of the register: another one, and all is read anew.
    """
    found = _HELD.get(mark, _whose)
    return _placed(found, loan_ids)["customer_id"]


def _whose() -> pa.Table:
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE)
        (row,) = cursor.fetchall()
    columns = [np.frombuffer(each or b"", _SENT).astype(np.int64) for each in row]
    return pa.table(dict(zip(_PAIR, columns, strict=True)))


def _placed(table: pa.Table, loan_ids: Any) -> pa.Table:
    places = np.searchsorted(table["loan_id"].to_numpy(), loan_ids)
    return table.take(pa.array(places))


def _read(sql: str, types: Mapping[str, pa.DataType], given: list[Any]) -> pa.Table:
    text = io.BytesIO()
    connection.ensure_connection()
    with connection.connection.cursor().copy(sql, given) as out:
        for block in out:
            text.write(block)
    if not text.tell():
        return pa.schema(list(types.items())).empty_table()
    text.seek(0)
    return (
        csv.read_csv(
            text,
            read_options=csv.ReadOptions(column_names=list(types), block_size=2**24),
            convert_options=csv.ConvertOptions(
                column_types=types,
                null_values=[""],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True),
        )
        .unify_dictionaries()
        .combine_chunks()
    )
