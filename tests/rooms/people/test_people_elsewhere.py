"""Signing in at the lender's own identity provider: a small one stands in for it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import translation

from daihou.config import clock
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, Cast
from tests.rooms.test_pages import text_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), clock.standing_at(AT):
        yield


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


class Provider(BaseHTTPRequestHandler):
    """A small OpenID provider that says everybody is `claims`."""

    claims: ClassVar[dict[str, str]] = {}

    def log_message(self, *told: object) -> None:
        """Say nothing."""

    def _say(self, told: dict[str, object]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """The configuration, or who it is."""
        here = f"http://{self.headers['Host']}"
        if "userinfo" in self.path:
            self._say(self.claims)
        else:
            self._say(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                }
            )

    def do_POST(self) -> None:
        """A token for any code but `bad`."""
        length = int(self.headers["Content-Length"])
        asked = parse_qs(self.rfile.read(length).decode())
        bad = asked["code"] == ["bad"]
        self._say(
            {"error": "invalid_grant"}
            if bad
            else {"access_token": "t", "token_type": "Bearer"}
        )


@pytest.fixture
def provider(cast: Cast, settings: object) -> Iterator[type[Provider]]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    issuer = f"http://127.0.0.1:{server.server_port}"
    settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "Our house"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "house",
                    "name": "Our house",
                    "client_id": "daihou",
                    "secret": "s",
                    "settings": {"server_url": issuer},
                }
            ],
        }
    }
    yield Provider
    server.shutdown()
    server.server_close()
    thread.join()


def from_elsewhere(client: Client, *, code: str = "good") -> object:
    """The way there and back; the answer to the way back."""
    asked = client.post("/sign-in/oidc/house/login/?next=/account/")
    told = parse_qs(urlsplit(asked.headers["Location"]).query)
    assert told["code_challenge_method"] == ["S256"]
    back = {"code": code, "state": told["state"][0]}
    return client.get("/sign-in/oidc/house/login/callback/", back)


def test_the_identity_provider_signs_in_whoever_has_a_login(
    provider: type[Provider],
) -> None:
    assert "Sign in with Our house" in text_of(
        Client(headers={"Cookie": "django_language=en"}).get("/sign-in/")
    )
    provider.claims = {"sub": "77", "preferred_username": "mei"}
    client = Client()
    assert from_elsewhere(client).status_code == 302 and is_in(client)
    entry = audit.latest(limit=1)[0]
    assert (entry.type, entry.by) == ("person.signed_in", "mei")
    # Bound to the identity from now on: the name may be another's by then.
    provider.claims = {"sub": "77", "preferred_username": "arun"}
    again = Client()
    from_elsewhere(again)
    assert again.session["_auth_user_id"] == str(people.person("mei").id)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "1", "preferred_username": "nobody-here"},
        {"sub": "1", "preferred_username": ""},
        {"sub": "1"},
    ],
)
def test_the_identity_provider_makes_no_logins(
    provider: type[Provider], claims: dict[str, str]
) -> None:
    provider.claims, client, before = claims, Client(), User.objects.count()
    answer = from_elsewhere(client)
    assert answer.status_code == 403 and not is_in(client)
    assert User.objects.count() == before


def test_one_off_duty_is_not_signed_in_from_elsewhere(
    provider: type[Provider],
) -> None:
    provider.claims = {"sub": "5", "preferred_username": "mei"}
    from_elsewhere(Client())
    people.change_user(username="mei", active=False, by=people.process("test"), at=AT)
    client = Client()
    assert from_elsewhere(client).status_code == 403 and not is_in(client)


def test_a_broken_or_forged_way_back_opens_nothing(provider: type[Provider]) -> None:
    provider.claims = {"sub": "5", "preferred_username": "mei"}
    client = Client()
    assert from_elsewhere(client, code="bad").status_code == 403
    forged = client.get(
        "/sign-in/oidc/house/login/callback/", {"code": "good", "state": "x"}
    )
    assert forged.status_code == 403 and not is_in(client)
    assert client.get("/sign-in/oidc/other/login/").status_code == 404
