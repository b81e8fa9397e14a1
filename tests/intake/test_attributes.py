"""Columns beyond the contract are typed, registered, kept and searchable."""

from pathlib import Path

import pytest

from daihou.kit.scope import EVERYTHING, NOTHING
from daihou.rooms.ledger import door as ledger
from tests.intake import files

pytestmark = pytest.mark.django_db


def _send(tmp_path: Path, **columns: tuple[str, str]) -> object:
    tables = {"customers": files.good()["customers"]}
    for name, values in columns.items():
        for row, value in zip(tables["customers"], values, strict=True):
            row[name] = value
    return files.take(files.write(tables, tmp_path))


def test_kinds_are_told_from_the_values(tmp_path: Path) -> None:
    _send(
        tmp_path,
        level=("3", "5"),
        score=("1.5", "2"),
        since=("2024-01-01", ""),
        vip=("true", "false"),
        account=("001", "002"),
        mobile=("19900000001", "19900000002"),
    )
    rows = files.query("SELECT name, kind, personal FROM intake_attribute_field")
    assert sorted(rows) == [
        ("account", "text", False),
        ("level", "integer", False),
        ("mobile", "integer", True),
        ("score", "decimal", False),
        ("since", "date", False),
        ("vip", "flag", False),
    ]
    found = files.query(
        "SELECT external_id FROM ledger_customer WHERE attributes @> %s::jsonb",
        '{"level": 5, "vip": false, "score": 2}',
    )
    assert found == [("C2",)]


def test_a_kind_widens_and_says_so(tmp_path: Path) -> None:
    _send(tmp_path, level=("3", "5"))
    outcome = _send(tmp_path, level=("A3", "5"))
    assert outcome.codes["attribute_widened"] == 1  # type: ignore[attr-defined]
    assert files.query("SELECT kind FROM intake_attribute_field") == [("text",)]


def test_fifty_are_enough(tmp_path: Path) -> None:
    columns = {f"x{number}": ("1", "2") for number in range(51)}
    outcome = _send(tmp_path, **columns)
    assert outcome.codes["too_many_attributes"] == 1  # type: ignore[attr-defined]


def test_loans_are_found_by_them(tmp_path: Path) -> None:
    tables = files.good()
    for row, level in zip(tables["customers"], ("3", "5"), strict=True):
        row["level"] = level
    for row, rating in zip(tables["loans"], ("B2", "A1.5"), strict=True):
        row["rating"] = rating
    tables["loans"][0]["ratio"], tables["loans"][1]["ratio"] = "1.5", "2"
    files.take(files.write(tables, tmp_path))

    def found(text: str) -> list[str]:
        return [one.number for one in ledger.reading.search(text, scope=EVERYTHING)]

    assert found("level=5") == ["L2"]
    assert found("rating=B2") == ["L1"]
    assert found("ratio = 1.50") == ["L1"]
    assert found("ratio=2.0") == ["L2"]
    assert found("rating=C") == []
    assert [o.number for o in ledger.reading.search("level=5", scope=NOTHING)] == []
