"""A small folder in the layout of the published files."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

LOAN: Mapping[str, Any] = {
    "file": "deal",
    "assetNumber": 7,
    "reportingPeriodBeginningDate": "05-01-2019",
    "reportingPeriodEndingDate": "05-31-2019",
    "originationDate": "11/2018",
    "originalInterestRatePercentage": 0.0599,
    "remainingTermtoMaturityNumber": 54,
    "reportingPeriodBeginningLoanBalanceAmount": 9600.0,
    "reportingPeriodActualEndBalanceAmount": 9448.0,
    "reportingPeriodScheduledPaymentAmount": 200.0,
    "nextReportingPeriodPaymentAmountDue": 200.0,
    "totalActualAmountPaid": 200.0,
    "actualPrincipalCollectedAmount": 152.0,
    "currentDelinquencyStatus": 0,
    "vehicleValueAmount": 15000,
    "vehicleNewUsedCode": 2,
    "obligorGeographicLocation": "OH",
    "D": 0,
    "R": 0,
    "C": 1,
}
MONTH: Mapping[str, Any] = {
    "file": "deal",
    "assetNumber": 7,
    "m": 1,
    "bal": 9300.0,
    "prc": 148.0,
    "pmt": 200.0,
    "rec": None,
    "rep": 0.0,
}
AMOUNTS = ("bal", "prc", "pmt", "rec", "rep")


def write(
    folder: Path, *, loans: Sequence[Mapping[str, Any]], months: Sequence[Any]
) -> None:
    """Write loans.parquet and monthly.parquet."""
    columns = {name: [row[name] for row in loans] for name in loans[0]}
    pq.write_table(pa.table(columns), folder / "loans.parquet")
    of_months: dict[str, Any] = {
        name: pa.array(
            [row[name] for row in months], pa.float64() if name in AMOUNTS else None
        )
        for name in MONTH
    }
    pq.write_table(pa.table(of_months), folder / "monthly.parquet")


def run(*options: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """Run `daihou real-data` as its own process, in a home of its own."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    return subprocess.run(
        [sys.executable, "-m", "daihou.config.cli", "real-data", *options],
        capture_output=True,
        text=True,
        timeout=400,
        env={**environment, "DAIHOU_HOME": str(home), "DAIHOU_LANGUAGE": "en"},
        check=False,
    )
