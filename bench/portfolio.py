"""Portfolio figures of a large panel, beside a bare numpy count and a peer.

`python -m bench.portfolio [--rows N] [--loans N] [--peer-rows N] [--spark-rows N]`: one
run, side by side; JSON lines go to the screen, the tables to
docs/reference/benchmark-portfolio.md. The peer is measured where it is found: it wants
packages of its own, so give it a folder (`uv pip install --target FOLDER --no-deps
transitionmatrix statsmodels patsy`) and run with PYTHONPATH=FOLDER.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bench import portfolio_spark
from bench.day_end import ROOT, machine
from daihou.columnar.portfolio import roll_matrix, vintage
from daihou.engine.metrics.vintage import Timing

REPORT = ROOT / "docs" / "reference" / "benchmark-portfolio.md"
PERIODS = 24
STATES = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "paid")
PEER = "transitionmatrix"
TIMES_BARE, TIMES_PEER, SECONDS_VINTAGE = 2, 100, 1.0  # what is promised
TIMES = 7  # a busy machine disturbs short runs most
HEAD = "| what | rows | seconds | ns a row |\n|---|---:|---:|---:|"
COLUMNS: dict[str, Any] = {"id": "loan", "period": "month", "status": "bucket"}


def book(loans: int) -> pa.Table:
    """Loans in a walk over the buckets, `PERIODS` rows each, sorted."""
    random = np.random.default_rng(11)
    codes = np.zeros((loans, PERIODS), np.int8)
    for month in range(1, PERIODS):
        before = codes[:, month - 1]
        step = random.choice([0, 1, -1], p=[0.86, 0.08, 0.06], size=loans)
        after = np.clip(before + step, 0, len(STATES) - 2)
        paid = (before == len(STATES) - 1) | (random.random(loans) < 0.01)
        codes[:, month] = np.where(paid, len(STATES) - 1, after)
    rows = loans * PERIODS
    return pa.table(
        {
            "loan": np.repeat(np.arange(loans, dtype=np.int64), PERIODS),
            "month": np.tile(np.arange(PERIODS, dtype=np.int64), loans),
            "bucket": pa.DictionaryArray.from_arrays(codes.ravel(), list(STATES)),
            "balance": random.integers(1, 10**8, rows),
        }
    )


def bare(panel: pa.Table) -> np.ndarray:
    """The count alone, of arrays that are sorted and coded already."""
    loan, month = panel["loan"].to_numpy(), panel["month"].to_numpy()
    code = panel["bucket"].combine_chunks().indices.to_numpy()
    pair = (loan[1:] == loan[:-1]) & (month[1:] == month[:-1] + 1)
    size = len(STATES)
    cells = code[:-1][pair].astype(np.int64) * size + code[1:][pair]
    return np.bincount(cells, minlength=size * size).reshape(size, size)


def peer(panel: pa.Table) -> np.ndarray:
    """The same count by the peer's estimator of cohorts."""
    from transitionMatrix import StateSpace
    from transitionMatrix.estimators import cohort_estimator

    codes = panel["bucket"].combine_chunks().indices  # it takes nothing else
    frame = panel.select(["loan", "month"]).to_pandas()
    frame.columns = ["ID", "Time"]
    frame["State"] = codes.to_numpy()
    space = StateSpace([(str(n), name) for n, name in enumerate(STATES)])
    estimator = cohort_estimator.CohortEstimator(
        states=space,
        cohort_bounds=range(PERIODS + 1),
        ci={"method": "goodman", "alpha": 0.05},
    )
    estimator.fit(frame)
    found: np.ndarray = sum(estimator.count_set)
    return found


def seconds(work: Callable[[], Any]) -> float:
    """CPU seconds of the best of some runs."""
    found = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def wall(work: Callable[[], Any]) -> float:
    """Seconds on the wall of the best of three runs."""
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


Line = dict[str, Any]


def line(what: str, rows: int, used: float, **more: Any) -> Line:
    """One figure, said at once."""
    told = {"what": what, "rows": rows, "seconds": used, **more}
    print(json.dumps(told | {"seconds": round(used, 4)}), flush=True)
    return told


def counts(rows: int) -> Iterator[Line]:
    """The roll matrix of so many rows, beside the count alone."""
    panel = book(rows // PERIODS)
    ours = roll_matrix(panel, **COLUMNS, states=STATES)
    assert np.array_equal(np.array(ours.count), bare(panel)), "the counts differ"
    size = panel.num_rows
    yield line("bare numpy count", size, seconds(lambda: bare(panel)))
    yield line("roll_matrix", size, seconds(lambda: roll_matrix(panel, **COLUMNS)))
    weighed = partial(roll_matrix, panel, **COLUMNS, amount="balance")
    yield line("roll_matrix by amount", size, seconds(weighed))
    mixed = panel.take(np.random.default_rng(5).permutation(size))
    shuffled = partial(roll_matrix, mixed, **COLUMNS)
    yield line("roll_matrix, rows shuffled", size, seconds(shuffled))


def of_peer(rows: int) -> Iterator[Line]:
    """The peer's count of the first of the same rows; nothing where it is not found."""
    try:
        from transitionMatrix import StateSpace  # noqa: F401
    except ImportError:
        print(f"{PEER} is not installed and left out; see --help.")
        return
    panel = book(rows // PERIODS)
    begun = time.process_time()
    found = peer(panel)
    used = time.process_time() - begun
    # It counts the very last pair twice.
    assert np.abs(found - bare(panel)).sum() <= 1, "the peer counts something else"
    yield line(f"{PEER} {version(PEER)}", panel.num_rows, used)


def version(package: str) -> str:
    """The version that is installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def curves(loans: int) -> Iterator[Line]:
    """Vintages of so many loans over two years, on the wall."""
    panel = book(loans)
    timings: tuple[Timing, ...] = ("ever", "current")
    for timing in timings:
        made = partial(vintage, panel, **COLUMNS, bad=["M2", "M3"], timing=timing)
        used, spent = wall(made), seconds(made)
        yield line(f"vintage, {timing}", panel.num_rows, used, cpu=spent)


def growing(rows: int) -> Iterator[Line]:
    """The same figures as the book grows ten times, and ten times again."""
    for size in (rows // 10, rows, rows * 10):
        panel = book(size // PERIODS)
        taken = seconds(partial(roll_matrix, panel, **COLUMNS))
        yield line("roll_matrix", panel.num_rows, taken)
        made = partial(vintage, panel, **COLUMNS, bad=["M2", "M3"])
        yield line("vintage, ever", panel.num_rows, seconds(made))


def on_spark(rows: int) -> Iterator[Line]:
    """Moves, cells and a step of the day-end there, as the book grows ten times twice."""
    if lacking := portfolio_spark.missing():
        print(f"Spark is left out: {lacking}.")
        return
    sizes = (rows // 10, rows, rows * 10)
    with portfolio_spark.session() as session, tempfile.TemporaryDirectory() as name:
        for size in sizes:
            yield from moves(session, Path(name), size)
            yield from portfolio_spark.night(session, Path(name), size, told=line)


def moves(session: Any, folder: Path, size: int) -> Iterator[Line]:
    """The Ibis text of moves on DuckDB and on Spark: first equal, then timed."""
    import ibis

    from daihou.columnar.portfolio import sets

    panel = book(size // PERIODS)
    path = folder / f"{size}.parquet"
    parquet.write_table(panel.set_column(2, "bucket", plain(panel)), path)
    wanted = roll_matrix(panel, **COLUMNS, amount="balance", states=STATES)
    engines = {
        "DuckDB": ibis.duckdb.connect(),
        f"Spark local[{portfolio_spark.CORES}]": ibis.pyspark.connect(session),
    }
    for name, engine in engines.items():
        table = engine.read_parquet(str(path))
        counted = sets.moves(table, **COLUMNS, amount="balance")
        made = partial(sets.matrix_of, counted, states=STATES, weighed=True)
        assert made() == wanted, f"{name} counts something else"
        yield line(f"moves by amount, {name}", panel.num_rows, wall(made))
    path.unlink()


def plain(panel: pa.Table) -> pa.ChunkedArray:
    """The states as text."""
    return panel["bucket"].cast(pa.string())


def per_row(told: Line) -> float:
    """Nanoseconds a row."""
    nanoseconds: float = told["seconds"] / told["rows"] * 1e9
    return nanoseconds


def tables(figures: dict[str, list[Line]]) -> dict[str, str]:
    """The parts of the page."""
    one, peers = figures["counts"], figures["peer"]
    ours = next(each for each in one if each["what"] == "roll_matrix")
    bare_ = one[0]
    times = ours["seconds"] / bare_["seconds"]
    kept = [
        f"`roll_matrix` takes {times:.2f} x the bare count (to be kept: {TIMES_BARE})"
    ]
    for each in peers:
        times = per_row(each) / per_row(ours)
        kept.append(
            f"a row costs {each['what']} {times:,.0f} x as much"
            f" (to be kept: {TIMES_PEER})"
        )
    slow = max(each["seconds"] for each in figures["curves"])
    kept.append(f"vintages take at most {slow:.2f} s (to be kept: {SECONDS_VINTAGE:g})")
    return {
        "machine": f"{machine()}; load average at the start {figures['load'][0]['load']:.1f}",
        "figures": rows_of([*one, *peers, *figures["curves"]]),
        "kept": "; ".join(kept) + ".",
        "growth": rows_of(figures["growing"]),
        "spark": table_of_spark(figures["spark"]),
    }


def table_of_spark(told: list[Line]) -> str:
    """What Spark took, a kind of work after the other."""
    if not told:
        return "Not measured."
    return rows_of(sorted(told, key=lambda each: str(each["what"])))


def rows_of(told: list[Line]) -> str:
    """A table of figures."""
    cells = [
        f"| {each['what']} | {each['rows']:,} | {each['seconds']:.4f} |"
        f" {per_row(each):,.0f} |"
        for each in told
    ]
    return "\n".join([HEAD, *cells])


def filled(text: str, parts: dict[str, str]) -> str:
    """The page with its parts between their marks made anew."""
    for mark, part in parts.items():
        start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, rest = text.split(start, 1)
        gap = "\n" if "\n" in part else ""
        text = before + start + gap + part + gap + end + rest.split(end, 1)[1]
    return text


def main() -> None:
    """Measure, print, write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--loans", type=int, default=1_000_000)
    options.add_argument("--peer-rows", type=int, default=24_000)
    options.add_argument("--spark-rows", type=int, default=1_000_000)
    options.add_argument(
        "--only-spark", action="store_true", help="measure Spark alone, keep the rest"
    )
    options.add_argument("--page", type=Path, default=REPORT)
    asked = options.parse_args()
    if asked.only_spark:
        part = {"spark": table_of_spark(list(on_spark(asked.spark_rows)))}
        page = filled(asked.page.read_text("utf-8"), part)
        asked.page.write_text(page, encoding="utf-8")
        return
    figures = {
        "load": [{"load": os.getloadavg()[0]}],
        "counts": list(counts(asked.rows)),
        "peer": list(of_peer(asked.peer_rows)),
        "curves": list(curves(asked.loans)),
        "growing": list(growing(asked.rows)),
        "spark": list(on_spark(asked.spark_rows)),
    }
    page = asked.page.read_text("utf-8")
    asked.page.write_text(filled(page, tables(figures)), encoding="utf-8")


if __name__ == "__main__":
    main()
