"""Keeps the site, its worker and the database up: what dies is started again."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from subprocess import Popen
from typing import Any

from daihou.config import database, processes
from daihou.kit.speech import gettext

LOOK = 0.2  # seconds between two looks
PAUSE = 1.0  # seconds between two starts of the same process, at least
TRIES = 5  # starts in a row, none of which lived for HEALTHY, before giving up
HEALTHY = 20.0  # seconds


class KeepsEnding(Exception):
    """A process ends as often as it is started; the message names it."""


@dataclass(slots=True)
class Kept:
    """One process that is to run: its name for people, its words, its life so far."""

    name: str
    words: tuple[str, ...]
    process: Popen[Any]
    began: float = field(default_factory=time.monotonic)
    tries: int = 0

    @classmethod
    def start(cls, name: str, *words: str) -> "Kept":
        """Start `daihou WORDS` and keep it under this name."""
        return cls(name, words, processes.start(*words))

    def look(self, *, say: Callable[[str], None]) -> None:
        """Start it again if it ended; raises KeepsEnding when that is of no use."""
        code = self.process.poll()
        lived = time.monotonic() - self.began
        if code is None or lived < PAUSE:
            return
        self.tries = 1 if lived > HEALTHY else self.tries + 1
        if self.tries > TRIES:
            raise KeepsEnding(
                gettext("The %(name)s ends as often as it is started; see above.")
                % {"name": gettext(self.name)}
            )
        told = {"name": gettext(self.name), "how": _how(code)}
        say(gettext("The %(name)s ended (%(how)s); it is started again.") % told)
        self.process = processes.start(*self.words)
        self.began = time.monotonic()


def _how(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return gettext("exit code %(code)s") % {"code": code}


def keep(children: list[Kept], *, say: Callable[[str], None]) -> None:
    """Watch until asked to end (`processes.Ending`).

    Raises KeepsEnding, or EmbeddedServerError when the database does not come up.
    """
    while True:
        if database.mend():
            say(gettext("The database ended; it was started again."))
        for child in children:
            child.look(say=say)
        time.sleep(LOOK)
