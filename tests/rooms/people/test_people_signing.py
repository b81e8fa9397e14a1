"""Signing in with more than a password: codes, devices, the password policy."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation

from daihou.config import clock
from daihou.kit import secret
from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import actions, queries, words
from daihou.rooms.people import door as people
from daihou.rooms.people.models import PasswordUsed, SignedIn, User
from tests.rooms.cast import AT, PASSWORD, Cast
from tests.rooms.test_pages import signed_in, text_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "another-horse-7"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), clock.standing_at(AT):
        yield


def deed(username: str = "mei", **later: float) -> people.Deed:
    return people.Deed(people.person(username), AT + timedelta(**later))


def code(**later: float) -> str:
    """What an app with SECRET shows at AT, or later."""
    period = int((AT + timedelta(**later)).timestamp()) // 30
    return format_hotp_value(hotp_value(SECRET, period))


@pytest.fixture
def codes(cast: Cast) -> list[str]:
    """Mei has an app since a while; her recovery codes."""
    made = actions.add_app(
        username="mei", secret=SECRET, code=code(hours=-1), deed=deed(hours=-1)
    )
    assert len(made) == 10
    return made


def password_shown(username: str = "mei", password: str = PASSWORD) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    form = {"username": username, "password": password, "next": "/account/"}
    client.answer = client.post("/sign-in/", form)
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# ── codes ───────────────────────────────────────────────────────────────────────


def test_the_password_alone_opens_nothing_once_there_is_an_app(
    codes: list[str],
) -> None:
    client = password_shown()
    assert client.answer.headers["Location"] == "/sign-in/second/"
    assert not is_in(client)
    assert audit.latest(limit=1)[0].type == "person.password_accepted"
    wrong = client.post("/sign-in/second/", {"code": "000000"})
    assert wrong.status_code == 422 and not is_in(client)
    right = client.post("/sign-in/second/", {"code": f"{code()[:3]} {code()[3:]}"})
    assert right.headers["Location"] == "/account/" and is_in(client)
    told = [each.type for each in audit.latest(limit=2)]
    assert told == ["person.signed_in", "person.second_factor_refused"]


def test_a_code_opens_once_also_for_somebody_looking_over_the_shoulder(
    codes: list[str],
) -> None:
    for shown in (code(), codes[0]):
        assert (
            password_shown().post("/sign-in/second/", {"code": shown}).status_code
            == 302
        )
        again = password_shown()
        assert again.post("/sign-in/second/", {"code": shown}).status_code == 422
        assert not is_in(again)
    assert queries.recovery_codes_left("mei") == 9
    older = password_shown()  # of the period before the one just used
    assert (
        older.post("/sign-in/second/", {"code": code(seconds=-30)}).status_code == 422
    )


def test_guessing_codes_is_held_up_like_guessing_passwords(codes: list[str]) -> None:
    client = password_shown()
    for _ in range(people.GUESSES):
        assert client.post("/sign-in/second/", {"code": "1"}).status_code == 422
    held = client.post("/sign-in/second/", {"code": code()})
    assert held.status_code == 429 and int(held.headers["Retry-After"]) > 0
    assert not is_in(client)


def test_the_second_step_without_the_first_leads_back(codes: list[str]) -> None:
    client = Client()
    answer = client.post("/sign-in/second/", {"code": code()})
    assert answer.headers["Location"] == "/sign-in/"
    slow = password_shown()
    with clock.standing_at(AT + timedelta(minutes=11)):
        answer = slow.post("/sign-in/second/", {"code": code(minutes=11)})
    assert answer.headers["Location"] == "/sign-in/" and not is_in(slow)


def test_the_session_has_another_key_at_every_step(codes: list[str]) -> None:
    client = Client()
    client.get("/sign-in/")
    keys = [client.cookies.get("sessionid")]
    form = {"username": "mei", "password": PASSWORD}
    client.post("/sign-in/", form)
    keys.append(client.cookies["sessionid"].value)
    client.post("/sign-in/second/", {"code": code()})
    keys.append(client.cookies["sessionid"].value)
    assert len(set(map(str, keys))) == 3 and is_in(client)


def test_secrets_of_second_factors_lie_sealed(codes: list[str]) -> None:
    for row in Authenticator.objects.all():
        text = json.dumps(row.data)
        assert SECRET not in text and not any(each in text for each in codes)
        (kept,) = (row.data[name] for name in ("secret", "seed") if name in row.data)
        assert secret.is_sealed(kept)
    assert SECRET not in str(audit.latest(limit=20))


def test_an_app_is_added_on_the_page_with_a_code_and_the_password(cast: Cast) -> None:
    client = signed_in("mei")
    page = text_of(client.get("/account/app/"))
    (shown,) = re.findall(r'<span class="mono">([A-Z2-7]{32})</span>', page)
    assert "<svg" in page and "<script>" not in page
    period = int(AT.timestamp()) // 30
    form = {"code": format_hotp_value(hotp_value(shown, period)), "password": "no"}
    assert client.post("/account/app/", form).status_code == 422
    assert client.post("/account/app/", form | {"code": "0"}).status_code == 422
    made = client.post("/account/app/", form | {"password": PASSWORD}, follow=True)
    assert len(re.findall(r'<li class="mono">\d{4} \d{4}</li>', text_of(made))) == 10
    assert client.get("/account/codes/").status_code == 302  # shown once
    assert queries.has_factor(people.person("mei").id)


def test_an_administrator_takes_lost_factors_away_but_not_their_own(
    codes: list[str],
) -> None:
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    with pytest.raises(Refused):
        actions.reset_factors(username="ada", deed=deed("ada"))
    with pytest.raises(NotAllowed):
        actions.reset_factors(username="mei", deed=deed("arun"))
    actions.reset_factors(username="mei", deed=deed("ada"))
    assert is_in(password_shown())
    assert audit.timeline(subject_type="person", subject_id="mei")[1].by == "ada"


def test_the_last_factor_takes_the_recovery_codes_along(codes: list[str]) -> None:
    client = signed_in("mei")
    (factor,) = queries.factors("mei")
    address = f"/account/factors/{factor.id}/remove/"
    client.post(address, {"password": "no"})
    assert queries.factors("mei")
    bola = signed_in("bola")
    assert bola.post(address, {"password": PASSWORD}).status_code == 404
    client.post(address, {"password": PASSWORD})
    assert not Authenticator.objects.exists()


def test_a_role_that_needs_a_second_factor_opens_nothing_before(
    cast: Cast, settings: object
) -> None:
    settings.MFA_ROLES = frozenset({"collector"})
    client = password_shown()
    for address in ("/", "/ledger/", "/search/?q=1"):
        assert client.get(address).headers["Location"] == "/account/"
    assert "Add a second factor first" in text_of(client.get("/account/"))
    actions.add_app(username="mei", secret=SECRET, code=code(), deed=deed())
    assert client.get("/search/?q=1").status_code == 200
    assert password_shown("arun").get("/search/?q=1").status_code == 200


# ── devices ─────────────────────────────────────────────────────────────────────


def test_each_device_is_listed_and_ended_by_its_person_only(cast: Cast) -> None:
    here, there = password_shown(), password_shown()
    rows = queries.devices("mei", at=AT, key=here.session.session_key)
    assert sorted(row.here for row in rows) == [False, True]
    assert "This device" in text_of(here.get("/account/"))
    (other,) = (row for row in rows if not row.here)
    bola = password_shown("bola")
    assert bola.post(f"/account/sessions/{other.id}/end/").status_code == 404
    assert is_in(there)
    here.post(f"/account/sessions/{other.id}/end/")
    assert is_in(here) and not is_in(there)
    here.post("/sign-out/")
    assert not SignedIn.objects.filter(user__username="mei").exists()


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0",
            "Chrome, Linux",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) MicroMessenger/8.0", "WeChat, iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_device_is_called_what_people_call_it(agent: str, word: str) -> None:
    assert words.device_word(agent) == word


def test_who_is_put_off_duty_is_out_on_every_device(cast: Cast) -> None:
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    mei = password_shown()
    ada = signed_in("ada")
    assert "End" in text_of(mei.get("/account/")) or is_in(mei)
    ada.post("/people/login/mei/duty/", {"active": "off"})
    assert not is_in(mei)
    assert not Session.objects.filter(
        session_key__in=SignedIn.objects.values("key")
    ).exists()


def test_the_list_says_when_a_device_was_used_last(
    cast: Cast, settings: object
) -> None:
    client = password_shown()
    later = AT + timedelta(seconds=settings.SESSION_SEEN_EVERY + 1)
    client.get("/account/")
    assert SignedIn.objects.get().seen_at == AT
    with clock.standing_at(later):
        client.get("/account/")
    assert SignedIn.objects.get().seen_at == later


# ── the password policy ─────────────────────────────────────────────────────────


def change(client: Client, old: str, new: str) -> int:
    form = {"old": old, "new": new, "again": new}
    return client.post("/account/password/", form).status_code


def test_a_password_is_changed_and_other_devices_are_out(cast: Cast) -> None:
    here, there = password_shown(), password_shown()
    for old, new in (
        ("no", NEW),
        (PASSWORD, "short"),
        (PASSWORD, "password1"),
        (PASSWORD, PASSWORD),
    ):
        assert change(here, old, new) == 422, (old, new)
    form = {"old": PASSWORD, "new": NEW, "again": "something-else"}
    assert here.post("/account/password/", form).status_code == 422
    assert change(here, PASSWORD, NEW) == 302
    assert is_in(here) and not is_in(there)
    (device,) = queries.devices("mei", at=AT, key=here.session.session_key)
    assert device.here
    assert people.authenticate(username="mei", password=PASSWORD, at=AT) is None
    assert people.authenticate(username="mei", password=NEW, at=AT)


def test_the_last_passwords_are_not_taken_again(cast: Cast, settings: object) -> None:
    settings.PASSWORD_REUSE = 2
    client = password_shown()
    assert change(client, PASSWORD, NEW) == 302
    assert change(client, NEW, PASSWORD) == 422
    third = "a-third-horse-1"
    assert change(client, NEW, third) == 302
    assert PasswordUsed.objects.filter(user__username="mei").count() == 2
    assert change(client, third, PASSWORD) == 302  # three back: forgotten


def test_guessing_the_old_password_on_the_page_is_held_up(cast: Cast) -> None:
    client = password_shown()
    for _ in range(people.GUESSES):
        assert change(client, "no", NEW) == 422
    page = client.post(
        "/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW}
    )
    assert page.status_code == 422 and "Too many wrong passwords" in text_of(page)
    assert people.authenticate(username="mei", password=NEW, at=AT) is None


def test_a_password_given_for_once_or_too_old_is_changed_first(
    cast: Cast, settings: object
) -> None:
    User.objects.filter(username="mei").update(must_change_password=True)
    client = password_shown()
    assert client.get("/ledger/").headers["Location"] == "/account/password/"
    assert change(client, PASSWORD, NEW) == 302
    assert client.get("/search/?q=1").status_code == 200
    settings.PASSWORD_DAYS = 90
    with clock.standing_at(AT + timedelta(days=89)):
        assert password_shown(password=NEW).get("/search/?q=1").status_code == 200
    with clock.standing_at(AT + timedelta(days=91)):
        old = password_shown(password=NEW)
        assert old.get("/search/?q=1").headers["Location"] == "/account/password/"
