"""What the worker makes of the requests of the office."""

import json
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from daihou.nightly import worker
from daihou.nightly.stores import runs
from daihou.rooms.dayend.models import BusinessDate, Request, Run
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from tests.nightly import world
from tests.nightly.world import FIRST

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def night(tmp_path):
    world.build()
    made = world.a_night(tmp_path)
    yield made
    made.shut()


def a_worker(night_for, stop: Event) -> Thread:
    """A worker that runs until `stop` is set."""
    thread = Thread(
        target=worker.run_forever,
        args=(night_for,),
        kwargs={"url": world.url(), "now": lambda: world.AT, "stop": stop},
    )
    thread.start()
    return thread


def let_a_worker_finish(request: Request, folder: Path) -> None:
    """Start a worker, wait until it has answered `request`, and end it."""
    stop = Event()
    thread = a_worker(lambda who: world.a_night(folder, by=who), stop)
    for _ in range(100):
        request.refresh_from_db()
        if request.finished_at is not None:
            break
        stop.wait(0.1)
    stop.set()
    thread.join()


def test_the_worker_plans_what_closing_the_day_then_does(night, tmp_path):
    list(night.close(FIRST))
    before = world.state()
    asked = Request.objects.create(
        as_of=FIRST + DAY, kind="plan", by="arun", asked_at=world.AT
    )
    let_a_worker_finish(asked, tmp_path)
    assert asked.state == "done" and world.state() == before
    plan = asked.plan
    assert plan.pop("facts") == ledger.book.facts_mark() and plan.pop("seconds") > 0
    (closed,) = night.close()
    assert plan == json.loads(json.dumps(closed.plan.to_json())) and plan["changed"]
    mark = ledger.book.facts_mark()
    world.report_payment(Loan.objects.all()[0].pk, FIRST + DAY, 1, name="new")
    assert ledger.book.facts_mark() != mark


def test_a_worker_waits_while_another_night_runs(night, tmp_path):
    list(night.close(FIRST))
    asked = Request.objects.create(
        as_of=FIRST + DAY, kind="plan", by="arun", asked_at=world.AT
    )
    looks = []
    with psycopg.connect(world.url(), autocommit=True) as other:
        assert runs.lock(other)
        stop = Event()

        def made(who):
            looks.append(who)
            return world.a_night(tmp_path, by=who)

        thread = a_worker(made, stop)
        stop.wait(0.6)
        stop.set()
        thread.join()
    asked.refresh_from_db()
    assert (asked.state, asked.finished_at) == ("waiting", None)
    assert len(looks) == 1


def test_the_worker_carries_out_a_request_of_the_office(night, tmp_path):
    list(night.close(FIRST))
    asked = Request.objects.create(
        as_of=FIRST + 2 * DAY, kind="through", by="arun", asked_at=world.AT
    )
    wrong = Request.objects.create(
        as_of=FIRST - DAY, kind="again", by="arun", asked_at=world.AT
    )
    let_a_worker_finish(wrong, tmp_path)
    asked.refresh_from_db()
    assert (asked.state, wrong.state) == ("done", "failed")
    assert BusinessDate.objects.get().on == FIRST + 3 * DAY
    assert Run.objects.get(as_of=FIRST + DAY).by == "arun"
    assert wrong.problem["code"] == "before_first" and asked.problem is None
    assert str(FIRST - DAY) in wrong.problem["zh"] and "早于" in wrong.problem["zh"]
    assert f"{FIRST - DAY} lies before the first closed day" in wrong.problem["en"]


def test_what_breaks_a_run_off_is_not_its_reason_and_is_forgotten(
    night, tmp_path, monkeypatch
):
    list(night.close(FIRST))
    monkeypatch.setattr(night, "_publish_step", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(night.close())
    broken = Run.objects.get(as_of=FIRST + DAY)
    assert (broken.state, broken.reason) == ("failed", "")
    assert broken.error["code"] == "unexpected"
    assert "ZeroDivisionError" in broken.error["en"]
    monkeypatch.undo()
    list(night.close())
    broken.refresh_from_db()
    assert (broken.state, broken.reason, broken.error) == ("done", "", None)


def test_a_request_that_breaks_says_so_and_does_not_stay_open(night, tmp_path):
    asked = Request.objects.create(
        as_of=FIRST, kind="next", by="arun", asked_at=world.AT
    )
    stop = Event()

    def broken(who):
        made = world.a_night(tmp_path, by=who)
        made.close = lambda *_, **__: 1 / 0
        return made

    thread = a_worker(broken, stop)
    for _ in range(100):
        asked.refresh_from_db()
        if asked.finished_at is not None:
            break
        stop.wait(0.1)
    stop.set()
    thread.join()
    assert asked.state == "failed"
    assert asked.problem["zh"] == asked.problem["en"]
    assert asked.problem["en"].startswith("ZeroDivisionError")
