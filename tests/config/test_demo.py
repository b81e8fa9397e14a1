"""The demonstration: comes up, comes up again quickly, and stops as a whole."""

import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tests.processes import free_port, start_demo

pytestmark = pytest.mark.alone

FIRST, LATER, STOP = 180.0, 60.0, 10.0  # seconds


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="daihou-demo-") as folder:
        yield Path(folder)


def family(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def postmaster(home: Path) -> int | None:
    note = home / "postgres" / "data" / "postmaster.pid"
    return int(note.read_text().split("\n")[0]) if note.exists() else None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_comes_up_shows_a_login_per_role_and_stops_as_a_whole(home, how):
    first = not (home / "postgres").exists()
    demo = start_demo(home, loans=300, months=2)
    demo.wait_until_ready(within=FIRST if first else LATER)
    assert {"collector", "risk", "agency", "auditor", "admin"} <= set(demo.logins)
    graded = [line for line in demo.said if "are classified." in line]
    assert len(graded) == int(first)  # before it serves, and only where none was
    with urllib.request.urlopen(demo.address) as answer:
        assert answer.status == 200
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    everyone = family(demo.process.pid)
    assert len(everyone) >= 4  # itself, the site's two or more, the worker
    assert demo.end(how) < STOP
    assert demo.process.returncode == 0, "".join(demo.said)
    assert not [p for p in everyone if p.is_running()]
    assert postmaster(home) is None


def test_a_background_start_that_ignores_ctrl_c_still_stops(home):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        demo = start_demo(home, loans=300, months=2)
    finally:
        signal.signal(signal.SIGINT, before)
    demo.wait_until_ready(within=FIRST)
    assert demo.end(signal.SIGINT) < STOP


def test_when_it_is_killed_its_children_end_by_themselves(home):
    demo = start_demo(home, loans=300, months=2)
    demo.wait_until_ready(within=FIRST)
    children = family(demo.process.pid)[1:]
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    demo.listener.join(timeout=STOP)
    _, alive = psutil.wait_procs(children, timeout=STOP)
    assert not alive
    assert postmaster(home) is None  # the last child out has stopped the server


def test_a_port_that_is_taken_is_said_at_once(home):
    port = free_port()
    demo = start_demo(home, loans=300, months=2, port=port)
    demo.wait_until_ready(within=FIRST)
    second = start_demo(home, loans=300, months=2, port=port)
    assert second.process.wait(timeout=LATER) == 1
    second.listener.join(timeout=STOP)
    assert f"Port {port} is taken" in "".join(second.said)
    demo.end()


def test_what_is_killed_is_started_again_and_named(home):
    demo = start_demo(home, loans=300, months=2)
    demo.wait_until_ready(within=FIRST)
    server = postmaster(home)
    assert server is not None
    os.kill(server, signal.SIGKILL)
    assert demo.says("The database ended; it was started again.", within=LATER)
    assert postmaster(home) not in (None, server)
    children = psutil.Process(demo.process.pid).children()
    for child in children:
        child.kill()
    for name in ("site", "worker"):
        words = f"The {name} ended (SIGKILL); it is started again."
        assert demo.says(words, within=LATER)
    assert not set(children) & set(psutil.Process(demo.process.pid).children())
    assert demo.answers(within=LATER)
    assert demo.end() < STOP
    assert demo.process.returncode == 0
