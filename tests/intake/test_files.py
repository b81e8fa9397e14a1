"""CSV in two encodings, XLSX and Parquet carry the same rows to the same ledger."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from daihou.rooms.intake import door
from daihou.rooms.intake.readers import read_file
from tests.intake import files

pytestmark = pytest.mark.django_db


def _facts(source: str) -> list[tuple[object, ...]]:
    return files.query(
        "SELECT c.name, c.id_no_digest, l.external_id, l.principal, l.annual_rate,"
        " d.seq, d.due_on, d.principal, d.interest, d.paid_principal"
        " FROM ledger_demand d JOIN ledger_loan l ON l.id = d.loan_id"
        " JOIN ledger_customer c ON c.id = l.customer_id WHERE l.source = %s"
        " ORDER BY 3, 6",
        source,
    )


def _workbook(tables: files.Tables, path: Path) -> Path:
    """One sheet per table; amounts as numbers and dates as dates, as people do."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in tables.items():
            page = book.add_worksheet(name)
            columns = list(rows[0])
            page.write_row(0, 0, columns)
            for number, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    value = row[column]
                    if column.endswith("_on") and value:
                        page.write_datetime(
                            number, place, date.fromisoformat(value), day
                        )
                    elif column in {"principal", "interest", "amount", "annual_rate"}:
                        page.write_number(number, place, float(value))
                    elif column in {"seq", "periods"}:
                        page.write_number(number, place, int(value))
                    else:
                        page.write_string(number, place, value)
    return path


def _parquet(tables: files.Tables, folder: Path) -> list[Path]:
    kinds = {
        "principal": pa.decimal128(12, 2),
        "interest": pa.float64(),
        "amount": pa.decimal128(12, 2),
        "seq": pa.int16(),
    }
    paths = []
    for name, rows in tables.items():
        columns: dict[str, pa.Array] = {}
        for column in rows[0]:
            cells: list[Any] = [row[column] or None for row in rows]
            if column.endswith("_on"):
                cells = [date.fromisoformat(cell) for cell in cells]
            elif column in kinds:
                read = {"interest": float, "seq": int}.get(column, Decimal)
                cells = [read(cell) for cell in cells]
            columns[column] = pa.array(cells, kinds.get(column))
        path = folder / f"{name}.parquet"
        pq.write_table(pa.table(columns), path)
        paths.append(path)
    return paths


def _gb18030(tables: files.Tables, folder: Path) -> list[Path]:
    paths = files.write(tables, folder)
    for path in paths:
        path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    return paths


@pytest.mark.parametrize("kind", ["bom", "semicolon", "gb18030", "xlsx", "parquet"])
def test_every_kind_of_file_says_the_same(kind: str, tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    expected = _facts("core")
    assert len(expected) == 15
    if kind == "xlsx":
        paths = [_workbook(tables, tmp_path / "book.xlsx")]
    elif kind == "parquet":
        paths = _parquet(tables, tmp_path)
    elif kind == "gb18030":
        paths = _gb18030(tables, tmp_path)
    else:
        paths = files.write(tables, tmp_path)
        for path in paths:
            text = path.read_text("utf-8")
            text = text.replace(",", ";") if kind == "semicolon" else "\ufeff" + text
            path.write_text(text, "utf-8")
    outcome = files.take(paths, source=kind)
    assert outcome.state == "applied", outcome.faults
    assert _facts(kind) == expected


def test_an_encoding_that_is_not_what_it_says_names_what_it_looks_like(
    tmp_path: Path,
) -> None:
    tables = {"customers": files.good()["customers"]}
    path = _gb18030(tables, tmp_path)[0]
    outcome = files.take([path], encoding="utf-8")
    assert outcome.faults[0].code == "encoding"
    assert "looks like GB18030" in outcome.faults[0].problem
    path = files.write(tables, tmp_path)[0]
    outcome = files.take([path], encoding="gb18030")
    assert "looks like UTF-8" in outcome.faults[0].problem


def test_lines_are_those_of_the_editor(tmp_path: Path) -> None:
    """Quoted line breaks and blank lines do not move the line that is named."""
    path = tmp_path / "customers.csv"
    path.write_text(
        'customer_id,kind,name,address\nC1,person,张一,"路\n1号"\n\nC2,alien,李二,\n'
    )
    outcome = files.take([path])
    lines = [(fault.line, fault.column, fault.value) for fault in outcome.faults]
    assert lines == [(5, "kind", "alien")]


def test_a_workbook_that_begins_lower_keeps_its_own_line_numbers(
    tmp_path: Path,
) -> None:
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Sheet1")
        page.write_row(2, 1, ["customer_id", "kind", "name"])
        page.write_row(3, 1, ["C1", "person", "张一"])
        page.write_row(5, 1, ["C2", "alien", "李二"])
    outcome = files.take([path])
    errors = [(f.line, f.column, f.value) for f in outcome.faults if f.is_error]
    assert errors == [(6, "kind", "alien")]


def test_a_plain_formula_gives_its_value(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("customers")
        page.write_row(0, 0, ["customer_id", "kind", "name", "annual_income"])
        page.write_row(1, 0, ["C1", "person", "张一"])
        page.write_formula(1, 3, "=100000/3*3", None, 100000)
    assert files.take([path]).state == "applied"
    assert files.query("SELECT annual_income FROM ledger_customer") == [(10_000_000,)]


def test_floats_of_a_parquet_file_lose_no_cent(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    amounts = [0.1, 1234567.89, 1e-05, 100000000.01, 3.0, float("nan")]
    pq.write_table(pa.table({"annual_income": amounts}), path)
    cells = read_file(path).raws[0].data.column("annual_income").to_pylist()
    assert cells == ["0.1", "1234567.89", "0.00001", "100000000.01", "3", None]


def test_tables_are_known_by_file_name_sheet_or_word(tmp_path: Path) -> None:
    rows = files.text(files.good()["customers"])
    for name in ("customers_2026-11.csv", "core-customers.csv", "Customers.csv"):
        path = tmp_path / name
        path.write_text(rows)
        assert set(files.take([path], plan=True).tables) == {"customers"}
    path = tmp_path / "x.csv"
    path.write_text(rows)
    assert set(files.take([path], plan=True, table="customers").tables) == {"customers"}


def test_the_side_tables_keep_their_typed_rows(tmp_path: Path) -> None:
    tables: files.Tables = {
        "customers": files.good()["customers"],
        "consents": [
            {
                "customer_id": "C1",
                "kind": "sms",
                "given_at": "2026-01-02T23:30:00",
                "channel": "app",
            }
        ],
        "statements": [
            {"customer_id": "C2", "period_end": "2025-12-31", "profit": "-12.50"}
        ],
        "costs": [
            {
                "kind": "salary",
                "amount": "100.00",
                "period_start": "2026-01-01",
                "period_end": "2026-01-31",
            }
        ],
        "contact_points": [
            {"customer_id": "C1", "kind": "mobile", "value": "19900000001"}
        ],
    }
    paths = files.write(tables, tmp_path)
    outcome = files.take(paths)
    assert outcome.state == "applied", outcome.faults
    rows = files.query(
        'SELECT "table", on_date::text, content FROM ledger_side_fact ORDER BY 1'
    )
    assert [row[:2] for row in rows] == [
        ("consents", "2026-01-02"),
        ("costs", "2026-01-31"),
        ("statements", "2025-12-31"),
    ]
    import json

    assert json.loads(rows[2][2])["profit"] == -1250
    tables["consents"][0]["withdrawn_at"] = "2026-02-01T10:00:00"
    again = files.take(files.write(tables, tmp_path))
    assert again.tables["consents"] == door.Counts(0, 1, 0)
    assert again.tables["costs"] == door.Counts(0, 0, 1)
