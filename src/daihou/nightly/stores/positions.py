"""Current positions in PostgreSQL: only the rows that changed are written."""

import io
from datetime import date
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
from pyarrow import csv

from daihou.nightly.plan import changed_rows
from daihou.tables.positions import POSITIONS

Connection = psycopg.Connection[Any]
# The classes of positions are written by their own run (stores.classes).
GRADED: Final = ("asset_class", "class_rule")
COLUMNS: Final = (
    *(name for name in POSITIONS.names if name not in GRADED),
    "changed_on",
)
BATCH: Final = 100_000


def copy_in(connection: Connection, statement: str, table: pa.Table) -> None:
    """Send a table through `copy ... from stdin (format csv)`."""
    options = csv.WriteOptions(include_header=False)
    with connection.cursor().copy(statement) as out:
        for batch in table.to_batches(max_chunksize=BATCH):
            text = io.BytesIO()
            csv.write_csv(pa.Table.from_batches([batch]), text, options)
            out.write(text.getbuffer())


def lock_and_read(connection: Connection, url: str) -> pa.Table:
    """Keep others from writing positions in this transaction; read what stands."""
    lock(connection)
    with adbc.connect(url) as reader, reader.cursor() as cursor:
        names = ", ".join(
            f"null::text as {name}" if name in GRADED else name
            for name in POSITIONS.names
        )
        cursor.execute(f"select {names} from ledger_position order by loan_id")
        return cursor.fetch_arrow_table().cast(POSITIONS)


def lock(connection: Connection) -> None:
    """Let others read positions but not write them until this transaction ends."""
    connection.execute("lock table ledger_position in share row exclusive mode")


def newer_elsewhere(connection: Connection, on: date) -> Any:
    """Loans whose position a posted payment wrote after the facts were frozen."""
    rows = connection.execute(
        "select distinct loan_id from ledger_change where consumed_by is null"
        " and loan_id is not null and happened_on <= %s",
        (on,),
    ).fetchall()
    return np.array(sorted(row[0] for row in rows), np.int64)


def write_changed(
    connection: Connection,
    standing: pa.Table,
    positions: pa.Table,
    *,
    as_of: date,
    skip: Any,
) -> int:
    """Bring ledger_position to `positions`; return how many rows were written.

    Rows of `skip` loans are left as they are.
    """
    changed = changed_rows(standing, positions)
    if len(skip):
        here = np.isin(positions["loan_id"].to_numpy(), skip)
        there = np.isin(positions["loan_id"].to_numpy(), standing["loan_id"].to_numpy())
        changed &= ~(here & there)
    gone = np.setdiff1d(standing["loan_id"].to_numpy(), positions["loan_id"].to_numpy())
    if len(gone):
        connection.execute(
            "delete from ledger_position where loan_id = any(%s)", (gone.tolist(),)
        )
    count = int(changed.sum())
    if not count:
        return len(gone)
    rows = positions.filter(pa.array(changed)).drop_columns(list(GRADED))
    rows = rows.append_column("changed_on", pa.repeat(pa.scalar(as_of), count))
    names = ", ".join(COLUMNS)
    into = "copy {} ({}) from stdin (format csv)"
    if not standing.num_rows:
        copy_in(connection, into.format("ledger_position", names), rows)
        return count
    connection.execute(
        "create temporary table if not exists incoming_position"
        " (like ledger_position) on commit delete rows"
    )
    copy_in(connection, into.format("incoming_position", names), rows)
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    connection.execute(
        f"insert into ledger_position ({names}) select {names} from incoming_position"
        f" on conflict (loan_id) do update set {updates}"
    )
    return count + len(gone)


def write_differences(
    connection: Connection, run_id: int, as_of: date, found: pa.Table
) -> None:
    """Keep what a re-run changed, loan by loan."""
    connection.execute("delete from dayend_difference where run_id = %s", (run_id,))
    count = found.num_rows
    if not count:
        return
    names = ("dpd", "bucket", "overdue")
    columns = [f"{name}_{side}" for name in names for side in ("before", "after")]
    content = {name: found[name] for name in ("loan_id", *columns)}
    for side in ("before", "after"):
        content[f"bucket_{side}"] = content[f"bucket_{side}"].fill_null("")
    content["run_id"] = pa.repeat(run_id, count)
    content["as_of"] = pa.repeat(pa.scalar(as_of), count)
    table = pa.table(content)
    copy_in(
        connection,
        f"copy dayend_difference ({', '.join(table.column_names)})"
        " from stdin (format csv, force_not_null (bucket_before, bucket_after))",
        table,
    )
