"""The published car loans, where the data are: the whole command, and what it says."""

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from daihou.config.home import root
from daihou.config.real_data.opening import due_on
from daihou.config.real_data.rows import first_version
from daihou.config.real_data.source import read
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import Demand, Loan, Payment
from daihou.packs.products import policies
from daihou.tables.positions import POSITIONS_OUT
from tests.real_data.folder import run

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


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What the command printed, and its last line."""
    done = run("--data", str(DATA), home=tmp_path_factory.mktemp("real"))
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(done.stdout.splitlines()[-1])


def test_every_loan_at_every_month_end_and_every_outcome(
    said: tuple[str, dict[str, Any]],
) -> None:
    text, last = said
    loans = pq.read_table(DATA / "loans.parquet")
    monthly = pq.read_table(DATA / "monthly.parquet")
    months = pc.count_distinct(monthly["m"]).as_py()
    one_deal = len(set(loans["reportingPeriodEndingDate"].to_pylist())) == 1
    assert last["loans"] == len(loans)
    assert last["outcome_match"] == [len(loans), len(loans)]
    table = pq.read_table(last["positions"])
    assert table.column_names == list(POSITIONS_OUT)
    if one_deal:
        assert last["months"] == months
        assert len(table) == len(loans) * months
    per_loan = Counter(table["loan_id"].to_pylist())
    assert len(per_loan) == len(loans)
    assert "The wave of 2020" in text


def test_after_month_0_lateness_is_what_the_servicer_said() -> None:
    policy = policies(on=date(2017, 5, 31))["auto_loan_us"]
    wrong = []
    for loan in read(DATA):
        demands = tuple(
            Demand(row.seq, row.seq, row.due_on, row.principal, row.interest)
            for row in first_version(loan)
            if row.due_on <= loan.ends_on
        )
        book = Loan(
            loan_id=1,
            currency="USD",
            principal=loan.opening,
            disbursed_on=min([loan.begins_on, *(d.due_on for d in demands)]),
            demands=demands,
            payments=(Payment(1, due_on(loan, 0), loan.paid),) if loan.paid else (),
        )
        state = settle(book, policy, as_of=loan.ends_on)
        if loan.closing > 0 and state.dpd != loan.days_late:
            wrong.append((loan.loan_id, loan.days_late, state.dpd))
    assert wrong == []


def test_repaid_loans_owe_nothing_and_extended_ones_are_not_four_late(
    said: tuple[str, dict[str, Any]],
) -> None:
    text, last = said
    table = pq.read_table(last["positions"])
    settled = table.filter(pc.equal(table["status"], "settled"))
    assert len(settled) > 0
    assert set(settled["dpd"].to_pylist()) == {0}
    assert set(map(float, settled["outstanding_total"].to_pylist())) == {0.0}
    rows = [line.split("|") for line in text.splitlines() if "2020-09-30" in line]
    wave = next(row for row in rows if len(row) == 9)
    without, given = float(wave[6]), float(wave[7])
    assert given < without * 0.6
