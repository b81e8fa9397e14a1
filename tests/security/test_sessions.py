"""A session is made by us, changes when somebody signs in, and ends when they leave."""

from http.cookies import Morsel

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from tests.rooms.cast import PASSWORD, Cast

FORM = {"username": "mei", "password": PASSWORD}
NAME = "sessionid"


def test_a_session_somebody_chose_is_not_taken_over(cast: Cast) -> None:
    victim = Client()
    victim.cookies[NAME] = "chosen-by-somebody-else-00000000"
    assert victim.post("/sign-in/", FORM).status_code == 302
    assert victim.cookies[NAME].value != "chosen-by-somebody-else-00000000"
    attacker = Client()
    attacker.cookies[NAME] = "chosen-by-somebody-else-00000000"
    assert attacker.get("/ledger/").status_code == 302


def test_the_key_of_a_session_there_was_changes_with_signing_in(cast: Cast) -> None:
    client = Client()
    session = client.session
    session["kept"] = "x"
    session.save()
    client.cookies[NAME] = before = session.session_key
    client.post("/sign-in/", FORM)
    assert client.cookies[NAME].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_leaving_ends_the_session_on_the_server(cast: Cast) -> None:
    client = Client()
    client.post("/sign-in/", FORM)
    key = client.cookies[NAME].value
    client.post("/sign-out/")
    again = Client()
    again.cookies[NAME] = key
    assert again.get("/ledger/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_the_sessions_of_the_old(cast: Cast) -> None:
    from daihou.rooms.people.models import User

    client = Client()
    client.post("/sign-in/", FORM)
    user = User.objects.get(username="mei")
    user.set_password("another-horse-10")
    user.save()
    assert client.get("/ledger/").status_code == 302


def cookie(client: Client) -> "Morsel[str]":
    client.post("/sign-in/", FORM)
    return client.cookies[NAME]


def test_the_cookie_is_not_for_scripts_nor_other_sites(cast: Cast) -> None:
    made = cookie(Client())
    assert made["httponly"] and made["samesite"] == "Lax"


@pytest.mark.parametrize("name", ["SESSION_COOKIE_SECURE"])
def test_behind_tls_the_cookie_travels_by_tls_alone(cast: Cast, name: str) -> None:
    with override_settings(**{name: True}):
        assert cookie(Client())["secure"]


def test_one_put_off_duty_is_out_at_once(cast: Cast) -> None:
    from daihou.rooms.people.models import User

    client = Client()
    client.post("/sign-in/", FORM)
    assert client.get("/views/").status_code == 200
    User.objects.filter(username="mei").update(is_active=False)
    assert client.get("/views/").status_code == 302


def test_pages_of_the_signed_in_are_kept_by_nobody(ada: Client) -> None:
    for address in ("/ledger/", "/", "/search/suggest/?q=JD", "/nowhere/"):
        kept = ada.get(address).headers["Cache-Control"]
        assert "no-store" in kept and "public" not in kept, address
    assert "no-cache" in Client().get("/sign-in/").headers["Cache-Control"]
