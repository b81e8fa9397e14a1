"""Error files of intakes that were only planned: personal data, kept for one day."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings

from daihou.rooms.intake import day_folders


def _root() -> Path:
    return Path(settings.DAIHOU_HOME) / "intake" / "plan"


def folder_of(digest: str, *, at: datetime) -> Path:
    """A new folder for the plan of the files that begin with this one, empty."""
    folder = day_folders.of_day(_root(), at=at) / digest[:12]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def expire(*, at: datetime) -> None:
    """Remove what was planned before yesterday."""
    day_folders.expire(_root(), at=at)


def find(plan: str, number: int, *, at: datetime) -> Path | None:
    """The error file `number` of a plan made lately; None when it is gone."""
    folder = day_folders.find(_root(), plan, at=at)
    files = sorted(folder.iterdir()) if folder is not None else []
    return files[number] if number < len(files) else None
