"""Day-end over 100,000 and 1,000,000 Town loans in the embedded database.

`python -m bench.day_end [--loans N ...]`: each size gets a database and processes of
its own. JSON lines go to the screen, the table to docs/reference/benchmark.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "reference" / "benchmark.md"
SIZES = (100_000, 1_000_000)
HEAD = """# Benchmark of the day-end

Made by `make bench`. Town loans of 12 instalments each, embedded PostgreSQL with
`fsync` on, on {machine}. `first` closes a day of which nothing is known yet: every
position is new. `next` closes the day after it in the same process, with the facts
still held. `raw` is a plain COPY of the same rows out of the database (what the night
reads, binary) and into it (what the night writes), measured in the same run; `ratio`
is the night's seconds over those of the raw copy (the night reads over two
connections at once, the raw copy over one). Peak memory is of the night's
process, up to and including that step.

| loans | run | step | seconds | rows | peak MB | ratio | µs a loan |
|---:|---|---|---:|---:|---:|---:|---:|
"""


def measure(loans: int) -> list[dict[str, Any]]:
    """Load and close one book in a home of its own; return the measurements."""
    with tempfile.TemporaryDirectory(prefix="daihou-bench-") as home:
        environment = os.environ | {"DAIHOU_HOME": home}
        environment.pop("DATABASE_URL", None)
        daihou = [sys.executable, "-m", "daihou.config.cli"]
        for command in (
            [*daihou, "migrate"],
            [sys.executable, "-m", "bench.load", str(loans)],
        ):
            subprocess.run(
                command, env=environment, cwd=ROOT, check=True, stdout=sys.stderr
            )
        done = subprocess.run(
            [sys.executable, "-m", "bench.night", str(loans)],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    print(done.stdout, end="", flush=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def machine() -> str:
    """What it ran on, in a few words."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = os.cpu_count()
    return f"{cores} cores, {gigabytes:.0f} GB, Python {platform.python_version()}"


def table(measured: list[dict[str, Any]]) -> str:
    """The page: head and one row a measurement."""
    rows = []
    for each in measured:
        bold = "**" if each["step"] == "total" else ""
        cells = [
            f"{each['loans']:,}",
            each["run"],
            f"{bold}{each['step']}{bold}",
            f"{bold}{each['seconds']:.2f}{bold}",
            f"{each['rows']:,}",
            f"{each['peak_mb']:,}" if "peak_mb" in each else "",
            f"{each['ratio']:.2f}" if "ratio" in each else "",
            f"{each['microseconds_per_loan']:.1f}" if "ratio" in each else "",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return HEAD.format(machine=machine()) + "\n".join(rows) + "\n"


def main() -> None:
    """Measure each size and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().loans
    measured = [row for loans in sizes for row in measure(loans)]
    text = table(measured)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
