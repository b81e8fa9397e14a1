"""An address of ours never leads to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from daihou.rooms.people.models import User
from tests.rooms.cast import PASSWORD, Cast

EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/%09/evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example\\@testserver/",
    "/ledger/@evil.example//\\evil.example",
]


def stays(location: str) -> bool:
    """Whether a browser that reads this stays; tabs and line ends are dropped by it."""
    read = location.strip().replace("\\", "/")
    read = "".join(letter for letter in read if letter not in "\t\r\n")
    parts = urlsplit(urljoin("http://testserver/sign-in/", read))
    return parts.netloc == "testserver" and parts.scheme == "http"


@pytest.mark.parametrize("where", EVIL)
def test_signing_in_goes_nowhere_else(cast: Cast, where: str) -> None:
    form = {"username": "mei", "password": PASSWORD, "next": where}
    answer = Client().post("/sign-in/", form)
    assert answer.status_code == 302 and stays(answer.headers["Location"])
    again = Client()
    again.force_login(User.objects.get(username="mei"))
    answer = again.get("/sign-in/", {"next": where})
    assert answer.status_code == 302 and stays(answer.headers["Location"])


@pytest.mark.parametrize("where", EVIL)
@pytest.mark.parametrize("address", ["/language/", "/preferences/"])
def test_a_preference_goes_nowhere_else(ada: Client, address: str, where: str) -> None:
    form = {"language": "en", "density": "cozy", "next": where}
    answer = ada.post(address, form)
    assert answer.status_code == 302 and stays(answer.headers["Location"])


def test_the_judge_of_addresses_sees_through_tricks() -> None:
    assert stays("/ledger/") and stays("/ledger/?x=https://evil.example")
    for where in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/e",
    ):
        assert not stays(where), where
