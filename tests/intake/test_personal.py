"""What is personal in a file is sealed on its way in, and is known again all the same."""

import importlib
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection

from daihou.kit import keyring, secret
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions import sealed_rows
from daihou.rooms.ledger.actions.staging import Taken
from tests.intake import files

pytestmark = pytest.mark.django_db
ID, PHONE, SPOUSE = "11010519491231002X", "13800000007", "13900000001"
PERSONAL = (ID, PHONE, SPOUSE, "朝阳区一号", "a@example.com", "138 0000 0007")


def _tables() -> files.Tables:
    customers = [
        {**row, "address": "北京市朝阳区一号", "spouse_phone": SPOUSE, "vip_level": "5"}
        for row in files.good()["customers"]
    ]
    customers[1]["id_no"] = customers[1]["address"] = ""
    return {
        "customers": customers,
        "contact_points": [
            _point("C1", "mobile", "138 0000 0007"),
            _point("C1", "email", "a@example.com"),
            _point("C2", "mobile", PHONE),
        ],
        "contact_history": [
            _contact("C1", "138 0000 0007", "2026-11-01T09:00:00+08:00"),
            _contact("C2", "", "2026-11-02T10:30:00+08:00"),
        ],
    }


def _point(customer: str, kind: str, value: str) -> files.Row:
    return {"customer_id": customer, "kind": kind, "value": value, "owner_role": "self"}


def _contact(customer: str, value: str, at: str) -> files.Row:
    row = {"customer_id": customer, "contact_point": value, "at": at}
    return {**row, "channel": "call", "connected": "true"}


def _take(tables: files.Tables, folder: Path, **asked: object) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    outcome = files.take(files.write(tables, folder), **asked)
    assert outcome.state == "applied", outcome.faults
    return {
        name: (count.added, count.changed, count.unchanged)
        for name, count in outcome.tables.items()
    }


def _readable(text: str) -> list[str]:
    """The tables of the ledger in which a text can be read."""
    tables = [table for table in files.LEDGER if table != "intake_attribute_field"]
    return [
        table
        for table in tables
        if files.query(f"SELECT 1 FROM {table} t WHERE t::text LIKE %s", f"%{text}%")
    ]


UNCHANGED = {
    "customers": (0, 0, 2),
    "contact_points": (0, 0, 3),
    "contact_history": (0, 0, 2),
}


def test_nothing_personal_reaches_the_database(tmp_path: Path) -> None:
    _take(_tables(), tmp_path)
    assert [text for text in PERSONAL if _readable(text)] == []
    assert "ledger_customer" in _readable("张一")
    (row,) = files.query(
        "SELECT id_no, address, attributes->>'spouse_phone', id_no_digest, id_no_tail"
        " FROM ledger_customer WHERE external_id = 'C1'"
    )
    assert secret.open(row[0], about=sealing.ID_NO) == ID
    assert secret.open(row[1], about=sealing.ADDRESS) == "北京市朝阳区一号"
    assert secret.open(row[2], about=sealing.ATTRIBUTE) == SPOUSE
    assert (row[3], row[4]) == (sealing.digest(ID, "id_no"), secret.tail(ID, "id_no"))
    (empty,) = files.query(
        "SELECT id_no, id_no_digest, id_no_tail, address FROM ledger_customer"
        " WHERE external_id = 'C2'"
    )
    assert empty == ("", "", "", "")


def test_a_plain_attribute_is_kept_in_the_clear(tmp_path: Path) -> None:
    _take(_tables(), tmp_path)
    found = files.query("SELECT attributes->'vip_level' FROM ledger_customer")
    assert [row[0] for row in found] in ([5, 5], ["5", "5"])


def test_the_same_values_sealed_anew_are_the_same_rows(tmp_path: Path) -> None:
    _take(_tables(), tmp_path)
    again = {name: rows[::-1] for name, rows in _tables().items()}
    assert _take(again, tmp_path / "again") == UNCHANGED
    keyring.add_key(at=files.AT)
    third = {**again, "customers": [*_tables()["customers"], _another()]}
    assert _take(third, tmp_path / "third")["customers"] == (1, 0, 2)


def _another() -> files.Row:
    return {"customer_id": "C3", "kind": "person", "name": "赵三"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id_no", "990101199003077735"),
        ("address", "北京市朝阳区二号"),
        ("spouse_phone", "13900000002"),
    ],
)
def test_another_value_is_a_new_version(
    tmp_path: Path, column: str, value: str
) -> None:
    _take(_tables(), tmp_path)
    changed = _tables()
    changed["customers"][0][column] = value
    done = _take({"customers": changed["customers"]}, tmp_path / "b")
    assert done["customers"] == (0, 1, 1)
    assert [text for text in (*PERSONAL, value) if _readable(text)] == []


def test_another_number_is_another_contact_point(tmp_path: Path) -> None:
    _take(_tables(), tmp_path)
    # Written otherwise it is another row of the sender, and found all the same.
    done = _take({"contact_points": [_point("C1", "mobile", PHONE)]}, tmp_path / "b")
    assert done["contact_points"] == (1, 0, 0)
    found = files.query(
        "SELECT count(*) FROM ledger_contact_point WHERE value_digest = %s",
        sealing.digest("138-0000-0007", "phone"),
    )
    assert found == [(3,)]


def test_a_contact_is_joined_to_its_number_without_opening_either(
    tmp_path: Path,
) -> None:
    _take(_tables(), tmp_path)
    joined = files.query(
        "SELECT count(*) FROM ledger_side_fact f JOIN ledger_contact_point p"
        " ON p.customer_id = f.customer_id"
        " AND p.value_digest = f.content->>'contact_point_digest'"
    )
    assert joined == [(1,)]


def _in_the_clear(table: str, taken: Taken) -> Taken:
    """What intake did before there were keys."""
    data = taken.data
    for field in sealing.FIELDS.get(table, ()):
        if field.index is not None:
            for name in ("digest", "tail"):
                nothing = pa.nulls(data.num_rows, pa.string())
                data = data.append_column(f"{field.column}_{name}", nothing)
    return replace(taken, data=data)


def test_a_book_in_the_clear_is_sealed_and_files_sent_again_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {"contact_points": _tables()["contact_points"][:1]}
    with monkeypatch.context() as before:
        before.setattr(sealed_rows, "sealed", _in_the_clear)
        old = _tables()
        old["customers"][0]["address"] = "北京市东城区三号"
        old["customers"][0]["spouse_phone"] = "13900000009"
        _take(old, tmp_path)
        _take({"customers": _tables()["customers"]}, tmp_path / "b")
        _take(elsewhere, tmp_path / "c", source="crm", loans_of="core")
        assert _readable(ID) == ["ledger_customer", "ledger_row_history"]
        assert "ledger_side_fact" in _readable("138 0000 0007")
    seal = importlib.import_module(
        "daihou.rooms.ledger.migrations.0005_seal_personal"
    ).seal
    monkeypatch.setattr(
        importlib.import_module("daihou.rooms.ledger.migrations.0005_seal_personal"),
        "BATCH",
        1,
    )
    for _twice in range(2):
        with connection.schema_editor(atomic=False) as editor:
            seal(None, editor)
        gone = (*PERSONAL, "东城区三号", "13900000009")
        assert [text for text in gone if _readable(text)] == []
    again = {name: rows[::-1] for name, rows in _tables().items()}
    assert _take(again, tmp_path / "d") == UNCHANGED
    once_more = {
        "contact_points": [{**elsewhere["contact_points"][0], "verified_on": ""}]
    }
    same = _take(once_more, tmp_path / "e", source="crm", loans_of="core")
    assert same == {"contact_points": (0, 0, 1)}
