"""The list of features agrees with itself and with the tree."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WISHES = ROOT.parent / "shared" / "design" / "FEATURES.md"
STATES = {"works", "partly", "not yet"}
TIERS = {"MUST", "SHOULD", "BEYOND"}
FIELDS = {"id", "name", "tier", "state", "where", "test", "missing"}


def features() -> list[dict[str, str]]:
    areas = yaml.safe_load((ROOT / "tests" / "features.yaml").read_text("utf-8"))
    return [row for area in areas for row in area["features"]]


def complaints(row: dict[str, str]) -> list[str]:
    """What is wrong with one row; empty when nothing is."""
    said = []
    if not row.keys() <= FIELDS or row["state"] not in STATES:
        said.append(f"{row['id']}: unknown field or state")
    if row["tier"] not in TIERS:
        said.append(f"{row['id']}: unknown tier")
    begun = row["state"] != "not yet"
    if begun != ("where" in row) or begun != ("test" in row):
        said.append(f"{row['id']}: says where and which test if, and only if, begun")
    if (row["state"] == "partly") != ("missing" in row):
        said.append(f"{row['id']}: says what is missing if, and only if, partly there")
    if begun and "where" in row and not (ROOT / row["where"]).exists():
        said.append(f"{row['id']}: no {row['where']}")
    if begun and "test" in row and not finds(row["test"]):
        said.append(f"{row['id']}: no test {row['test']}")
    return said


def finds(name: str) -> bool:
    """Whether `path` or `path::function` is there."""
    path, _, function = name.partition("::")
    file = ROOT / path
    if not file.exists():
        return False
    pattern = rf"^\s*def {re.escape(function)}\("
    return not function or bool(
        re.search(pattern, file.read_text("utf-8"), re.MULTILINE)
    )


def test_every_row_is_in_order_and_named_once():
    rows = features()
    said = [line for row in rows for line in complaints(row)]
    assert not said, "\n".join(said)
    assert len({row["id"] for row in rows}) == len(rows) > 300


def test_the_list_is_the_list_of_wishes():
    if not WISHES.exists():
        pytest.skip("the list of wishes is not beside this checkout")
    wished = re.findall(r"^\| ([A-Z]+\d+) \|", WISHES.read_text("utf-8"), re.MULTILINE)
    assert [row["id"] for row in features()] == wished


@pytest.mark.parametrize(
    "change",
    [
        {"state": "works"},
        {"state": "partly", "where": "src", "test": "tests"},
        {"state": "works", "where": "src/nowhere", "test": "tests"},
        {"state": "works", "where": "src", "test": "tests/conftest.py::no_such"},
        {"state": "soon"},
    ],
)
def test_a_row_that_promises_too_much_is_seen(change):
    assert complaints({"id": "A1", "name": "x", "tier": "MUST"} | change)
