"""The same book settled on Spark, beside one machine: both read the same files."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
from pyarrow import parquet

from bench import kernel_book as books
from daihou.columnar.settle import settle

LOANS = 200_000
CORES = 2
PARTITIONS = 8
TIMES = 3  # each is measured so often: the first starts workers and loads kernels
NAMES = ("loans", "demands", "payments")
POLICIES = {books.PRODUCT: books.POLICY}
HEAD = """
## Spark

{loans:,} of such loans, on the same machine: `columnar.spark` on `local[{cores}]` in
{partitions} partitions, and `columnar.settle` on {cores} threads. Both read the facts
from the same Parquet files and write the positions to Parquet; the positions were
equal. Spark deals the rows out by loan, carries them to Python and back: what it adds
is paid once more for every core, and repaid when there are more machines.

CPU seconds are of all processes: this one, the Java machine and its Python workers.

| what | seconds, first time | seconds, best | CPU seconds | thousand loans/s, one core | CPU against one machine |
|---|---:|---:|---:|---:|---:|
"""


def missing() -> str:
    """What Spark lacks here, by name; empty if it can be measured."""
    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError:
        return "pyspark is not installed (`tools/setup.py spark` brings it)"
    return "" if shutil.which("java") else "there is no Java (17 or 21)"


def _on_one_machine(folder: Path, out: Path) -> None:
    loans, demands, payments = (
        parquet.read_table(folder / f"{name}.parquet") for name in NAMES
    )
    out.mkdir()
    positions = settle(loans, demands, payments, POLICIES, as_of=books.AS_OF)
    parquet.write_table(positions, out / "positions.parquet")


def _on_spark(session: Any, folder: Path, out: Path) -> None:
    from daihou.columnar.spark import settle_on_spark

    loans, demands, payments = (
        session.read.parquet(str(folder / f"{name}.parquet")) for name in NAMES
    )
    settled = settle_on_spark(
        *(loans, demands, payments, POLICIES),
        as_of=books.AS_OF,
        partitions=PARTITIONS,
    )
    settled.write.parquet(str(out))


def _cpu() -> float:
    """CPU seconds of this process and all it started, so far."""
    own = psutil.Process()
    every = [process.cpu_times() for process in (own, *own.children(recursive=True))]
    return sum(spent.user + spent.system for spent in every)


def _row(what: str, folder: Path, work: Callable[[Path], None]) -> dict[str, Any]:
    """Run the work a few times, each into a folder of its own; the last one stays."""
    found = []
    for _ in range(TIMES):
        shutil.rmtree(folder, ignore_errors=True)
        began, spent = time.perf_counter(), _cpu()
        work(folder)
        found.append((time.perf_counter() - began, _cpu() - spent))
    cpu = min(spent for _, spent in found)
    return {
        "what": what,
        "loans": LOANS,
        "first_seconds": round(found[0][0], 3),
        "seconds": round(min(seconds for seconds, _ in found), 3),
        "cpu_seconds": round(cpu, 3),
        "loans_per_second_and_core": round(LOANS / cpu),
    }


@contextmanager
def _session() -> Iterator[Any]:
    from daihou.columnar.spark import local_session

    session = local_session(cores=CORES)
    try:
        yield session
    finally:
        session.stop()


def _positions(folder: Path) -> pa.Table:
    """The positions of a folder by loan; the books are equal when these are."""
    return parquet.read_table(folder).sort_by("loan_id")


def measure(say: Callable[[dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    """Measure both, one machine first; nothing if Spark is not there."""
    lacking = missing()
    if lacking:
        print(f"Spark is left out: {lacking}.")
        return []
    facts = books.make(LOANS, seed=2)
    with tempfile.TemporaryDirectory() as name, _session() as session:
        folder = Path(name)
        for part in NAMES:
            parquet.write_table(getattr(facts, part), folder / f"{part}.parquet")
        one, many = folder / "one", folder / "many"
        rows = [
            say(_row("columnar.settle", one, partial(_on_one_machine, folder))),
            say(_row("columnar.spark", many, partial(_on_spark, session, folder))),
        ]
        wanted = _positions(one)
        found = _positions(many).cast(wanted.schema)
        assert found.equals(wanted), "Spark says otherwise than one machine"
    return rows


def section(rows: list[dict[str, Any]]) -> str:
    """The section of the page."""
    if not rows:
        return f"\n## Spark\n\nNot measured: {missing()}.\n"
    text = HEAD.format(loans=LOANS, cores=CORES, partitions=PARTITIONS)
    return text + "".join(
        f"| {row['what']} | {row['first_seconds']:.2f} | {row['seconds']:.2f} "
        f"| {row['cpu_seconds']:.2f} | {row['loans_per_second_and_core'] / 1e3:,.0f} "
        f"| {row['cpu_seconds'] / rows[0]['cpu_seconds']:.1f} |\n"
        for row in rows
    )
