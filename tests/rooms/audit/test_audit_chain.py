"""Chains, heads and seals: what the database keeps, and what verifying finds."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from daihou.kit import seals
from daihou.rooms.audit import actions as audit_actions
from daihou.rooms.audit import door as audit
from daihou.rooms.audit.models import Event, Head, Incoming, Seal, Sealed
from tests.rooms.cast import AT, TODAY

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[3] / "docs/how-to/check_audit_export.py"


def new(subject: object = 1, *, kind: str = "thing", **more: object) -> audit.NewEvent:
    """One event of a thing."""
    return audit.NewEvent(
        **{
            "type": "thing.done",
            "subject_type": kind,
            "subject_id": subject,
            "by": "arun",
            "at": AT,
            "business_date": TODAY,
        }
        | more
    )


def write(*events: audit.NewEvent) -> None:
    with transaction.atomic():
        audit.record_many(events)


def as_owner(sql: str, params: object = None) -> None:
    """Run a statement with the triggers off, as the owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        try:
            cursor.execute(sql, params)
        finally:
            cursor.execute("set session_replication_role = origin")


def found() -> list[str]:
    return [str(finding) for finding in audit.verify().findings]


def test_each_subject_has_a_chain_and_a_head_that_counts_it() -> None:
    write(new(1), new(2), new(1), new(1))
    assert list(
        Event.objects.filter(subject_id="1").order_by("id").values_list("position")
    ) == [(1,), (2,), (3,)]
    head = Head.objects.get(subject_id="1")
    newest = Event.objects.filter(subject_id="1").latest("id")
    assert (head.count, bytes(head.hash)) == (3, bytes(newest.hash))
    verified = audit.verify()
    assert (verified.events, verified.chains, verified.findings) == (4, 2, ())


def test_before_after_and_for_whom_are_read_back() -> None:
    with transaction.atomic():
        audit.record(
            type="person.changed",
            subject_type="person",
            subject_id="mei",
            by="arun",
            on_behalf_of="bola",
            at=AT,
            business_date=None,
            before={"名": "甲", "rate": 0.1},
            after={"名": "乙\n\u0001", "big": 10**30, "list": [1.50, None, True]},
        )
    (entry,) = audit.timeline(subject_type="person", subject_id="mei")
    assert (entry.before or {})["名"] == "甲"
    assert (entry.after or {})["list"] == [1.50, None, True]
    assert entry.on_behalf_of == "bola"
    assert found() == []


def test_the_zone_of_a_session_does_not_matter() -> None:
    write(new(1, at=AT.astimezone(timezone(timedelta(hours=8)))))
    with connection.cursor() as cursor:
        cursor.execute("set local timezone = 'America/New_York'")
        cursor.execute("set local datestyle = 'German'")
    assert found() == []


def told_of_all() -> list[tuple[object, ...]]:
    """Everything the log says, but the ids: those of the second time are others."""
    names = ("type", "subject_type", "subject_id", "actor", "on_behalf_of", "reason")
    more = ("payload", "before", "after", "position", "business_date", "happened_on")
    return list(Event.objects.order_by("id").values_list(*names, *more, "recorded_at"))


def test_very_many_are_chained_at_once_as_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = [
        new(each, payload={"n": turn, "名": "甲\t\\"}, reason="a\nb", happened_on=TODAY)
        for turn in range(3)
        for each in (12, 3, "x", 7)
    ]
    before = [new(3), new(99)]
    write(*before)
    write(*many)
    first = told_of_all()
    as_owner("truncate audit_event, audit_head")
    write(*before)
    monkeypatch.setattr(audit_actions, "MANY", 2)
    write(*many)
    assert told_of_all() == first and not Incoming.objects.exists()
    verified = audit.verify()
    assert (verified.events, verified.chains, verified.findings) == (14, 5, ())
    assert Head.objects.get(subject_id="3").count == 4
    write(new(3))  # one by one goes on where all at once ended
    assert Head.objects.get(subject_id="3").count == 5
    assert found() == []


def test_many_of_one_subject_are_chained_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit_actions, "MANY", 2)
    write(*(new(1) for _each in range(40)), new(2))
    assert Head.objects.get(subject_id="1").count == 40
    assert found() == []


@pytest.mark.parametrize("table", ["audit_event", "audit_incoming"])
def test_nobody_says_a_place_or_a_hash_of_their_own(table: str) -> None:
    columns = "type, subject_type, subject_id, actor, recorded_at, reason, request_id"
    told = "'x', 'thing', '1', 'me', now(), '', ''"
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} ({columns}, payload) values ({told}, '{{}}')"
        )
    assert Head.objects.get().count == 1
    assert found() == []


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_head set count = 7",
        "delete from audit_head",
        "insert into audit_head values (99, 'thing', '9', 1, 'x')",
        "update audit_seal set root = 'x'",
        "delete from audit_seal",
        "update audit_sealed set count = 7",
        "delete from audit_sealed",
    ],
)
def test_the_database_refuses_to_touch_heads_and_seals(statement: str) -> None:
    write(new(1))
    audit.seal(on=TODAY, at=AT, by="night")
    with (
        pytest.raises(DatabaseError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert found() == []


def test_a_row_inserted_by_hand_is_chained_all_the_same() -> None:
    """Whoever inserts, the trigger says position and hashes."""
    write(new(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_event (type, subject_type, subject_id, actor,"
            " recorded_at, reason, request_id, payload, position, hash)"
            " values ('x', 'thing', '1', 'me', %s, '', '', '{}', 77, 'lie')",
            [AT],
        )
    assert Event.objects.latest("id").position == 2
    assert found() == []


def test_verifying_says_which_event_was_changed_removed_or_inserted() -> None:
    write(*[new(1, payload={"n": n}) for n in range(4)], new(2))
    second = Event.objects.get(subject_id="1", position=2)
    as_owner("update audit_event set actor = 'nobody' where id = %s", [second.pk])
    assert found() == [f"changed thing/1 position=2 event={second.pk}"]
    as_owner("update audit_event set actor = 'arun' where id = %s", [second.pk])
    assert found() == []
    as_owner("delete from audit_event where id = %s", [second.pk])
    assert found() == ["removed thing/1 position=2"]


def test_the_newest_event_removed_is_missed() -> None:
    write(new(1), new(1), new(2))
    as_owner("delete from audit_event where subject_id = '1' and position = 2")
    as_owner("delete from audit_event where subject_id = '2'")
    assert found() == ["removed thing/1 position=2", "removed thing/2 position=1"]


def test_an_event_slipped_in_behind_the_newest_is_found() -> None:
    write(new(1))
    as_owner(
        "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
        " reason, request_id, payload, position, previous_hash, hash) select type,"
        " subject_type, subject_id, actor, recorded_at, reason, request_id, payload,"
        " 2, hash, hash from audit_event"
    )
    slipped = Event.objects.get(position=2)
    assert f"inserted thing/1 position=2 event={slipped.pk}" in found()


def test_a_chain_rewritten_whole_with_its_head_is_found_by_its_seal() -> None:
    """Even one who computes every hash anew cannot make the sealed hash."""
    write(new(1), new(1))
    audit.seal(on=TODAY, at=AT, by="night")
    write(new(1))
    as_owner("delete from audit_event where subject_type = 'thing'")
    as_owner("delete from audit_head where subject_type = 'thing'")
    write(new(1, by="forger"), new(1), new(1))
    assert found() == ["sealed thing/1 position=2 seal=1"]


def test_a_removed_seal_is_missed_and_paper_does_not_lie() -> None:
    write(new(1))
    first = audit.seal(on=TODAY, at=AT, by="night")
    write(new(2))
    second = audit.seal(on=TODAY + timedelta(days=1), at=AT, by="night")
    assert second.previous == first.hash
    for made in (first, second):
        printed = seals.hash_of(made.printed())
        assert printed == (made.number, made.hash)
        assert audit.verify(printed=printed).findings == ()
    (wrong,) = audit.verify(printed=(1, second.hash)).findings
    assert str(wrong) == "printed seal=1"
    as_owner("delete from audit_seal where number = 2")
    as_owner("delete from audit_sealed where seal = 2")
    assert "seal seal=2" in found()


def test_a_seal_takes_in_only_what_grew(django_assert_num_queries) -> None:
    write(new(1), new(2))
    assert audit.seal(on=TODAY, at=AT, by="night").chains == 2
    write(new(2))
    with django_assert_num_queries(7):  # savepoints included
        again = audit.seal(on=TODAY, at=AT, by="night")
    assert again.chains == 2  # thing 2, and the chain of the seals themselves
    assert Sealed.objects.filter(subject_id="1").count() == 1
    assert Seal.objects.count() == 2


def test_merkle_roots_differ_by_order_and_by_number() -> None:
    leaves = [seals.leaf("loan", str(n), 1, "ab") for n in range(7)]
    roots = {seals.merkle_root(leaves[:n]) for n in range(8)}
    assert len(roots) == 8
    assert seals.merkle_root(leaves[::-1]) != seals.merkle_root(leaves)


def test_what_is_no_seal_is_refused() -> None:
    for text in ("", "hash ab", "DAIHOU AUDIT SEAL x\nhash ab"):
        with pytest.raises(ValueError, match="no seal"):
            seals.hash_of(text)


def exported(tmp_path: Path) -> Path:
    buffer = StringIO()
    audit.write_out(buffer)
    path = tmp_path / "audit.jsonl"
    path.write_text(buffer.getvalue(), "utf-8")
    return path


def outside(path: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_an_export_is_checked_outside_by_a_page_of_python(tmp_path: Path) -> None:
    write(*[new(n % 3, payload={"n": n, "名": "值"}) for n in range(9)])
    made = audit.seal(on=TODAY, at=AT, by="night")
    write(new(1))
    path = exported(tmp_path)
    code, told = outside(path, made.hash)
    assert (code, told.strip()) == (0, "11 events, 4 chains, 1 seals: in order")
    assert outside(path, "ab" * 32)[0] == 1
    lines = path.read_text("utf-8").splitlines()
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 70  # a page, to be read
    for number, line in enumerate(lines):  # each line missing, each event altered
        path.write_text("\n".join(lines[:number] + lines[number + 1 :]), "utf-8")
        assert outside(path, made.hash)[0] == 1, line
        kept = json.loads(line)
        if "text" in kept:
            kept["text"] = kept["text"].replace("20", "21", 1)
            other = [*lines[:number], json.dumps(kept), *lines[number + 1 :]]
            path.write_text("\n".join(other), "utf-8")
            assert outside(path, made.hash)[0] == 1, line


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_subjects_neither_fork_nor_lock_up() -> None:
    errors: list[DatabaseError] = []
    order = [3, 1, 2, 5, 4]

    def work(subjects: list[int]) -> None:
        try:
            for _ in range(10):
                write(*map(new, subjects))
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(subjects,))
        for subjects in (order, order[::-1], order)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert sorted(Head.objects.values_list("count", flat=True)) == [30] * 5
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_the_migration_chains_what_there_was() -> None:
    """Rows of before, without chain; afterwards in order, and still append-only."""
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "audit"]
    executor.migrate([("audit", "0001_initial")])
    with connection.cursor() as cursor:
        for n in range(12):
            cursor.execute(
                "insert into audit_event (type, subject_type, subject_id, actor,"
                " recorded_at, reason, request_id, payload) values"
                " ('old.thing', 'thing', %s, 'mei', %s, '', '', %s)",
                [str(n % 5), datetime(2026, 1, 1 + n, tzinfo=UTC), '{"a": 1.50}'],
            )
    MigrationExecutor(connection).migrate(newest)
    write(new(1), new(9))
    verified = audit.verify()
    assert (verified.events, verified.chains, verified.findings) == (14, 6, ())
    assert Event.objects.filter(subject_id="1").latest("position").position == 4
    with pytest.raises(DatabaseError, match="append_only"):
        Event.objects.update(actor="x")
