"""The whole command on a folder small enough to reckon by hand."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.real_data.folder import LOAN, MONTH, run, write

pytestmark = pytest.mark.alone

MONTHS = [
    {**MONTH, "m": 1},
    {**MONTH, "m": 2, "pmt": 0.0, "prc": 0.0},
    {**MONTH, "m": 3, "pmt": 400.0, "prc": 300.0, "bal": 9000.0},
    # Charged off in the fourth month; the car brings something, and costs.
    {**MONTH, "m": 4, "pmt": 0.0, "prc": 0.0, "bal": 0.0, "rep": 3000.0},
    {**MONTH, "m": 5, "pmt": None, "prc": 0.0, "bal": None, "rep": -300.0},
]


def test_month_ends_of_one_loan_and_again_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    write(data, loans=[LOAN], months=MONTHS)
    first = run("--data", str(data), home=tmp_path)
    assert first.returncode == 0, first.stderr
    said = json.loads(first.stdout.splitlines()[-1])
    assert (said["loans"], said["months"], said["outcome_match"]) == (1, 5, [1, 1])
    assert "payments: 4 added" in first.stdout
    assert "costs: 1 added" in first.stdout
    bits = Path(said["positions"]).read_bytes()
    rows = pq.read_table(said["positions"]).to_pylist()
    assert [row["as_of"] for row in rows] == [
        date(2019, 6, 30),
        date(2019, 7, 31),
        date(2019, 8, 31),
        date(2019, 9, 30),
        date(2019, 10, 31),
    ]
    assert [row["dpd"] for row in rows[:3]] == [0, 16, 0]
    assert [row["status"] for row in rows] == ["active"] * 3 + ["written_off"] * 2
    assert rows[1]["overdue_total"] == Decimal("200.00")
    again = run("--data", str(data), home=tmp_path)
    assert "The book of these files is there already." in again.stdout
    assert again.stdout.splitlines()[-1] == first.stdout.splitlines()[-1]
    assert Path(said["positions"]).read_bytes() == bits


def test_another_layout_is_refused_with_a_way_out(tmp_path: Path) -> None:
    done = run("--data", str(tmp_path), home=tmp_path)
    assert done.returncode == 1
    assert "make real-data DATA=folder" in done.stderr
    assert not list(tmp_path.rglob("postgres"))
