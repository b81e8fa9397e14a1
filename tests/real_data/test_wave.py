"""The wave of 2020 in books lived month by month: a small one here, the real ones if told.

DAIHOU_REAL_POSITIONS names the file `daihou real-data` made of the published loans.
"""

import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tools import portfolio_wave as wave

MONTHS = [date(2020, n, 28) for n in range(1, 10)]


def written(tmp_path: Path, *lives: str) -> Path:
    """A book of loans, a letter a month: 0 to 4 months late, p paid, w written off."""
    status = {"p": "settled", "w": "written_off"}
    rows = [
        {
            "loan_id": f"L{number}",
            "as_of": day,
            "bucket": f"M{letter if letter.isdigit() else 0}",
            "dpd": 30 * int(letter) if letter.isdigit() else 0,
            "status": status.get(letter, "active"),
        }
        for number, life in enumerate(lives)
        for day, letter in zip(MONTHS, life, strict=True)
    ]
    path = tmp_path / "positions.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_rolls_are_told_by_the_month_of_arrival(tmp_path):
    book = wave.read(written(tmp_path, "011230000", "001100000", "0001ppppp"))
    march = wave.month(date(2020, 3, 1))
    told = wave.rolls(book, "M0", "M1")
    assert [told[march - 1 + n] for n in range(3)] == [(1, 3), (1, 2), (1, 1)]
    assert wave.rolls(book, "M1", "M2")[march + 1] == (1, 2)
    assert sum(part for part, _ in wave.rolls(book, "M2", "M3").values()) == 1


def test_a_cure_must_stay_and_what_is_not_known_yet_is_left_out(tmp_path):
    book = wave.read(
        written(
            tmp_path,
            "010000000",  # cured at once
            "010010000",  # a pause of two months is no cure
            "0112ppppp",  # paid in full
            "01234wwww",  # written off
            "000000010",  # not known yet
            "100000000",  # its beginning was not seen
        )
    )
    assert wave.cures(book) == {wave.month(date(2020, 2, 1)): (2, 4)}


def test_quarters_with_little_in_them_are_blank():
    at = wave.month(date(2020, 4, 1))
    told = {at: (1, 10), at + 2: (2, 25), at + 3: (1, 5)}
    assert wave.grouped(told, least=30) == {at: (3, 35)}
    assert wave.quarter(at) == "2020 Q2"
    assert wave.share((3, 35)) == "8.6% (3 of 35)"
    assert wave.share(None) == ""


POSITIONS = os.environ.get("DAIHOU_REAL_POSITIONS", "")


@pytest.mark.skipif(
    not POSITIONS, reason="DAIHOU_REAL_POSITIONS names no file of `daihou real-data`"
)
def test_the_wave_stands_out_of_the_real_book():
    book = wave.read(Path(POSITIONS))
    rolls = wave.grouped(wave.rolls(book, "M1", "M2"), least=wave.ENOUGH)
    rates = {wave.quarter(at): part / whole for at, (part, whole) in rolls.items()}
    others = [rate for name, rate in rates.items() if not name.startswith("2020")]
    assert rates["2020 Q2"] > 2 * max(others)
    cured = wave.grouped(wave.cures(book), least=wave.ENOUGH)
    share = {wave.quarter(at): part / whole for at, (part, whole) in cured.items()}
    before = [rate for name, rate in share.items() if name[:4] in ("2018", "2019")]
    assert share["2020 Q2"] < min(before)
