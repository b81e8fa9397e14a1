"""Values sealed before they reach the database, and blind indexes to find them by.

A sealed value is text: `s1.<key id>.<nonce and ciphertext>`, AES-256-GCM with a fresh
96-bit nonce; what it is of (`about`) is authenticated with it, so that a document
number put into the place of a telephone number does not open. A blind index is the
start of an HMAC-SHA256: equal texts have equal ones, and without the key nobody can
try all telephone numbers. Both keys come from the key ring (`kit.keyring`).
"""

import functools
import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daihou.kit import keyring
from daihou.kit.keyring import CannotOpen, KeyRingError

__all__ = [
    "CannotOpen",
    "KeyRingError",
    "digest",
    "digester",
    "is_sealed",
    "key_of",
    "normal",
    "open",
    "reseal",
    "seal",
    "seal_many",
    "tail",
]

FORM: Final = "s1"
_NONCE: Final = 12
_DIGEST: Final = 16  # bytes of an index: no two values of any book meet by chance
_TAIL: Final = 4
_IDLE: Final = re.compile(r"[\s\-.()（）·]+")
_BEFORE: Final = ("+", "00", "86")
_ABROAD: Final = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)|^\+")


def seal(text: str, *, about: str = "") -> str:
    """`text` sealed with the newest key; nothing stays nothing."""
    return seal_many([text], about=about)[0]


def seal_many(texts: Iterable[str | None], *, about: str = "") -> list[str]:
    """Each text sealed; None and empty become empty."""
    wanted = list(texts)
    key_id, cipher = _newest()
    nonces, bound = os.urandom(_NONCE * len(wanted)), about.encode()
    start = f"{FORM}.{key_id}."
    made = []
    for place, text in enumerate(wanted):
        if not text:
            made.append("")
            continue
        nonce = nonces[place * _NONCE : (place + 1) * _NONCE]
        hidden = cipher.encrypt(nonce, text.encode(), bound)
        made.append(start + urlsafe_b64encode(nonce + hidden).decode().rstrip("="))
    return made


def open(sealed: str, *, about: str = "") -> str:
    """What was sealed; empty stays empty.

    Raises CannotOpen where the key is not in the ring, or where the value was
    changed, or sealed as something else than `about`.
    """
    if not sealed:
        return ""
    key_id, content = _parts(sealed)
    cipher = _cipher(keyring.ring().secret_of(key_id))
    try:
        plain = cipher.decrypt(content[:_NONCE], content[_NONCE:], about.encode())
    except (InvalidTag, ValueError):  # ValueError: too short to be one
        raise CannotOpen(key_id, why="changed") from None
    return plain.decode()


def is_sealed(text: str) -> bool:
    """Whether `text` is a sealed value, by its form."""
    return text.startswith(f"{FORM}.") and text.count(".") == 2


def key_of(sealed: str) -> str:
    """The id of the key a value was sealed with."""
    return _parts(sealed)[0]


def reseal(sealed: str, *, about: str = "") -> str:
    """The same value under the newest key; one that has it already as it is."""
    if not sealed or key_of(sealed) == keyring.ring().newest:
        return sealed
    return seal(open(sealed, about=about), about=about)


def normal(text: str, kind: str) -> str:
    """`text` as it is looked for: no spaces or strokes, letters large.

    `kind` is id_no, phone, account ... of a phone the mainland's prefix goes.
    """
    idle = not (text.isascii() and text.isalnum())  # most numbers are as they should
    plain = (_IDLE.sub("", text.strip()) if idle else text).upper()
    if kind == "phone" and plain.startswith(_BEFORE):
        return _ABROAD.sub("", plain)
    return plain


def digest(text: str, kind: str) -> str:
    """The blind index of one value; equal texts of one `kind` have equal ones.

    Of nothing it is nothing. Give it `normal(...)` to find a number however written.
    """
    return digester(kind)(text)


def digester(kind: str) -> Callable[[str], str]:
    """`digest` for many values of one kind: the key is made ready once."""
    key, prefix = keyring.ring().index_key, f"{kind}\0".encode()

    def one(text: str) -> str:
        if not text:
            return ""
        made = hmac.digest(key, prefix + text.encode(), "sha256")[:_DIGEST]
        return urlsafe_b64encode(made).decode().rstrip("=")

    return one


def tail(text: str, kind: str) -> str:
    """The blind index of the last four characters; of a shorter text none."""
    plain = normal(text, kind)
    return digest(plain[-_TAIL:], f"{kind}.tail") if len(plain) >= _TAIL else ""


def _parts(sealed: str) -> tuple[str, bytes]:
    form, _, rest = sealed.partition(".")
    key_id, point, content = rest.partition(".")
    if form != FORM or not point:
        raise CannotOpen("", why="form")
    try:
        return key_id, urlsafe_b64decode(content + "=" * (-len(content) % 4))
    except ValueError:
        raise CannotOpen(key_id, why="changed") from None


def _newest() -> tuple[str, AESGCM]:
    ring = keyring.ring()
    return ring.newest, _cipher(ring.secret_of(ring.newest))


@functools.lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
