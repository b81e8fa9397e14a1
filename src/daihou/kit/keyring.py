"""The key ring: a file of the keys that seal personal data, for the owner alone.

JSON: `keys` (id, secret in base64, made_at, oldest first; the last seals) and `index`,
the secret of the blind indexes. It lies outside the database, so that neither the
database nor a backup of it can be read by whoever has nothing else.
"""

import functools
import hashlib
import json
import os
import secrets
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

_LENGTH: Final = 32
# Asked before a ring is made: whether anything was sealed under an earlier one.
_sealed_before: Callable[[], bool] = lambda: False


class KeyRingError(Exception):
    """The key ring cannot be used; the message says what to do."""


class CannotOpen(Exception):
    """A sealed value does not open: `why` is key, changed or form."""

    def __init__(self, key_id: str, *, why: str) -> None:
        """Say it in words a keeper of the ring can act on."""
        words = {
            "key": _(
                "A value was sealed with the key %(key)s, which is not in the key ring."
                " Put the key ring back from where it is kept apart."
            ),
            "changed": _(
                "A value sealed with the key %(key)s was changed, or belongs elsewhere."
            ),
            "form": _("A value that should be sealed is not."),
        }
        super().__init__(words[why] % {"key": key_id})
        self.key_id, self.why = key_id, why


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the id is printed, the secret (32 bytes) never."""

    id: str
    secret: bytes
    made_at: str

    def __repr__(self) -> str:
        """Without the secret, so that no trace or log shows it."""
        return f"Key({self.id})"


@dataclass(frozen=True, slots=True, repr=False)
class Ring:
    """Keys oldest first; `index_key` makes the blind indexes and is never changed."""

    keys: tuple[Key, ...]
    index_key: bytes

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return self.keys[-1].id

    @property
    def index_id(self) -> str:
        """A short name of the index key that tells nothing of it."""
        return hashlib.sha256(b"name\0" + self.index_key).hexdigest()[:8]

    def secret_of(self, key_id: str) -> bytes:
        """The secret of a key, or CannotOpen."""
        for key in self.keys:
            if key.id == key_id:
                return key.secret
        raise CannotOpen(key_id, why="key")


def path() -> Path:
    """Where the ring lies: DAIHOU_KEY_RING, else among the secrets of the home."""
    return Path(settings.KEY_RING)


def ask_before_making(sealed_before: Callable[[], bool]) -> None:
    """Name who knows whether the database holds values of an earlier ring."""
    global _sealed_before
    _sealed_before = sealed_before


def ring() -> Ring:
    """The ring as it stands in its file; made where nothing was ever sealed.

    A second ring beside a lost one would seal what the first can never open and
    find: KeyRingError instead, until the file is put back.
    """
    file = path()
    try:
        stat = file.stat()
    except FileNotFoundError as error:
        if _sealed_before():
            raise _unusable(file, error) from None
        _write_new(file, _text(_fresh()))
        stat = file.stat()
    except OSError as error:
        raise _unusable(file, error) from None
    return _read(str(file), stat.st_mtime_ns, stat.st_size, stat.st_ino)


def add_key(*, at: datetime) -> Key:
    """Put a new key into the ring; from now on it seals. The file changes at once."""
    held = ring()
    taken = {key.id for key in held.keys}
    key = _key(at=at.isoformat())
    assert key.id not in taken, "two keys of one name"
    _replace(path(), _text(Ring((*held.keys, key), held.index_key)))
    return key


def drop_key(key_id: str) -> None:
    """Take a key out of the ring for good: what is sealed with it is lost."""
    held = ring()
    assert key_id != held.newest, "the newest key seals"
    kept = tuple(key for key in held.keys if key.id != key_id)
    _replace(path(), _text(Ring(kept, held.index_key)))


def open_to_others() -> bool:
    """Whether somebody else than the owner may read the file."""
    try:
        return bool(path().stat().st_mode & 0o077)
    except OSError:
        return False


def _unusable(file: Path, error: Exception) -> KeyRingError:
    words = _(
        "The key ring %(path)s cannot be read (%(reason)s). Without it no personal data"
        " can be read or found; put it back from where it is kept apart."
    )
    reason = getattr(error, "strerror", None) or type(error).__name__
    return KeyRingError(words % {"path": file, "reason": reason})


@functools.lru_cache(maxsize=4)
def _read(name: str, _changed_ns: int, _size: int, _inode: int) -> Ring:
    file = Path(name)
    try:
        kept: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
        keys = tuple(
            Key(str(each["id"]), _secret(each["secret"]), str(each["made_at"]))
            for each in kept["keys"]
        )
        made = Ring(keys, _secret(kept["index"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(file, error) from None
    if not keys:
        raise _unusable(file, ValueError())
    return made


def _secret(text: str) -> bytes:
    made = b64decode(text, validate=True)
    if len(made) != _LENGTH:
        raise ValueError(len(made))
    return made


def _key(*, at: str) -> Key:
    return Key(f"k{secrets.token_hex(4)}", secrets.token_bytes(_LENGTH), at)


def _fresh() -> Ring:
    return Ring((_key(at=""),), secrets.token_bytes(_LENGTH))


def _text(made: Ring) -> str:
    keys = [
        {"id": k.id, "secret": b64encode(k.secret).decode(), "made_at": k.made_at}
        for k in made.keys
    ]
    kept = {"v": 1, "keys": keys, "index": b64encode(made.index_key).decode()}
    return json.dumps(kept, indent=1) + "\n"


def _draft(file: Path, text: str) -> Path:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return draft


def _write_new(file: Path, text: str) -> None:
    """Two processes that start at once agree: the file is created exclusively."""
    try:
        draft = _draft(file, text)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise _unusable(file, error) from None


def _replace(file: Path, text: str) -> None:
    try:
        _draft(file, text).replace(file)
    except OSError as error:
        raise _unusable(file, error) from None
