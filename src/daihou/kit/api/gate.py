"""Who lets callers in and remembers answers: a room that comes later says so here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the token and the person it is bound to.

    `limit` requests a minute are allowed, `left` of them remain, `resets_in` seconds
    from now they are counted anew.
    """

    token_id: int
    public_id: str
    person: Any
    scopes: frozenset[str]
    limit: int
    left: int
    resets_in: int

    def headers(self) -> Mapping[str, str]:
        """How much may still be asked, for every answer."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.resets_in),
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is kept and given again to the same key."""

    status: int
    content_type: str
    body: str


class Gate(Protocol):
    """What the guard asks of the room that keeps tokens."""

    def enter(self, bearer: str, *, address: str, at: datetime) -> Caller:
        """The caller behind a bearer token, counted; Unknown or TooMany.

        NotAllowed for one that comes from another `address` than it may.
        """

    def claim(self, caller: Caller, key: str, fingerprint: str) -> Reply | None:
        """Take a key for this transaction; the answer given to it before, if any.

        Conflict where the key stands for another request, or its first is under way.
        """

    def keep(
        self, caller: Caller, key: str, fingerprint: str, reply: Reply, *, at: datetime
    ) -> None:
        """Keep the answer, in the transaction of what it answers."""


_gate: list[Gate] = []


def bind_gate(gate: Gate) -> None:
    """Say who lets callers in."""
    _gate[:] = [gate]


def gate() -> Gate:
    """Who lets callers in."""
    assert _gate, "no gate is bound; the gateway room binds one at start-up"
    return _gate[0]
