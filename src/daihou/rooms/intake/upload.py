"""Files sent by hand: kept while they are taken in, and from a plan to its day's end."""

import json
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from daihou.rooms.intake import acts_tried, day_folders, door

_NAMES = "names.json"


@dataclass(frozen=True)
class Kept:
    """Files that lie on the server; whoever knows `token` sent them today."""

    token: str
    folder: Path
    files: Sequence[tuple[Path, str]]

    @property
    def names(self) -> Sequence[str]:
        """What the sender calls them."""
        return [name for _, name in self.files]

    def drop(self) -> None:
        """Remove them: they were taken in, or are to be mended and sent again."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _root() -> Path:
    return Path(settings.DAIHOU_HOME) / "intake" / "inbox"


def keep(files: Sequence[UploadedFile], *, at: datetime) -> Kept:
    """Write uploaded files down, under a token nobody can guess."""
    day_folders.expire(_root(), at=at)
    token = secrets.token_hex(16)
    folder = day_folders.of_day(_root(), at=at) / token
    folder.mkdir(parents=True, mode=0o700)
    kept = []
    for number, file in enumerate(files):
        # A name fit for a person may be too long for a file system.
        name = PurePath(file.name or "").name
        path = folder / f"{number}{PurePath(name).suffix[:10]}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        kept.append((path, name))
    listed = [(path.name, name) for path, name in kept]
    (folder / _NAMES).write_text(json.dumps(listed))
    return Kept(token, folder, kept)


_CORRECTED = re.compile(r"\.errors\.(csv|xlsx)$", re.IGNORECASE)


def corrects(files: Sequence[UploadedFile]) -> bool:
    """Whether these are error files of ours, corrected: they go with the originals."""
    names = [PurePath(file.name or "").name for file in files]
    return bool(names) and all(_CORRECTED.search(name) for name in names)


def join(kept: Kept, files: Sequence[UploadedFile]) -> Kept:
    """Put corrected rows beside the files they came from; the same name replaces."""
    new = [PurePath(file.name or "").name for file in files]
    mine = [(path, name) for path, name in kept.files if name not in new]
    number = len(list(kept.folder.iterdir()))
    for place, file in enumerate(files):
        name = new[place]
        path = kept.folder / f"{number + place}{PurePath(name).suffix[:10]}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        mine.append((path, name))
    listed = [(path.name, name) for path, name in mine]
    (kept.folder / _NAMES).write_text(json.dumps(listed))
    return Kept(kept.token, kept.folder, mine)


def find(token: str, *, at: datetime) -> Kept | None:
    """The files kept under a token lately; None when they are gone."""
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        return None
    folder = day_folders.find(_root(), token, at=at)
    if folder is None or not (folder / _NAMES).is_file():
        return None
    listed = json.loads((folder / _NAMES).read_text())
    return Kept(token, folder, [(folder / own, name) for own, name in listed])


def mapping_names() -> Sequence[str]:
    """The mappings there are, by name."""
    found = {
        path.stem
        for folder in settings.INTAKE_MAPPINGS
        for path in Path(folder).glob("*.yaml")
    }
    return sorted(found)


def take(
    kept: Kept,
    *,
    source: str,
    mapping: str,
    accept_good: bool,
    deed: door.Deed,
) -> door.Outcome:
    """Take kept files in; MappingError for a mapping that is not there."""
    chosen = None
    if mapping:
        try:
            chosen = door.load(door.find(mapping, folders=settings.INTAKE_MAPPINGS))
        except door.MappingError as error:
            acts_tried.in_mapping(error, deed=deed)
            raise
    order = door.Order(
        files=list(kept.files), source=source, mapping=chosen, accept_good=accept_good
    )
    return door.take_files(order, deed)
