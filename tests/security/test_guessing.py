"""Passwords are not guessed: neither one login nor many from one place."""

import pytest
from django.test import Client

from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from tests.rooms.cast import PASSWORD, Cast


def wrong(client: Client, login: str = "mei", password: str = "no") -> object:
    return client.post("/sign-in/", {"username": login, "password": password})


def test_after_too_many_guesses_even_the_right_password_waits(cast: Cast) -> None:
    for _ in range(people.GUESSES):
        assert wrong(Client()).status_code == 422
    held = wrong(Client(), password=PASSWORD)
    assert held.status_code == 429 and int(held.headers["Retry-After"]) > 0
    assert "sessionid" not in held.cookies
    assert any(e.type == "person.sign_in_held" for e in audit.latest())


def test_somebody_else_is_not_locked_out(cast: Cast) -> None:
    for _ in range(people.GUESSES + 1):
        wrong(Client())
    assert wrong(Client(), "bola", PASSWORD).status_code == 302


@pytest.mark.parametrize("login", ["MEI", " mei", "mei ", "mei\x00"])
def test_another_way_to_write_a_login_gives_no_more_guesses(
    cast: Cast, login: str
) -> None:
    for _ in range(people.GUESSES + 1):
        wrong(Client())
    assert wrong(Client(), login, PASSWORD).status_code in (422, 429)


def test_a_login_there_is_not_reads_the_same(cast: Cast) -> None:
    def said(login: str) -> str:
        answer = wrong(Client(), login)
        page = answer.content.decode()
        return page.split('role="alert"')[1].split("</div>")[0]

    assert said("mei") == said("nobody-of-that-name")


def test_no_answer_and_no_event_holds_the_password(cast: Cast) -> None:
    secret = "my-real-password-typed-too-early"
    page = wrong(Client(), secret, secret).content.decode()
    assert page.count(secret) <= 1  # what was typed as login stands in its field
    told = [(e.type, str(e.payload), e.by, e.subject_id) for e in audit.latest()]
    assert not [each for each in told if secret in str(each)]
