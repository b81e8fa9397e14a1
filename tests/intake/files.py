"""A small good set of files, ways to spoil it, and the state of the ledger."""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from daihou.rooms.intake import door

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
Row = dict[str, Any]
Tables = dict[str, list[Row]]

LEDGER = [
    "ledger_customer",
    "ledger_contact_point",
    "ledger_loan",
    "ledger_demand",
    "ledger_payment",
    "ledger_party",
    "ledger_collateral",
    "ledger_side_fact",
    "ledger_change",
    "ledger_row_history",
    "intake_attribute_field",
    "audit_event",
]


def good() -> Tables:
    """Two customers; a loan we keep the ledger of, and a mirrored one."""
    return {
        "customers": [
            _customer("C1", "张一", "11010519491231002X"),
            _customer("C2", "李二", "990101199003077735"),
        ],
        "loans": [
            _loan("L1", "C1", product="consumer_loan", principal="12000.00"),
            _loan("L2", "C2", product="mirror_core", principal="6000.00", periods="3"),
        ],
        "instalments": [
            _instalment("L2", "1", "2026-02-15", "2000.00", "60.00", paid="2000.00"),
            _instalment("L2", "2", "2026-03-15", "2000.00", "40.00"),
            _instalment("L2", "3", "2026-04-15", "2000.00", "20.00"),
        ],
        "payments": [
            {
                "payment_id": "P1",
                "loan_id": "L1",
                "paid_on": "2026-02-15",
                "amount": "1077.71",
                "kind": "payment",
                "reversal_of": "",
            }
        ],
    }


def _customer(number: str, name: str, id_no: str) -> Row:
    row = {"customer_id": number, "kind": "person", "name": name}
    return {**row, "id_type": "resident_id", "id_no": id_no}


def _loan(number: str, customer: str, **more: str) -> Row:
    return {
        "loan_id": number,
        "customer_id": customer,
        "currency": "CNY",
        "annual_rate": "0.144",
        "method": "equal_instalment",
        "periods": "12",
        "period_unit": "months",
        "disbursed_on": "2026-01-15",
        "first_due_on": "2026-02-15",
        "status": "active",
        "branch": "north",
        **more,
    }


def _instalment(
    loan: str, seq: str, due_on: str, principal: str, interest: str, paid: str = ""
) -> Row:
    return {
        "loan_id": loan,
        "seq": seq,
        "due_on": due_on,
        "principal": principal,
        "interest": interest,
        "paid_principal": paid,
    }


def text(rows: Iterable[Row]) -> str:
    """Rows as CSV; the first row names the columns."""
    listed = list(rows)
    names = list(dict.fromkeys(name for row in listed for name in row))
    lines: list[str] = []

    class Sink:
        def write(self, line: str) -> None:
            lines.append(line)

    writer = csv.DictWriter(Sink(), names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return "".join(lines)


def write(tables: Mapping[str, list[Row]], folder: Path) -> list[Path]:
    """One CSV per table."""
    paths = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        path.write_text(text(rows), "utf-8")
        paths.append(path)
    return paths


def take(paths: Iterable[Path], **asked: Any) -> door.Outcome:
    """Take files in as the source `core`, under the names they have."""
    return take_named([(path, path.name) for path in paths], **asked)


def take_named(
    named: Sequence[tuple[Path, str]],
    *,
    language: str = "en",
    plan: bool = False,
    at: datetime = AT,
    today: date = TODAY,
    **order: Any,
) -> door.Outcome:
    """Take files in as the source `core`, under the names given."""
    asked = {"source": "core", **order}
    return door.take_files(
        door.Order(files=named, **asked),
        door.Deed(by="mei", at=at, business_date=today, language=language, plan=plan),
    )


def checksums(tables: Iterable[str] = LEDGER) -> dict[str, str]:
    """A digest of all rows of each table, whatever their order."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = sorted(row[0] for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def query(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
