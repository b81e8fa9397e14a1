"""Nothing of a file is applied unless its control totals agree."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from daihou.rooms.intake import door
from tests.intake import files

pytestmark = pytest.mark.django_db


def _payments(tmp_path: Path, *, trailer: str = "") -> Path:
    files.take(files.write(files.good(), tmp_path))
    row = files.good()["payments"][0]
    rows = [{**row, "payment_id": f"X{n}", "amount": "10.10"} for n in range(3)]
    path = tmp_path / "payments_day.csv"
    path.write_text(files.text(rows) + trailer)
    return path


def test_a_sidecar_that_agrees(tmp_path: Path) -> None:
    path = _payments(tmp_path)
    beside = path.with_name(path.name + ".control.json")
    beside.write_text(json.dumps({"rows": 3, "totals": {"amount": "30.30"}}))
    outcome = files.take([path])
    assert outcome.state == "applied"
    kept = files.query(
        "SELECT control_totals->'totals'->>'amount' FROM intake_file"
        " WHERE batch_id = %s",
        outcome.batch_id,
    )
    assert kept == [("30.30",)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"rows": 4}', "control_rows"),
        ('{"totals": {"amount": "30.31"}}', "control_total"),
        ('{"totals": {"amounts": "30.30"}}', "control_column"),
        ('{"rows": 3', "control_broken"),
        ('{"rows": "many"}', "control_broken"),
    ],
)
def test_a_sidecar_that_does_not(content: str, code: str, tmp_path: Path) -> None:
    path = _payments(tmp_path)
    path.with_name(path.name + ".control.json").write_text(content)
    before = files.checksums()
    outcome = files.take([path], accept_good=True)
    assert outcome.state == "refused"
    assert code in outcome.codes
    assert files.checksums() == before


def test_a_trailer_line_is_a_promise_not_a_row(tmp_path: Path) -> None:
    path = _payments(tmp_path, trailer="#control,rows=3,amount=30.30\n")
    assert files.take([path]).tables["payments"].added == 3


def test_a_trailer_line_that_lies(tmp_path: Path) -> None:
    path = _payments(tmp_path, trailer="#control,rows=2,amount=30.30\n")
    assert files.take([path]).codes["control_rows"] == 1


def test_totals_given_by_hand_count_all_files(tmp_path: Path) -> None:
    path = _payments(tmp_path)
    wrong = door.Control(rows=3, totals={"amount": Decimal("30.3000001")})
    assert files.take([path], control=wrong).state == "refused"
    right = door.Control(rows=3, totals={"amount": Decimal("30.3")})
    assert files.take([path], control=right).state == "applied"
