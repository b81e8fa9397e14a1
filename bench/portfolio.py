"""Portfolio figures of a large panel, beside a bare numpy count and a peer.

python -m bench.portfolio            everything, a JSON line per figure
"""

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from importlib import metadata
from typing import Any

import numpy as np
import pyarrow as pa

from daihou.columnar.portfolio import roll_matrix, vintage
from daihou.engine.metrics.vintage import Timing

PERIODS = 24
STATES = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "paid")
PEER, PEER_ROWS = "transitionmatrix", 24_000  # of the same, the first; it is slow
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
    """CPU seconds of the best of three runs."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--loans", type=int, default=1_000_000)
    asked = options.parse_args()
    panel = book(asked.rows // PERIODS)
    ours = roll_matrix(panel, **COLUMNS, states=STATES)
    assert np.array_equal(np.array(ours.count), bare(panel)), "the counts differ"
    taken = {
        "bare numpy count": seconds(lambda: bare(panel)),
        "roll_matrix": seconds(lambda: roll_matrix(panel, **COLUMNS)),
        "roll_matrix, rows shuffled": _shuffled(panel),
        "roll_matrix by amount": seconds(
            lambda: roll_matrix(panel, **COLUMNS, amount="balance")
        ),
    }
    for what, used in taken.items():
        _say(what, panel.num_rows, used)
    _peer(panel.slice(0, PEER_ROWS))
    large = book(asked.loans)
    timings: tuple[Timing, ...] = ("ever", "current")
    for timing in timings:
        curves = partial(vintage, large, **COLUMNS, bad=["M2", "M3"], timing=timing)
        _say(f"vintage, {timing}", large.num_rows, seconds(curves))


def _shuffled(panel: pa.Table) -> float:
    mixed = panel.take(np.random.default_rng(5).permutation(panel.num_rows))
    return seconds(lambda: roll_matrix(mixed, **COLUMNS))


def _peer(panel: pa.Table) -> None:
    try:
        name = f"{PEER} {metadata.version(PEER)}"
    except metadata.PackageNotFoundError:
        print(f"{PEER} is not installed and left out; pip install {PEER} brings it.")
        return
    begun = time.process_time()
    found = peer(panel)
    used = time.process_time() - begun
    # It counts the very last pair twice.
    assert np.abs(found - bare(panel)).sum() <= 1, "the peer counts something else"
    _say(name, panel.num_rows, used)


def _say(what: str, rows: int, used: float) -> None:
    line = {
        "what": what,
        "rows": rows,
        "seconds": round(used, 4),
        "rows_per_second": round(rows / used),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
