"""Positions as files: nothing in them runs in a spreadsheet, nothing is lost."""

import csv
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daihou.nightly import export

IDS = ["=1+1", "+86", "-5", "@SUM(A1)", "'=x", "L-1", "'plain"]
SENT = pa.table({"loan_id": IDS, "dpd": list(range(len(IDS)))})


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_an_id_like_a_command_stays_text(kind: str, tmp_path: Path) -> None:
    out = tmp_path / f"positions.{kind}"
    export.write(SENT, out, kind=kind)
    if kind == "parquet":
        assert pq.read_table(out)["loan_id"].to_pylist() == IDS
    elif kind == "csv":
        with out.open(newline="") as file:
            rows = [row["loan_id"] for row in csv.DictReader(file)]
        assert rows == ["'=1+1", "'+86", "'-5", "'@SUM(A1)", "''=x", "L-1", "'plain"]
    else:
        with zipfile.ZipFile(out) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
            assert b'quotePrefix="1"' in book.read("xl/styles.xml")
