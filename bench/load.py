"""Put a Town book straight into the ledger's tables, by COPY, for measuring only."""

import io
import sys
import time
from collections.abc import Sequence
from datetime import date

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from daihou.config import database
from daihou.packs import products
from daihou.town import book, facts

UNTIL = date(2026, 11, 20)
INSTALMENTS = 12
MONTHS = 18


def copy_in(
    connection: psycopg.Connection, table: str, columns: Sequence[str], rows: pa.Table
) -> None:
    """Send the columns through `copy ... from stdin (format csv)`."""
    options = csv.WriteOptions(include_header=False)
    statement = f"copy {table} ({', '.join(columns)}) from stdin (format csv)"
    with connection.cursor().copy(statement) as out:
        for batch in rows.select(columns).to_batches(max_chunksize=100_000):
            text = io.BytesIO()
            csv.write_csv(pa.Table.from_batches([batch]), text, options)
            out.write(text.getbuffer())


def with_constants(table: pa.Table, **values: object) -> pa.Table:
    """Add columns that hold one value each."""
    for name, value in values.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table


def sourced(table: pa.Table, number: str) -> pa.Table:
    """The columns every row from a sender has; the number is its id there."""
    table = table.append_column("id", table[number])
    table = table.append_column("external_id", table[number].cast(pa.string()))
    return with_constants(
        table, source="town", digest="\\x00", version=1, attributes="{}"
    )


SENT = ("id", "source", "external_id", "digest", "version", "attributes")
NO_WORDS = [
    "branch",
    "officer",
    "channel",
    "funder",
    "purpose",
    "guarantee_kind",
    "licence",
]
PERSON = [
    "id_type",
    "id_no",
    "gender",
    "region",
    "address",
    "employer",
    "industry",
    "language",
]
OWED = [
    "loan_id",
    "seq",
    "due_on",
    "begins_on",
    "ends_on",
    "principal",
    "interest",
    "fee",
]
NOT_PAID = ("paid_principal", "paid_interest", "paid_fee", "paid_penalty")
LENT = ["customer_id", "product", "currency", "principal", "disbursed_on", "status"]


def reversals(payments: pa.Table) -> pa.Table:
    """The rows that end reversed payments, with ids after all others."""
    taken_back = payments.filter(pc.is_valid(payments["ends_on"]))
    last = pc.max(payments["payment_id"]).as_py() or 0
    numbers = pa.array(range(last + 1, last + 1 + taken_back.num_rows), pa.int64())
    return pa.table(
        {
            "payment_id": numbers,
            "reversal_of_id": taken_back["payment_id"],
            "loan_id": taken_back["loan_id"],
            "paid_on": taken_back["ends_on"],
            "amount": pc.negate(taken_back["amount"]),
        }
    )


def drop_indexes(connection: psycopg.Connection) -> list[str]:
    """Leave only primary keys: the night reads whole tables, and loading is not it.

    Returns the statements that put back what was dropped.
    """
    tables = ["ledger_customer", "ledger_loan", "ledger_demand", "ledger_payment"]
    put_back = []
    constraints = connection.execute(
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " from pg_constraint"
        " where conrelid::regclass::text = any(%s) and contype in ('f', 'u')"
        " order by contype",
        (tables,),
    ).fetchall()
    for table, name, definition in constraints:
        connection.execute(f'alter table {table} drop constraint "{name}"')
        statement = f'alter table {table} add constraint "{name}" {definition}'
        put_back.insert(0, statement)  # unique ones before the keys that lean on them
    indexes = connection.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid)"
        " from pg_index"
        " where indrelid::regclass::text = any(%s) and not indisprimary",
        (tables,),
    ).fetchall()
    for name, definition in indexes:
        connection.execute(f"drop index {name}")
        put_back.append(definition)
    return put_back


def load(connection: psycopg.Connection, count: int) -> dict[str, int]:
    """Make a Town of `count` loans with 12 instalments each and copy it in."""
    made = book.make_book(
        count,
        months=MONTHS,
        seed=1,
        policies=products.policies(on=UNTIL),
        until=UNTIL,
        instalments=INSTALMENTS,
    )
    loans, demands, payments = facts.facts(made)
    del made
    _load_loans(connection, loans)
    _load_demands(connection, demands)
    _load_payments(connection, payments)
    tables = {"loans": loans, "demands": demands, "payments": payments}
    return {name: table.num_rows for name, table in tables.items()}


def _load_loans(connection: psycopg.Connection, loans: pa.Table) -> None:
    """Every loan has a borrower of its own, with the same number."""
    blank = dict.fromkeys(PERSON, "")
    people = with_constants(
        sourced(loans.select(["loan_id"]), "loan_id"), kind="person", name="x", **blank
    )
    copy_in(connection, "ledger_customer", (*SENT, "kind", "name", *PERSON), people)
    loans = loans.drop(["customer_id"]).append_column("customer_id", loans["loan_id"])
    rows = with_constants(
        sourced(loans, "loan_id"),
        annual_rate="0.144",
        method="equal_instalment",
        periods=INSTALMENTS,
        period_unit="months",
        **dict.fromkeys(NO_WORDS, ""),
    )
    rows = rows.append_column("first_due_on", rows["disbursed_on"])
    rows = rows.append_column("closed_on", rows["status_on"])
    more = ("annual_rate", "method", "periods", "period_unit", "first_due_on")
    copy_in(
        connection, "ledger_loan", (*SENT, *LENT, "closed_on", *more, *NO_WORDS), rows
    )


def _load_demands(connection: psycopg.Connection, demands: pa.Table) -> None:
    rows = with_constants(
        demands.drop([n for n in NOT_PAID if n in demands.column_names]),
        charge_kind="",
        schedule=1,
        **dict.fromkeys(NOT_PAID, 0),
    )
    number = rows["demand_id"]
    rows = rows.append_column("id", number)
    rows = rows.append_column("source_ref", number.cast(pa.string()))
    kind = pc.if_else(pc.equal(rows["seq"], 0), "charge", "instalment")
    rows = rows.append_column("kind", kind)
    columns = ("id", *OWED, "kind", "charge_kind", "source_ref", "schedule", *NOT_PAID)
    copy_in(connection, "ledger_demand", columns, rows)


def _load_payments(connection: psycopg.Connection, payments: pa.Table) -> None:
    """As a lender's payments lie: in the order in which they came."""
    for part in (payments.sort_by("payment_id"), reversals(payments)):
        rows = with_constants(
            sourced(part, "payment_id"), channel="", payer="", kind="payment"
        )
        rows = rows.append_column("recorded_at", rows["paid_on"])
        columns = (*SENT, "loan_id", "paid_on", "recorded_at", "amount", "channel")
        columns += ("payer", "kind")
        if "reversal_of_id" in rows.column_names:
            columns += ("reversal_of_id",)
        copy_in(connection, "ledger_payment", columns, rows)


SURNAMES = "王李张刘陈杨赵黄周吴徐孙"
BRANCHES = 40


def name_of(loan: int) -> str:
    """The name of the customer of a loan made for pages."""
    return SURNAMES[loan % 12] + chr(19968 + loan % 2000) + chr(20500 + loan % 1700)


def branch_of(loan: int) -> str:
    """The branch of a loan made for pages."""
    return f"B{loan % BRANCHES:02}"


def for_pages(connection: psycopg.Connection) -> None:
    """Names, branches and officers as lists show them, and a login to see them with."""
    connection.execute(
        "update ledger_customer set name = (string_to_array(%s, null))[1 + id %% 12]"
        " || chr((19968 + id %% 2000)::int) || chr((20500 + id %% 1700)::int)",
        [SURNAMES],
    )
    connection.execute(
        "update ledger_loan set branch = 'B' || lpad((id %% %s)::text, 2, '0'),"
        " officer = 'officer' || id %% 400",
        [BRANCHES],
    )


def open_logins() -> None:
    """The demonstration's logins and the branches they belong to."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.rooms.people import door as people

    codes = [branch_of(number) for number in range(BRANCHES)]
    people.save_branches(
        [(code, f"网点 {code}", f"Branch {code}") for code in codes],
        by="bench",
        at=clock.now(),
    )
    people.demo_logins(at=clock.now())


def main() -> None:
    """Load `argv[1]` loans into the database of this process's DAIHOU_HOME.

    `--for-pages` keeps the indexes and adds words and logins.
    """
    begun = time.perf_counter()
    pages = "--for-pages" in sys.argv
    database.join()
    with psycopg.connect(database.database_url()) as connection:
        put_back = drop_indexes(connection)
        rows = load(connection, int(sys.argv[1]))
        if pages:
            for_pages(connection)
            for statement in put_back:
                connection.execute(statement)
    with psycopg.connect(database.database_url(), autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    if pages:
        open_logins()
    print(f"loaded {rows} in {time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
