"""Put a backup back into an empty database and home."""

import hashlib
import os
import shutil
import tarfile
import tempfile
from pathlib import Path

import psycopg

from daihou.config.backup import server, take
from daihou.config.backup.manifest import DATABASE, FILES, BackupError, Manifest, read
from daihou.kit.speech import gettext

CHUNK = 1 << 20


def put_back(path: Path, *, url: str, home: Path) -> Manifest:
    """Restore the backup at `path`; the database comes last and in one transaction.

    Broken off, it may be run again: files that are already there are the same ones.
    Raises BackupError when the target holds anything else, or the backup is damaged.
    """
    manifest = read(path)
    must_be_empty(url)
    _must_hold_nothing_else(home, manifest)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as folder:
        dump = Path(folder) / DATABASE
        with tarfile.open(path, "r:") as archive:
            _extract(archive, DATABASE, dump, digest=manifest.database)
            for name, digest in manifest.files.items():
                draft = Path(folder) / "file"
                _extract(archive, FILES + name, draft, digest=digest)
                _place(draft, home / name, digest=digest)
        finish_database(url, dump)
    return manifest


def finish_database(url: str, dump: Path) -> None:
    """Fill an empty database from a dump, all of it or nothing."""
    server.finish(
        server.start(
            "pg_restore",
            url,
            *("--single-transaction", "--exit-on-error", "--no-owner"),
            *("--no-privileges", str(dump)),
        )
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


def must_be_empty(url: str) -> None:
    """Raises BackupError for a database that has any table."""
    with server.one_moment(url) as connection:
        found = server.table_names(connection)
    if found:
        raise BackupError(
            gettext(
                "The database to restore into is not empty (%(count)s tables); nothing"
                " was changed. Name an empty one, or a new folder with --home."
            )
            % {"count": len(found)}
        )


def missing_secrets(manifest: Manifest, home: Path) -> list[str]:
    """Key files the book was written with and this home does not have."""
    here = take.secret_digests(home)
    return [name for name, known in manifest.secrets.items() if here.get(name) != known]


def _must_hold_nothing_else(home: Path, manifest: Manifest) -> None:
    for folder in ("book", *take.OWN_FOLDERS):
        for found in (home / folder).rglob("*"):
            name = str(found.relative_to(home))
            if found.is_file() and manifest.files.get(name) != digest_of(found):
                _refuse_file(found)
    for name, digest in manifest.files.items():
        target = home / name
        if target.exists() and digest_of(target) != digest:
            _refuse_file(target)


def _refuse_file(path: Path) -> None:
    raise BackupError(
        gettext(
            "The home to restore into holds another book's %(path)s; nothing was"
            " changed. Name a new folder with --home."
        )
        % {"path": path}
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    known = hashlib.sha256()
    with path.open("rb") as file:
        while content := file.read(CHUNK):
            known.update(content)
    return known.hexdigest()


def _extract(archive: tarfile.TarFile, name: str, target: Path, *, digest: str) -> None:
    """Write one member to `target`; raises BackupError when it was altered."""
    try:
        member = archive.extractfile(name)
    except KeyError:
        member = None
    known = hashlib.sha256()
    if member is not None:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with member, os.fdopen(descriptor, "wb") as file:
            while content := member.read(CHUNK):
                known.update(content)
                file.write(content)
    if known.hexdigest() != digest:
        raise BackupError(
            gettext(
                "%(name)s in this backup is damaged; nothing was put into the"
                " database. Take another backup file."
            )
            % {"name": name}
        )


def _place(draft: Path, target: Path, *, digest: str) -> None:
    if target.exists() and digest_of(target) == digest:
        return
    secret = target.parent.name == take.SECRETS
    target.parent.mkdir(mode=0o700 if secret else 0o755, parents=True, exist_ok=True)
    shutil.move(draft, target)
