"""The lab over a million loans and two years: counting months, and its first page.

`python -m bench.lab [--loans N] [--months 24] [--times 20] [--home FOLDER]`: months of a
book at random are counted and written as the night does, into a home of its own; then
the site is served and its pages are asked for, one after the other. The first time of
each is what somebody meets after the site was started. The table goes to the lab's part
of docs/reference/benchmark-portfolio.md.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.day_end import machine
from bench.desks import Session
from bench.portfolio import REPORT, filled
from bench.sessions import at, serve

LAST = date(2026, 10, 31)
LIMIT = 1.0  # seconds: the first page
BRANCHES, OFFICERS = 40, 400
WORDS = {
    "product": ["business_loan", "consumer_loan", "mortgage"],
    "branch": [f"B{n:02}" for n in range(BRANCHES)],
    "officer": [f"officer{n}" for n in range(OFFICERS)],
    "channel": ["app", "branch", "partner"],
    "region": [f"R{n:02}" for n in range(12)],
    "strategy": [""],
    "currency": ["CNY"],
}
PAGES = {
    "first page 首页": "/lab/",
    "overdue rate by month 逾期率": "/lab/ask/?metric=overdue_30_amount",
    "the same by branch 按网点": "/lab/ask/?metric=overdue_30_amount&by=branch",
    "the same by officer 按客户经理": "/lab/ask/?metric=overdue_30_amount&by=officer",
    "vintage 账龄": "/lab/ask/?metric=vintage_ever_30_amount",
    "roll rates 迁徙率": "/lab/ask/?metric=roll_amount",
    "forecast 预测": "/lab/ask/?metric=roll_count&view=forecast",
    "dictionary 口径库": "/lab/metrics/",
}


def month_end(number: int) -> date:
    """The last day of a month counted from year 0."""
    return date((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)


def register(loans: int, months: int, chance: np.random.Generator) -> pa.Table:
    """What does not move: half the loans are older than the first month."""
    last = LAST.year * 12 + LAST.month - 1
    age = np.sort(chance.integers(0, 2 * months, loans))[::-1]
    columns: dict[str, Any] = {"loan_id": np.arange(1, loans + 1)}
    codes = {name: chance.integers(0, len(each), loans) for name, each in WORDS.items()}
    codes["branch"] = codes["officer"] % BRANCHES  # everybody works in one
    for name, words in WORDS.items():
        places = pa.array(codes[name].astype(np.int32))
        columns[name] = pa.DictionaryArray.from_arrays(places, words)
    columns["cohort"] = pa.array((last - age).astype(np.int32))
    columns["disbursed"] = chance.integers(1_000_00, 100_000_00, loans)
    return pa.table(columns)


def lived(
    book: pa.Table, months: int, chance: np.random.Generator
) -> Iterator[tuple[int, pa.Table, pa.Table]]:
    """Month, positions and classes: a walk over days past due, some paid off."""
    last = LAST.year * 12 + LAST.month - 1
    size = book.num_rows
    cohort, disbursed = (book[name].to_numpy() for name in ("cohort", "disbursed"))
    dpd, worst = np.zeros((2, size), np.int32)
    over = np.zeros(size, np.bool_)
    for month in range(last - months + 1, last + 1):
        step = chance.random(size)
        rises = (step < 0.03) | ((dpd > 0) & (step < 0.45))
        dpd = np.where(rises, dpd + 30, np.where(step > 0.9, 0, dpd)).astype(np.int32)
        over |= (chance.random(size) < 0.01) & (dpd == 0)
        dpd[over] = 0
        worst = np.maximum(worst, dpd)
        there = np.flatnonzero(cohort <= month)
        left = disbursed * np.maximum(0, 36 - (month - cohort)) // 36
        owed = np.where(over, 0, left)[there]
        late = dpd[there]
        positions = pa.table(
            {
                "loan_id": book["loan_id"].to_numpy()[there],
                "dpd": late,
                "worst_dpd": worst[there],
                "status": pa.DictionaryArray.from_arrays(
                    pa.array(over[there].astype(np.int32)), ["active", "settled"]
                ).cast(pa.string()),
                "outstanding_principal": owed,
                "overdue_total": np.where(late > 0, owed // 10, 0),
            }
        )
        bounds = np.array([1, 90, 180, 360])
        classes = pa.table(
            {
                "loan_id": positions["loan_id"],
                "asset_class": pa.array(
                    np.searchsorted(bounds, late, "right").astype(np.int8)
                ),
                "restructured": pa.array(chance.random(len(late)) < 0.01),
            }
        )
        yield month, positions, classes


def begin(connection: Any) -> None:
    """No month yet, and a day that is open."""
    connection.execute("delete from reporting_month")
    connection.execute(
        "insert into dayend_business_date (id, business_date, simulated)"
        " values (1, %s, true) on conflict (id) do nothing",
        (LAST + timedelta(days=1),),
    )


def count(home: Path, loans: int, months: int) -> list[tuple[int, float]]:
    """Count and write the months; (rows, seconds) of each."""
    import psycopg

    from daihou.columnar.portfolio.months import Inputs, Told, make_month
    from daihou.config import clock, database
    from daihou.nightly.stores import months as stored
    from daihou.tables.months import STEPS, month_name

    chance = np.random.default_rng(23)
    book = register(loans, months, chance)
    files, before, taken = stored.MonthFiles(home), None, []
    known: dict[int, stored.Row] = {}
    with psycopg.connect(database.database_url(), autocommit=True) as connection:
        begin(connection)
        for month, positions, classes in lived(book, months, chance):
            begun = time.perf_counter()
            ids = positions["loan_id"].to_numpy()
            paid = Told(ids, positions["outstanding_principal"].to_numpy() // 12)
            table = make_month(
                Inputs(
                    period=month,
                    register=book,
                    positions=positions,
                    classes=classes,
                    before=before,
                    cash=paid,
                )
            )
            name = month_name(month)
            fingerprint = files.write(name, table)
            row = stored.Row(
                name=name,
                as_of=month_end(month),
                loans=table.num_rows,
                positions="bench",
                classes="bench",
                rests_on="bench",
                fingerprint=fingerprint,
                complete=True,
            )
            known[month] = row
            for steps in STEPS:
                if month - steps in known:
                    files.kept_since(known[month - steps], row)
            used = time.perf_counter() - begun
            stored.write_row(connection, row, seconds=used, at=clock.now())
            taken.append((table.num_rows, used))
            before = table
    return taken


def prepare(home: Path, loans: int, months: int) -> list[tuple[int, float]]:
    """The home with its tables, logins and months."""
    os.environ["DAIHOU_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    from django.core.management import call_command

    from daihou.config import wiring

    wiring.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from daihou.config import clock
    from daihou.rooms.people import door as people

    people.demo_logins(at=clock.now())
    return count(home, loans, months)


def asked(port: int, times: int) -> Iterator[tuple[str, int, list[float]]]:
    """Each page: its name, its bytes, its times, the first of them first."""
    session = Session(port, "risk")
    for name, address in PAGES.items():
        found = []
        for _ in range(times):
            begun = time.perf_counter()
            status, text = session.get(address)
            found.append(time.perf_counter() - begun)
            assert status == 200, (address, status)
        yield name, len(text.encode()), found


def section(
    counted: list[tuple[int, float]], pages: list[tuple[str, int, list[float]]]
) -> str:
    """The lab's part of the page."""
    rows, _ = max(counted)
    told = (
        f"{len(counted)} months of up to {rows:,} loans on {machine()}. Counting the"
        f" last month and writing it took {counted[-1][1]:.1f} s (the slowest"
        f" {max(used for _, used in counted):.1f} s), without reading facts from the"
        " database. Pages through the site as it is served, milliseconds at the client;"
        f" the first page is to come in {1000 * LIMIT:.0f}."
    )
    lines = [
        told,
        "",
        "| page | KB | first time | p50 | slowest after |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, size, times in pages:
        later = sorted(times[1:]) or times
        lines.append(
            f"| {name} | {size // 1024} | {1000 * times[0]:.0f} |"
            f" {at(later, 0.5):.0f} | {1000 * later[-1]:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Prepare, serve, ask, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--home", default="")
    parser.add_argument("--page", type=Path, default=REPORT)
    how = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="daihou-bench-") as folder:
        home = Path(how.home or folder)
        counted = prepare(home, how.loans, how.months)
        site, port = serve(str(home))
        try:
            pages = list(asked(port, how.times))
        finally:
            site.terminate()
            site.wait(timeout=60)
    part = section(counted, pages)
    print(part, file=sys.stderr)
    how.page.write_text(
        filled(how.page.read_text("utf-8"), {"lab": part}), encoding="utf-8"
    )
    first = pages[0][2][0]
    if first > LIMIT:
        raise SystemExit(f"The first page took {first:.2f} s, more than {LIMIT:g} s.")


if __name__ == "__main__":
    main()
