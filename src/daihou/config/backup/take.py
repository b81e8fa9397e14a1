"""Take a backup: the book as it is at one moment, while everybody goes on working."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final

from psycopg import sql

from daihou.config.backup import server
from daihou.config.backup.manifest import (
    DATABASE,
    FILES,
    NAME,
    BackupError,
    Manifest,
    Table,
)
from daihou.kit.speech import gettext
from daihou.nightly.stores.classes import ClassFiles
from daihou.nightly.stores.parquet import PositionFiles

LAST: Final = "last-backup.json"  # in the home: when the last one was taken, and where
OWN_FOLDERS: Final = ("mappings", "intake")  # of the home, kept as they are found
SECRETS: Final = "secrets"


@dataclass(frozen=True)
class Taken:
    """A finished backup."""

    path: Path
    size: int  # bytes
    manifest: Manifest


def take(
    *, url: str, home: Path, out: Path, at: datetime, with_secrets: bool = False
) -> Taken:
    """Write a backup of the database and its files to `out`, whole or not at all.

    Nobody is kept waiting: the database is read as it was when we began, and files
    of closed days never change. Raises BackupError when `out` is there already, when
    the positions of a closed day are gone, or when PostgreSQL's program fails.
    """
    if out.exists():
        raise BackupError(
            gettext("%(path)s is there already; name another file.") % {"path": out}
        )
    descriptor, name = tempfile.mkstemp(
        prefix=f".{out.name}.", suffix=".draft", dir=out.absolute().parent
    )
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            manifest = _write(
                file, url=url, home=home, beside=draft, at=at, secrets=with_secrets
            )
            file.flush()
            os.fsync(file.fileno())
        size = draft.stat().st_size
        os.link(draft, out)  # never over a file that came up meanwhile
    finally:
        draft.unlink()
    _note(home, {"at": at.isoformat(), "file": str(out.absolute()), "size": size})
    return Taken(out, size, manifest)


def last(home: Path) -> datetime | None:
    """When the last backup of this home was taken; None when none is known."""
    with suppress(OSError, ValueError, KeyError):
        return datetime.fromisoformat(json.loads((home / LAST).read_text())["at"])
    return None


@dataclass(frozen=True)
class _Moment:
    """What the database was at one moment, besides its dump."""

    tables: dict[str, Table]
    positions: dict[str, str]
    classes: dict[str, str]
    paths: list[Path]
    migrations: tuple[str, ...]
    business_date: str | None
    server: str
    seal: tuple[int, str] | None


def _write(
    file: IO[bytes], *, url: str, home: Path, beside: Path, at: datetime, secrets: bool
) -> Manifest:
    dump = beside.with_suffix(".dump")
    try:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            moment = _dump(url, dump, home)
            digest = _add(archive, dump, DATABASE)
            paths = [*moment.paths, *_own_files(home, secrets=secrets)]
            files = {
                str(path.relative_to(home)): added
                for path in paths
                if (added := _add_if_there(archive, path, home)) is not None
            }
            manifest = Manifest(
                taken_at=at.isoformat(),
                business_date=moment.business_date,
                version=version("daihou"),
                server=moment.server,
                migrations=moment.migrations,
                database=digest,
                tables=moment.tables,
                positions=moment.positions,
                classes=moment.classes,
                files=files,
                secrets=secret_digests(home),
                seal=moment.seal,
            )
            content = manifest.to_json()
            member = tarfile.TarInfo(NAME)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    finally:
        dump.unlink(missing_ok=True)
    return manifest


def _dump(url: str, dump: Path, home: Path) -> _Moment:
    """Dump the database and, of the very same moment, say what is in it."""
    dump.touch(mode=0o600)
    with server.one_moment(url) as connection:
        dumping = server.start(
            "pg_dump",
            url,
            *("--format=custom", "--compress=3", "--no-owner", "--no-privileges"),
            *(f"--snapshot={server.snapshot(connection)}", f"--file={dump}"),
        )
        try:
            positions, paths = _results(
                connection, "dayend_run", PositionFiles(home).path, _must_be_there
            )
            # Classes that are gone are made again by the worker, the same.
            classes, of_classes = _results(
                connection, "grading_run", ClassFiles(home).path
            )
            (named,) = server.one(connection, "show server_version")
            moment = _Moment(
                tables=server.measure(connection),
                positions=positions,
                classes=classes,
                paths=[*paths, *of_classes],
                migrations=_migrations(connection),
                business_date=_business_date(connection),
                server=str(named),
                seal=server.last_seal(connection),
            )
        except BaseException:
            dumping.kill()
            dumping.communicate()
            raise
        server.finish(dumping)
    return moment


def _results(
    connection: server.Connection,
    table: str,
    path_of: Callable[[date, str], Path],
    must_be_there: Callable[[Path, date], None] = lambda _path, _as_of: None,
) -> tuple[dict[str, str], list[Path]]:
    """What stands for each date by a table of runs, and every file a run names.

    A superseded result that is gone is left out; `must_be_there` sees what stands.
    """
    if not server.has_table(connection, table):
        return {}, []
    standing: dict[str, str] = {}
    paths: dict[Path, None] = {}
    rows = connection.execute(
        sql.SQL(
            "select as_of, fingerprint, bool_or(current) from {}"
            " where fingerprint <> '' group by as_of, fingerprint order by 1, 3, 2"
        ).format(sql.Identifier(table))
    )
    for as_of, fingerprint, current in rows:
        path = path_of(as_of, fingerprint)
        if current:
            standing[as_of.isoformat()] = fingerprint
            must_be_there(path, as_of)
        if path.is_file():
            paths[path] = None
    return standing, list(paths)


def _must_be_there(path: Path, as_of: date) -> None:
    if not path.is_file():
        raise BackupError(
            gettext(
                "The positions of %(as_of)s are gone (%(path)s). Make them again with"
                " daihou day-end --as-of %(as_of)s, or check DAIHOU_HOME."
            )
            % {"as_of": as_of, "path": path}
        )


def _migrations(connection: server.Connection) -> tuple[str, ...]:
    if not server.has_table(connection, "django_migrations"):
        return ()
    rows = connection.execute("select app, name from django_migrations order by 1, 2")
    return tuple(f"{app}.{name}" for app, name in rows)


def _business_date(connection: server.Connection) -> str | None:
    if not server.has_table(connection, "dayend_business_date"):
        return None
    rows = connection.execute("select business_date from dayend_business_date")
    row = rows.fetchone()
    return row[0].isoformat() if row else None


def _own_files(home: Path, *, secrets: bool) -> list[Path]:
    """The lender's other files, but for drafts and for keys nobody asked to keep."""
    folders = (*OWN_FOLDERS, SECRETS) if secrets else OWN_FOLDERS
    return [
        path
        for folder in folders
        for path in sorted((home / folder).rglob("*"))
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    ]


def secret_digests(home: Path) -> dict[str, str]:
    """Name and beginning of the digest of every key file of a home."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in _sorted_files(home / SECRETS)
    }


def _sorted_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path


def _add_if_there(archive: tarfile.TarFile, path: Path, home: Path) -> str | None:
    """Add a file of the home; one swept up meanwhile is no loss."""
    try:
        return _add(archive, path, FILES + str(path.relative_to(home)))
    except FileNotFoundError:
        return None


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file as long as it is now; its SHA-256 as it was written."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = found.st_size, found.st_mtime, 0o600
        hashed = _Hashed(file)
        archive.addfile(member, hashed)
        return hashed.digest()


class _Hashed:
    """A file that remembers the digest of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._known = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        content = self._file.read(size)
        self._known.update(content)
        return content

    def digest(self) -> str:
        """SHA-256 in hex of everything read."""
        return self._known.hexdigest()


def _note(home: Path, content: dict[str, object]) -> None:
    """Leave word of the backup for the health page and `daihou check`."""
    draft = home / f".{LAST}.{os.getpid()}"
    draft.write_text(json.dumps(content), "utf-8")
    draft.replace(home / LAST)
