"""Finds what was changed, removed or inserted in the event log behind its back."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from daihou.kit import seals
from daihou.rooms.audit.models import TEXT

_BATCH = 5_000  # rows a fetch

EVENTS = (
    "select e.subject_type, e.subject_id, e.position, e.id,"
    " encode(e.previous_hash, 'hex') as previous, encode(e.hash, 'hex') as hash,"
    f" {TEXT.format(row='e')} as text from audit_event e"
    " order by e.subject_type, e.subject_id, e.position, e.id"
)
HEADS = (
    "select subject_type, subject_id, count, encode(hash, 'hex') from audit_head"
    " order by subject_type, subject_id"
)
SEALED = (
    "select seal, subject_type, subject_id, count, encode(hash, 'hex')"
    " from audit_sealed order by seal, subject_type, subject_id"
)
SEALS = (
    "select number, business_date, sealed_at, actor, chains, encode(root, 'hex'),"
    " encode(previous_hash, 'hex'), encode(hash, 'hex') from audit_seal order by number"
)
_TOLD = (
    "select (payload->>'seal'), payload->>'hash' from audit_event"
    " where subject_type = 'audit.seal' and type = 'audit.sealed'"
)
_SEALED_OTHERWISE = (
    "select s.seal, s.subject_type, s.subject_id, s.count from audit_sealed s"
    " left join audit_event e on e.subject_type = s.subject_type"
    " and e.subject_id = s.subject_id and e.position = s.count"
    " where e.hash is distinct from s.hash order by 1, 2, 3, 4"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was written.

    `what` is changed, removed, inserted, unlinked (the event before does not lead
    to it), head (the count or hash kept apart disagrees), seal, sealed (a chain is
    not as a seal took it in) or printed (a seal on paper says otherwise).
    """

    what: str
    subject_type: str = ""
    subject_id: str = ""
    position: int | None = None
    event: int | None = None
    seal: int | None = None

    def __str__(self) -> str:
        """Show what and where, in one line for people and programs."""
        parts = [self.what]
        if self.subject_type or self.subject_id:
            parts.append(f"{self.subject_type}/{self.subject_id}")
        for name in ("position", "event", "seal"):
            value = getattr(self, name)
            parts += [] if value is None else [f"{name}={value}"]
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification read and what it found."""

    events: int
    chains: int
    seals: int
    last: tuple[int, str] | None  # number and hash of the newest seal
    findings: tuple[Finding, ...]


def rows(sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, never all in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch


def one_moment(stack: ExitStack) -> None:
    """Read everything as of one moment, so that who writes meanwhile is no finding."""
    if connection.in_atomic_block:
        return
    stack.enter_context(transaction.atomic())
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")


def verify(
    *,
    printed: tuple[int, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verified:
    """Walk every chain, head and seal; `printed` is a seal kept outside.

    Reads all events once in the order of their chains; `progress` is told now and
    then how many were read.
    """
    walk = _Walk(progress)
    with ExitStack() as stack:
        one_moment(stack)
        walk.chains()
        walk.sealed()
        last = walk.seals(printed)
    return Verified(
        events=walk.read,
        chains=walk.heads,
        seals=walk.sealed_days,
        last=last,
        findings=tuple(walk.findings),
    )


class _Walk:
    """One verification under way."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self.read = self.heads = self.sealed_days = 0
        self.findings: list[Finding] = []
        self._progress = progress

    def _find(self, what: str, **where: Any) -> None:
        self.findings.append(Finding(what=what, **where))

    # -- chains and their heads ----------------------------------------------------

    def chains(self) -> None:
        """Compare events and heads, both in order of subject."""
        heads = rows(HEADS)
        head = next(heads, None)
        for subject, events in itertools.groupby(rows(EVENTS), key=itemgetter(0, 1)):
            while head is not None and _before(head, subject):
                self._head_alone(head)
                head = next(heads, None)
            if head is not None and tuple(head[:2]) == subject:
                self._chain(subject, events, count=head[2], newest=head[3])
                self.heads += 1
                head = next(heads, None)
            else:
                self._find("head", subject_type=subject[0], subject_id=subject[1])
                self._chain(subject, events, count=None, newest="")
        while head is not None:
            self._head_alone(head)
            head = next(heads, None)

    def _head_alone(self, head: tuple[Any, ...]) -> None:
        self.heads += 1
        self._find(
            "removed", subject_type=head[0], subject_id=head[1], position=head[2]
        )

    def _chain(
        self,
        subject: tuple[str, str],
        events: Iterator[tuple[Any, ...]],
        *,
        count: int | None,
        newest: str,
    ) -> None:
        """One chain: each event hashes to what it says and follows the one before."""
        kind, name = subject
        expected, before = 1, ""
        for _kind, _name, position, event, previous, hashed, text in events:
            self._count()
            where = {"subject_type": kind, "subject_id": name, "position": position}
            if hashlib.sha256(text.encode()).hexdigest() != hashed:
                self._find("changed", event=event, **where)
            if position < expected or (count is not None and position > count):
                self._find("inserted", event=event, **where)
                continue
            for missing in range(expected, min(position, expected + 10)):
                self._find("removed", **(where | {"position": missing}))
            if position == expected and previous != before:
                self._find("unlinked", event=event, **where)
            expected, before = position + 1, hashed
        where = {"subject_type": kind, "subject_id": name}
        for missing in range(expected, min((count or 0) + 1, expected + 10)):
            self._find("removed", position=missing, **where)
        if count is not None and count == expected - 1 and before != newest:
            self._find("head", position=count, **where)
        if count is not None and count < 1:
            self._find("head", position=count, **where)

    def _count(self) -> None:
        self.read += 1
        if self._progress is not None and self.read % 100_000 == 0:
            self._progress(self.read)

    # -- seals ---------------------------------------------------------------------

    def sealed(self) -> None:
        """Each chain still has, at the length a seal took in, the hash it took in."""
        for number, kind, name, count in rows(_SEALED_OTHERWISE):
            self._find(
                "sealed",
                subject_type=kind,
                subject_id=name,
                position=count,
                seal=number,
            )

    def seals(self, printed: tuple[int, str] | None) -> tuple[int, str] | None:
        """Make every seal anew and compare: rows, roots, order, events, paper."""
        told = dict(rows(_TOLD))
        groups = itertools.groupby(rows(SEALED), key=itemgetter(0))
        group = next(groups, None)
        last: tuple[int, str] | None = None
        found: dict[int, str] = {}
        for number, on, at, by, chains, root, previous, hashed in rows(SEALS):
            self.sealed_days += 1
            while group is not None and group[0] < number:
                self._find("seal", seal=group[0])
                group = next(groups, None)
            leaves: list[bytes] = []
            if group is not None and group[0] == number:
                leaves = [seals.leaf(*row[1:]) for row in group[1]]
                group = next(groups, None)
            made = seals.DaySeal(
                number=number,
                on=on,
                at=at,
                by=by,
                chains=len(leaves),
                root=seals.merkle_root(leaves),
                previous=last[1] if last else "",
            )
            rightly = (made.chains, made.root, made.previous, made.hash)
            follows = number == (last[0] + 1 if last else 1)
            if (chains, root, previous, hashed) != rightly or not follows:
                self._find("seal", seal=number)
            if told.pop(str(number), None) != hashed:
                self._find("seal", seal=number)
            last = (number, hashed)
            found[number] = made.hash
        if group is not None:
            self._find("seal", seal=group[0])
        for number in told:
            self._find("seal", seal=int(number) if str(number).isdigit() else None)
        if printed is not None and found.get(printed[0]) != printed[1]:
            self._find("printed", seal=printed[0])
        return last


def _before(head: tuple[Any, ...], subject: tuple[str, str]) -> bool:
    """Whether the head sorts before the subject, as the database sorts them."""
    mine = (head[0].encode(), head[1].encode())
    return mine < (subject[0].encode(), subject[1].encode())
