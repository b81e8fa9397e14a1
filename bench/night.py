"""One night over a loaded book, beside a raw copy of the same rows; JSON lines."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg

from bench.load import INSTALMENTS, UNTIL
from daihou.config import clock, database
from daihou.config.home import home
from daihou.nightly.run import Night
from daihou.nightly.stores import facts
from daihou.nightly.stores.positions import COLUMNS, copy_in

# What the night reads, column for column.
READ = (facts.LOANS_SQL, facts.DEMANDS_SQL.format(paid=""), facts.PAYMENTS_SQL)


def line(
    loans: int, run: str, step: str, seconds: float, rows: int, **more: Any
) -> None:
    """Print one measurement."""
    content = {"loans": loans, "run": run, "step": step, "seconds": round(seconds, 2)}
    print(json.dumps(content | {"rows": rows} | more), flush=True)


def copy_out(connection: psycopg.Connection) -> int:
    """Copy the rows the night reads out of PostgreSQL and drop them."""
    rows = 0
    for statement in READ:
        cursor = connection.cursor()
        with cursor.copy(f"copy ({statement}) to stdout (format binary)") as out:
            for _ in out:
                pass
        rows += cursor.rowcount
    return rows


def copy_positions(connection: psycopg.Connection, positions: Any) -> int:
    """Copy as many positions into a table like the one the night writes."""
    connection.execute("create table raw_copy (like ledger_position including all)")
    names = ", ".join(COLUMNS)
    copy_in(connection, f"copy raw_copy ({names}) from stdin (format csv)", positions)
    connection.commit()
    connection.execute("drop table raw_copy")
    return positions.num_rows


def raw_copy(url: str, positions: Any, loans: int) -> float:
    """Measure the raw copy, both ways; return its seconds."""
    total = 0.0
    with psycopg.connect(url) as connection:
        for name, work in (
            ("copy out", lambda: copy_out(connection)),
            ("copy in", lambda: copy_positions(connection, positions)),
        ):
            begun = time.perf_counter()
            rows = work()
            seconds = time.perf_counter() - begun
            total += seconds
            line(loans, "raw", name, seconds, rows)
    return total


def nights(url: str) -> Iterator[tuple[str, Any, Any]]:
    """Close the day before the book's last (everything is new), then the last."""
    night = Night(url=url, home=home(), now=clock.now, today=clock.today, by="bench")
    first = UNTIL - timedelta(days=1)
    names = iter(("first", "next"))
    for closed in night.close(first, through=UNTIL):
        yield next(names), closed, night
    night.shut()


def standing(url: str, day: date) -> Any:
    """The positions just written, as the rows of the raw copy."""
    import pyarrow as pa

    from daihou.nightly.stores import runs
    from daihou.nightly.stores.parquet import PositionFiles

    with psycopg.connect(url) as connection:
        found = runs.standing(connection, day)
    assert found is not None
    table = PositionFiles(home()).read(*found)
    return table.append_column("changed_on", pa.repeat(pa.scalar(day), table.num_rows))


def main() -> None:
    """Measure the database of this process's DAIHOU_HOME; `argv[1]` loans."""
    loans = int(sys.argv[1])
    database.join()
    url = database.database_url()
    whole = {}
    for run, closed, _ in nights(url):
        for step in closed.steps:
            line(loans, run, step.name, step.seconds, step.rows, peak_mb=step.peak_mb)
        whole[run] = sum(step.seconds for step in closed.steps)
    raw = raw_copy(url, standing(url, UNTIL), loans)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for run, seconds in whole.items():
        more = {"ratio": round(seconds / raw, 2), "peak_mb": peak}
        more["microseconds_per_loan"] = round(seconds / loans * 1e6, 1)
        line(loans, run, "total", seconds, loans * INSTALMENTS, **more)


if __name__ == "__main__":
    main()
