"""Events go out signed, in order, again until they arrive, and to no private place."""

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from daihou.config import clock
from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.gateway import door as gateway
from daihou.rooms.gateway import outbound, queries, signing
from daihou.rooms.gateway.actions import feed, sending
from daihou.rooms.gateway.models import Delivery, Endpoint
from daihou.rooms.gateway.queries import EndpointLine
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from tests.api.calls import AT, Api, api_of, refused
from tests.api.conftest import World
from tests.api.receiver import Receiver, serve
from tests.rooms.cast import HAND, pay

NOW = AT + timedelta(days=1)


@pytest.fixture
def receiver(settings: object) -> Iterator[Receiver]:
    """One on this machine, which the setting allows."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    made = Receiver()
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


def add(receiver: Receiver, *types: str) -> tuple[EndpointLine, str]:
    return gateway.add_endpoint(
        name="core", url=receiver.url, types=types or ("payment.",), by=HAND, at=NOW
    )


def send(endpoint: EndpointLine, *, at: datetime = NOW) -> int:
    feed.enqueue(at=at)
    return sending.deliver(endpoint.id, now=lambda: at)


def state_of(number: int = 0) -> tuple[str, int]:
    rows = Delivery.objects.order_by("id").values_list("state", "attempts")
    return rows[number]


def test_an_event_is_told_signed_and_masked(world: World, receiver: Receiver) -> None:
    endpoint, key = add(receiver)
    pay(world.north, "P1", payer="王小明")
    pay(world.north, "P2")
    assert send(endpoint) == 2
    headers, body = receiver.got[0]
    stamp = int(headers["webhook-timestamp"])
    assert stamp == int(NOW.timestamp())
    expected = signing.signature(
        key, message_id=headers["webhook-id"], timestamp=stamp, body=body
    )
    assert headers["webhook-signature"] == expected
    told = receiver.told[0]
    assert told["type"] == "payment.received" and told["data"]["amount"] == 100_000
    assert told["id"] == headers["webhook-id"]
    assert "王小明" not in body.decode()
    assert state_of() == ("delivered", 1)


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example of standardwebhooks.com, so that its libraries can check ours."""
    made = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_only_what_was_asked_for_and_only_from_now_on(
    world: World, receiver: Receiver
) -> None:
    pay(world.north, "before")
    endpoint, _key = add(receiver, "charge.recorded")
    every, _key = add(receiver, "*")
    pay(world.north, "P1")
    assert (send(endpoint), send(every)) == (0, 2)
    assert [each["type"] for each in receiver.told] == [
        "webhook.added",
        "payment.received",
    ]
    assert receiver.told[1]["data"]["external_id"] == "P1"


def test_what_is_refused_comes_again_later_and_later(
    world: World, receiver: Receiver
) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    receiver.answers = [500, 503]
    assert send(endpoint) == 0 and state_of() == ("waiting", 1)
    assert send(endpoint, at=NOW + timedelta(seconds=29)) == 0
    assert len(receiver.got) == 1
    assert send(endpoint, at=NOW + timedelta(seconds=30)) == 0
    assert send(endpoint, at=NOW + timedelta(seconds=149)) == 0
    assert len(receiver.got) == 2
    assert send(endpoint, at=NOW + timedelta(seconds=150)) == 1
    assert state_of() == ("delivered", 3)
    bodies = {body for _headers, body in receiver.got}
    ids = {headers["webhook-id"] for headers, _body in receiver.got}
    assert len(bodies) == len(ids) == 1


def test_of_one_subject_the_earlier_goes_first(
    world: World, receiver: Receiver
) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "N1")
    pay(world.north, "N2")
    pay(world.south, "S1")
    receiver.answers = [500]
    # N1 is refused: N2 waits behind it, S1 of another loan does not.
    assert send(endpoint) == 1
    assert [each["data"]["external_id"] for each in receiver.told] == ["N1", "S1"]
    assert send(endpoint, at=NOW + timedelta(minutes=1)) == 2
    assert [each["data"]["external_id"] for each in receiver.told[2:]] == ["N1", "N2"]


def test_what_never_arrives_is_given_up_and_somebody_is_told(
    world: World, receiver: Receiver
) -> None:
    people.create_user(
        username="ada", password="correct-horse-9", role="admin", by="test", at=AT
    )
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    pay(world.north, "P2")
    receiver.answers = [500] * 9
    at = NOW
    for pause in (timedelta(0), *sending.BACKOFF):
        at += pause
        assert state_of(1)[1] == 0 if pause else True
        feed.enqueue(at=at)
        sending.deliver(endpoint.id, now=lambda at=at: at)
    assert state_of() == ("dead", 9)
    assert state_of(1) == (
        "delivered",
        1,
    )  # the next of the loan is not held up for ever
    assert queries.endpoint(endpoint.id).dead == 1
    (line,) = notices.notices_of("ada", limit=9)
    assert line.kind == sending.NOTICE


def test_a_receiver_that_is_gone_is_not_tried_again(
    world: World, receiver: Receiver
) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    receiver.answers = [410]
    send(endpoint)
    assert state_of() == ("dead", 1)


def test_a_redirection_is_not_followed(world: World, receiver: Receiver) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    receiver.answers = [307]
    assert send(endpoint) == 0
    assert len(receiver.got) == 1
    assert "redirected" in Delivery.objects.get().problem


def test_what_was_given_up_or_delivered_is_sent_once_more(
    world: World, receiver: Receiver
) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    receiver.answers = [410]
    send(endpoint)
    (line,) = queries.deliveries(endpoint.id)
    how = {"endpoint_id": endpoint.id, "by": HAND, "at": NOW}
    assert gateway.replay_dead(**how) == 1
    with pytest.raises(Conflict):
        gateway.replay(delivery_id=line.id, **how)
    assert send(endpoint) == 1
    gateway.replay(delivery_id=line.id, **how)
    assert send(endpoint) == 1
    assert len({body for _headers, body in receiver.got}) == 1
    assert gateway.replay_dead(**how) == 0


def test_two_keys_sign_for_a_day(world: World, receiver: Receiver) -> None:
    endpoint, old = add(receiver)
    _line, new = gateway.rotate_key(endpoint_id=endpoint.id, by=HAND, at=NOW)
    assert old != new
    for at, keys in ((NOW, [new, old]), (NOW + timedelta(hours=25), [new])):
        gateway.send_test(endpoint_id=endpoint.id, by=HAND, at=at)
        assert send(endpoint, at=at) == 1
        headers, body = receiver.got[-1]
        assert headers["webhook-signature"].split(" ") == [
            signing.signature(
                key,
                message_id=headers["webhook-id"],
                timestamp=int(headers["webhook-timestamp"]),
                body=body,
            )
            for key in keys
        ]
    assert receiver.told[0]["type"] == "webhook.test"


def test_a_stopped_receiver_misses_nothing(world: World, receiver: Receiver) -> None:
    endpoint, _key = add(receiver)
    how = {"endpoint_id": endpoint.id, "by": HAND, "at": NOW}
    gateway.set_active(active=False, **how)
    pay(world.north, "P1")
    assert send(endpoint) == 0 and not sending.due(at=NOW)
    gateway.set_active(active=True, **how)
    assert send(endpoint) == 1


def test_a_message_under_way_is_not_sent_by_another_worker(
    world: World, receiver: Receiver
) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    feed.enqueue(at=NOW)
    assert sending._claim(endpoint.id, at=NOW) is not None
    assert sending._claim(endpoint.id, at=NOW) is None
    # That worker died: its message is taken up again after the lease.
    assert send(endpoint, at=NOW + sending.LEASE) == 1


def test_the_round_sends_in_the_background(world: World, receiver: Receiver) -> None:
    endpoint, _key = add(receiver)
    pay(world.north, "P1")
    feed.enqueue(at=NOW)
    assert sending.due(at=NOW) == [endpoint.id]
    assert sending.due(at=NOW - timedelta(days=2)) == []


def test_a_restored_copy_may_be_kept_from_telling_anybody(
    world: World, receiver: Receiver, settings: object
) -> None:
    add(receiver)
    pay(world.north, "P1")
    settings.WEBHOOKS_SEND = False
    sending.carry_on(at=NOW, now=lambda: NOW)
    assert not Delivery.objects.exists() and not sending._served


def test_keys_are_sealed(receiver: Receiver, db: None) -> None:
    _line, key = add(receiver)
    row = Endpoint.objects.get()
    assert key not in row.secret and row.secret.startswith("s1.")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https://name:secret@example.com/",
        "https://example.com/#part",
        "https://example.com:99999/",
        "https://例子.com/",
        "https://example.com/a b",
        "javascript:alert(1)",
        "https://[::1",
        "gopher://127.0.0.1",
    ],
)
def test_an_address_that_is_none_is_refused(db: None, url: str) -> None:
    with pytest.raises(Refused) as caught:
        gateway.add_endpoint(name="x", url=url, types=["*"], by=HAND, at=NOW)
    assert caught.value.code == "webhook_address"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[ff02::1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:1::]", "[::]"),
    ],
)
def test_a_private_address_is_refused_unless_allowed(db: None, host: str) -> None:
    with pytest.raises(Refused) as caught:
        gateway.add_endpoint(
            name="x", url=f"http://{host}/", types=["*"], by=HAND, at=NOW
        )
    assert caught.value.code == "webhook_private"


@pytest.mark.parametrize("name", ["2130706433", "0x7f.1", "localhost", "017700000001"])
def test_a_name_that_leads_inside_is_not_sent_to(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def never(*_given: object, **_more: object) -> None:
        raise AssertionError("it was connected to")

    monkeypatch.setattr(outbound.socket, "create_connection", never)
    sent = outbound.post(f"http://{name}/", body=b"", headers={}, allowed=[])
    assert sent.status is None and sent.problem in {"private address", "name not found"}


def test_a_name_is_looked_up_once(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """What answers otherwise a moment later changes nothing: the number is kept."""
    port = int(receiver.url.rpartition(":")[2].rstrip("/"))
    real = outbound.socket.getaddrinfo
    asked: list[str] = []

    def lookup(host: str, *given: object, **more: object) -> object:
        if host == "receiver.example":
            asked.append(host)
            return real("127.0.0.1", port, type=outbound.socket.SOCK_STREAM)
        return real(host, *given, **more)

    monkeypatch.setattr(outbound.socket, "getaddrinfo", lookup)
    allowed = [ipaddress.ip_network("127.0.0.1/32")]
    url = f"http://receiver.example:{port}/x?y=1"
    sent = outbound.post(url, body=b"{}", headers={}, allowed=allowed)
    assert sent.arrived and asked == ["receiver.example"]
    assert receiver.got[0][0]["host"] == f"receiver.example:{port}"
    blocked = outbound.post(url, body=b"{}", headers={}, allowed=[])
    assert blocked.problem == "private address" and len(receiver.got) == 1


def test_nobody_answers(db: None, receiver: Receiver) -> None:
    allowed = [ipaddress.ip_network("127.0.0.0/8")]
    sent = outbound.post("http://127.0.0.1:9/", body=b"", headers={}, allowed=allowed)
    assert sent.status is None and sent.problem


def test_receivers_are_managed_by_who_may(world: World) -> None:
    with pytest.raises(NotAllowed):
        gateway.add_endpoint(
            name="x",
            url="https://example.com/",
            types=["*"],
            by=world.cast.arun,
            at=NOW,
        )
    refused(api_of("arun").get("/webhooks"), 403, "not_allowed")


def test_programs_manage_receivers(world: World, receiver: Receiver) -> None:
    people.create_user(
        username="ada", password="correct-horse-9", role="admin", by="test", at=AT
    )
    ada: Api = api_of("ada")
    body = {"name": "core", "url": receiver.url, "types": ["payment."]}
    tried = ada.post("/webhooks", body, dry_run="true").json()
    assert tried["key"] == "" and not Endpoint.objects.exists()
    made = ada.post("/webhooks", body).json()
    number = made["webhook"]["id"]
    assert made["key"].startswith("whsec_")
    assert ada.get(f"/webhooks/{number}").json() == made["webhook"]
    assert "key" not in str(
        ada.get("/webhooks").json()["items"][0].keys() - {"old_key_until"}
    )
    tested = ada.post(f"/webhooks/{number}:test").json()["delivery"]
    assert tested["state"] == "waiting"
    assert sending.deliver(number, now=clock.now) == 1
    (line,) = ada.get(f"/webhooks/{number}/deliveries").json()["items"]
    assert (line["state"], line["status"]) == ("delivered", 204)
    again = ada.post(f"/webhooks/{number}/deliveries/{line['id']}:replay").json()
    assert again["delivery"]["state"] == "waiting"
    paused = ada.post(f"/webhooks/{number}:pause").json()
    assert not paused["webhook"]["active"]
    assert ada.post(f"/webhooks/{number}:resume").json()["webhook"]["active"]
    assert ada.post(f"/webhooks/{number}:rotate").json()["key"] != made["key"]
    refused(ada.get("/webhooks/99999"), 404, "webhook_unknown")
    wrong = ada.post("/webhooks", body | {"types": ["Payment"]})
    refused(wrong, 422, "webhook_types")
