"""The book on Spark beside one machine: first equal, then seconds, as it grows ten times."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bench import kernel_book
from daihou.columnar.portfolio import cube
from daihou.columnar.settle import settle
from daihou.tables import months as shape

CORES = 2
PARTITIONS = 8
MONTH = "2026-10"
BLOCK = 1_000_000  # rows written at a time
# What an overdue share by branch reads.
COLUMNS = ("currency", "branch", "state", "dpd", "balance", "loans", "owes")
FACTS = ("loans", "demands", "payments")
POLICIES = {kernel_book.PRODUCT: kernel_book.POLICY}
Line = dict[str, Any]
Told = Callable[..., Line]


def missing() -> str:
    """What Spark lacks here, by name; empty if it can be measured."""
    try:
        import ibis  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError as error:
        return str(error)
    return "" if shutil.which("java") else "there is no Java (17 or 21)"


@contextmanager
def session() -> Iterator[Any]:
    """A Spark on this machine."""
    from daihou.columnar.spark import local_session

    found = local_session(cores=CORES)
    try:
        yield found
    finally:
        found.stop()


def wall(work: Callable[[], Any]) -> float:
    """Seconds on the wall of the best of two runs."""
    found = []
    for _ in range(2):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def a_month(loans: int, *, seed: int) -> pa.Table:
    """A month at random in the form of `tables.months`."""
    random = np.random.default_rng(seed)
    words = {"currency": ["CNY"], "branch": [f"B{n:03d}" for n in range(100)]}
    columns: dict[str, Any] = {"loan_id": np.arange(loans) + seed * BLOCK}
    for each in shape.MONTHS:
        if each.name in columns:
            continue
        if pa.types.is_dictionary(each.type):
            known = words.get(each.name, ["a", "b", "c"])
            codes = pa.array(random.integers(0, len(known), loans).astype(np.int32))
            columns[each.name] = pa.DictionaryArray.from_arrays(codes, known)
        elif pa.types.is_boolean(each.type):
            columns[each.name] = random.random(loans) < 0.01
        else:
            most = {"int8": 5, "int32": 100}.get(str(each.type), 10**7)
            values = random.integers(0, most, loans)
            columns[each.name] = values.astype(each.type.to_pandas_dtype())
    return pa.table(columns).cast(shape.MONTHS)


def written(folder: Path, loans: int) -> Path:
    """A month of so many loans where figures look for it."""
    path = folder / f"month={MONTH}" / f"loans-{loans}.parquet"
    path.parent.mkdir(exist_ok=True)
    with parquet.ParquetWriter(path, shape.MONTHS) as file:
        for n, start in enumerate(range(0, loans, BLOCK)):
            file.write_table(a_month(min(BLOCK, loans - start), seed=n))
    return path


def by_branch(table: pa.Table) -> Mapping[str, tuple[int, int]]:
    """Loans and balance of each branch, of rows or of cells."""
    rows = cube.Rows(table)
    codes, names = rows.of("branch"), rows.words("branch")
    loans = cube.added(rows.loans(), codes, len(names))
    money = cube.added(rows.of("balance"), codes, len(names))
    return {name: (loans[n], money[n]) for n, name in enumerate(names)}


def cells(running: Any, folder: Path, loans: int, *, told: Told) -> Iterator[Line]:
    """The cells of a month by branch, state and days, from Parquet."""
    from daihou.columnar.spark.figures import read_months, sums_of

    path = written(folder, loans)
    plain = [each for each in COLUMNS if each not in ("loans", "owes")]

    def here() -> pa.Table:
        return parquet.read_table(path, columns=plain)

    def there() -> pa.Table:
        return sums_of(read_months(running, folder, [path]), COLUMNS)[MONTH]

    assert by_branch(here()) == by_branch(there()), "Spark counts something else"
    yield told("cells by branch, one machine", loans, wall(lambda: by_branch(here())))
    yield told(f"cells by branch, Spark local[{CORES}]", loans, wall(there))
    path.unlink()


def day_end(running: Any, folder: Path, rows: int, *, told: Told) -> Iterator[Line]:
    """Positions of as many loans as have so many rows of facts, from Parquet."""
    from daihou.columnar.spark import settle_on_spark

    facts = kernel_book.make(rows // (2 * kernel_book.PERIODS + 1), seed=2)
    paths = [folder / f"{name}.parquet" for name in FACTS]
    for name, path in zip(FACTS, paths, strict=True):
        parquet.write_table(getattr(facts, name), path)
    size = sum(getattr(facts, name).num_rows for name in FACTS)
    del facts

    def here() -> pa.Table:
        loans, demands, payments = (parquet.read_table(path) for path in paths)
        return settle(loans, demands, payments, POLICIES, as_of=kernel_book.AS_OF)

    def there() -> pa.Table:
        loans, demands, payments = (running.read.parquet(str(p)) for p in paths)
        found = settle_on_spark(
            *(loans, demands, payments, POLICIES),
            as_of=kernel_book.AS_OF,
            partitions=PARTITIONS,
        )
        return found.toArrow()

    wanted = here()
    found = there().cast(wanted.schema).sort_by("loan_id")
    assert found.equals(wanted), "Spark says otherwise than one machine"
    yield told("positions of facts, one machine", size, wall(here))
    yield told(f"positions of facts, Spark local[{CORES}]", size, wall(there))


def night(running: Any, folder: Path, rows: int, *, told: Told) -> Iterator[Line]:
    """Cells and one step of the day-end at one size."""
    for part in (cells, day_end):
        yield from partial(part, running, folder, rows)(told=told)
