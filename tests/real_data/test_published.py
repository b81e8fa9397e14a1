"""The published car loans, where the data are: the whole command, and what it says."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from daihou.config.home import root
from daihou.tables.positions import POSITIONS_OUT

DATA = Path(
    os.environ.get("DAIHOU_REAL_DATA") or root().parent / "shared/data/auto_abs"
)
NEEDED = [DATA / "loans.parquet", DATA / "monthly.parquet"]

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(
        not all(path.is_file() for path in NEEDED),
        reason="the car-loan files (loans.parquet, monthly.parquet) are not here",
    ),
]


def run(home: Path, data: Path) -> tuple[str, dict[str, object]]:
    """Run the command in a home of its own; what it printed, and its last line."""
    done = subprocess.run(
        [sys.executable, "-m", "daihou.config.cli", "real-data", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "DAIHOU_HOME": str(home)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(done.stdout.splitlines()[-1])


def test_every_loan_at_every_month_end_and_every_outcome(tmp_path: Path) -> None:
    text, said = run(tmp_path, DATA)
    loans = pq.read_table(DATA / "loans.parquet")
    monthly = pq.read_table(DATA / "monthly.parquet")
    months = pc.count_distinct(monthly["m"]).as_py()
    one_deal = len(set(loans["reportingPeriodEndingDate"].to_pylist())) == 1
    assert said["loans"] == len(loans)
    assert said["outcome_match"] == [len(loans), len(loans)]
    table = pq.read_table(str(said["positions"]))
    assert table.column_names == list(POSITIONS_OUT)
    if one_deal:
        assert said["months"] == months
        assert len(table) == len(loans) * months
    per_loan = Counter(table["loan_id"].to_pylist())
    assert len(per_loan) == len(loans)
    assert "The wave of 2020" in text


def test_repaid_loans_owe_nothing_and_extended_ones_are_not_four_late(
    tmp_path: Path,
) -> None:
    text, said = run(tmp_path, DATA)
    table = pq.read_table(str(said["positions"]))
    settled = table.filter(pc.equal(table["status"], "settled"))
    assert len(settled) > 0
    assert set(settled["dpd"].to_pylist()) == {0}
    assert set(map(float, settled["outstanding_total"].to_pylist())) == {0.0}
    rows = [line.split("|") for line in text.splitlines() if "2020-09-30" in line]
    wave = next(row for row in rows if len(row) == 9)
    without, given = float(wave[6]), float(wave[7])
    assert given < without * 0.6
