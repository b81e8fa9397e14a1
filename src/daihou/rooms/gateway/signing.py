"""Signed messages, in the form of the Standard Webhooks specification.

`webhook-signature` holds one `v1,<base64>` for each key in force, parted by spaces:
HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`. A key is `whsec_<base64>`.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"


def new_key() -> str:
    """A key of 256 random bits."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signature(key: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message under one key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    raw = b64decode(key.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()


def headers(
    keys: Iterable[str], *, message_id: str, at: datetime, body: bytes
) -> Mapping[str, str]:
    """The headers of a message signed at the instant `at`, the newest key first."""
    timestamp = int(at.timestamp())
    made = [
        signature(key, message_id=message_id, timestamp=timestamp, body=body)
        for key in keys
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(made),
    }
