"""An intake killed at any point leaves nothing or all; sent again it is whole.

DAIHOU_KILLS sets how often (default 8).
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.simulation import taker
from tests.simulation.test_kill_payments import address, wait_until_alone

KILLS = int(os.environ.get("DAIHOU_KILLS", "8"))
ROOT = Path(__file__).parents[2]
NOTHING = (0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def takers(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    taker.write(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.taker", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": address(),
            "DJANGO_SETTINGS_MODULE": "daihou.config.settings",
        },
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def one_run(
    process: subprocess.Popen[str], source: str, *, kill_after: float | None
) -> str:
    """Let a child take the files in, or kill it; what it said it came to."""
    process.stdin.write(source + "\n")
    process.stdin.flush()
    said = ""
    while (line := process.stdout.readline().strip()) != "over":
        assert line, "the taker is gone"
        if line.startswith("state "):
            said = line.split()[1]
        elif kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):  # it was done before
                os.kill(int(line.split()[1]), signal.SIGKILL)
    wait_until_alone()
    return said


def held(source: str) -> tuple[int, ...]:
    """What the database holds of a source: rows, cents, batches, notes, events."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH b AS (SELECT id FROM intake_batch WHERE source = %(source)s),
                 l AS (SELECT id FROM ledger_loan WHERE source = %(source)s)
            SELECT (SELECT count(*) FROM ledger_customer WHERE source = %(source)s),
                   (SELECT count(*) FROM l),
                   (SELECT coalesce(sum(principal), 0) FROM ledger_demand
                    WHERE loan_id IN (SELECT id FROM l)),
                   (SELECT coalesce(sum(amount), 0) FROM ledger_payment
                    WHERE source = %(source)s),
                   (SELECT count(*) FROM b),
                   (SELECT count(*) FROM ledger_change
                    WHERE batch_id IN (SELECT id FROM b)),
                   (SELECT count(*) FROM audit_event WHERE subject_type = 'intake'
                    AND subject_id IN (SELECT id::text FROM b))
            """,
            {"source": source},
        )
        return tuple(int(value) for value in cursor.fetchone())


def whole() -> tuple[int, ...]:
    """What an unbroken intake leaves."""
    paid = sum(100_050 + 100 * number for number in range(taker.LOANS))
    return (taker.LOANS, taker.LOANS, taker.LOANS * 1_200_000, paid, 1, 3, 4)


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_a_killed_intake_leaves_nothing_or_all(takers: subprocess.Popen[str]) -> None:
    begun = time.perf_counter()
    assert one_run(takers, "unbroken", kill_after=None) == "applied"
    lasts = time.perf_counter() - begun
    assert held("unbroken") == whole()
    chance = random.Random(2_026)
    left_nothing = 0
    for number in range(KILLS):
        source = f"broken{number}"
        said = one_run(takers, source, kill_after=chance.uniform(0.0, lasts))
        assert held(source) in (NOTHING, whole())
        assert not said or held(source) == whole(), "said to be committed, but gone"
        left_nothing += held(source) == NOTHING
        again = one_run(takers, source, kill_after=None)
        assert again in ("applied", "known")
        assert held(source) == whole()
    assert left_nothing, "no kill came in time; take more rows in"
