"""A night that is killed again and again leaves what an unbroken one leaves."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from daihou.rooms.ledger.models import Change, Payment, Position
from tests.nightly import world
from tests.nightly.world import FIRST, LAST

KILLS = int(os.environ.get("DAIHOU_KILLS", "20"))
MIDDLE = world.FIRST.replace(day=29)
DEAD = -signal.SIGKILL

pytestmark = pytest.mark.django_db(transaction=True)


class Nursery:
    """Starts nights and kills them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulation.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        return self.process.stdout.readline().strip()

    def night(self, folder, *, first, through, touches, after=None) -> bool:
        """Live a night; killed at `touches`, or `after` seconds. True if it lived."""
        order = {
            "url": world.url(),
            "home": str(folder),
            "first": first.isoformat() if first else None,
            "through": through.isoformat(),
            "touches": touches,
        }
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        pid = int(self._line())
        timer = threading.Timer(after or 60, os.kill, (pid, signal.SIGKILL))
        timer.start()
        status = os.waitstatus_to_exitcode(int(self._line()))
        timer.cancel()
        timer.join()
        assert status in (0, DEAD), f"the night ended with {status}"
        return status == 0

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def nursery():
    made = Nursery()
    yield made
    made.end()


def life(nursery, folder, random, *, budget):
    """Live the week in two parts with a late payment between; return the kills."""
    kills = 0
    for first, through in ((FIRST, MIDDLE), (None, LAST)):
        lived = False
        while not lived:
            touches, after = 10**9, None
            if kills < budget:
                if random.random() < 0.8:
                    touches = random.randrange(1, 160)
                else:
                    after = random.uniform(0.01, 0.6)
            lived = nursery.night(
                folder, first=first, through=through, touches=touches, after=after
            )
            kills += not lived
        if first:
            report_late()
    return kills


def report_late() -> None:
    """Three days later the office learns of a payment."""
    late = Position.objects.filter(dpd__gt=3).exclude(loan__product="mirror_core")
    loan_id = late.order_by("loan_id")[0].loan_id
    world.report_payment(loan_id, FIRST.replace(day=27), 60_000, name="late", pk=10**6)


def files(folder):
    """What lies in the book, by name and content."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_killed_nights_leave_what_an_unbroken_week_leaves(nursery, tmp_path):
    world.build()
    life(nursery, tmp_path / "whole", Random(0), budget=0)
    whole, kept = world.state(), files(tmp_path / "whole")
    assert len(whole["differences"]) >= 3
    assert [row[:2] for row in whole["events"]].count(("dayend.closed", LAST)) == 1
    kills, attempt = 0, 0
    while kills < KILLS:
        attempt += 1
        Payment.objects.filter(external_id="late").delete()
        Change.objects.all().delete()
        world.forget_nights()
        folder = tmp_path / f"broken{attempt}"
        kills += life(nursery, folder, Random(attempt), budget=KILLS - kills)
        broken = world.state()
        for question, answer in whole.items():
            if question != "changes":
                assert broken[question] == answer, (question, attempt)
        assert [row[1:] for row in broken["changes"]] == [
            row[1:] for row in whole["changes"]
        ]
        assert files(folder) == kept
