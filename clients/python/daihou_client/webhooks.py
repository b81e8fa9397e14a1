"""Checking a message before it is believed."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)


class Untrusted(Exception):
    """The message is not from this lender, was changed, or is too old."""


def verify(
    keys: Iterable[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> str:
    """The number of a message whose signature holds; else Untrusted.

    `keys` are the keys in force (`whsec_...`), `body` the bytes as they arrived, `now`
    an aware instant. The same number may come more than once: do it once.
    """
    names = {name.lower(): value for name, value in headers.items()}
    number, stamp = names.get("webhook-id", ""), names.get("webhook-timestamp", "")
    if not number or not stamp.isdigit():
        raise Untrusted("the headers of a message are missing")
    if abs(now.timestamp() - int(stamp)) > tolerance.total_seconds():
        raise Untrusted("the message is too old, or the clock is wrong")
    signed = f"{number}.{stamp}.".encode() + body
    given = names.get("webhook-signature", "").split()
    for key in keys:
        raw = b64decode(key.removeprefix("whsec_"))
        wanted = "v1," + b64encode(hmac.digest(raw, signed, "sha256")).decode()
        if any(hmac.compare_digest(wanted, each) for each in given):
            return number
    raise Untrusted("no signature holds")
