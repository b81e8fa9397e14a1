"""Where this lender's own files live: database, positions, secret key, uploads."""

import os
import threading
from pathlib import Path

from daihou.kit import speech
from daihou.kit.speech import gettext


class HomeError(Exception):
    """The folder for our files cannot be used; the message says what to do."""


def root() -> Path:
    """The source checkout, or the current folder where the package is installed."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def home() -> Path:
    """`DAIHOU_HOME`, else `var/` of the checkout; made on first use, for us alone.

    Raises HomeError where no folder can be made or written.
    """
    named = os.environ.get("DAIHOU_HOME")
    path = Path(named).expanduser() if named else root() / "var"
    path = path.resolve()
    # Root's database runs as someone else, who must pass through but not look around.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        reason = gettext("a file") if path.is_file() else speech.reason(error)
        raise HomeError(
            gettext(
                "%(path)s cannot be our folder (%(reason)s). Point DAIHOU_HOME to a"
                " folder that you may write."
            )
            % {"path": path, "reason": reason}
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise HomeError(
            gettext(
                "%(path)s may not be written. Point DAIHOU_HOME to a folder that you"
                " may write."
            )
            % {"path": path}
        )
    return path


def secret(name: str, *, make: str) -> str:
    """A secret kept in `home()/secrets/<name>`; `make` is stored when it is new.

    Two processes that start at once agree: the file is created exclusively.
    """
    folder = home() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    draft = folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
