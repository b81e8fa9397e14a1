"""Two intakes at once: one after the other, and the second finds the first's work."""

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from daihou.rooms.ledger import door as ledger
from tests.intake import files


def _both(paths: list[Path]) -> list[str]:
    """Send the same files from two threads that meet at the lock."""
    states: list[str] = []
    gate = threading.Barrier(2)

    def send() -> None:
        try:
            gate.wait(10)
            states.append(str(files.take(paths).state))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(states)


@pytest.mark.django_db(transaction=True)
def test_the_same_files_sent_twice_at_once_are_taken_once(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    assert _both(paths) == ["applied", "known"]
    assert files.query("SELECT count(*) FROM ledger_demand") == [(15,)]
    assert files.query("SELECT count(*) FROM intake_batch") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_an_intake_waits_for_the_one_before(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    done = threading.Event()

    def send() -> None:
        try:
            files.take(paths)
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        ledger.taking_in.hold_intake()
        thread = threading.Thread(target=send)
        thread.start()
        assert not done.wait(1.0), "it did not wait"
    thread.join(60)
    assert done.is_set()
