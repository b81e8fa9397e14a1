"""Prove that a book is the one its backup was taken of."""

import contextlib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path

from psycopg import sql

from daihou.config.backup import server
from daihou.config.backup.manifest import Manifest, Table
from daihou.config.backup.put_back import digest_of
from daihou.kit.speech import gettext, gettext_noop


def differences(manifest: Manifest, *, url: str, home: Path) -> list[str]:
    """Everything in which the book differs from its backup, each as one line.

    Compared are rows and checksum of every table, every file, and for each closed
    date the fingerprints, reckoned anew from the positions and classes themselves.
    """
    from daihou.nightly.stores.classes import ClassFiles
    from daihou.nightly.stores.parquet import PositionFiles

    with server.one_moment(url) as connection:
        here = server.measure(connection)
        seal = server.last_seal(connection)
        closed = _standing(connection, "dayend_run")
        graded = _standing(connection, "grading_run")
    found = [*_tables(manifest, here), *_files(manifest, home)]
    told = gettext_noop(
        "positions of %(day)s: %(wanted)s in the backup, %(named)s in the"
        " database, %(reckoned)s in the file"
    )
    found += _days(told, manifest.positions, closed, PositionFiles(home).path)
    if manifest.classes is not None:
        told = gettext_noop(
            "classes of %(day)s: %(wanted)s in the backup, %(named)s in the"
            " database, %(reckoned)s in the file"
        )
        path_of, kept = ClassFiles(home).path, manifest.files
        # A file that was gone then is not missed now: the worker makes it again.
        gone = {
            day
            for day, fingerprint in manifest.classes.items()
            if str(path_of(date.fromisoformat(day), fingerprint).relative_to(home))
            not in kept
        }
        found += _days(told, manifest.classes, graded, path_of, without=gone)
    return [*found, *_seal(manifest.seal, seal)]


def _standing(connection: server.Connection, table: str) -> dict[str, str]:
    """The fingerprint that stands for each date by a table of runs."""
    if not server.has_table(connection, table):
        return {}
    rows = connection.execute(
        sql.SQL("select as_of, fingerprint from {} where current").format(
            sql.Identifier(table)
        )
    ).fetchall()
    return {as_of.isoformat(): str(fingerprint) for as_of, fingerprint in rows}


def _seal(before: tuple[int, str] | None, now: tuple[int, str] | None) -> list[str]:
    if before == now:
        return []
    told = gettext("newest seal: %(before)s in the backup, %(now)s here")
    named = [f"{each[0]} {each[1]}" if each else "-" for each in (before, now)]
    return [told % {"before": named[0], "now": named[1]}]


def log_findings(manifest: Manifest) -> list[str] | None:
    """What walking the event log of this process's database finds, seal included.

    None when the database is of an earlier version: it is to be brought up to date
    first.
    """
    import psycopg

    from daihou.config import database, tables, wiring

    with psycopg.connect(database.database_url()) as connection:
        if tables.missing(connection):
            return None
    wiring.setup()
    from daihou.rooms.audit import door as audit

    return [str(each) for each in audit.verify(printed=manifest.seal).findings]


def _tables(manifest: Manifest, here: dict[str, Table]) -> list[str]:
    found = []
    for name in sorted({*manifest.tables, *here}):
        before, now = manifest.tables.get(name), here.get(name)
        if before == now:
            continue
        nothing = Table(rows=0, checksum="-")
        before, now = before or nothing, now or nothing
        found.append(
            gettext(
                "table %(name)s: %(before)s rows with checksum %(sum_before)s in the"
                " backup, %(now)s with %(sum_now)s here"
            )
            % {
                "name": name,
                "before": before.rows,
                "sum_before": before.checksum,
                "now": now.rows,
                "sum_now": now.checksum,
            }
        )
    return found


def _files(manifest: Manifest, home: Path) -> list[str]:
    return [
        gettext("file %(name)s: gone or altered") % {"name": name}
        for name, digest in manifest.files.items()
        if not (home / name).is_file() or digest_of(home / name) != digest
    ]


def _days(
    told: str,
    before: Mapping[str, str],
    standing: Mapping[str, str],
    path_of: Callable[[date, str], Path],
    *,
    without: Collection[str] = (),
) -> list[str]:
    """Every day whose result differs; of those `without` a file only its name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from daihou.nightly.digests import table_digest

    found = []
    for day in sorted({*before, *standing}):
        wanted, named = before.get(day, ""), standing.get(day, "")
        path = path_of(date.fromisoformat(day), wanted)
        reckoned = wanted if day in without else ""
        if day not in without:
            with contextlib.suppress(OSError, pa.ArrowException):  # gone or unreadable
                reckoned = table_digest(pq.read_table(path, partitioning=None))
        if not wanted == named == reckoned:
            found.append(
                gettext(told)
                % {
                    "day": day,
                    "wanted": wanted or "-",
                    "named": named or "-",
                    "reckoned": reckoned or "-",
                }
            )
    return found
