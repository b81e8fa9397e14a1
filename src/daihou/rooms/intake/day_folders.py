"""Folders by the lender's day, of what is kept for a short while only."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone


def of_day(root: Path, *, at: datetime) -> Path:
    """The folder of this day; the day is that of the lender's clocks."""
    return root / timezone.localtime(at).date().isoformat()


def expire(root: Path, *, at: datetime) -> None:
    """Remove the folders of all days but this one and the one before.

    What was begun before midnight may still be read after it.
    """
    today = timezone.localtime(at).date()
    kept = {day.isoformat() for day in (today, today - timedelta(days=1))}
    if not root.is_dir():
        return
    for folder in root.iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def find(root: Path, name: str, *, at: datetime) -> Path | None:
    """What is kept under this name since this day or the one before."""
    for back in (0, 1):
        path = of_day(root, at=at - timedelta(days=back)) / name
        if path.exists():
            return path
    return None
