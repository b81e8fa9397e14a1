"""The worker goes the rounds in a thread of its own, with Django set up."""

import threading
from datetime import datetime

import pytest
from django.db import connection

from daihou.config import rounds as going
from daihou.config import wiring
from daihou.kit import rounds

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_registered_is_done_until_asked_to_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "_rounds", {})
    monkeypatch.setattr(wiring, "start", lambda: None)
    stop, seen = threading.Event(), list[str]()

    def ask(*, at: datetime) -> None:
        assert at.tzinfo is not None
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        seen.append("asked")
        if len(seen) == 2:
            stop.set()

    def fail(*, at: datetime) -> None:
        raise RuntimeError(at)

    rounds.register("ask", every=0.01, do=ask)
    rounds.register("fail", every=0.01, do=fail)
    thread = threading.Thread(target=going.go_round, args=(stop,))
    thread.start()
    thread.join()
    assert seen == ["asked", "asked"]


def test_every_room_that_watches_is_registered() -> None:
    assert "failed day-ends" in {each.name for each in rounds.registered()}
