"""Spark equals one machine: the same positions, however the loans are dealt out."""

import re
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from daihou.columnar.settle import settle
from tests.parity import books

pytest.importorskip("pyspark", reason="Spark is not installed: tools/setup.py spark")

from daihou.columnar.spark import pieces, settle_on_spark

pytestmark = [
    pytest.mark.alone,
    # Spark leaves the sockets it read results from to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).resolve().parents[2]
HOLIDAYS = frozenset(books.START + timedelta(days=n) for n in (2, 3, 7))


def shuffled(table: pa.Table, random: Random) -> pa.Table:
    order = list(range(table.num_rows))
    random.shuffle(order)
    return table.take(order)


def one_a_day(steps: pa.Table) -> pa.Table:
    """The rate steps without a second of the same day, sorted."""
    keys = ["loan_id", "begins_on"]
    kept = steps.group_by(keys).aggregate([("penalty_rate_nano", "max")])
    kept = kept.rename_columns(steps.column_names).cast(steps.schema)
    return kept.sort_by([(key, "ascending") for key in keys])


def test_a_random_book_agrees_whatever_the_order_of_rows(session, monkeypatch):
    monkeypatch.setattr(pieces, "ROWS_AT_A_TIME", 301)
    random = Random(41)
    policies = {f"p{n}": books.a_policy(random) for n in range(8)}
    loans = [books.a_loan(random, loan_id=n + 1) for n in range(240)]
    tables = books.tables(loans, [f"p{random.randrange(8)}" for _ in loans])
    frames = [session.createDataFrame(shuffled(table, random)) for table in tables]
    side = books.side_tables(loans)
    side["rate_steps"] = one_a_day(side["rate_steps"])
    assert all(table.num_rows for table in side.values())
    more = {
        name: session.createDataFrame(shuffled(table, random))
        for name, table in side.items()
    }
    pauses = {loan.loan_id: loan.pauses for loan in loans if loan.pauses}
    assert pauses, "a book without pauses would not ask the plain path"
    for days, partitions in ((9, 3), (60, None)):
        asked: Any = {
            "as_of": books.START + timedelta(days=days),
            "calendar": HOLIDAYS,
            "pauses": pauses,
        }
        found = settle_on_spark(
            *frames, policies, partitions=partitions, **more, **asked
        )
        wanted = settle(*tables, policies, **side, **asked)
        positions = found.toArrow().cast(wanted.schema).sort_by("loan_id")
        assert positions.num_rows > 180
        assert positions.equals(wanted)


def test_an_empty_book_has_no_positions(session):
    tables = books.tables([], [])
    frames = [session.createDataFrame(table) for table in tables]
    policies = {"p": books.a_policy(Random(1))}
    assert settle_on_spark(*frames, policies, as_of=books.START).count() == 0


def test_a_product_without_terms_fails_by_name(session):
    loan = books.a_loan(Random(2), loan_id=1)
    frames = [session.createDataFrame(t) for t in books.tables([loan], ["moon_loan"])]
    policies = {"p": books.a_policy(Random(1))}
    asked = settle_on_spark(*frames, policies, as_of=books.START + timedelta(days=9))
    with pytest.raises(Exception, match="No terms for product moon_loan"):
        asked.collect()


def test_the_example_of_the_page_runs(session, tmp_path):
    page = (ROOT / "docs" / "how-to" / "spark.md").read_text("utf-8")
    code, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    random = Random(3)
    loans = [books.a_loan(random, loan_id=n + 1) for n in range(20)]
    tables = books.tables(loans, ["consumer_loan"] * len(loans))
    for name, table in zip(("loans", "demands", "payments"), tables, strict=True):
        (tmp_path / "facts" / name).mkdir(parents=True)
        parquet.write_table(table, tmp_path / "facts" / name / "0.parquet")
    for folder in ("facts/", "positions/"):
        assert folder in code
        code = code.replace(folder, f"{tmp_path}/{folder}")
    code = code.replace("partitions=64", "partitions=2")
    exec(compile(code, "spark.md", "exec"), {})  # noqa: S102 - our own page
    found = parquet.read_table(tmp_path / "positions" / "as_of=2026-11-20")
    assert found.num_rows == len(loans)


def rows(*keys: int) -> pa.RecordBatch:
    """Rows of these keys, in this order."""
    return pa.RecordBatch.from_pydict({pieces.KEY: pa.array(keys)})


@pytest.mark.parametrize("cut", range(1, 9))
@pytest.mark.parametrize("at_a_time", [1, 2, 3, 5, 99])
def test_no_key_is_cut_in_two(cut, at_a_time):
    keys = [1, 1, 2, 3, 3, 3, 3, 4, 4]
    whole = pa.Table.from_batches([rows(*keys)])
    batches = [
        b for n in range(0, len(keys), cut) for b in whole[n : n + cut].to_batches()
    ]
    found = list(pieces.whole_keys(iter(batches), at_a_time=at_a_time))
    told = [piece[pieces.KEY].to_pylist() for piece in found]
    assert [key for piece in told for key in piece] == keys
    seen: set[int] = set()
    for piece in told:
        assert not set(piece) & seen
        seen |= set(piece)
    assert len(found) > 1 or at_a_time + cut > 7


def both(one: pa.Table, other: pa.Table) -> pa.Table:
    """What a piece holds of two tables, side by side."""
    words = dict(zip(other["key"].to_pylist(), other["n"].to_pylist(), strict=True))
    rows = [
        (key, n, words.get(key))
        for key, n in zip(one["id"].to_pylist(), one["n"].to_pylist(), strict=True)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 3
    return pa.table(
        [pa.array(c, each.type) for c, each in zip(columns, BOTH, strict=True)],
        schema=BOTH,
    )


BOTH = pa.schema({"id": pa.int64(), "n": pa.int32(), "word": pa.string()})


def test_columns_of_one_name_and_two_types_do_not_mix(session):
    one = pa.table({"id": [3, 1, 2, 1], "n": pa.array([7, 6, None, 5], pa.int32())})
    coded = pa.array(["x", "y", "x"]).dictionary_encode()
    other = pa.table({"key": [1, 2, 9], "n": coded})
    parts = (
        pieces.Part(one, one.schema, "id", ("n",)),
        pieces.Part(other, other.schema, "key"),
    )
    found = pieces.in_pieces(session, parts, both, schema=BOTH, partitions=3)
    assert pieces.gathered(found, BOTH, "id", "n").to_pylist() == [
        {"id": 1, "n": 5, "word": "x"},
        {"id": 1, "n": 6, "word": "x"},
        {"id": 2, "n": None, "word": "y"},
        {"id": 3, "n": 7, "word": None},
    ]
