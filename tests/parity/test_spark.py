"""Spark equals one machine: the same positions, however the loans are dealt out."""

import re
import shutil
from collections.abc import Iterator
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
if shutil.which("java") is None:
    pytest.skip("There is no Java; Spark 4 wants 17 or 21", allow_module_level=True)

from daihou.columnar import spark

pytestmark = [
    pytest.mark.alone,
    # Spark leaves the sockets it read results from to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).resolve().parents[2]
HOLIDAYS = frozenset(books.START + timedelta(days=n) for n in (2, 3, 7))


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    found = spark.local_session(cores=2)
    found.conf.set("spark.sql.shuffle.partitions", "2")
    found.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "97")
    yield found
    found.stop()


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
    monkeypatch.setattr(spark, "LOANS_AT_A_TIME", 31)
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
        found = spark.settle_on_spark(
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
    assert spark.settle_on_spark(*frames, policies, as_of=books.START).count() == 0


def test_a_product_without_terms_fails_by_name(session):
    loan = books.a_loan(Random(2), loan_id=1)
    frames = [session.createDataFrame(t) for t in books.tables([loan], ["moon_loan"])]
    policies = {"p": books.a_policy(Random(1))}
    asked = spark.settle_on_spark(
        *frames, policies, as_of=books.START + timedelta(days=9)
    )
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
    """Rows of loans 1, 2... A loan's own row comes first: kind 0, then others."""
    first = [n == 0 or keys[n - 1] != key for n, key in enumerate(keys)]
    kinds = [0 if new else 1 for new in first]
    return pa.RecordBatch.from_pydict(
        {"loan_id": pa.array(keys), spark.KIND: pa.array(kinds, pa.int8())}
    )


@pytest.mark.parametrize("cut", range(1, 9))
@pytest.mark.parametrize("at_a_time", [1, 2, 3, 99])
def test_no_loan_is_cut_in_two(cut, at_a_time):
    keys = [1, 1, 2, 3, 3, 3, 3, 4, 4]
    whole = pa.Table.from_batches([rows(*keys)])
    batches = [
        b for n in range(0, len(keys), cut) for b in whole[n : n + cut].to_batches()
    ]
    pieces = list(spark.whole_loans(iter(batches), at_a_time=at_a_time))
    assert [key for piece in pieces for key in piece["loan_id"].to_pylist()] == keys
    seen: set[int] = set()
    for piece in pieces:
        own = set(piece["loan_id"].to_pylist())
        assert not own & seen
        seen |= own
    assert len(pieces) > 1 or at_a_time >= 3
