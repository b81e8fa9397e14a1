"""Passkeys: a small one of software stands in for the key in somebody's pocket."""

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import translation
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from daihou.config import clock
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.people import queries
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, PASSWORD, Cast

FLAG = AuthenticatorData.FLAG


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), clock.standing_at(AT):
        yield


class Passkey:
    """One key, of one site; says what a browser would send."""

    def __init__(self, *, origin: str = "http://localhost:8000") -> None:
        """Not registered anywhere yet."""
        self.origin, self.site, self.id = origin, "localhost", os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.counter, self.verified, self.holder = 0, True, b""

    def _data(self, credential: AttestedCredentialData | None) -> AuthenticatorData:
        flags = FLAG.UP | (FLAG.UV if self.verified else FLAG(0))
        if credential is not None:
            flags |= FLAG.AT
        self.counter += 1
        site = hashlib.sha256(self.site.encode()).digest()
        return AuthenticatorData.create(site, flags, self.counter, credential or b"")

    def _said(self, response: dict[str, bytes]) -> str:
        told = {name: websafe_encode(value) for name, value in response.items()}
        name = websafe_encode(self.id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": told}
        )

    def create(self, wish: dict[str, Any]) -> str:
        """A new registration."""
        self.holder = websafe_decode(wish["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        client = CollectedClientData.create(
            CollectedClientData.TYPE.CREATE, wish["challenge"], self.origin
        )
        made = AttestationObject.create("none", self._data(credential), {})
        return self._said({"clientDataJSON": client, "attestationObject": made})

    def get(self, wish: dict[str, Any]) -> str:
        """An answer to a question."""
        client = CollectedClientData.create(
            CollectedClientData.TYPE.GET, wish["challenge"], self.origin
        )
        data = self._data(None)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._said(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": signature,
                "userHandle": self.holder,
            }
        )


def browser() -> Client:
    client = Client(SERVER_NAME="localhost")
    client.cookies["django_language"] = "en"
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def add(passkey: Passkey, *, username: str = "mei", **wish: str) -> Client:
    """Register a passkey on the page; the browser it was done in."""
    client = browser()
    client.force_login(User.objects.get(username=username))
    asked = client.post("/account/passkey/ask/").json()["publicKey"]
    form = {"name": "key", "password": PASSWORD, "credential": passkey.create(asked)}
    client.post("/account/passkey/", form | wish)
    return client


def ask(client: Client) -> dict[str, Any]:
    return dict(client.post("/sign-in/passkey/ask/").json()["publicKey"])


def password_shown(username: str = "mei") -> Client:
    client = browser()
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


@pytest.fixture
def passkey(cast: Cast) -> Passkey:
    """Mei's."""
    made = Passkey()
    add(made)
    (kept,) = queries.factors("mei")
    assert (kept.kind, kept.name) == ("webauthn", "key")
    assert queries.recovery_codes_left("mei") == 10
    return made


def test_a_passkey_is_asked_for_after_the_password(passkey: Passkey) -> None:
    client = password_shown()
    assert not is_in(client)
    page = client.post("/sign-in/second/", {"credential": passkey.get(ask(client))})
    assert page.status_code == 302 and is_in(client)
    assert queries.factors("mei")[0].last_used_at == AT


def test_a_passkey_alone_signs_in_when_the_device_knows_who_holds_it(
    passkey: Passkey,
) -> None:
    client = browser()
    answer = passkey.get(ask(client))
    form = {"credential": answer, "next": "/account/"}
    assert client.post("/sign-in/passkey/", form).headers["Location"] == "/account/"
    assert is_in(client)
    assert audit.latest(limit=1)[0].payload == {"way": "passkey"}
    passkey.verified = False  # a key found in the street
    other = browser()
    page = other.post("/sign-in/passkey/", {"credential": passkey.get(ask(other))})
    assert page.status_code == 422 and not is_in(other)


def test_a_password_of_ones_own_does_not_make_anothers_bare_key_enough(
    passkey: Passkey,
) -> None:
    """The question beside a password lets the device skip who holds it."""
    bare = Passkey()
    bare.verified = False
    add(bare, username="arun")
    mine = password_shown()  # mei's, who holds a passkey and is asked for it
    client_told = bare.get(ask(mine))
    page = mine.post("/sign-in/passkey/", {"credential": client_told})
    assert page.status_code == 422 and not is_in(mine)
    # The own question beside a password does not open the door alone either.
    other = password_shown()
    told = passkey.get(ask(other))
    page = other.post("/sign-in/passkey/", {"credential": told})
    assert page.status_code == 422 and not is_in(other)


def test_the_form_opened_again_begins_anew(passkey: Passkey) -> None:
    client = password_shown()
    client.get("/sign-in/")
    answer = passkey.get(ask(client))
    client.post("/sign-in/passkey/", {"credential": answer})
    assert is_in(client)


def test_an_answer_counts_once_and_for_its_own_question(passkey: Passkey) -> None:
    client = password_shown()
    answer = passkey.get(ask(client))
    other = password_shown()
    ask(other)  # another question
    for browser_, told in ((other, answer), (other, answer)):
        assert (
            browser_.post("/sign-in/second/", {"credential": told}).status_code == 422
        )
    assert client.post("/sign-in/second/", {"credential": answer}).status_code == 302


def test_a_copied_key_is_known_by_its_counter(passkey: Passkey) -> None:
    client = password_shown()
    client.post("/sign-in/second/", {"credential": passkey.get(ask(client))})
    passkey.counter = 0
    other = password_shown()
    page = other.post("/sign-in/second/", {"credential": passkey.get(ask(other))})
    assert page.status_code == 422 and not is_in(other)


@pytest.mark.parametrize(
    "origin",
    ["http://localhost.evil.example", "https://evil.example", "http://127.0.0.1"],
)
def test_an_answer_given_to_another_site_opens_nothing(
    passkey: Passkey, origin: str
) -> None:
    passkey.origin = origin
    client = password_shown()
    page = client.post("/sign-in/second/", {"credential": passkey.get(ask(client))})
    assert page.status_code == 422 and not is_in(client)


def test_the_passkey_of_another_opens_nothing_of_mine(passkey: Passkey) -> None:
    theirs = Passkey()
    add(theirs, username="bola")
    client = password_shown()
    page = client.post("/sign-in/second/", {"credential": theirs.get(ask(client))})
    assert page.status_code == 422
    theirs.holder = passkey.holder  # and says that it is hers
    alone = browser()
    told = {"credential": theirs.get(ask(alone))}
    assert alone.post("/sign-in/passkey/", told).status_code == 422
    assert not is_in(client) and not is_in(alone)


def test_a_passkey_is_added_with_the_password_and_to_a_fresh_question(
    cast: Cast,
) -> None:
    add(Passkey(), password="no")
    add(Passkey(origin="https://evil.example"))
    add(Passkey(), credential="{}")
    client = browser()
    client.force_login(User.objects.get(username="mei"))
    form = {"name": "x", "password": PASSWORD, "credential": "[1"}
    assert client.post("/account/passkey/", form).status_code == 302
    assert not queries.factors("mei")


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", '{"response": {"userHandle": 7}}', "9" * 30_000]
)
def test_rubbish_is_no_passkey(passkey: Passkey, answer: str) -> None:
    client = browser()
    ask(client)
    page = client.post("/sign-in/passkey/", {"credential": answer})
    assert page.status_code == 422 and not is_in(client)


def test_one_off_duty_has_no_passkey(passkey: Passkey) -> None:
    people.change_user(username="mei", active=False, by=people.process("test"), at=AT)
    client = browser()
    page = client.post("/sign-in/passkey/", {"credential": passkey.get(ask(client))})
    assert page.status_code == 422 and not is_in(client)
