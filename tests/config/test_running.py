"""Site and worker as processes: they count together, and leave word that they live."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from daihou.config import clock, condition
from tests.nightly import world
from tests.processes import free_port

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]

PATIENCE = 60.0  # seconds


@contextmanager
def running(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A `daihou` process on the test's database; ended in good order."""
    process = subprocess.Popen(
        [sys.executable, "-m", "daihou.config.cli", *words],
        env=os.environ
        | {
            "DATABASE_URL": world.url(),
            "DAIHOU_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "daihou.config.settings",
            "TMPDIR": str(home),
        },
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def waited_for(condition_holds) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition_holds():
            return True
        time.sleep(0.1)
    return False


def test_the_worker_leaves_word_that_it_lives(tmp_path):
    beat = tmp_path / condition.HEARTBEAT
    with running(tmp_path, "worker") as process:
        assert waited_for(beat.exists), process.poll()
    assert clock.now() - datetime.fromisoformat(beat.read_text()) < timedelta(minutes=1)


def test_the_processes_of_a_site_count_together(tmp_path):
    port = free_port()
    site = f"http://localhost:{port}"

    def got(path: str) -> str:
        with urllib.request.urlopen(site + path, timeout=20) as answer:
            return str(answer.read().decode())

    def answers() -> bool:
        try:
            return bool(got("/health/ready"))
        except OSError:
            return False

    with running(tmp_path, "serve", "--port", str(port), "--workers", "2"):
        assert waited_for(answers)
        for _ in range(30):
            got("/health/live")
        counted = [
            line
            for line in got("/metrics").splitlines()
            if line.startswith("daihou_requests_total") and "/health/live" in line
        ]
        assert list(tmp_path.glob("daihou-metrics-*/*.db"))
    assert [float(line.rsplit(" ", 1)[1]) for line in counted] == [30.0]
    assert not list(tmp_path.glob("daihou-metrics-*"))  # nothing is left behind
