"""What a backup holds and what it must add up to, as the last member of the file."""

import json
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from daihou.kit.speech import gettext

NAME: Final = "manifest.json"
DATABASE: Final = "database.dump"
FILES: Final = "home/"  # before the names of files of DAIHOU_HOME
FORM: Final = 1  # of the manifest; raised when an older reader would go wrong


class BackupError(Exception):
    """A backup cannot be made, read or put back; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and a sum over them that no order changes."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Manifest:
    """What one backup holds.

    `tables` by name of the table; `files` and `database` are SHA-256 digests in hex;
    `positions` the fingerprint that stands for each closed date (ISO), `classes` for
    each graded one (None: of a version that left them out);
    `secrets` the beginnings of digests of key files, to tell whether a home has them;
    `seal` number and hash of the newest seal of the event log.
    """

    taken_at: str
    business_date: str | None
    version: str
    server: str
    migrations: tuple[str, ...]
    database: str
    tables: Mapping[str, Table]
    positions: Mapping[str, str]
    files: Mapping[str, str]
    secrets: Mapping[str, str]
    seal: tuple[int, str] | None = None
    classes: Mapping[str, str] | None = None

    def to_json(self) -> bytes:
        """The manifest as it is written."""
        content = {"form": FORM} | asdict(self)
        return json.dumps(content, indent=1, ensure_ascii=False).encode()


def from_json(content: bytes) -> Manifest:
    """Read a manifest; raises BackupError for one of another form."""
    try:
        known: dict[str, Any] = json.loads(content)
        form = known.pop("form")
        if form != FORM:
            raise BackupError(
                gettext(
                    "This backup was made by another version of the program (form"
                    " %(form)s). Restore it with that version, then upgrade."
                )
                % {"form": form}
            )
        tables = {name: Table(**each) for name, each in known.pop("tables").items()}
        migrations = tuple(known.pop("migrations"))
        number_and_hash = known.pop("seal", None)
        seal = tuple(number_and_hash) if number_and_hash else None
        made = Manifest(tables=tables, migrations=migrations, seal=seal, **known)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            gettext("The list of contents of this backup cannot be read (%(reason)s).")
            % {"reason": error}
        ) from None
    for name in made.files:
        if not is_inside(name):
            raise BackupError(
                gettext("This backup names a file outside the home: %(name)s")
                % {"name": name}
            )
    return made


def is_inside(name: str) -> bool:
    """Whether a name of a file stays below the folder it is put into."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def read(path: Path) -> Manifest:
    """The manifest of a backup; raises BackupError when it is none or is cut off."""
    try:
        with tarfile.open(path, "r:") as archive:
            member = archive.extractfile(NAME)
            assert member is not None
            return from_json(member.read())
    except (tarfile.TarError, KeyError, EOFError):
        raise BackupError(
            gettext("%(path)s is no whole backup of ours; take another one.")
            % {"path": path}
        ) from None
