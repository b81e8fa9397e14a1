"""What a backup asks of PostgreSQL: its dump programs, one moment, sums of tables."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import IsolationLevel, sql

from daihou.config import embedded
from daihou.config.backup.manifest import BackupError, Table
from daihou.kit.speech import gettext

Connection = psycopg.Connection[Any]

# How rows are written as text must not hang on the server they lie on.
_PLAIN = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "search_path": "pg_catalog, public",
}
_TABLES = (
    "select n.nspname, c.relname from pg_class c"
    " join pg_namespace n on n.oid = c.relnamespace"
    " where c.relkind = 'r' and c.relpersistence = 'p'"
    " and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"
    " order by 1, 2"
)


@contextmanager
def one_moment(url: str) -> Iterator[Connection]:
    """A connection that sees the database as it is now, however long it looks."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            for name, value in _PLAIN.items():
                connection.execute(
                    "select set_config(%s, %s, true)", (name, value)
                ).fetchone()
            yield connection


def snapshot(connection: Connection) -> str:
    """A name under which other connections see the same moment."""
    (name,) = one(connection, "select pg_export_snapshot()")
    return str(name)


def table_names(connection: Connection) -> list[tuple[str, str]]:
    """Schema and name of every table that is kept."""
    return [(str(a), str(b)) for a, b in connection.execute(_TABLES)]


def measure(connection: Connection) -> dict[str, Table]:
    """Rows and checksum of every table; the order of rows does not matter.

    The checksum is the sum of a 64-bit hash of each row's text: it finds what was
    lost, doubled or altered on the way. Against a forger there is the event log.
    """
    found = {}
    for schema, name in table_names(connection):
        asked = sql.SQL(
            "select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)"
            " from {} as t"
        ).format(sql.Identifier(schema, name))
        row = connection.execute(asked).fetchone()
        assert row is not None
        found[f"{schema}.{name}"] = Table(rows=int(row[0]), checksum=str(row[1]))
    return found


def one(connection: Connection, asked: str) -> tuple[Any, ...]:
    """The one row a question has."""
    row = connection.execute(asked.encode()).fetchone()
    assert row is not None, asked
    return tuple(row)


def last_seal(connection: Connection) -> tuple[int, str] | None:
    """Number and hash (hex) of the newest seal of the event log, if there is one."""
    if not has_table(connection, "public.audit_seal"):
        return None
    row = connection.execute(
        "select number, encode(hash, 'hex') from audit_seal order by number desc limit 1"
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def has_table(connection: Connection, name: str) -> bool:
    """Whether the database knows a table of this name."""
    row = connection.execute("select to_regclass(%s)", (name,)).fetchone()
    return bool(row and row[0])


def program(name: str) -> str:
    """Path of one of PostgreSQL's programs: DAIHOU_PG_BIN's, else the one inside."""
    named = os.environ.get("DAIHOU_PG_BIN")
    folder = Path(named) if named else embedded.programs()
    path = folder / name
    if not path.is_file():
        raise BackupError(
            gettext(
                "There is no %(program)s in %(folder)s. Point DAIHOU_PG_BIN to the"
                " folder with the programs of your PostgreSQL."
            )
            % {"program": name, "folder": folder}
        )
    return str(path)


def start(name: str, url: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program on a database; its password is not among its words."""
    bare, environment = _without_password(url)
    return subprocess.Popen(
        [program(name), f"--dbname={bare}", "--no-password", *arguments],
        env={**os.environ, **environment, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for a program; raises BackupError with its own words when it failed."""
    _, said = process.communicate()
    if process.returncode:
        words = said.decode("utf-8", "replace").strip()
        raise BackupError(
            gettext("%(program)s failed: %(words)s")
            % {
                "program": Path(str(process.args[0])).name,  # type: ignore[index]
                "words": words[-2000:],
            }
        )


def _without_password(url: str) -> tuple[str, Mapping[str, str]]:
    parts = urlsplit(url)
    if not parts.password:
        return url, {}
    place = parts.netloc.rpartition("@")[2]
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    bare = urlunsplit(parts._replace(netloc=f"{user}@{place}"))
    return bare, {"PGPASSWORD": unquote(parts.password)}
