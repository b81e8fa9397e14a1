"""A demonstration run for tests: started as a person would, watched, and ended."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

LOGIN = re.compile(r"^\s{4}([a-z_]+)\s+([a-z_]+)\s+(\S+)\s*$")


@dataclass
class Demo:
    """A running `daihou demo`: its address, its logins and what it has said."""

    process: subprocess.Popen[str]
    address: str
    listener: threading.Thread = field(default_factory=threading.Thread)
    said: list[str] = field(default_factory=list)
    logins: dict[str, tuple[str, str]] = field(default_factory=dict)

    def wait_until_ready(self, *, within: float) -> None:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self.process.poll() is None:
            if any("Ctrl-C" in line for line in list(self.said)):
                return
            time.sleep(0.05)
        raise AssertionError("The demo did not come up:\n" + "".join(self.said))

    def says(self, words: str, *, within: float) -> bool:
        """Whether it says this in time."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if any(words in line for line in list(self.said)):
                return True
            time.sleep(0.05)
        return False

    def answers(self, *, within: float) -> bool:
        """Whether the site answers in time."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.address) as answer:
                    return bool(answer.status == 200)
            except OSError:
                time.sleep(0.1)
        return False

    def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end; the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        took = time.monotonic() - began
        self.listener.join(timeout=30)
        return took


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_demo(home: Path, *, loans: int, months: int, port: int | None = None) -> Demo:
    """Start `daihou demo` on a small town of its own under `home`."""
    port = port or free_port()
    command = [sys.executable, "-m", "daihou.config.cli", "demo", f"--port={port}"]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DAIHOU_", "DJANGO_")) and name != "DATABASE_URL"
    }
    process = subprocess.Popen(
        [*command, f"--loans={loans}", f"--months={months}"],
        env=environment
        | {"DAIHOU_HOME": str(home), "PYTHONUNBUFFERED": "1", "DAIHOU_LANGUAGE": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    demo = Demo(process, f"http://localhost:{port}")
    demo.listener = threading.Thread(target=_listen, args=(demo,), daemon=True)
    demo.listener.start()
    return demo


def _listen(demo: Demo) -> None:
    assert demo.process.stdout is not None
    with demo.process.stdout as said:
        for line in said:
            if login := LOGIN.match(line):
                demo.logins[login[1]] = (login[2], login[3])
            demo.said.append(line)
