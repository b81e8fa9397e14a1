"""The seal of a day over every chain of the event log; office and night use this.

Plain Python and SQL on any cursor, so that the night seals the day it closes in the
transaction that closes it, and the office can seal at any time.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol

_LOCK: Final = 0x4441_5345  # one seal at a time
_TITLE: Final = "DAIHOU AUDIT SEAL"


class Cursor(Protocol):
    """What is needed of a cursor of psycopg or of Django."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySeal:
    """One seal: hashes in hex, `previous` empty for the first."""

    number: int
    on: date
    at: datetime
    by: str
    chains: int
    root: str
    previous: str

    @property
    def text(self) -> str:
        """What the hash is taken of; `v` names this form."""
        kept: Mapping[str, object] = {
            "v": 1,
            "seal": self.number,
            "on": self.on.isoformat(),
            "at": self.at.astimezone(UTC).isoformat(),
            "by": self.by,
            "chains": self.chains,
            "root": self.root,
            "previous": self.previous,
        }
        return json.dumps(kept, sort_keys=True, ensure_ascii=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def printed(self) -> str:
        """What is printed and put into the safe; `hash_of` reads it back."""
        return (
            f"{_TITLE} {self.number}\nday {self.on}\nchains {self.chains}\n"
            f"root {self.root}\nhash {self.hash}\ntext {self.text}\n"
        )


def hash_of(printed: str) -> tuple[int, str]:
    """Number and hash of a printed seal; ValueError when it is none."""
    lines = dict(
        line.strip().rpartition(" ")[::2]
        for line in printed.splitlines()
        if line.startswith((_TITLE, "hash "))
    )
    if not {_TITLE, "hash"} <= set(lines) or not lines[_TITLE].isdigit():
        raise ValueError("no seal")
    return int(lines[_TITLE]), lines["hash"]


def leaf(subject_type: str, subject_id: str, count: int, hashed: str) -> bytes:
    """The leaf of one chain: its subject, its length and the hash of its newest."""
    text = json.dumps([subject_type, subject_id, count, hashed], ensure_ascii=False)
    return hashlib.sha256(b"\0" + text.encode()).digest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The root over leaves in order; an odd one goes up as it is; none: empty."""
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [
            hashlib.sha256(b"\1" + level[n] + level[n + 1]).digest()
            for n in range(0, len(level) - 1, 2)
        ] + odd
    return level[0].hex() if level else ""


def seal(cursor: Cursor, *, on: date, at: datetime, by: str) -> DaySeal:
    """Seal all chains that grew since the last seal; call it inside a transaction.

    `on` is the business day sealed. The event `audit.sealed` tells of it, so that
    a seal taken away is missed.
    """
    cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    cursor.execute("select number, hash from audit_seal order by number desc limit 1")
    number, previous = cursor.fetchone() or (0, b"")
    cursor.execute(
        "with grown as (insert into audit_sealed"
        " (seal, subject_type, subject_id, count, hash)"
        " select %s, subject_type, subject_id, count, hash from audit_head h"
        " where not exists (select from audit_sealed s"
        " where s.subject_type = h.subject_type and s.subject_id = h.subject_id"
        " and s.count = h.count) returning subject_type, subject_id, count, hash)"
        " select subject_type, subject_id, count, encode(hash, 'hex') from grown"
        " order by 1, 2",
        (number + 1,),
    )
    leaves = [leaf(*row) for row in cursor.fetchall()]
    made = DaySeal(
        number=number + 1,
        on=on,
        at=at,
        by=by,
        chains=len(leaves),
        root=merkle_root(leaves),
        previous=bytes(previous).hex(),
    )
    cursor.execute(
        "insert into audit_seal (number, business_date, sealed_at, actor, chains,"
        " root, previous_hash, hash) values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            made.number,
            on,
            at,
            by,
            made.chains,
            bytes.fromhex(made.root),
            bytes.fromhex(made.previous),
            bytes.fromhex(made.hash),
        ),
    )
    cursor.execute(
        "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
        " business_date, reason, request_id, payload) values ('audit.sealed',"
        " 'audit.seal', 'all', %s, %s, %s, '', '', %s)",
        (by, at, on, json.dumps({"seal": made.number, "hash": made.hash})),
    )
    return made
