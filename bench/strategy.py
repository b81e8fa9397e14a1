"""Next steps of a large book: the table alone beside zen-engine, and the whole night.

python -m bench.strategy [--customers N] [--night LOANS] [--asks N] [--write]

The table has 60 rows over six columns. zen-engine (2.1, Rust) is asked the same cases
one by one, as its Python package does it. The night reads a closed day from its file and
the register from PostgreSQL, and writes the steps and its run there. `--write` puts the
page into docs/reference.
"""

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.day_end import machine
from daihou.columnar.strategy import Coded, compile_table
from daihou.engine.delinquency.buckets import bucket
from daihou.engine.strategy.inputs import INPUTS, OUTPUTS, PROMISES
from daihou.engine.strategy.table import Hit, Row, Table
from daihou.packs import strategies
from daihou.tables.positions import POSITIONS

AS_OF = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
ROWS = 60
LIMIT = 2.0  # seconds for the table over a million
PAGE = Path("docs/reference/benchmark-strategy.md")
NAMES = (
    *("dpd", "overdue_total", "held", "promise_state"),
    *("days_since_contact", "broken_promises"),
)


def table() -> tuple[Table, list[list[str]]]:
    """Sixty rows as a lender has them, and their cells as zen-engine writes them."""
    chance = random.Random(3)
    rows, theirs = [], []
    for at in range(ROWS - 1):
        low = chance.randrange(0, 180)
        high = low + chance.randrange(1, 30)
        amount = chance.randrange(1, 300) * 100
        promise = chance.choice(PROMISES)
        pairs = [
            (f"[{low}..{high})", f"[{low}..{high})"),
            chance.choice([("-", ""), (f">= {amount}.00", f">= {amount * 100}")]),
            chance.choice([("-", ""), ("no", "false"), ("yes", "true")]),
            chance.choice([("-", ""), (promise, f'"{promise}"')]),
            chance.choice([("-", ""), (">= 3", ">= 3"), ("< 3", "< 3")]),
            chance.choice([("-", ""), ("0", "0"), (">= 1", ">= 1")]),
        ]
        rows.append(_row(at, [pair[0] for pair in pairs]))
        theirs.append([pair[1] for pair in pairs])
    rows.append(_row(ROWS - 1, ["-"] * len(NAMES)))
    theirs.append([""] * len(NAMES))
    inputs = tuple(INPUTS[name].input for name in NAMES)
    return Table("bench", {}, Hit.FIRST, inputs, OUTPUTS, tuple(rows)), theirs


def _row(at: int, cells: list[str]) -> Row:
    return Row(f"R{at}", tuple(cells), ("s", "q", "call", at, "", True))


def columns(size: int) -> dict[str, Any]:
    """Customers a tenth of whom are late."""
    chance = np.random.default_rng(4)
    late = chance.random(size) < 0.1
    dpd = np.where(late, chance.integers(1, 200, size), 0)
    return {
        "dpd": dpd,
        "overdue_total": np.where(late, chance.integers(100, 5_000_000, size), 0),
        "held": chance.random(size) < 0.02,
        "promise_state": Coded(PROMISES, chance.integers(0, len(PROMISES), size)),
        "days_since_contact": chance.integers(0, 30, size),
        "broken_promises": chance.integers(0, 3, size),
    }


def best(work: Callable[[], Any], times: int = 3) -> tuple[float, float]:
    """Wall and processor seconds of the quickest of some runs."""
    walls, processors = [], []
    for _ in range(times):
        begun, used = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - begun)
        processors.append(time.process_time() - used)
    return min(walls), min(processors)


def line(what: str, many: int, wall: float, used: float) -> str:
    """A row of the page; the rate is of the processor's time."""
    rate = used / many * 1e6
    return f"| {what} | {many:,} | {wall:.2f} | {used:.2f} | {rate:.3f} |"


def the_table(size: int, asks: int) -> list[str]:
    """Our table over everybody, and zen-engine over the first of them, alike."""
    import zen

    from tests.parity.strategy_tables import zen_content

    made, theirs = table()
    known = columns(size)
    compiled = compile_table(made)
    found = compiled.run(known)
    lines = [line("our table", size, *best(lambda: compiled.run(known)))]
    lines.append(line("compiling it (rows)", ROWS, *best(lambda: compile_table(made))))
    decision = zen.ZenEngine().create_decision(zen_content(made, theirs))
    promise = known["promise_state"]
    cases = [
        {
            "dpd": int(known["dpd"][at]),
            "overdue_total": int(known["overdue_total"][at]),
            "held": bool(known["held"][at]),
            "promise_state": promise.words[promise.codes[at]],
            "days_since_contact": int(known["days_since_contact"][at]),
            "broken_promises": int(known["broken_promises"][at]),
        }
        for at in range(min(asks, size))
    ]
    answers = [decision.evaluate(case)["result"]["row"] for case in cases]
    same = sum(
        made.rows[row].id == other for row, other in zip(found, answers, strict=False)
    )
    assert same == len(cases), (same, len(cases))

    def ask() -> None:
        for case in cases:
            decision.evaluate(case)

    return [*lines, line("zen-engine, case by case", len(cases), *best(ask, 1))]


# -- the night -----------------------------------------------------------------------------

REGISTER = """
insert into ledger_customer (source, external_id, digest, version, kind, name, id_type,
  id_no, gender, region, address, employer, industry, language, attributes)
select 'bench', 'C' || n, '', 1, 'person', 'C' || n, '', '', '', '', '', '', '', '', '{}'
from generate_series(1, %(customers)s) n;
insert into ledger_loan (source, external_id, digest, version, attributes, customer_id,
  product, currency, principal, annual_rate, method, periods, period_unit, disbursed_on,
  first_due_on, branch, officer, channel, funder, purpose, guarantee_kind, licence,
  status)
select 'bench', 'L' || n, '', 1, '{}', 1 + n %% %(customers)s, 'consumer_loan', 'CNY',
  1000000, 0.12, 'custom', 12, 'months', '2026-01-01', '2026-02-01', 'B' || n %% 40, '',
  '', '', '', '', '', 'active' from generate_series(1, %(loans)s) n;
insert into dayend_run (as_of, kind, state, current, started_at, inputs_digest,
  rules_digest, fingerprint, loans, plan, reason, by)
values (%(as_of)s, 'first', 'done', true, %(at)s, '', '', %(fingerprint)s, %(loans)s,
  '{}', '', 'bench');
analyze ledger_loan;
"""


def positions(loan_id: Any) -> pa.Table:
    """A day on which a tenth of the loans is late."""
    size = len(loan_id)
    chance = np.random.default_rng(5)
    late = chance.random(size) < 0.1
    dpd = np.where(late, chance.integers(1, 200, size), 0).astype(np.int32)
    owed = chance.integers(10_000, 5_000_000, size)
    due = np.datetime64(AS_OF, "D") + chance.integers(1, 31, size).astype("m8[D]")
    names = [bucket(days, "M0_M7") for days in range(200)]
    made: dict[str, Any] = {
        "loan_id": loan_id,
        "dpd": dpd,
        "bucket": pa.array(names).take(pa.array(dpd)),
        "overdue_total": np.where(late, owed // 10, 0),
        "next_due_on": due,
        "next_due_amount": owed // 12,
        "outstanding_principal": owed,
        "outstanding_total": owed,
        "times_late": late.astype(np.int32),
        "worst_dpd": dpd,
        "late_instalments": (dpd // 30 + late).astype(np.int32),
        "status": pa.repeat("active", size),
        "dpd_method": pa.repeat("DPD-1", size),
    }
    for field in POSITIONS:
        if field.name not in made:
            value = None if field.nullable else 0
            made[field.name] = pa.repeat(pa.scalar(value, field.type), size)
    return pa.table({f.name: made[f.name] for f in POSITIONS}).cast(POSITIONS)


def the_night(loans: int) -> list[str]:
    """The night over a register in the database and a day in its file."""
    from daihou.config import wiring

    wiring.start()
    import psycopg

    from daihou.config import database
    from daihou.config.home import home
    from daihou.kit.steps import Live
    from daihou.nightly.stores.parquet import PositionFiles
    from daihou.nightly.strategy.maker import StepMaker

    given: dict[str, Any] = {"customers": int(loans / 1.3), "loans": loans, "at": AT}
    with psycopg.connect(database.database_url(), autocommit=True) as connection:
        statements = REGISTER.split(";\n")
        for statement in statements[:2]:
            connection.execute(statement, given)
        rows = connection.execute("select id from ledger_loan order by id").fetchall()
        day = positions(np.array([row[0] for row in rows], np.int64))
        given |= {"fingerprint": PositionFiles(home()).write(AS_OF, day)}
        given["as_of"] = AS_OF
        for statement in statements[2:]:
            if statement.strip():
                connection.execute(statement, given)
    maker = StepMaker(url=database.database_url(), home=home())
    live = [Live(1, strategies.shipped()["consumer"])]
    lines = []
    for what in ("the first night", "the night again", "a rehearsal"):

        def work(what: str = what) -> Any:
            if what == "a rehearsal":
                return maker.rehearse(live, live, as_of=AS_OF)
            return maker.evaluate(AS_OF, live=live, at=AT, by="bench")

        lines.append(line(what, loans, *best(work, 1)))
    return lines


HEAD = """# Benchmark of next steps

Made by `python -m bench.strategy --write`, on {machine};
load average at the start {load:.1f}. The table: {rows} rows over {columns} columns, every customer at once, beside
zen-engine asked the same cases one by one over its Python package; the answers are
compared, and are the same. The night: {loans:,} loans of {customers:,} customers, a tenth
of the loans late, the strategy that ships (31 rows, four journeys), from the file of the
closed day and the register in the embedded PostgreSQL to the rows of `strategy_step`; the
night again finds nothing to write. Seconds by the clock, best of three for the table;
seconds of the processor without the database's own.

| what | how many | seconds | processor | µs each |
|---|---:|---:|---:|---:|
"""


def main() -> None:
    """Measure, print, and write the page if asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--night", type=int, default=1_000_000)
    options.add_argument("--asks", type=int, default=20_000)
    options.add_argument("--home")
    options.add_argument("--write", action="store_true")
    how = options.parse_args()
    os.environ["DAIHOU_HOME"] = how.home or tempfile.mkdtemp(prefix="daihou-steps-")
    load = os.getloadavg()[0]
    lines = [*the_table(how.customers, how.asks), *the_night(how.night)]
    head = HEAD.format(
        machine=machine(),
        load=load,
        rows=ROWS,
        columns=len(NAMES),
        loans=how.night,
        customers=int(how.night / 1.3),
    )
    page = head + "\n".join(lines) + "\n"
    print(page)
    print(json.dumps({"limit of the table": LIMIT}))
    if how.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
