"""Health pages and metrics: right, for strangers one word, for monitors everything."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from daihou.config import clock, condition
from daihou.rooms.dayend import door as dayend
from tests.rooms.cast import TODAY

AT = datetime(2026, 3, 21, 2, tzinfo=UTC)
STRANGER = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "a-token-of-thirty-characters-00"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home whose worker lives; the clock stands still."""
    settings.DAIHOU_HOME = tmp_path
    condition.beat(tmp_path, at=AT - timedelta(seconds=5))
    with clock.standing_at(AT):
        yield tmp_path


def parts(client):
    answer = client.get("/health/ready")
    told = answer.json()
    return {name: part["status"] for name, part in told["parts"].items()}, told, answer


def test_all_is_well(client):
    states, told, answer = parts(client)
    assert set(states.values()) == {"ok"} and told["status"] == "ok"
    assert states.keys() >= {"database", "migrations", "worker", "day_end", "disk"}
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert client.get("/health/live").json() == {"status": "ok"}


def test_a_stranger_learns_one_word(client, home):
    (home / condition.HEARTBEAT).unlink()
    told = client.get("/health/ready", **STRANGER)
    assert told.status_code == 200 and told.json() == {"status": "degraded"}
    assert client.get("/metrics", **STRANGER).status_code == 403
    # What a proxy on this machine passes on comes from elsewhere.
    passed = client.get("/health/ready", headers={"x-forwarded-for": "203.0.113.9"})
    assert passed.json() == {"status": "degraded"}


def test_inside_the_house_nobody_speaks_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/people/sign-in/").status_code == 301
    assert client.get("/health/ready").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_the_token_opens(client, settings):
    settings.METRICS_TOKEN = TOKEN
    told = client.get(
        "/health/ready", headers={"authorization": f"Bearer {TOKEN}"}, **STRANGER
    )
    assert "parts" in told.json()
    wrong = client.get("/metrics", headers={"authorization": "Bearer x"}, **STRANGER)
    assert wrong.status_code == 403


def test_a_silent_worker_and_a_request_nobody_takes_up_degrade(client, home):
    condition.beat(home, at=AT - condition.SILENCE - timedelta(seconds=1))
    assert parts(client)[0]["worker"] == "degraded"
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into dayend_request (kind, state, by, asked_at)"
            " values ('next', 'waiting', 'mei', %s)",
            (AT - condition.WAIT - timedelta(seconds=1),),
        )
    states, told, answer = parts(client)
    assert states["requests"] == "degraded" and answer.status_code == 200
    assert told["parts"]["requests"]["waiting"] == 1


@pytest.mark.parametrize(
    ("simulated", "state"), [(False, "degraded"), (True, "ok")], ids=["real", "turned"]
)
def test_a_day_end_that_is_overdue_degrades(client, simulated, state):
    dayend.set_business_date(on=TODAY, by="test", at=AT, simulated=simulated)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into dayend_run (as_of, kind, state, current, started_at,"
            " finished_at, inputs_digest, rules_digest, fingerprint, loans, plan,"
            " reason, by) values (%s, 'first', 'done', true, %s, %s, '', '', 'f', 0,"
            " '{}', '', 'mei')",
            (TODAY, AT, AT - condition.DAY_END - timedelta(hours=1)),
        )
    assert parts(client)[0]["day_end"] == state


def test_a_full_disk_and_tables_of_an_older_version_are_unavailable(
    client, monkeypatch
):
    monkeypatch.setattr(condition, "DISK", 1 << 60)
    states, _, answer = parts(client)
    assert states["disk"] == "unavailable" and answer.status_code == 503
    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'dayend'")
    states, _, answer = parts(client)
    assert states["migrations"] == "unavailable" and answer.status_code == 503


def test_without_a_database_the_page_answers(client, monkeypatch):
    def gone(*_):
        raise ConnectionError

    monkeypatch.setattr(connection, "ensure_connection", gone)
    states, told, answer = parts(client)
    assert answer.status_code == 503 and states["database"] == "unavailable"
    assert told["parts"]["database"]["error"] == "ConnectionError"
    assert client.get("/health/live").status_code == 200


def value(text, line):
    return next(
        float(each.rsplit(" ", 1)[1])
        for each in text.splitlines()
        if each.startswith(line)
    )


def test_metrics_count_requests_by_route(client):
    known = 'daihou_requests_total{method="GET",route="/health/live",status="200"}'
    client.get("/health/live")
    before = value(client.get("/metrics").content.decode(), known)
    client.get("/health/live")
    client.get("/nobody/knows/this/1")
    client.get("/nobody/knows/this/2")
    text = client.get("/metrics").content.decode()
    assert value(text, known) == before + 1
    assert "nobody" not in text  # addresses of strangers are no names of ours
    assert value(text, 'daihou_ok{part="worker"}') == 1.0
    assert value(text, "daihou_worker_heartbeat_age_seconds") == 5.0
    assert value(text, "daihou_disk_free_bytes") > 0
    assert 'daihou_request_seconds_bucket{le="0.3",method="GET"' in text


def test_a_request_is_followed_by_its_id(client, caplog):
    given = client.get("/health/live", headers={"x-request-id": "proxy-0001"})
    assert given["X-Request-ID"] == "proxy-0001"
    with caplog.at_level("INFO", "daihou.request"):
        forged = client.get("/health/live?secret=1", headers={"x-request-id": "a\n b"})
    assert len(forged["X-Request-ID"]) == 36
    (record,) = caplog.records
    assert (record.status, record.route) == (200, "health/live")
    assert "secret" not in record.getMessage() and record.path == "/health/live"
