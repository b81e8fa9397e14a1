"""The Python client: what it sends, what it makes of answers, what it sends again."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import daihou_client as client
import pytest
from daihou_client import transport, webhooks
from django.test import Client as Site

from daihou.rooms.gateway import signing
from daihou.rooms.ledger.models import Payment
from tests.api.calls import token
from tests.api.conftest import World
from tests.api.receiver import Receiver, serve
from tests.api.test_other_rooms import CUSTOMERS, LOAN
from tests.rooms.cast import AT, TODAY, make_loan


class Wire:
    """The site instead of a network; what was sent is kept, `broken` fails first."""

    def __init__(self) -> None:
        self.site = Site()
        self.sent: list[tuple[str, str, Mapping[str, str], bytes | None]] = []
        self.slept: list[float] = []
        self.broken: list[transport.Answer | OSError] = []

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        _timeout: float,
    ) -> transport.Answer:
        self.sent.append((method, url, headers, body))
        if self.broken:
            first = self.broken.pop(0)
            if isinstance(first, OSError):
                raise first
            return first
        path = url.removeprefix("http://site")
        kind = headers.get("Content-Type", "application/json")
        response = self.site.generic(
            method, path, body or b"", content_type=kind, headers=dict(headers)
        )
        return transport.Answer(
            response.status_code, dict(response.headers), response.content
        )


@pytest.fixture
def wire() -> Wire:
    return Wire()


def api_of(username: str, wire: Wire) -> client.Client:
    at = transport.Transport(
        "http://site/", token(username), "en", send=wire.send, sleep=wire.slept.append
    )
    return client.Client("", token="", transport=at)


@pytest.fixture
def arun(world: World, wire: Wire) -> client.Client:
    return api_of("arun", wire)


def payment(**wish: Any) -> client.PaymentIn:
    return client.PaymentIn(
        **{
            "source": "bank",
            "number": "P1",
            "loan": "ext:N1",
            "paid_on": TODAY,
            "amount": Decimal("1010.00"),
            "currency": "CNY",
        }
        | wish
    )


def test_answers_are_typed(arun: client.Client) -> None:
    loan = arun.get_loan("ext:N1")
    assert loan.principal == Decimal("3000.00") and loan.annual_rate == Decimal("0.12")
    assert loan.first_due_on == date(2026, 2, 1) and loan.maturity_on is None
    me = arun.get_me()
    assert me.business_date == TODAY and me.at.tzinfo is not None
    position = arun.get_position(loan.id, as_of=date(2026, 2, 11))
    assert position.overdue.principal == Decimal("1000.00") and position.dpd == 10


def test_every_page_is_walked(arun: client.Client) -> None:
    for number in range(3):
        make_loan(f"M{number}")
    first = arun.list_loans(limit=2)
    assert first.has_more and len(first.items) == 2
    assert [each.number for each in arun.each_loan()] == ["N1", "S1", "M0", "M1", "M2"]
    assert [each.number for each in arun.each_loan(branch="south")] == ["S1"]


def test_a_payment_is_posted_once(arun: client.Client, wire: Wire) -> None:
    tried = arun.post_one_payment(payment(), dry_run=True)
    assert tried.dry_run and tried.id is None and not Payment.objects.exists()
    done = arun.post_one_payment(payment(), key="core-1")
    assert arun.post_one_payment(payment(), key="core-1") == done
    assert sum(done.shares.values()) == Decimal("1010.00")
    assert Payment.objects.count() == 1
    sent = json.loads(wire.sent[-1][3] or b"")
    # What was not said is not sent, and an amount goes as text.
    assert sent["amount"] == "1010.00" and "channel" not in sent


def test_a_refusal_is_a_problem(arun: client.Client) -> None:
    with pytest.raises(client.Problem) as caught:
        arun.get_loan("ext:none")
    problem = caught.value
    assert (problem.status, problem.code) == (404, "loan_unknown")
    assert "none" in problem.detail and problem.request_id
    with pytest.raises(client.Problem) as caught:
        arun.post_one_payment(payment(amount="1.005"))
    assert caught.value.errors[0]["field"] == "amount"


def answer(status: int, code: str = "x", **headers: str) -> transport.Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return transport.Answer(status, named, json.dumps({"code": code}).encode())


def test_what_did_not_arrive_is_sent_again_under_the_same_key(
    arun: client.Client, wire: Wire
) -> None:
    wire.broken = [
        ConnectionResetError("gone"),
        answer(503),
        answer(409, "idempotency_key_busy", retry_after="7"),
    ]
    assert arun.post_one_payment(payment()).new
    keys = {headers["Idempotency-Key"] for _m, _u, headers, _b in wire.sent}
    assert len(wire.sent) == 4 and len(keys) == 1
    assert wire.slept == [1.0, 2.0, 7.0]
    assert Payment.objects.count() == 1


def test_what_is_refused_is_not_sent_again(arun: client.Client, wire: Wire) -> None:
    wire.broken = [answer(409, "payment_differs")]
    with pytest.raises(client.Problem):
        arun.post_one_payment(payment())
    assert len(wire.sent) == 1 and not wire.slept


def test_it_gives_up_in_the_end(arun: client.Client, wire: Wire) -> None:
    wire.broken = [answer(429, retry_after="9999")] * 4
    with pytest.raises(client.Problem) as caught:
        arun.get_me()
    assert caught.value.status == 429 and len(wire.sent) == 4
    assert wire.slept == [transport.LONGEST_WAIT] * 3
    wire.broken = [OSError("down")] * 4
    with pytest.raises(OSError, match="down"):
        arun.get_me()


def test_files_and_rows_are_taken_in(world: World, wire: Wire) -> None:
    from daihou.rooms.people import door as people

    people.create_user(
        username="ada", password="correct-horse-9", role="admin", by="test", at=AT
    )
    ada = api_of("ada", wire)
    content = "customer_id,kind,name\nK9,person,李四\n".encode()
    done = ada.take_files_in([("customers.csv", content)], source="core3")
    assert done.state == "applied" and done.tables["customers"].added == 1
    rows = client.IntakeRows(source="core2", tables={"customers": CUSTOMERS})
    assert ada.take_rows_in(rows).tables["customers"].added == 2
    assert [each.source for each in ada.each_intake()] == ["core3", "core2"]
    events = ada.list_events(type="intake.")
    assert {each.subject.type for each in events.items} == {"intake"}


def test_it_reckons(arun: client.Client) -> None:
    assert len(arun.calc_schedule(LOAN).rows) == 12
    assert arun.calc_payoff(LOAN).total == Decimal(arun.calc_settle(LOAN)["payoff"])


def test_every_operation_has_its_method() -> None:
    from tests.api.test_spec import OPERATIONS

    for case in OPERATIONS:
        assert callable(getattr(client.Client, str(case.id)))


def test_an_unknown_field_of_a_newer_server_is_left_aside(
    arun: client.Client, wire: Wire
) -> None:
    me = arun.get_me()
    told = {name: getattr(me, name) for name in me.__slots__}
    told |= {"business_date": "2026-03-20", "at": "2026-03-20T00:00:00Z", "new": 1}
    wire.broken = [transport.Answer(200, {}, json.dumps(told).encode())]
    assert arun.get_me().login == "arun"


def test_the_token_is_not_in_what_is_printed() -> None:
    shown = repr(transport.Transport("https://x", "dh_secret"))
    assert "dh_secret" not in shown


def test_a_name_in_an_address_cannot_leave_it(arun: client.Client, wire: Wire) -> None:
    with pytest.raises(client.Problem):
        arun.get_loan("ext:../../webhooks?x=1#")
    assert wire.sent[-1][1].endswith("/loans/ext:..%2F..%2Fwebhooks%3Fx%3D1%23")


def test_a_file_name_cannot_leave_its_quotes() -> None:
    body, kind = transport.multipart({"a": "1"}, [('x"\r\ny.csv', b"1")])
    assert b'filename="x___y.csv"' in body and kind.startswith("multipart/form-data")


def test_the_standard_library_sends_it() -> None:
    receiver = Receiver()
    server = serve(receiver)
    try:
        receiver.answers = [200, 302, 404]
        seen = [
            transport.send("POST", receiver.url, {"x-a": "b"}, b"{}", 10.0)
            for _turn in range(3)
        ]
        assert [each.status for each in seen] == [200, 302, 404]
        # A redirection is told, and the token goes nowhere else.
        assert len(receiver.got) == 3 and receiver.got[0][0]["x-a"] == "b"
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(OSError):
        transport.send("GET", receiver.url, {}, None, 5.0)


NOW = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)


def message(key: str, *, at: datetime = NOW) -> tuple[dict[str, str], bytes]:
    body = b'{"id": "evt_1"}'
    return dict(signing.headers([key], message_id="evt_1", at=at, body=body)), body


def test_a_message_of_ours_is_believed() -> None:
    key, other = signing.new_key(), signing.new_key()
    headers, body = message(key)
    assert webhooks.verify([key], headers, body, now=NOW) == "evt_1"
    assert webhooks.verify([other, key], headers, body, now=NOW) == "evt_1"


@pytest.mark.parametrize(
    ("change", "late"),
    [
        ({}, timedelta(minutes=6)),
        ({}, timedelta(minutes=-6)),
        ({"webhook-id": "evt_2"}, timedelta(0)),
        ({"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, timedelta(0)),
        ({"webhook-signature": "v1,AAAA"}, timedelta(0)),
        ({"webhook-signature": ""}, timedelta(0)),
        ({"webhook-timestamp": "x"}, timedelta(0)),
    ],
)
def test_a_message_that_was_changed_or_is_old_is_not_believed(
    change: dict[str, str], late: timedelta
) -> None:
    key = signing.new_key()
    headers, body = message(key)
    with pytest.raises(webhooks.Untrusted):
        webhooks.verify([key], headers | change, body, now=NOW + late)
    with pytest.raises(webhooks.Untrusted):
        webhooks.verify([key], headers, body + b" ", now=NOW)
    with pytest.raises(webhooks.Untrusted):
        webhooks.verify([signing.new_key()], headers, body, now=NOW)


def test_what_is_no_problem_document_is_told_by_its_status() -> None:
    problem = client.Problem(transport.Answer(502, {}, b"<html>"))
    assert (problem.status, problem.code) == (502, "unknown")
