"""Making and revoking tokens, managing receivers and reading the reference, by hand."""

import ipaddress
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from daihou.config import clock
from daihou.config.commands import token as command
from daihou.kit.refusal import NotAllowed
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import door as gateway
from daihou.rooms.gateway.actions import feed, sending
from daihou.rooms.gateway.models import Delivery, Endpoint, Token
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.api.calls import AT, Api, refused, token
from tests.api.conftest import World
from tests.rooms.cast import pay


def signed_in(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def ada(world: World) -> Client:
    """An administrator."""
    people.create_user(
        username="ada", password="correct-horse-9", role="admin", by="test", at=AT
    )
    return signed_in("ada")


FORM = {"name": "core system", "days": "30", "scopes": ["loans:read", "calc"]}


def test_a_token_is_made_and_shown_once(world: World) -> None:
    arun = signed_in("arun")
    page = arun.post("/interfaces/", FORM).content.decode()
    (secret,) = re.findall(r'value="(dh_[0-9a-z]{12}_[^"]+)"', page)
    told = Api(secret).get("/me").json()
    assert (told["login"], told["scopes"]) == ("arun", ["calc", "loans:read"])
    assert secret not in arun.get("/interfaces/").content.decode()
    line = gateway.tokens()[0]
    assert line.expires_at - clock.now() < timedelta(days=30)
    event = audit.timeline(subject_type="token", subject_id=line.public_id)[0]
    assert event.type == "token.made" and secret not in str(event)
    assert event.request_id


@pytest.mark.parametrize(
    "wish", [{"name": ""}, {"days": "9999"}, {"scopes": []}, {"scopes": ["all"]}]
)
def test_a_form_that_is_wrong_makes_no_token(
    world: World, wish: dict[str, object]
) -> None:
    page = signed_in("arun").post("/interfaces/", FORM | wish)
    assert page.status_code == 422 and b"Not made" in page.content
    assert not Token.objects.exists()


def test_a_token_is_revoked_by_its_person_alone_or_by_who_manages_people(
    world: World, ada: Client
) -> None:
    secret = token("arun")
    line = gateway.tokens()[0]
    address = f"/interfaces/{line.public_id}/revoke/"
    assert signed_in("sam").post(address).status_code == 404
    assert Api(secret).get("/me").status_code == 200
    assert ada.post(address).status_code == 302
    refused(Api(secret).get("/me"), 401, "token_ended")
    told = gateway.tokens()[0]
    assert told.revoked_by == "ada"
    assert b"Revoked" in ada.get("/interfaces/").content


def test_each_sees_their_own_tokens_and_an_administrator_all(
    world: World, ada: Client
) -> None:
    token("arun")
    token("sam")
    assert signed_in("arun").get("/interfaces/").content.count(b"/revoke/") == 1
    assert ada.get("/interfaces/").content.count(b"/revoke/") == 2


def test_nobody_makes_a_token_for_another(world: World) -> None:
    with pytest.raises(NotAllowed) as caught:
        gateway.make_token(
            username="sam",
            name="x",
            scopes=["calc"],
            days=1,
            by=world.cast.arun,
            at=AT,
        )
    assert caught.value.code == "token_of_another"


def test_a_token_is_not_for_who_may_not(world: World) -> None:
    people.create_user(
        username="les", password="correct-horse-9", role="legal", by="test", at=AT
    )
    assert signed_in("les").get("/interfaces/").status_code == 403
    assert signed_in("les").post("/interfaces/", FORM).status_code == 403


def test_twenty_valid_tokens_are_enough(world: World) -> None:
    for _turn in range(20):
        token("arun")
    page = signed_in("arun").post("/interfaces/", FORM)
    assert page.status_code == 422 and b"revoke one" in page.content


RECEIVER = {"name": "core", "url": "https://example.com/hook", "types": "payment., *"}


def test_a_receiver_is_added_and_its_key_shown_once(ada: Client) -> None:
    page = ada.post("/interfaces/webhooks/", RECEIVER).content.decode()
    (key,) = re.findall(r'value="(whsec_[^"]+)"', page)
    row = Endpoint.objects.get()
    assert row.types == ["*", "payment."] and row.url == "https://example.com/hook"
    listed = ada.get("/interfaces/webhooks/").content.decode()
    assert "example.com/hook" in listed and key not in listed
    event = audit.timeline(subject_type="webhook", subject_id=row.pk)[0]
    assert event.type == "webhook.added" and key not in str(event)


@pytest.mark.parametrize(
    "wish",
    [
        {"url": "http://127.0.0.1/"},
        {"url": "file:///x"},
        {"types": "Payment"},
        {"name": ""},
    ],
)
def test_a_receiver_that_is_wrong_is_not_added(
    ada: Client, wish: dict[str, str]
) -> None:
    page = ada.post("/interfaces/webhooks/", RECEIVER | wish)
    assert page.status_code == 422 and b"Not added" in page.content
    assert not Endpoint.objects.exists()


def test_a_receiver_is_looked_at_stopped_and_sent_to_again(
    world: World, ada: Client, settings: object
) -> None:
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    ada.post("/interfaces/webhooks/", RECEIVER | {"url": "http://127.0.0.1:9/"})
    row = Endpoint.objects.get()
    address = f"/interfaces/webhooks/{row.pk}/"
    assert ada.post(f"{address}test/").status_code == 302
    pay(world.north, "P1")
    feed.enqueue(at=clock.now())
    sending.deliver(row.pk, now=clock.now)
    page = ada.get(address).content.decode()
    assert "webhook.test" in page and "payment.received" in page
    assert "Waiting" in page and "nobody listens there" in page
    Delivery.objects.update(state="dead", attempts=9)
    assert "given up once more" in ada.get(address).content.decode()
    assert (
        "payment.received" not in ada.get(f"{address}?state=waiting").content.decode()
    )
    assert ada.post(f"{address}replay/").status_code == 302
    assert not Delivery.objects.filter(state="dead").exists()
    ada.post(f"{address}switch/", {"active": "0"})
    assert not Endpoint.objects.get().active
    assert "Stopped" in ada.get(address).content.decode()
    page = ada.post(f"{address}key/").content.decode()
    assert re.search(r'value="whsec_', page) and "signs beside" in page
    assert ada.get("/interfaces/webhooks/999/").status_code == 404


def test_a_page_of_messages_leads_to_older_ones(world: World, ada: Client) -> None:
    ada.post("/interfaces/webhooks/", RECEIVER)
    row = Endpoint.objects.get()
    address = f"/interfaces/webhooks/{row.pk}/"
    for _turn in range(51):
        ada.post(f"{address}test/")
    page = ada.get(address).content.decode()
    (older,) = re.findall(r'rel="next" href="\?([^"]+)"', page)
    assert "webhook.test" in ada.get(f"{address}?{older}").content.decode()
    for odd in ("before=x", "before=" + "9" * 30, "state=nothing", "before=-1"):
        assert ada.get(f"{address}?{odd}").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_reference_is_a_page_of_our_own(world: World, language: str) -> None:
    response = signed_in("mei", language=language).get("/api/docs")
    page = response.content.decode()
    assert 'id="post_one_payment"' in page and 'href="#shape-PaymentIn"' in page
    assert 'id="shape-Problem"' in page
    assert "Idempotency-Key" in page and "loans:read" in page
    # Nothing comes from elsewhere and nothing runs inline.
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert Client().get("/api/docs").status_code == 302


def test_the_reference_leads_nowhere_that_is_not_there(world: World) -> None:
    page = signed_in("mei").get("/api/docs").content.decode()
    ids = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= ids


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.command, [*arguments])


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")


def test_a_token_is_made_listed_and_revoked_by_command(
    world: World, english: None
) -> None:
    made = run("add", "mei", "--name", "nightly", "--reads", "--scope", "calc")
    assert made.exit_code == 0, made.output
    secret = made.stdout.strip()
    told = Api(secret).get("/me").json()
    assert told["login"] == "mei" and "calc" in told["scopes"]
    assert "loans:read" in told["scopes"] and "loans:write" not in told["scopes"]
    number = told["token"]
    listed = run("list", "--login", "mei").output
    assert number in listed and "Valid" in listed
    assert secret.rpartition("_")[2] not in listed
    assert run("list", "--login", "sam").output == ""
    assert "Revoked" in run("revoke", number).output
    refused(Api(secret).get("/me"), 401, "token_ended")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "nobody", "--name", "x", "--reads"),
        ("add", "mei", "--name", "x"),
        ("revoke", "000000000000"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    world: World, english: None, arguments: tuple[str, ...]
) -> None:
    told = run(*arguments)
    assert told.exit_code == 1 and told.output.startswith("Error: ")
