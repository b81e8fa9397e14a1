"""Every kind of broken file gets its error file and leaves the ledger untouched."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.intake import files
from tests.intake.files import Tables

pytestmark = pytest.mark.django_db


def _set(table: str, row: int, **values: str) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        tables[table][row].update(values)

    return spoil


def _drop(table: str, column: str) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        for row in tables[table]:
            del row[column]

    return spoil


def _rename(table: str, old: str, new: str) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        for row in tables[table]:
            row[new] = row.pop(old)

    return spoil


def _again(table: str, row: int) -> Callable[[Tables], None]:
    return lambda tables: tables[table].append(dict(tables[table][row]))


def _reversal(**values: str) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        row = {**tables["payments"][0], "payment_id": "P9", "paid_on": "2026-02-20"}
        tables["payments"].append({**row, "kind": "reversal", **values})

    return spoil


ROWS: dict[str, tuple[Callable[[Tables], None], str, str]] = {
    # name: (how it is spoilt, phrase, words that must stand in the error file)
    "missing column": (_drop("loans", "principal"), "missing_column", "principal"),
    "column with a typing mistake": (
        _rename("instalments", "paid_principal", "paid_principel"),
        "unknown_column_like",
        "paid_principal",
    ),
    "empty required cell": (_set("customers", 0, name=""), "empty", "name"),
    "impossible date": (
        _set("instalments", 1, due_on="2026-02-30"),
        "impossible_date",
        "2026-02-30",
    ),
    "date of another shape": (
        _set("payments", 0, paid_on="2026/2/15"),
        "not_a_date",
        "2026-02-15",
    ),
    "dates out of order": (
        _set("loans", 0, first_due_on="2026-01-01"),
        "dates_out_of_order",
        "2026-01-15 or later",
    ),
    "due dates out of order": (
        _set("instalments", 1, due_on="2026-02-01"),
        "due_order",
        "2026-02-15 or later",
    ),
    "payment before the loan": (
        _set("payments", 0, paid_on="2025-12-31"),
        "dates_out_of_order",
        "disbursed_on",
    ),
    "negative amount": (_set("payments", 0, amount="-5.00"), "negative", "5.00"),
    "amount of nothing": (_set("payments", 0, amount="0"), "not_positive", "amount"),
    "too many decimals": (
        _set("payments", 0, amount="10.005"),
        "too_many_decimals",
        "10.00",
    ),
    "amount with separators": (
        _set("payments", 0, amount="1,077.71"),
        "not_an_amount",
        "1077.71",
    ),
    "amount too large": (_set("loans", 0, principal="9" * 14), "too_large", "at most"),
    "rate as percent": (
        _set("loans", 0, annual_rate="14.4"),
        "rate_as_percent",
        "0.144",
    ),
    "unknown enum": (_set("loans", 0, status="ACTIVE"), "unknown_enum", "active"),
    "not a whole number": (_set("loans", 0, periods="12.5"), "not_an_integer", "12.5"),
    "duplicate id": (_again("payments", 0), "duplicate", "payment_id"),
    "payment for no loan": (_set("payments", 0, loan_id="L7"), "no_loan", "L7"),
    "loan for no customer": (_set("loans", 0, customer_id="C7"), "no_customer", "C7"),
    "unknown product": (
        _set("loans", 0, product="moon_loan"),
        "unknown_product",
        "consumer_loan",
    ),
    "unknown currency": (_set("loans", 0, currency="XXQ"), "unknown_currency", "CNY"),
    "principal that does not add up": (
        _set("instalments", 2, principal="1999.99"),
        "principal_sum",
        "6000.00",
    ),
    "paid more than due": (
        _set("instalments", 0, paid_principal="2000.01"),
        "overpaid",
        "at most 2000.00",
    ),
    "wrong check digit": (
        _set("customers", 0, id_no="110105194912310022"),
        "id_check_digit",
        "ending in",
    ),
    "command in a cell": (
        _set("customers", 0, name="=cmd|' /C calc'!A0"),
        "formula",
        "'=cmd",
    ),
    "text garbled before": (_set("customers", 0, name="锟斤拷"), "garbled", "UTF-8"),
    "terms without a schedule": (
        _set("loans", 0, instalment_amount="10.00"),
        "terms",
        "L1",
    ),
    "custom schedule not sent": (
        _set("loans", 0, method="custom"),
        "schedule_needed",
        "instalments",
    ),
    "reversal of nothing": (_reversal(reversal_of="P7"), "reversal_unknown", "P7"),
    "reversal of another amount": (
        _reversal(reversal_of="P1", amount="5.00"),
        "reversal_amount",
        "1077.71",
    ),
    "reversal that names nothing": (_reversal(), "reversal_of_missing", "reversal_of"),
    "reversal before the payment": (
        _reversal(reversal_of="P1", paid_on="2026-02-14"),
        "reversal_early",
        "2026-02-15",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_spoilt_rows_are_listed_and_nothing_is_taken(name: str, tmp_path: Path) -> None:
    spoil, code, words = ROWS[name]
    tables = files.good()
    spoil(tables)
    before = files.checksums()
    outcome = files.take(files.write(tables, tmp_path))
    assert outcome.state == "refused"
    assert {fault.code for fault in outcome.faults if fault.is_error} == {code}
    assert files.checksums() == before
    text = "".join(p.read_text("utf-8-sig") for p in outcome.error_files.values())
    assert words in text


def _workbook(formula: str = "") -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as book:
        page = book.add_worksheet("customers")
        page.write_row(0, 0, ["customer_id", "kind", "name"])
        page.write_row(1, 0, ["C1", "person", "张一"])
        if formula:
            page.write_formula(1, 3, formula)
    return sink.getvalue()


def _bomb() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 2**20))
    return sink.getvalue()


def _lying_bomb() -> bytes:
    """A bomb whose directory claims that it is small."""
    data = bytearray(_bomb())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + place, 1000)
    return bytes(data)


def _parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"customer_id": [f"C{n}" for n in range(1000)]}), sink)
    return sink.getvalue()


CSV = files.text(files.good()["customers"])
WHOLE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("customers.csv", lambda: b"", "empty_file"),
    "header only": (
        "customers.csv",
        lambda: b"customer_id,kind,name\n",
        "empty_file",
    ),
    "utf-16": ("customers.csv", lambda: CSV.encode("utf-16"), "encoding"),
    "latin-1": (
        "customers.csv",
        lambda: "customer_id,kind,name\nC1,person,Müller-Lüdenscheidt é\n".encode(
            "latin-1"
        ),
        "encoding",
    ),
    "a quote never closed": (
        "customers.csv",
        lambda: b'customer_id,kind,name\nC1,person,"Zhang\n',
        "broken_csv",
    ),
    "a row too short": (
        "customers.csv",
        lambda: b"customer_id,kind,name\nC1,person\n",
        "ragged_row",
    ),
    "a column twice": (
        "customers.csv",
        lambda: b"customer_id,kind,name,name\nC1,person,a,b\n",
        "duplicate_column",
    ),
    "no table of that name": ("people.csv", lambda: CSV.encode(), "unknown_table"),
    "truncated parquet": (
        "customers.parquet",
        lambda: _parquet()[:-200],
        "truncated",
    ),
    "parquet cut at the front": (
        "customers.parquet",
        lambda: _parquet()[9:],
        "truncated",
    ),
    "workbook named csv": ("customers.csv", _workbook, "kind_differs"),
    "csv named workbook": ("customers.xlsx", lambda: CSV.encode(), "broken_workbook"),
    "half a workbook": (
        "customers.xlsx",
        lambda: _workbook()[:2000],
        "broken_workbook",
    ),
    "formula like a command": (
        "customers.xlsx",
        lambda: _workbook('=HYPERLINK("http://example.invalid","x")'),
        "workbook_formula",
    ),
    "dde in a workbook": (
        "customers.xlsx",
        lambda: _workbook("=cmd|'/c calc'!A1"),
        "workbook_formula",
    ),
    "zip bomb": ("customers.xlsx", _bomb, "zip_bomb"),
    "zip bomb that lies": ("customers.xlsx", _lying_bomb, "zip_bomb"),
    "old workbook": (
        "customers.xls",
        lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "old_workbook",
    ),
    "a picture": ("customers.png", lambda: b"\x89PNG\r\n\x1a\n", "kind_differs"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_files_that_are_not_what_they_say(name: str, tmp_path: Path) -> None:
    file, make, code = WHOLE[name]
    path = tmp_path / file
    path.write_bytes(make())
    before = files.checksums()
    outcome = files.take([path])
    assert outcome.state == "refused"
    assert code in outcome.codes, (outcome.codes, outcome.faults)
    assert files.checksums() == before
    assert outcome.error_files[file].stat().st_size > 20


def test_a_currency_does_not_change(tmp_path: Path) -> None:
    tables = files.good()
    assert files.take(files.write(tables, tmp_path)).state == "applied"
    before = files.checksums()
    tables["loans"][0]["currency"] = "USD"
    outcome = files.take(files.write(tables, tmp_path))
    assert outcome.codes["currency_change"] == 1
    assert files.checksums() == before


def test_a_payment_is_reversed_once(tmp_path: Path) -> None:
    tables = files.good()
    _reversal(reversal_of="P1")(tables)
    assert files.take(files.write(tables, tmp_path)).state == "applied"
    tables["payments"] = [{**tables["payments"][1], "payment_id": "P10"}]
    before = files.checksums()
    outcome = files.take(files.write(tables, tmp_path))
    assert outcome.codes["reversed_twice"] == 1
    assert files.checksums() == before


def test_a_region_that_does_not_exist_is_only_a_warning(tmp_path: Path) -> None:
    outcome = files.take(files.write(files.good(), tmp_path))
    assert outcome.state == "applied"
    assert outcome.codes["id_region"] == 1


def test_a_refused_intake_is_remembered_with_its_error_file(tmp_path: Path) -> None:
    tables = files.good()
    tables["payments"][0]["amount"] = "-1"
    outcome = files.take(files.write(tables, tmp_path))
    state, wrong = files.query(
        "SELECT state, error_count FROM intake_batch WHERE id = %s", outcome.batch_id
    )[0]
    assert (state, wrong) == ("refused", 1)
    kept = files.query(
        "SELECT error_file FROM intake_file WHERE batch_id = %s AND refused = 1",
        outcome.batch_id,
    )
    assert kept == [(f"intake/{outcome.batch_id}/payments.errors.csv",)]
