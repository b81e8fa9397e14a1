"""Every tampering with one row of the event log is found, whoever does it.

As the owner of the database, triggers off: a row of the events, heads, seals or
sealed chains is changed, removed or inserted, and verifying must name it. Events may
be inserted and changed with all their own hashes right; only what is kept apart tells.
"""

import hashlib
import random
import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from daihou.rooms.audit import door as audit
from daihou.rooms.audit.models import TEXT
from tests.rooms.cast import AT, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.alone]
Rng = random.Random
NORMAL, DEEP = 60, 1_000

TEXTS = ("type", "actor", "on_behalf_of", "reason", "request_id", "subject_id")
CHANGES = (
    *((name, f"{name} || 'x'") for name in TEXTS),
    ("subject_type", "'other'"),
    ("recorded_at", "recorded_at + interval '1 microsecond'"),
    ("business_date", "coalesce(business_date, '2026-01-01') + 1"),
    ("happened_on", "coalesce(happened_on, '2026-01-01') - 1"),
    ("payload", "payload || '{\"amount\": 13}'"),
    ("payload", "payload || '{\"extra\": null}'"),
    ("before", "'{\"a\": 2}'"),
    ("after", "'[]'"),
    ("position", "position + 100"),
    ("previous_hash", "sha256(previous_hash)"),
    ("hash", "sha256(hash)"),
    ("id", "id + 1000000"),
)


def run(sql: str, params: object = None) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def make_log(rng: Rng) -> None:
    """Some chains of one to nine events over four sealed days and an open one."""
    for day in range(5):
        with transaction.atomic():
            audit.record_many(
                audit.NewEvent(
                    type="payment.received",
                    subject_type="loan",
                    subject_id=rng.randrange(12),
                    by=rng.choice(("mei", "arun")),
                    at=AT,
                    business_date=rng.choice((None, TODAY)),
                    payload={"amount": rng.randrange(9), "甲": day},
                    before=rng.choice((None, {"a": 1})),
                )
                for _ in range(10)
            )
        if day < 4:
            audit.seal(on=TODAY, at=AT, by="night")


def pick(rng: Rng, table: str, key: str = "id") -> object:
    return rng.choice(run(f"select {key} from {table} order by 1"))[0]


def change_event(rng: Rng) -> str:
    row = pick(rng, "audit_event")
    column, value = rng.choice(CHANGES)
    run(f"update audit_event set {column} = {value} where id = %s", [row])
    return f"event={row + 1_000_000 if column == 'id' else row}"


def change_event_and_its_hash(rng: Rng) -> str:
    """The forger computes the hash of the changed row anew."""
    row = pick(rng, "audit_event")
    run("update audit_event set payload = '{\"forged\": 1}' where id = %s", [row])
    ((text, kind, name),) = run(
        f"select {TEXT.format(row='e')}, subject_type, subject_id"
        " from audit_event e where id = %s",
        [row],
    )
    digest = hashlib.sha256(str(text).encode()).digest()
    run("update audit_event set hash = %s where id = %s", [digest, row])
    return f"{kind}/{name}"


def remove_event(rng: Rng) -> str:
    row = pick(rng, "audit_event")
    ((kind, name, position),) = run(
        "delete from audit_event where id = %s"
        " returning subject_type, subject_id, position",
        [row],
    )
    return f"{kind}/{name} position={position}"


def remove_newest(rng: Rng) -> str:
    head = pick(rng, "audit_head")
    ((kind, name, position),) = run(
        "delete from audit_event e using audit_head h where h.id = %s"
        " and (e.subject_type, e.subject_id, e.position)"
        " = (h.subject_type, h.subject_id, h.count)"
        " returning e.subject_type, e.subject_id, e.position",
        [head],
    )
    return f"{kind}/{name} position={position}"


def insert_event(rng: Rng) -> str:
    """One more behind the newest, in order with it, its own hash right."""
    row = pick(rng, "audit_head")
    ((new,),) = run(
        "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
        " reason, request_id, payload, position, previous_hash, hash)"
        " select 'forged', subject_type, subject_id, 'me', %s, '', '', '{}', count + 1,"
        " hash, '' from audit_head where id = %s returning id",
        [AT, row],
    )
    ((text,),) = run(
        f"select {TEXT.format(row='e')} from audit_event e where id = %s", [new]
    )
    digest = hashlib.sha256(str(text).encode()).digest()
    run("update audit_event set hash = %s where id = %s", [digest, new])
    return f"inserted.*event={new}"


def insert_elsewhere(rng: Rng) -> str:
    """A row of a subject nobody knows, or far behind the end of a chain."""
    name = rng.choice(("3", "unknown"))
    run(
        "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
        " reason, request_id, payload, position, previous_hash, hash)"
        " values ('x', 'loan', %s, 'me', %s, '', '', '{}', %s, '', '')",
        [name, AT, rng.choice((-1, 0, 50))],
    )
    return f"loan/{name}"


def touch_head(rng: Rng) -> str:
    row = pick(rng, "audit_head")
    ((kind, name),) = run(
        "select subject_type, subject_id from audit_head where id = %s", [row]
    )
    run(
        rng.choice(
            (
                "update audit_head set count = count - 1 where id = %s",
                "update audit_head set count = count + 1 where id = %s",
                "update audit_head set hash = sha256(hash) where id = %s",
                "delete from audit_head where id = %s",
            )
        ),
        [row],
    )
    return f"{kind}/{name}"


def insert_head(_rng: Rng) -> str:
    run(
        "insert into audit_head (subject_type, subject_id, count, hash)"
        " values ('loan', 'ghost', 1, 'x')"
    )
    return "loan/ghost"


def touch_seal(rng: Rng) -> str:
    row = pick(rng, "audit_seal", "number")
    change = rng.choice(
        (
            "root = sha256(root)",
            "hash = sha256(hash)",
            "previous_hash = 'x'",
            "chains = chains + 1",
            "actor = 'me'",
            "business_date = business_date - 1",
            "sealed_at = sealed_at - interval '1 s'",
            "",
        )
    )
    deed = f"update audit_seal set {change}" if change else "delete from audit_seal"
    run(f"{deed} where number = %s", [row])
    return f"seal={row}"


def insert_seal(_rng: Rng) -> str:
    run(
        "insert into audit_seal (number, business_date, sealed_at, actor, chains, root,"
        " previous_hash, hash) select number + 1, business_date, sealed_at, actor, 0,"
        " '', hash, hash from audit_seal order by number desc limit 1"
    )
    return "seal=5"


def touch_sealed(rng: Rng) -> str:
    row = pick(rng, "audit_sealed")
    ((seal,),) = run("select seal from audit_sealed where id = %s", [row])
    run(
        rng.choice(
            (
                "update audit_sealed set count = count + 100 where id = %s",
                "update audit_sealed set hash = sha256(hash) where id = %s",
                "update audit_sealed set subject_id = 'ghost' where id = %s",
                "delete from audit_sealed where id = %s",
            )
        ),
        [row],
    )
    return f"seal={seal}"


def insert_sealed(_rng: Rng) -> str:
    run(
        "insert into audit_sealed (seal, subject_type, subject_id, count, hash)"
        " values (2, 'loan', 'ghost', 1, 'x')"
    )
    return "seal=2"


TAMPERINGS: tuple[Callable[[Rng], str], ...] = (
    *[change_event] * 6,
    change_event_and_its_hash,
    remove_event,
    remove_newest,
    insert_event,
    insert_elsewhere,
    touch_head,
    insert_head,
    touch_seal,
    insert_seal,
    touch_sealed,
    insert_sealed,
)


@pytest.mark.parametrize("times", [NORMAL, pytest.param(DEEP, marks=pytest.mark.deep)])
def test_every_tampering_with_one_row_is_found_and_named(times: int) -> None:
    rng = Rng(times)
    make_log(rng)
    assert audit.verify().findings == ()
    run("set session_replication_role = replica")
    missed = []
    for number in range(times):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        mark = transaction.savepoint()
        named = tamper(rng)
        told = [str(finding) for finding in audit.verify().findings]
        if not any(re.search(rf"{named}\b", line) for line in told):
            missed.append((tamper.__name__, named, told))
        transaction.savepoint_rollback(mark)
    run("set session_replication_role = origin")
    assert missed == []
    assert audit.verify().findings == ()
