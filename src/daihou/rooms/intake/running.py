"""Files that are being taken in: how far they are, told to whoever sent them.

The intake runs in a thread of the site with a connection of its own, in the one
transaction it always has: broken off, it was never there. How far it is stands in a
small file under a token nobody can guess, so that any process of the site can tell.
"""

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import translation

from daihou.rooms.intake import day_folders, door, told, upload
from daihou.rooms.intake.told import Told
from daihou.tables.intake import TABLES

_log = logging.getLogger("daihou.intake")
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
# How much of the way each stage begins at, in percent.
_READ, _CHECK, _WRITE, _DONE = 5, 10, 50, 95


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an intake is: `share` in percent; `table` it works on, if any.

    `state` is running, done, wrong (the mapping was), or failed (our mistake).
    """

    token: str
    by: str
    state: str
    began_at: str
    plan: bool
    stage: str = "read"
    table: str = ""
    share: int = 0
    problem: str = ""
    process: int = 0
    result: Mapping[str, Any] | None = None

    @property
    def told(self) -> Told | None:
        """What it came to, once it is done."""
        return told.read(self.result) if self.result is not None else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done with kept files."""

    source: str
    mapping: str
    accept_good: bool


def begin(
    kept: upload.Kept,
    asked: Asked,
    *,
    deed: door.Deed,
    finish: Callable[[door.Outcome], Told],
) -> Progress:
    """Start taking kept files in; return how far that is: at the beginning."""
    day_folders.expire(_root(), at=deed.at)
    begun = Progress(
        token=kept.token,
        by=deed.by,
        state="running",
        began_at=deed.at.isoformat(),
        plan=deed.plan,
        process=os.getpid(),
    )
    _write(begun, at=deed.at)
    thread = threading.Thread(
        target=_run, args=(kept, asked, deed, finish, begun), daemon=True
    )
    thread.start()
    return begun


def _run(
    kept: upload.Kept,
    asked: Asked,
    deed: door.Deed,
    finish: Callable[[door.Outcome], Told],
    begun: Progress,
) -> None:
    latest = begun

    def say(step: str) -> None:
        nonlocal latest
        latest = _at(latest, step)
        _write(latest, at=deed.at)

    try:
        with translation.override(deed.language):
            outcome = upload.take(
                kept,
                source=asked.source,
                mapping=asked.mapping,
                accept_good=asked.accept_good,
                deed=replace(deed, say=say),
            )
            result = finish(outcome)
        if not deed.plan and not result.refused:
            kept.drop()
        latest = replace(latest, state="done", share=100, result=result.plain())
    except door.MappingError as error:
        latest = replace(latest, state="wrong", problem=error.say(deed.language))
    except Exception:  # noqa: BLE001 - told on the page, whatever it was
        _log.exception("an intake failed")
        latest = replace(latest, state="failed")
    finally:
        connection.close()
    _write(latest, at=deed.at)


def _at(before: Progress, step: str) -> Progress:
    """How far a step is; within checking and writing by the order of the tables."""
    stage, _, table = step.partition(" ")
    places = list(TABLES)
    part = places.index(table) / len(places) if table in TABLES else 0.0
    begins = {"read": _READ, "check": _CHECK, "write": _WRITE}
    ends = {"read": _CHECK, "check": _WRITE, "write": _DONE}
    if stage not in begins:
        return before
    share = begins[stage] + round((ends[stage] - begins[stage]) * part)
    return replace(before, stage=stage, table=table, share=max(before.share, share))


def find(token: str, *, at: datetime, by: str) -> Progress | None:
    """How far an intake begun today is; None for another person's, or none.

    One whose process is gone is told as failed: its transaction went with it.
    """
    if not _TOKEN.fullmatch(token):
        return None
    try:
        given = json.loads(_path(token, at=at).read_text("utf-8"))
    except FileNotFoundError:
        return None
    found = Progress(**given)
    if found.by != by:
        return None
    if found.state == "running" and not _lives(found.process):
        return replace(found, state="failed")
    return found


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def _root() -> Path:
    return Path(settings.DAIHOU_HOME) / "intake" / "progress"


def _path(token: str, *, at: datetime) -> Path:
    name = f"{token}.json"
    kept = day_folders.find(_root(), name, at=at)
    return kept or day_folders.of_day(_root(), at=at) / name


def _write(progress: Progress, *, at: datetime) -> None:
    path = _path(progress.token, at=at)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(progress), ensure_ascii=False), "utf-8")
    draft.replace(path)
