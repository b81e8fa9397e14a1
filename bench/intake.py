"""How long a million rows take to be read, judged, sealed and written.

`python -m bench.intake [--rows 1000000]` makes loans of twelve instalments each,
writes them as CSV, Parquet and (up to 100,000 rows) XLSX, takes the loans in, then
takes the instalments in from each kind of file into an empty schedule, and prints
one JSON line per kind. `personal` is CSV of as many rows of people: half of them
customers with a document number and an address, half telephone numbers, all sealed.
"""

import argparse
import json
import os
import resource
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

PERIODS = 12
SHEET = 100_000


def loans(count: int) -> tuple[pa.Table, pa.Table]:
    """Customers and loans of 12,000.00 each, with ids from 1 on."""
    ids = [f"L{number:08d}" for number in range(count)]
    people = [f"C{number:08d}" for number in range(count)]
    customers = pa.table(
        {
            "customer_id": people,
            "kind": ["person"] * count,
            "name": [f"客户{number}" for number in range(count)],
        }
    )
    table = pa.table(
        {
            "loan_id": ids,
            "customer_id": people,
            "product": ["mirror_core"] * count,
            "currency": ["CNY"] * count,
            "principal": ["12000.00"] * count,
            "annual_rate": ["0.144"] * count,
            "method": ["equal_principal"] * count,
            "periods": [str(PERIODS)] * count,
            "period_unit": ["months"] * count,
            "disbursed_on": ["2026-01-05"] * count,
            "first_due_on": ["2026-02-05"] * count,
            "status": ["active"] * count,
        }
    )
    return customers, table


def instalments(count: int) -> pa.Table:
    """Twelve rows per loan, typed as a core system would export them."""
    first = date(2026, 2, 5)
    dues = [first + timedelta(days=30 * number) for number in range(PERIODS)]
    seq = np.tile(np.arange(1, PERIODS + 1), count)
    interest = 14_400 - 1_200 * (seq - 1) + np.repeat(np.arange(count) % 97, PERIODS)
    return pa.table(
        {
            "loan_id": np.repeat([f"L{n:08d}" for n in range(count)], PERIODS),
            "seq": seq,
            "due_on": pa.array(dues * count, pa.date32()),
            "principal": _money(np.full(count * PERIODS, 100_000)),
            "interest": _money(interest),
            "paid_principal": _money(np.where(seq < 4, 100_000, 0)),
            "paid_interest": _money(np.where(seq < 4, interest, 0)),
        }
    )


def _money(minor: np.ndarray) -> pa.Array:
    cents = pa.array(minor, pa.int64()).cast(pa.decimal128(20, 0))
    return pc.multiply(cents, pa.scalar("0.01").cast(pa.decimal128(3, 2))).cast(
        pa.decimal128(18, 2)
    )


def write(table: pa.Table, path: Path) -> None:
    """Write a table as the kind of file its name says."""
    if path.suffix == ".csv":
        pc_csv.write_csv(table, path)
    elif path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            page = book.add_worksheet("instalments")
            page.write_row(0, 0, table.column_names)
            for number, row in enumerate(table.to_pylist(), start=1):
                page.write_row(number, 0, [_cell(value) for value in row.values()])


def _cell(value: object) -> object:
    return str(value) if isinstance(value, date) else value


def measure(kind: str, rows: int, folder: Path) -> dict[str, Any]:
    """Take loans and then their instalments in, under a source of its own."""
    count = rows // PERIODS
    customers, table = loans(count)
    write(customers, folder / "customers.csv")
    write(table, folder / "loans.csv")
    file = folder / f"instalments{kind}"
    write(instalments(count), file)
    kind = kind.strip(".")
    source = f"bench-{kind}-{uuid4().hex[:8]}"
    _take([folder / "customers.csv", folder / "loans.csv"], source)
    return _measured(kind, count * PERIODS, [file], source)


def resident_id(number: int) -> str:
    """A document number as it should be, of a region where nobody lives."""
    from daihou.rooms.intake.checks.persons import check_character

    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    digits = f"910000{born:%Y%m%d}{number // 18_000:03d}"
    return digits + check_character(digits)


def persons(count: int) -> tuple[pa.Table, pa.Table]:
    """Customers with a document and an address, and a telephone number of each;
    at most 18 million."""
    ids = [f"C{number:08d}" for number in range(count)]
    customers = pa.table(
        {
            "customer_id": ids,
            "kind": ["person"] * count,
            "name": [f"客户{number}" for number in range(count)],
            "id_type": ["resident_id"] * count,
            "id_no": [resident_id(number) for number in range(count)],
            "address": [f"某省某市某路{number}号" for number in range(count)],
        }
    )
    points = pa.table(
        {
            "customer_id": ids,
            "kind": ["mobile"] * count,
            "value": [f"138{number:08d}" for number in range(count)],
            "owner_role": ["self"] * count,
        }
    )
    return customers, points


def measure_persons(rows: int, folder: Path) -> dict[str, Any]:
    """Take customers and their telephone numbers in, three values to be sealed each."""
    customers, points = persons(rows // 2)
    files = [folder / "customers.csv", folder / "contact_points.csv"]
    for table, file in zip((customers, points), files, strict=True):
        write(table, file)
    return _measured("personal", rows // 2 * 2, files)


def _measured(
    kind: str, rows: int, files: list[Path], source: str = ""
) -> dict[str, Any]:
    source = source or f"bench-{kind}-{uuid4().hex[:8]}"
    steps: dict[str, float] = {}
    begun = perf_counter()
    taken = _take(files, source, steps)
    seconds = perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "bench": "intake",
        "kind": kind,
        "rows": rows,
        "added": taken,
        "seconds": round(seconds, 1),
        "peak_mib": round(peak),
        "file_mib": round(sum(file.stat().st_size for file in files) / 2**20, 1),
        "steps": {name: round(spent, 1) for name, spent in steps.items()},
    }


def _take(files: list[Path], source: str, steps: dict[str, float] | None = None) -> int:
    from daihou.config import clock
    from daihou.rooms.intake import door

    last: list[Any] = ["", perf_counter()]

    def say(step: str) -> None:
        now = perf_counter()
        if steps is not None and last[0]:
            name = last[0]
            steps[name] = steps.get(name, 0) + now - last[1]
        last[:] = [step, now]

    outcome = door.take_files(
        door.Order(files=[(path, path.name) for path in files], source=source),
        door.Deed(by="bench", at=clock.now(), business_date=None, say=say),
    )
    say("")
    assert outcome.state == "applied", outcome
    return sum(count.added for count in outcome.tables.values())


def main() -> None:
    """Measure every kind of file, the workbook to 100,000 rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kinds", default="csv,parquet,xlsx,personal")
    parser.add_argument("--page", type=Path, help="Write the figures as a page.")
    given = parser.parse_args()
    from daihou.config import wiring

    wiring.start()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    results = []
    for name in given.kinds.split(","):
        rows = min(given.rows, SHEET) if name == "xlsx" else given.rows
        with tempfile.TemporaryDirectory() as folder:
            if name == "personal":
                result = measure_persons(rows, Path(folder))
            else:
                result = measure(f".{name}", rows, Path(folder))
        print(json.dumps(result), flush=True)
        results.append(result)
    if given.page:
        given.page.write_text(page(results), "utf-8")


def page(results: list[dict[str, Any]]) -> str:
    """The figures as a table."""
    lines = [
        "# Taking files in: seconds and memory",
        "",
        f"`python -m bench.intake --page FILE` on {os.cpu_count()} cores, embedded",
        "database: instalment rows read, checked and written as a new schedule of",
        "loans that are there already; `personal` are customers and telephone",
        "numbers, three values of each person sealed. Other work counts in.",
        "",
        "| file | rows | MiB | seconds | of it read and checked | peak MiB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for one in results:
        early = sum(
            spent
            for step, spent in one["steps"].items()
            if step.split()[0] in {"read", "check"}
        )
        lines.append(
            f"| {one['kind']} | {one['rows']:,} | {one['file_mib']} | {one['seconds']}"
            f" | {early:.1f} | {one['peak_mib']:,} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
