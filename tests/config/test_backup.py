"""A backup taken while money comes in, put back elsewhere: the same book."""

import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from daihou.config import embedded
from daihou.config.backup import manifest as contents
from daihou.config.backup import put_back, verify
from daihou.config.embedded import Place, join
from daihou.kit import grades, speech
from daihou.nightly.grading.grader import Grader
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger.models import Payment
from tests.nightly import world

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]

NEWEST_SEAL = (
    "select number, encode(hash, 'hex') from audit_seal order by number desc limit 1"
)
ROOT = Path(__file__).parents[2]


def typed(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a person types it, in a place of its own."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DAIHOU_", "DJANGO_")) and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-m", "daihou.config.cli", *words],
        env=clean | {"DAIHOU_LANGUAGE": "en"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A lender that lived a week: two results of one day, a mapping, a key."""
    folder = tmp_path / "lender"
    lender = world.build(loans=24)
    night = world.a_night(folder)
    try:
        assert list(night.close(world.FIRST, through=world.LAST))
        world.report_payment(lender.loans[0], world.LAST, 50_000, name="late", pk=9_000)
        assert list(night.close(through=world.LAST))
    finally:
        night.shut()
    grades.bind_grader(Grader(url=world.url(), home=folder))
    try:
        for as_of in (world.FIRST, world.LAST):
            assert grading.grade_day(as_of, at=world.AT, by="mei")
    finally:
        grades.unbind_grader()
    for name, text in {"mappings/own.yaml": "a: 1\n", "secrets/ring": "k1"}.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A home for another server, where no other test run changes who may pass."""
    with tempfile.TemporaryDirectory(prefix="daihou-test-") as folder:
        yield Path(folder) / "home"


@pytest.fixture
def slow_programs(tmp_path: Path) -> str:
    """PostgreSQL's dump program, but so slow to begin that payments come between."""
    folder = tmp_path / "bin"
    folder.mkdir()
    slow = folder / "pg_dump"
    slow.write_text(f'#!/bin/sh\nsleep 1\nexec "{embedded.programs()}/pg_dump" "$@"\n')
    slow.chmod(0o755)
    return str(folder)


@contextmanager
def load(home: Path) -> Iterator[list[str]]:
    """Payments posted by another process; the list grows as they are committed."""
    loans = Payment.objects.filter(loan__product="consumer_loan").values_list(
        "loan_id", flat=True
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.config.poster", *map(str, sorted(set(loans)))],
        env=os.environ
        | {
            "DATABASE_URL": world.url(),
            "DAIHOU_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "daihou.config.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None and process.stdout is not None
    said = [process.stdout.readline().strip()]
    assert said == ["LOAD0"]
    reading = process.stdout

    def listen() -> None:
        said.extend(line.strip() for line in reading)

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield said
    finally:
        process.stdin.close()
        assert process.wait(30) == 0
        listener.join()
        process.stdout.close()


def rows(url: str, asked: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(asked.encode()).fetchall()


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_backup_under_load_comes_back_as_the_same_book(
    home, elsewhere, slow_programs, tmp_path
):
    out = tmp_path / "book.daihou"
    with load(home) as said:
        before = len(said)
        backed = typed(
            *("backup", "--out", str(out)),
            DATABASE_URL=world.url(),
            DAIHOU_HOME=str(home),
            DAIHOU_PG_BIN=slow_programs,
        )
        after = len(said)
    assert backed.returncode == 0, backed.stderr
    assert out.stat().st_mode & 0o077 == 0
    restored = typed("restore", str(out), "--home", str(elsewhere), "--verify")
    assert restored.returncode == 0, restored.stderr
    assert "The same book" in restored.stdout
    assert re.search(r"secrets: .*\bring\b", restored.stderr)  # is kept elsewhere
    (seal,) = rows(world.url(), NEWEST_SEAL)
    assert f"The event log is whole; newest seal {seal[0]} {seal[1]}" in restored.stdout
    assert not (elsewhere / "secrets" / "ring").exists()

    assert len(files(home / "book" / "classes")) == 2
    assert files(elsewhere / "book") == files(home / "book")
    positions = files(home / "book" / "positions")
    assert len(positions) > len({path.split("/")[0] for path in positions})
    assert files(elsewhere / "mappings") == {"own.yaml": b"a: 1\n"}
    assert before < after, "no payment was posted meanwhile"
    kept = one_moment_of(elsewhere)
    assert before <= kept <= after < len(said)
    again = typed("user", "list", DAIHOU_HOME=str(elsewhere))
    assert again.returncode == 0, again.stderr


def one_moment_of(elsewhere: Path) -> int:
    """How many payments of the load are there: the first so many, each whole."""
    loaded = "from ledger_payment where external_id like 'LOAD%'"
    share = join(elsewhere, durable=False)
    try:
        url = Place(elsewhere).url()
        ((kept,),) = rows(url, f"select count(*) {loaded}")
        last = f"select max(substr(external_id, 5)::int) + 1, sum(amount) {loaded}"
        assert rows(url, last) == [(kept, sum(1 + n % 7 for n in range(kept)))]
        events = "select count(*) from audit_event where type = 'payment.received'"
        noted = "select count(*) from ledger_change where kind = 'payment.received'"
        assert rows(url, events) == [(kept,)]
        assert rows(url, noted) == [(kept + 1,)]  # and the late one
        assert rows(url, "select tgname from pg_trigger where tgname like '%append%'")
    finally:
        share.leave()
    return int(kept)


def backup_of(home: Path, out: Path, *words: str) -> contents.Manifest:
    done = typed(
        *("backup", "--out", str(out), *words),
        DATABASE_URL=world.url(),
        DAIHOU_HOME=str(home),
    )
    assert done.returncode == 0, done.stderr
    return contents.read(out)


def test_what_was_altered_after_the_backup_is_found(home, tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "_spoken", ["en"])
    manifest = backup_of(home, tmp_path / "book.daihou")
    place = {"url": world.url(), "home": home}
    assert verify.differences(manifest, **place) == []
    with psycopg.connect(world.url(), autocommit=True) as connection:
        connection.execute(
            "update ledger_position set dpd = dpd + 1 where loan_id ="
            " (select min(loan_id) from ledger_position)"
        )
        (found,) = verify.differences(manifest, **place)
        assert "ledger_position" in found
        connection.execute(
            "update dayend_run set fingerprint = repeat('0', 32) where current"
            " and as_of = %s",
            (world.FIRST,),
        )
    found = verify.differences(manifest, **place)
    assert len(found) == 3
    assert any(world.FIRST.isoformat() in line for line in found)
    for path in (home / "book" / "positions").rglob(f"as_of={world.LAST}/*.parquet"):
        path.write_bytes(path.read_bytes()[:-9])
    cut = set(verify.differences(manifest, **place)) - set(found)
    assert sum("altered" in line for line in cut) == len(cut) - 1
    assert any(f"positions of {world.LAST}" in line for line in cut)
    path.unlink()
    refused = typed(
        *("backup", "--out", str(tmp_path / "next.daihou")),
        DATABASE_URL=world.url(),
        DAIHOU_HOME=str(home),
    )
    assert refused.returncode == 1
    assert not (tmp_path / "next.daihou").exists()


def test_classes_are_compared_and_what_was_gone_before_is_not_missed(
    home, tmp_path, monkeypatch
):
    monkeypatch.setattr(speech, "_spoken", ["en"])
    place = {"url": world.url(), "home": home}
    (first,) = (home / "book" / "classes").rglob(f"as_of={world.FIRST}/*.parquet")
    (last,) = (home / "book" / "classes").rglob(f"as_of={world.LAST}/*.parquet")
    first.unlink()  # the worker makes it again; no backup waits for that
    manifest = backup_of(home, tmp_path / "book.daihou")
    assert set(manifest.classes) == {str(world.FIRST), str(world.LAST)}
    assert verify.differences(manifest, **place) == []
    last.write_bytes(last.read_bytes()[:-9])
    altered, of_day = verify.differences(manifest, **place)
    assert "altered" in altered and last.name in altered
    assert of_day.startswith(f"classes of {world.LAST}")
    assert of_day.endswith("- in the file")
    with psycopg.connect(world.url(), autocommit=True) as connection:
        connection.execute("update grading_run set current = false where current")
    found = verify.differences(manifest, **place)
    assert any(f"classes of {world.FIRST}" in line for line in found)


def test_a_target_that_holds_something_is_left_alone(home, elsewhere, tmp_path):
    out = tmp_path / "book.daihou"
    manifest = backup_of(home, out, "--with-secrets")
    refused = typed("restore", str(out), "--home", str(home), "--database", world.url())
    assert refused.returncode == 1 and "is not empty" in refused.stderr
    other = elsewhere / "book" / "positions" / "as_of=2020-01-01"
    other.mkdir(parents=True)
    (other / "positions-1.parquet").write_text("another book")
    refused = typed("restore", str(out), "--home", str(elsewhere))
    assert refused.returncode == 1 and "another book's" in refused.stderr
    assert len(files(elsewhere / "book")) == 1
    again = typed(
        *("backup", "--out", str(out)),
        DATABASE_URL=world.url(),
        DAIHOU_HOME=str(home),
    )
    assert again.returncode == 1 and "there already" in again.stderr
    assert contents.read(out) == manifest
    assert manifest.files.keys() >= {"secrets/ring", "mappings/own.yaml"}


def altered(source: Path, target: Path, name: str) -> None:
    """The backup with one byte of one member changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            content = bytearray(old.extractfile(member).read())
            if member.name.endswith(name):
                content[len(content) // 2] ^= 1
            new.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("name", [".parquet", "database.dump"])
def test_a_damaged_backup_is_not_put_back(home, elsewhere, tmp_path, name):
    out, damaged = tmp_path / "book.daihou", tmp_path / "damaged.daihou"
    backup_of(home, out)
    altered(out, damaged, name)
    told = typed("restore", str(damaged), "--home", str(elsewhere))
    assert told.returncode == 1 and re.search(rf"{name}.* is damaged", told.stderr), (
        told.stderr
    )
    share = join(elsewhere, durable=False)
    try:
        put_back.must_be_empty(Place(elsewhere).url())
    finally:
        share.leave()
    # The good one goes into the same place: nothing is in its way.
    done = typed("restore", str(out), "--home", str(elsewhere), "--verify")
    assert done.returncode == 0, done.stderr


def test_what_is_no_backup_is_said_so(home, elsewhere, tmp_path):
    half = tmp_path / "half.daihou"
    backup_of(home, tmp_path / "book.daihou")
    whole = (tmp_path / "book.daihou").read_bytes()
    half.write_bytes(whole[: len(whole) // 2])
    for path in (half, home / "mappings" / "own.yaml"):
        told = typed("restore", str(path), "--home", str(elsewhere))
        assert told.returncode == 1 and "no whole backup" in told.stderr, told.stderr
