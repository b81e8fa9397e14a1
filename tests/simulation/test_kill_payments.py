"""Payments posted by a process that is killed again and again: nothing lost or twice.

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
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from daihou.engine.ledger.fixed.settle import settle
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Payment, Position
from tests.rooms.cast import TODAY, make_loan
from tests.simulation import payer

KILLS = int(os.environ.get("DAIHOU_KILLS", "8"))
ROOT = Path(__file__).parents[2]


def address() -> str:
    """The test's own database, as another process reaches it."""
    known = connection.settings_dict
    options = {"host": known["HOST"], "user": known["USER"]}
    options |= {"port": known["PORT"]} if known["PORT"] else {}
    options |= {"password": known["PASSWORD"]} if known["PASSWORD"] else {}
    return f"postgresql:///{known['NAME']}?{urlencode(options)}"


@pytest.fixture
def payers() -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "daihou.config.settings",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.payer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def one_run(process: subprocess.Popen[str], *, kill_after: float | None) -> list[str]:
    """Let a child do its deeds, or kill it; what it said was committed."""
    process.stdin.write("go\n")
    process.stdin.flush()
    said: list[str] = []
    while (line := process.stdout.readline().strip()) != "over":
        assert line, "the payer is gone"
        if not line.startswith("begun "):
            said.append(line)
        elif kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):  # it was done before
                os.kill(int(line.split()[1]), signal.SIGKILL)
    wait_until_alone()
    return said


def wait_until_alone() -> None:
    """A killed client's server process may still be ending its transaction."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where pid <> pg_backend_pid()"
                " and datname = current_database()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("a server process of a killed client did not end")


def assert_whole(expected: list[tuple[str, int]]) -> None:
    """Every deed once: its row, its note, its event, and positions that agree."""
    paid = {f"P{number}" for what, number in expected if what == "pay"}
    taken = {f"P{number}/reversal" for what, number in expected if what == "reverse"}
    assert set(Payment.objects.values_list("external_id", flat=True)) == paid | taken
    assert Payment.objects.count() == Change.objects.count() == len(expected)
    assert len(audit.latest(limit=10_000)) == len(expected)
    for position in Position.objects.all():
        # Money of the open day shows on it; else the last closed day is shown.
        own = Payment.objects.filter(loan_id=position.loan_id, paid_on=TODAY)
        as_of = TODAY if own.exists() else TODAY - timedelta(days=1)
        facts, policy = ledger.reading.load_loan(position.loan_id, as_of=as_of)
        state = settle(facts, policy, as_of=as_of)
        assert position.overdue_total == state.overdue_total
        assert position.outstanding_total == state.outstanding_total
        assert position.unapplied_credit == state.unapplied_credit
        assert position.dpd == state.dpd


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_a_killed_poster_loses_nothing_and_posts_nothing_twice(
    payers: subprocess.Popen[str],
) -> None:
    for number in range(payer.LOANS):
        make_loan(f"L{number}")
    chance = random.Random(1_117)
    killed_midway = 0
    for _ in range(KILLS):
        said = one_run(payers, kill_after=chance.uniform(0.0, 1.2))
        killed_midway += len(said) < len(payer.deeds())
        done = Payment.objects.count()
        assert done >= len(said), "a payment said to be committed is gone"
        assert_whole(payer.deeds()[:done])
    assert killed_midway, "no kill came in time; let the children do more"
    said = one_run(payers, kill_after=None)
    assert len(said) == len(payer.deeds())
    assert_whole(payer.deeds())
