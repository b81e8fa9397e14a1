"""Monthly states of real cards: the roll matrix against a count of its own."""

from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from daihou.columnar.portfolio import panel, roll_matrices, roll_matrix, vintage

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "card_status" / "credit_record.parquet"
COLUMNS = {"id": "ID", "period": "MONTHS_BALANCE", "status": "STATUS"}
SIXTY = ("2", "3", "4", "5")  # 60 days past due and more

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="shared/data/card_status is not beside the checkout"
)


@pytest.fixture(scope="module")
def cards() -> pa.Table:
    return parquet.read_table(FILE)


@pytest.fixture(scope="module")
def lives(cards) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    columns = (cards[name].to_pylist() for name in COLUMNS.values())
    for card, month, status in zip(*columns, strict=True):
        found[card][month] = status
    return found


def test_the_matrix_equals_an_independent_count(cards, lives):
    pairs = Counter(
        (status, life[month + 1])
        for life in lives.values()
        for month, status in life.items()
        if month + 1 in life
    )
    found = roll_matrix(cards, **COLUMNS)
    assert found.states == ("0", "1", "2", "3", "4", "5", "C", "X")
    stood = Counter()
    for (start, _), count in pairs.items():
        stood[start] += count
    for start, row in zip(found.states, found.content()["rate"], strict=True):
        for end, rate in zip(found.states, row, strict=True):
            assert round(rate, 4) == round(pairs[start, end] / stood[start], 4)
    assert {
        (start, end): count
        for start, row in zip(found.states, found.count, strict=True)
        for end, count in zip(found.states, row, strict=True)
        if count
    } == dict(pairs)


def test_rows_are_whole_and_the_known_rates_are_near(cards):
    found = roll_matrix(cards, **COLUMNS)
    assert [sum(row) for row in found.rate] == [1] * 8
    assert float(found.share("2", "3")) == pytest.approx(0.30, abs=0.02)
    assert float(found.share("3", "4")) == pytest.approx(0.59, abs=0.04)
    assert found.share("C", "C") == 1


def test_months_add_up_and_missing_loses_nobody(cards, lives):
    whole = panel(cards, **COLUMNS)
    begun = Counter(min(life) for life in lives.values())
    known = 0
    for month, matrix in roll_matrices(whole, missing=True).items():
        known += begun[month]
        assert sum(map(sum, matrix.count)) == known


def test_ever_sixty_never_falls_and_equals_a_count_by_hand(cards, lives):
    found = vintage(cards, **COLUMNS, bad=SIXTY)
    for row in found.count:
        known = [n for n in row if n is not None]
        assert known == sorted(known)
        assert None not in row[: len(known)], "blank only where the panel has ended"
    first = {card: min(life) for card, life in lives.items()}
    worst = Counter(
        (first[card], min(m for m, s in life.items() if s in SIXTY) - first[card])
        for card, life in lives.items()
        if any(status in SIXTY for status in life.values())
    )
    for cohort, size, row in zip(found.cohorts, found.size, found.count, strict=True):
        assert size == sum(1 for began in first.values() if began == int(cohort))
        for age, count in enumerate(row):
            if count is not None:
                hits = sum(worst[int(cohort), a] for a in range(age + 1))
                assert count == hits
