"""Arrow tables into temporary tables of the transaction, by COPY."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv
from psycopg import sql

from daihou.tables.intake import TABLES

_ROWS = 65_536
FILE = "sent_file"


@dataclass(frozen=True)
class Taken:
    """Good rows of one contract table, typed; `attributes` are its further columns.

    `files` numbers the file each row came from, so that counts can be given per file.
    `personal` names the attributes that are sealed like other personal data; once that
    is done (`ledger.sealing`), `exact` gives for each sealed column the one that says
    whether two rows were sent with the same value.
    """

    data: pa.Table
    attributes: Sequence[str] = ()
    files: pa.Array | None = None
    personal: Sequence[str] = ()
    exact: Mapping[str, str] = field(default_factory=dict)


def copy(cursor: Any, taken: Taken, *, into: str) -> None:
    """Create temporary table `into` with the rows of `taken`; gone at commit.

    Contract columns keep their names, attributes become a0, a1, ... in order, the
    number of the file is the last column.
    """
    sent_names = taken.data.column_names
    # An attribute may be called like a column that was made beside a sealed one: of
    # two the first is the attribute.
    first = {name: place for place, name in reversed([*enumerate(sent_names)])}
    names = [
        f"a{taken.attributes.index(name)}"
        if name in taken.attributes and first[name] == place
        else name
        for place, name in enumerate(sent_names)
    ]
    files = taken.files
    if files is None:
        files = pa.array(np.zeros(len(taken.data), dtype=np.int32))
    data = taken.data.rename_columns(names).append_column(FILE, files)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_kind(field.type)))
        for field in data.schema
    )
    table = sql.Identifier(into)
    cursor.execute(
        sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(table, columns)
    )
    command = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(table)
    options = pc_csv.WriteOptions(include_header=False)
    with cursor.copy(command) as stream:
        for batch in data.to_batches(max_chunksize=_ROWS):
            sink = io.BytesIO()
            pc_csv.write_csv(batch, sink, options)
            stream.write(sink.getbuffer())
    cursor.execute(sql.SQL("ANALYZE {}").format(table))


def attributes(taken: Taken, *, as_sent: bool = False) -> sql.Composable:
    """The attributes of a staged row `s` as jsonb, those it has; `{}` without any.

    `as_sent`: of sealed ones what says whether they were sent alike.
    """
    if not taken.attributes:
        return sql.SQL("'{}'::jsonb")
    pairs = sql.SQL(", ").join(
        sql.SQL("{}, {}").format(
            sql.Literal(name),
            sql.SQL("s.") + sql.Identifier(taken.exact[name])
            if as_sent and name in taken.exact
            else _plain(taken, name, place),
        )
        for place, name in enumerate(taken.attributes)
    )
    return sql.SQL("jsonb_strip_nulls(jsonb_build_object({}))").format(pairs)


def attributes_or_null(taken: Taken) -> sql.Composable:
    """The attributes of a staged row `s` as jsonb; null without any."""
    return sql.SQL("nullif({}, '{{}}'::jsonb)").format(attributes(taken))


def _plain(taken: Taken, name: str, place: int) -> sql.Composable:
    """A number reads the same however many decimals its column was given."""
    column = sql.SQL("s.") + sql.Identifier(f"a{place}")
    kinds = taken.data.schema.types
    if pa.types.is_decimal(kinds[taken.data.column_names.index(name)]):
        return sql.SQL("trim_scale({})").format(column)
    return column


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "timestamptz"
    if pa.types.is_integer(kind):
        return "bigint"
    if pa.types.is_decimal(kind):
        return "numeric"
    return "boolean" if pa.types.is_boolean(kind) else "text"


def digest(taken: Taken, *, table: str, refers_to: str = "") -> sql.Composable:
    """Sixteen bytes of what was sent in a staged row `s`, whatever file it was in.

    In the order of the contract, so that the order of the file's columns, or a
    column nobody filled, makes no new version. `refers_to`: another source whose
    loans or customers the row means. Sealed anew, a value is the same value.
    """
    sent = set(taken.data.column_names)
    columns: list[sql.Composable] = [
        sql.SQL("s.") + sql.Identifier(taken.exact.get(column.name, column.name))
        for column in TABLES[table]
        if column.name in sent
    ]
    columns.append(attributes(taken, as_sent=True))
    if refers_to:
        columns.append(sql.Literal(refers_to))
    row = sql.SQL(", ").join(columns)
    return sql.SQL("decode(md5(ROW({})::text), 'hex')").format(row)
