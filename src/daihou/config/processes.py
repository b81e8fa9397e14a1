"""Start other `daihou` processes, end them in good order, and outlive none of them."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Any

from daihou.kit import speech

ORPHAN_CHECK = 1.0  # seconds between looks at whether the parent lives
PATIENCE = 6.0  # seconds to end by themselves before they are killed
PARENT = "DAIHOU_PARENT"


class Ending(BaseException):
    """Somebody asked this process to end; like Ctrl-C, no `except Exception` stops it."""


def end_on_signals() -> None:
    """Turn Ctrl-C and SIGTERM into `Ending`, also where a background start ignored
    Ctrl-C; further signals while ending change nothing."""

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Ending(signal.Signals(number).name)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)


def start(*arguments: str, **environment: str) -> subprocess.Popen[Any]:
    """Start `daihou ARGUMENTS` out of reach of the terminal's Ctrl-C: we pass it on."""
    spoken = {speech.USUAL: speech.language()}
    return subprocess.Popen(
        [sys.executable, "-m", "daihou.config.cli", *arguments],
        env=os.environ | spoken | environment | {PARENT: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(*children: subprocess.Popen[Any]) -> None:
    """Ask the children to end; kill those that do not within PATIENCE."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def end_with_parent() -> None:
    """In a child: end in good order when the process that started it is gone."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(ORPHAN_CHECK)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
