"""Known mistakes and failures, each as one clear line instead of a traceback."""

import os
from urllib.parse import urlsplit

from daihou.kit import speech
from daihou.kit.speech import gettext


class SetUpError(Exception):
    """This lender's place is not ready for us; the message says what to do."""


def line_of(error: Exception) -> str | None:
    """What to tell of an error that a person can do something about; None: a bug.

    Told by the names of classes, so that nothing heavy is imported to complain.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & {"UserError", "MappingError"} and hasattr(error, "say"):
        return str(error.say(speech.language()))
    if kinds & _OURS:
        return str(error)
    if kinds & {"UndefinedTable", "UndefinedColumn"}:
        return gettext(
            "The tables of this database are not ours yet; run: daihou migrate"
        )
    if isinstance(error, ModuleNotFoundError) and not _is_our_module(error.name):
        return gettext(
            "This command needs the site's packages, and %(module)s is not installed;"
            " run in the checkout: pip install '.[server]'"
        ) % {"module": error.name}
    if "OperationalError" in kinds or _is_closed(error, kinds):
        return _database_line(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{os.fspath(error.filename)}: {speech.reason(error)}."
    return None


_OURS = {
    "SetUpError",
    "HomeError",
    "DatabaseUrlError",
    "EmbeddedServerError",
    "DemoError",
    "BookNotEmpty",
    "TownRefused",
    "Refused",
    "BackupError",
    "KeyRingError",
    "CannotOpen",
}


def _is_our_module(name: str | None) -> bool:
    return name is None or name.partition(".")[0] == "daihou"


def _is_closed(error: Exception, kinds: set[str]) -> bool:
    return "InterfaceError" in kinds and "closed" in str(error)


def _database_line(error: Exception) -> str:
    """Where the database was looked for and why it was not had, without a password."""
    from daihou.config import database  # wants the site's packages

    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    reason = first.rsplit("failed: ", 1)[-1]
    if database.is_embedded():
        return gettext(
            "The database inside stopped answering (%(reason)s). Run the command again;"
            " it starts the database if need be."
        ) % {"reason": reason}
    parts = urlsplit(database.database_url())
    place = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    return gettext(
        "Cannot reach the database at %(place)s; check DATABASE_URL. (%(reason)s)"
    ) % {"place": place, "reason": reason}
