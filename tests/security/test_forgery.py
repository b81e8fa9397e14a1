"""A form of another site changes nothing here."""

import pytest
from django.test import Client

from daihou.rooms.people.models import User
from tests.security.walk import FORMS


def guarded(login: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username=login))
    return client


@pytest.mark.parametrize("address", FORMS)
def test_a_form_without_our_token_is_refused(ada: Client, address: str) -> None:
    client = guarded("ada")
    client.raise_request_exception = False
    for headers in ({}, {"Origin": "https://evil.example"}, {"HX-Request": "true"}):
        answer = client.post(address, {"name": "x"}, headers=headers)
        assert answer.status_code in (403, 404, 405), f"{address}: {answer.status_code}"


def test_the_token_of_another_session_does_not_do(ada: Client) -> None:
    client = guarded("ada")
    other = Client()
    other.get("/sign-in/")
    form = {"density": "roomy", "csrfmiddlewaretoken": other.cookies["csrftoken"].value}
    assert client.post("/preferences/", form).status_code == 403
    assert User.objects.get(username="ada").density == "compact"


def test_the_own_token_does(ada: Client) -> None:
    client = guarded("ada")
    page = client.get("/ledger/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"density": "roomy", "csrfmiddlewaretoken": token}
    assert client.post("/preferences/", form).status_code == 302
    assert User.objects.get(username="ada").density == "roomy"


def test_nothing_is_changed_by_following_a_link(ada: Client) -> None:
    for address in ("/preferences/", "/language/", "/sign-out/", "/day-end/ask/"):
        assert ada.get(address).status_code == 405, address
    assert ada.get("/views/save/").status_code == 405
    assert ada.get("/ledger/bulk/").status_code == 405
    assert ada.get("/ledger/").status_code == 200  # still signed in


def test_the_api_does_not_take_the_cookie_of_a_page(ada: Client) -> None:
    answer = ada.get("/api/v1/loans")
    assert answer.status_code in (401, 403)
    answer = ada.post("/api/v1/payments", "{}", content_type="application/json")
    assert answer.status_code in (401, 403)
