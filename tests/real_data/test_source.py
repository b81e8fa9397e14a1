"""Reading the folder: any date form, percent or share, and refusals with a way out."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daihou.config.real_data.source import LOAN_COLUMNS, WrongLayout, day, read
from daihou.kit import speech
from tests.real_data.folder import LOAN, MONTH, write


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be refused in English, whatever was spoken before."""
    monkeypatch.setattr(speech, "_spoken", ["en"])


def test_the_loan_is_read_in_cents_and_dates(tmp_path: Path) -> None:
    write(tmp_path, loans=[LOAN], months=[MONTH, {**MONTH, "m": 3, "pmt": 0.1}])
    (loan,) = read(tmp_path)
    assert (loan.loan_id, loan.opening, loan.rate) == ("7", 960000, Decimal("0.0599"))
    assert (loan.begins_on, loan.ends_on) == (date(2019, 5, 1), date(2019, 5, 31))
    assert loan.originated_on == date(2018, 11, 1)
    assert [month.paid for month in loan.months] == [20000, None, 10]
    assert loan.outcome == "C"


@pytest.mark.parametrize("text", ["05-01-2019", "05/2019", "2019-05-01", "2019-05"])
def test_every_way_to_write_a_date(text: str) -> None:
    assert day(text) == date(2019, 5, 1)


def test_a_date_nobody_knows_is_refused() -> None:
    with pytest.raises(WrongLayout, match="MM-DD-YYYY"):
        day("May 2019")


def test_rates_in_percent_become_shares(tmp_path: Path) -> None:
    rate = LOAN_COLUMNS["rate"]
    other = {**LOAN, "assetNumber": 8, rate: 0.9}
    write(tmp_path, loans=[{**LOAN, rate: 5.99}, other], months=[MONTH])
    assert [loan.rate for loan in read(tmp_path)] == [
        Decimal("0.0599"),
        Decimal("0.009"),
    ]


def test_two_deals_may_use_one_number_and_end_at_different_months(
    tmp_path: Path,
) -> None:
    other = {"file": "other"}
    write(
        tmp_path,
        loans=[LOAN, {**LOAN, **other}],
        months=[MONTH, {**MONTH, **other}, {**MONTH, **other, "m": 2}],
    )
    loans = read(tmp_path)
    assert [loan.loan_id for loan in loans] == ["deal-7", "other-7"]
    assert [len(loan.months) for loan in loans] == [1, 2]


def test_a_loan_without_months_has_the_deal_s_empty_ones(tmp_path: Path) -> None:
    write(tmp_path, loans=[LOAN, {**LOAN, "assetNumber": 8}], months=[MONTH])
    silent = read(tmp_path)[1]
    assert [month.reported for month in silent.months] == [False]


def test_a_missing_file_column_or_whole_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongLayout, match=r"loans\.parquet does not exist"):
        read(tmp_path)
    write(tmp_path, loans=[LOAN], months=[MONTH])
    short = pq.read_table(tmp_path / "monthly.parquet").drop_columns(["pmt"])
    pq.write_table(short, tmp_path / "monthly.parquet")
    with pytest.raises(WrongLayout, match="lacks the columns pmt"):
        read(tmp_path)
    whole = (tmp_path / "loans.parquet").read_bytes()
    (tmp_path / "loans.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongLayout, match="cannot be read"):
        read(tmp_path)


@pytest.mark.parametrize("twice", ["loans", "months"])
def test_a_row_twice_is_refused(tmp_path: Path, twice: str) -> None:
    rows: dict[str, list[Any]] = {"loans": [LOAN], "months": [MONTH]}
    rows[twice] *= 2
    write(tmp_path, **rows)
    with pytest.raises(WrongLayout, match="twice"):
        read(tmp_path)


def test_a_number_that_is_not_one_is_nothing(tmp_path: Path) -> None:
    write(tmp_path, loans=[LOAN], months=[MONTH])
    table = pq.read_table(tmp_path / "monthly.parquet")
    place = table.schema.get_field_index("pmt")
    table = table.set_column(place, "pmt", pa.array([float("nan")]))
    pq.write_table(table, tmp_path / "monthly.parquet")
    assert read(tmp_path)[0].months[0].paid is None
