"""The kernel alone: a book settled, and plans made, beside the plain reference.

`python -m bench.kernel [--loans N]`. JSON lines go to the screen, the tables to
docs/reference/benchmark-kernel.md. Nothing here touches a database.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench import kernel_book as books
from bench import kernel_spark, peers
from bench.day_end import machine
from daihou.columnar import layout
from daihou.columnar.book import Facts, make_book
from daihou.columnar.settle import settle
from daihou.columnar.wide import engine_loans
from daihou.engine.ledger.fixed import settle as reference
from daihou.engine.rulebook.policy import CostCap, Policy

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "reference" / "benchmark-kernel.md"
SEED = 20_261_120
SAMPLE = 400  # loans settled by the reference
TIMES = 3  # each is measured so often; the best counts
CAP = CostCap(rule="CN-INT-02", begins_on=date(2017, 8, 4), annual_rate=Decimal("0.24"))
POLICIES = {
    "penalty and compound": books.POLICY,
    "the same under the cost cap": replace(books.POLICY, cost_caps=(CAP,)),
}
HEAD = """# Benchmark of the kernel

Made by `make bench`, on {machine}; load average at the start {load:.2f}.
{loans:,} loans of {periods} instalments, paid out 12 to 24 months before the day they
are settled on, with {payments:,} payments: most on the day, some late with the penalty
they were asked for, some in two parts, some missed ({late:.0%} of the loans are late).

`kernel` is the replay alone on arrays that are there already; `settle` is all of it,
from Arrow tables to the positions, making the arrays included. Instalments are those
of the contracts; CPU seconds are of all threads together, so the rate is that of one
core and does not see that the machine had other work. `reference` settles
{sample} of the same loans with `engine.ledger.settle`, derivation included.

| policy | what | threads | seconds | CPU seconds | million instalments/s, one core |
|---|---|---:|---:|---:|---:|
"""
FIRST = """
The kernel is compiled when it is first called, and kept on disk: from an empty cache
that took {compiled:.1f} CPU seconds, loading what was kept {loaded:.1f}.
"""
PLANS = """
## Plans

{plans:,} loans with equal monthly instalments over {periods} months, the same for all,
each on one thread. `columnar.schedule` makes due dates, principal and interest in
integers, equal to `engine.ledger.schedule` to the cent; {by_reference:,} of these were
made by the reference because they lie too near a rounding boundary. The peers are
pure Python in floating point and make no dates ({names}); they are asked for every row.

| what | loans | seconds | thousand rows/s | against the kernel |
|---|---:|---:|---:|---:|
"""


def best(work: Callable[[], Any]) -> tuple[float, float]:
    """The best wall and CPU seconds of a few runs."""
    found = []
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(wall for wall, _ in found), min(cpu for _, cpu in found)


def first_calls() -> tuple[float, float]:
    """CPU seconds of a new process's first call: with an empty cache, then a full one."""
    code = (
        "import time; from daihou.columnar.settle import warm; "
        "began = time.process_time(); warm(); print(time.process_time() - began)"
    )
    with tempfile.TemporaryDirectory() as folder:
        place = {**os.environ, "NUMBA_CACHE_DIR": folder}
        compiled, loaded = (
            float(subprocess.check_output([sys.executable, "-c", code], env=place))
            for _ in range(2)
        )
    return compiled, loaded


def say(row: dict[str, Any]) -> dict[str, Any]:
    """Print one measurement as a JSON line."""
    print(json.dumps(row), flush=True)
    return row


def measured(
    policy: str, what: str, threads: int, loans: int, work: Callable[[], Any]
) -> dict[str, Any]:
    """Measure one thing on so many loans."""
    wall, cpu = best(work)
    return say(
        {
            "policy": policy,
            "what": what,
            "threads": threads,
            "loans": loans,
            "seconds": round(wall, 3),
            "cpu_seconds": round(cpu, 3),
            "instalments_per_second_and_core": round(loans * books.PERIODS / cpu),
        }
    )


def settle_book(facts: Facts, name: str, policy: Policy) -> list[dict[str, Any]]:
    """Measure kernel, whole settle and reference under one policy."""
    policies = {books.PRODUCT: policy}
    book = make_book(facts, policies)
    every = np.arange(len(book.loan_ids))
    day = layout.day_number(books.AS_OF)
    rows = [
        measured(
            *(name, "kernel", threads, len(every)),
            partial(book.run, every, as_of=day, threads=threads),
        )
        for threads in (1, min(2, os.cpu_count() or 1))
    ]
    cores = min(8, os.cpu_count() or 1)
    rows.append(
        measured(
            *(name, "settle", cores, len(every)),
            lambda: settle(
                *(facts.loans, facts.demands, facts.payments, policies),
                as_of=books.AS_OF,
            ),
        )
    )
    rows.append(measured(*(name, "reference", 1, SAMPLE), by_reference(facts, policy)))
    return rows


def by_reference(facts: Facts, policy: Policy) -> Callable[[], Any]:
    """Settle a sample of loans, spread over the book, one by one."""
    ids = facts.loans["loan_id"].to_numpy()
    picked = np.isin(ids, ids[:: max(1, len(ids) // SAMPLE)][:SAMPLE])
    sample = [loan for _, loan in engine_loans(facts, pauses={}, only=pa.array(picked))]

    def work() -> None:
        for loan in sample:
            reference.settle(loan, policy, as_of=books.AS_OF)

    return work


def settled_table(rows: list[dict[str, Any]]) -> str:
    """The table of settling, and how much faster the kernel is."""
    lines: list[str] = []
    per_loan: dict[tuple[str, str], float] = {}
    for row in rows:
        rate = row["instalments_per_second_and_core"] / 1e6
        of = f"{row['what']} ({row['loans']:,} loans)"
        cells = [row["policy"], of, str(row["threads"]), f"{row['seconds']:.2f}"]
        cells += [f"{row['cpu_seconds']:.2f}", f"{rate:.3f}"]
        lines.append(f"| {' | '.join(cells)} |")
        key = (row["policy"], row["what"])
        cost = row["cpu_seconds"] / row["loans"]
        per_loan[key] = min(cost, per_loan.get(key, cost))
    said = [
        f"{name}: one core of the kernel does what {ratio:,.0f} of the reference do"
        for name in POLICIES
        for ratio in (per_loan[name, "reference"] / per_loan[name, "kernel"],)
    ]
    return "\n".join(lines) + "\n\n" + "; ".join(said) + ".\n"


def plans_table(rows: list[dict[str, Any]]) -> str:
    """The table of making plans."""
    first = rows[0]["rows_per_second"]
    return "".join(
        f"| {row['what']} | {row['loans']:,} | {row['seconds']:.3f} "
        f"| {row['rows_per_second'] / 1e3:,.0f} "
        f"| {first / row['rows_per_second']:,.0f} |\n"
        for row in rows
    )


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=1_000_000)
    loans = parser.parse_args().loans
    load = os.getloadavg()[0]
    small = books.make(1000, seed=1)  # compiles, or loads what was compiled
    for policy in POLICIES.values():
        tables = (small.loans, small.demands, small.payments)
        settle(*tables, {books.PRODUCT: policy}, as_of=books.AS_OF)
    facts = books.make(loans, seed=SEED)
    policies = {books.PRODUCT: books.POLICY}
    tables = (facts.loans, facts.demands, facts.payments)
    dpd = settle(*tables, policies, as_of=books.AS_OF)["dpd"].to_numpy()
    rows = [
        row
        for name, policy in POLICIES.items()
        for row in settle_book(facts, name, policy)
    ]
    plans, by_reference_too = peers.measure(say)
    text = HEAD.format(
        machine=machine(),
        load=load,
        loans=loans,
        periods=books.PERIODS,
        payments=facts.payments.num_rows,
        late=float((dpd > 0).mean()),
        sample=SAMPLE,
    )
    text += settled_table(rows)
    compiled, loaded = first_calls()
    text += FIRST.format(compiled=compiled, loaded=loaded)
    text += PLANS.format(
        plans=plans[0]["loans"],
        periods=peers.PERIODS,
        by_reference=by_reference_too,
        names=peers.names(),
    )
    text += plans_table(plans)
    text += kernel_spark.section(kernel_spark.measure(say))
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
