"""Error files of intakes that were only planned: personal data, kept for one day."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings


def _root() -> Path:
    return Path(settings.DAIHOU_HOME) / "intake" / "plan"


def folder_of(digest: str, *, at: datetime) -> Path:
    """A new folder for the plan of the files that begin with this one, empty."""
    folder = _root() / at.date().isoformat() / digest[:12]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def expire(*, at: datetime) -> None:
    """Remove what was planned on another day."""
    if not _root().is_dir():
        return
    for folder in _root().iterdir():
        if folder.name != at.date().isoformat():
            shutil.rmtree(folder, ignore_errors=True)


def find(plan: str, number: int, *, at: datetime) -> Path | None:
    """The error file `number` of a plan of this day; None when it is gone."""
    folder = _root() / at.date().isoformat() / plan
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return files[number] if number < len(files) else None
