"""The embedded server: shared by processes, survives their death, ends with the last."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from daihou.config import embedded

pytestmark = pytest.mark.alone

USER = """
import sys
from pathlib import Path
from daihou.config import embedded
share = embedded.join(Path(sys.argv[1]), durable=False)
print("in", flush=True)
sys.stdin.readline()
share.leave()
print("out", flush=True)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home whose server is surely stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="daihou-embedded-") as folder:
        path = Path(folder)
        yield path
        pid = postmaster(path)
        if pid:
            psutil.Process(pid).kill()


@pytest.fixture
def users(home: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Three processes that use one server, started at the same moment."""
    started = [start_user(home) for _ in range(3)]
    for user in started:
        assert user.stdout.readline() == "in\n"
    yield started
    for user in started:
        user.kill()
        user.communicate()


def start_user(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask_to_leave(user: subprocess.Popen[str]) -> None:
    said, _ = user.communicate("\n", timeout=30)
    assert said == "out\n"


def postmaster(home: Path) -> int | None:
    """The server's process id if it lives."""
    try:
        pid = int((home / "postgres/data/postmaster.pid").read_text().split("\n")[0])
    except FileNotFoundError:
        return None
    return pid if psutil.pid_exists(pid) else None


def ask(home: Path, query: str) -> object:
    with psycopg.connect(embedded.Place(home).url()) as connection:
        return connection.execute(query).fetchone()[0]


def test_three_share_one_is_killed_and_the_last_one_out_stops_it(home, users):
    first = postmaster(home)
    assert first is not None
    users[0].send_signal(signal.SIGKILL)
    users[0].wait()
    assert ask(home, "select 1") == 1
    ask_to_leave(users[1])
    assert postmaster(home) == first  # one user is left
    assert ask(home, "select 2") == 2
    ask_to_leave(users[2])
    assert postmaster(home) is None


def test_when_all_are_killed_the_next_one_takes_over_and_stops_it(home, users):
    first = postmaster(home)
    for user in users:
        user.kill()
        user.wait()
    assert postmaster(home) == first
    share = embedded.join(home, durable=False)
    assert postmaster(home) == first
    share.leave()
    assert postmaster(home) is None


def test_a_killed_server_is_started_again_and_has_lost_nothing(home):
    share = embedded.join(home, durable=False)
    with psycopg.connect(embedded.Place(home).url()) as connection:
        connection.execute("create table kept as select 7 as number")
    server = psutil.Process(postmaster(home))
    helpers = server.children(recursive=True)
    server.kill()
    psutil.wait_procs([server, *helpers], timeout=20)
    share.leave()
    again = embedded.join(home, durable=False)
    assert ask(home, "select number from kept") == 7
    again.leave()


def test_a_number_that_now_is_someone_elses_does_not_count(home):
    share = embedded.join(home, durable=False)
    share.leave()
    note = home / "postgres/data/postmaster.pid"
    note.write_text(f"{os.getpid()}\n{home}/postgres/data\n1\n5432\n")
    began = time.monotonic()
    share = embedded.join(home, durable=False)
    assert ask(home, "select 3") == 3
    assert time.monotonic() - began < 20
    share.leave()


def test_the_server_listens_on_no_network_address_and_keeps_what_it_says(home):
    share = embedded.join(home)
    assert ask(home, "show listen_addresses") == ""
    assert ask(home, "show fsync") == "on"
    assert ask(home, "show synchronous_commit") == "on"
    share.leave()
    share.leave()  # leaving twice changes nothing


def test_a_deep_folder_is_no_obstacle(home):
    deep = home / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    deep.chmod(0o711)
    deep.parent.chmod(0o711)
    share = embedded.join(deep, durable=False)
    assert ask(deep, "select 4") == 4
    share.leave()
    assert postmaster(deep) is None
