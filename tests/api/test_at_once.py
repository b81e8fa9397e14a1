"""The same deed sent from two sides at the same moment is done once."""

import threading
from typing import Any

import pytest
from django.db import connections

from daihou.rooms.dayend import door as dayend
from daihou.rooms.gateway.models import Reply, Token
from daihou.rooms.ledger.models import Payment
from tests.api.calls import AT, Api, token
from tests.rooms.cast import TODAY, make_cast, make_loan

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, ask: Any) -> list[Any]:
    """What each of so many got who asked at the same moment."""
    got: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(place: int) -> None:
        gate.wait(10)
        try:
            got[place] = ask(place)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


def test_one_key_sent_four_times_at_once_does_it_once() -> None:
    make_cast()
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    make_loan("N1")
    secret = token("arun")
    body = {
        "source": "bank",
        "number": "P1",
        "loan": "ext:N1",
        "paid_on": TODAY.isoformat(),
        "amount": "1.00",
        "currency": "CNY",
    }

    def ask(_place: int) -> Any:
        return Api(secret).post("/payments", body, key="same")

    got = at_once(4, ask)
    told = {each.json()["code"] for each in got if each.status_code != 200}
    assert told <= {"idempotency_key_busy"}
    done = [each.json() for each in got if each.status_code == 200]
    assert done and all(each == done[0] for each in done)
    fresh = [each for each in got if "Idempotent-Replayed" not in each.headers]
    assert len([each for each in fresh if each.status_code == 200]) == 1
    assert Payment.objects.count() == Reply.objects.count() == 1


def test_requests_of_one_token_at_once_are_all_counted(settings: Any) -> None:
    make_cast()
    settings.API_PER_MINUTE = 5
    secret = token("arun")
    from daihou.config import clock

    with clock.standing_at(clock.now().replace(second=1)):
        got = at_once(8, lambda _place: Api(secret).get("/me").status_code)
    assert sorted(got) == [200] * 5 + [429] * 3
    assert Token.objects.get().last_used_at is not None
