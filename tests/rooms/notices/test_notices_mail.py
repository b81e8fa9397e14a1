"""Notices by mail: what goes, when, to whom, and that nothing personal is in it."""

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import translation

from daihou.config import mail as settings_of_mail
from daihou.kit.refusal import Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.notices import actions, mailing
from daihou.rooms.notices import door as notices
from daihou.rooms.notices.kinds import kind_word
from daihou.rooms.notices.models import Notice, Wish
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, Cast  # ten in the morning in Shanghai
from tests.rooms.notices.test_notices import DAY, TEXT, signed_in

ADDRESS = "mei@example.org"


@pytest.fixture(autouse=True)
def posted(settings: Any) -> None:
    """The lender sends mail; here it is only kept."""
    settings.MAIL_SENDS = True
    settings.MAIL_DOMAINS = frozenset()
    settings.MAIL_HOUR = 8
    settings.SITE = "https://loans.example.org"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def wish(how: str = "each", *, login: str = "mei", **more: Any) -> None:
    usual = {
        "silent": (),
        "quiet_from": None,
        "quiet_until": None,
        "address": f"{login}@example.org",
        "at": AT - timedelta(hours=1),
    }
    actions.wish(login=login, mail=how, **usual | more)


def tell(*, at: datetime = AT, login: str = "mei", **more: Any) -> None:
    usual = {"kind": "dayend.failed", "text": TEXT, "params": DAY, "logins": [login]}
    notices.notify(at=at, **usual | more)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def test_what_is_not_read_in_two_minutes_goes_once(cast: Cast) -> None:
    wish()
    tell()
    mailing.go_round(at=later(1))
    assert mail.outbox == []
    mailing.go_round(at=later(2))
    mailing.go_round(at=later(3))
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    with translation.override("zh-hans"):  # as mei reads everything
        assert f"{kind_word('dayend.failed')}: 1" in message.body


def test_what_was_read_meanwhile_or_came_before_does_not_go(cast: Cast) -> None:
    tell(at=AT - timedelta(hours=2))
    wish()
    tell(at=AT, key="read")
    notices.mark_read(login="mei", at=later(1))
    mailing.go_round(at=later(5))
    assert mail.outbox == []


def test_a_mail_holds_counts_and_links_and_nothing_else(cast: Cast) -> None:
    wish()
    people.set_preferences(username="mei", at=AT, language="en")
    phone = "13800000007"
    tell(text="%(who)s called %(phone)s", params={"who": "王小明", "phone": phone})
    tell(url="/customers/7/", text="王小明 paid", params={})
    mailing.go_round(at=later(2))
    (message,) = mail.outbox
    first, second = Notice.objects.order_by("pk").values_list("pk", flat=True)
    assert message.subject == "Daihou: 2 notices"
    assert f"https://loans.example.org/notices/{first}/" in message.body
    assert f"https://loans.example.org/notices/{second}/" in message.body
    for secret in ("王小明", phone, "customers", "called", "mei"):
        assert secret not in message.body
    assert message.content_subtype == "plain" and message.attachments == []


def test_many_are_counted_and_not_listed(cast: Cast) -> None:
    wish()
    for number in range(mailing.LISTED + 3):
        tell(key=f"k{number}")
    mailing.go_round(at=later(2))
    (message,) = mail.outbox
    assert message.body.count("/notices/") == mailing.LISTED + 2
    mailing.go_round(at=later(3))
    assert len(mail.outbox) == 1


def test_the_daily_one_goes_once_a_day_from_its_hour_on(cast: Cast) -> None:
    people.set_preferences(username="mei", at=AT, language="en")
    wish("daily", at=AT - timedelta(days=2))
    tell(at=AT - timedelta(hours=4))  # at six in the morning
    seven = AT - timedelta(hours=3)
    mailing.go_round(at=seven)
    assert mail.outbox == []
    mailing.go_round(at=seven + timedelta(hours=1))
    assert [each.subject for each in mail.outbox] == ["Daihou: 1 notice of the day"]
    tell(at=AT, key="next")
    mailing.go_round(at=later(60))
    assert len(mail.outbox) == 1
    mailing.go_round(at=AT + timedelta(days=1))
    assert len(mail.outbox) == 2
    mailing.go_round(at=AT + timedelta(days=2))  # nothing new: no mail
    assert len(mail.outbox) == 2


def test_quiet_hours_and_silent_kinds_hold_for_mail_but_not_for_what_is_urgent(
    cast: Cast,
) -> None:
    local = (AT + timedelta(hours=8)).time()
    end = (AT + timedelta(hours=9)).time()
    wish(silent=["approvals.decided"], quiet_from=local, quiet_until=end)
    tell(kind="approvals.decided")
    tell(kind="dayend.failed", key="q")
    mailing.go_round(at=later(5))
    assert mail.outbox == []
    tell(kind="approvals.decided", level="bad", key="b")
    mailing.go_round(at=later(6))
    assert len(mail.outbox) == 1
    mailing.go_round(at=later(61))
    assert len(mail.outbox) == 2
    assert Notice.objects.filter(mailed_at=None).count() == 1  # the silent one


def test_who_asked_for_none_is_off_duty_or_has_no_address_gets_none(
    cast: Cast, settings: Any
) -> None:
    for login in ("mei", "bola", "arun"):
        wish(login=login)
        tell(login=login)
    people.change_user(username="bola", active=False, by=people.process("test"), at=AT)
    people.set_mail_address(username="arun", address="", at=AT)
    wish("none")
    mailing.go_round(at=later(5))
    assert mail.outbox == []
    wish("each", at=later(4))  # what came before is not sent after all
    mailing.go_round(at=later(8))
    assert mail.outbox == []
    tell(at=later(9), key="new")
    settings.MAIL_SENDS = False
    mailing.go_round(at=later(12))
    assert mail.outbox == []


class Refusing(locmem.EmailBackend):
    """A server that takes no mail for mei."""

    def send_messages(self, messages: Any) -> int:
        """Refuse hers, keep the others."""
        if any(each.to == [ADDRESS] for each in messages):
            raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})
        return int(super().send_messages(messages))


class Down(locmem.EmailBackend):
    """A server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        """Nobody there."""
        raise ConnectionRefusedError("no answer")


def test_an_address_that_is_refused_is_said_on_the_page(
    cast: Cast, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    for login in ("arun", "mei"):
        wish(login=login)
        tell(login=login)
    mailing.go_round(at=later(2))
    assert [each.to for each in mail.outbox] == [["arun@example.org"]]
    kept = Wish.objects.get(login="mei")
    assert (kept.mail, kept.mail_problem) == ("none", "SMTPRecipientsRefused")
    page = signed_in("mei").get("/notices/").content.decode()
    assert "The last mail was not taken at this address" in page


def test_a_server_that_is_down_loses_nothing(cast: Cast, settings: Any) -> None:
    wish()
    tell()
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    with pytest.raises(ConnectionRefusedError):
        mailing.go_round(at=later(2))
    assert Notice.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = usual
    mailing.go_round(at=later(3))
    assert len(mail.outbox) == 1


def test_one_says_on_ones_page_how_and_where(cast: Cast, settings: Any) -> None:
    client = signed_in("mei")
    page = client.get("/notices/").content.decode()
    assert 'name="mail"' in page
    sent = {"mail": "daily", "address": "Mei@Example.org"}
    client.post("/notices/wishes/", sent)
    assert Wish.objects.get(login="mei").mail == "daily"
    assert people.person("mei").email == "Mei@Example.org"
    event = Event.objects.filter(type="person.preferred").order_by("pk").last()
    assert event is not None and event.after == {"email": "M**@Example.org"}
    settings.MAIL_SENDS = False
    page = signed_in("mei").get("/notices/").content.decode()
    assert 'name="mail"' not in page and "This lender sends no mail." in page


@pytest.mark.parametrize(
    ("address", "domains", "code"),
    [
        ("", (), "mail_address"),
        ("nobody", (), "mail_address"),
        ("a@b.cn\nBcc: x@y.cn", (), "mail_address"),
        (ADDRESS, ("bank.example",), "mail_domain"),
    ],
)
def test_an_address_that_cannot_be_is_refused(
    cast: Cast, settings: Any, address: str, domains: tuple[str, ...], code: str
) -> None:
    settings.MAIL_DOMAINS = frozenset(domains)
    with pytest.raises(Refused) as found:
        wish(address=address)
    assert found.value.code == code
    assert not Wish.objects.filter(login="mei").exists()


def test_mail_is_off_unless_a_server_is_named(tmp_path: Any) -> None:
    off = settings_of_mail.settings({})
    assert not off["MAIL_SENDS"] and off["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    secret = tmp_path / "password"
    secret.write_text("s3cret\n")
    on = settings_of_mail.settings(
        {
            "DAIHOU_MAIL_HOST": "smtp.example.org",
            "DAIHOU_MAIL_USER": "daihou@example.org",
            "DAIHOU_MAIL_PASSWORD_FILE": str(secret),
            "DAIHOU_MAIL_DOMAINS": "Example.org, bank.example",
            "DAIHOU_SITE": "https://loans.example.org/",
        }
    )
    assert on["MAIL_SENDS"] and on["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (on["EMAIL_PORT"], on["EMAIL_USE_TLS"], on["EMAIL_USE_SSL"]) == (
        587,
        True,
        False,
    )
    assert on["EMAIL_HOST_PASSWORD"] == "s3cret"
    assert on["DEFAULT_FROM_EMAIL"] == "daihou@example.org"
    assert on["MAIL_DOMAINS"] == {"example.org", "bank.example"}
    assert on["SITE"] == "https://loans.example.org"
    direct = settings_of_mail.settings(
        {"DAIHOU_MAIL_HOST": "smtp.example.org", "DAIHOU_MAIL_TLS": "tls"}
    )
    assert (direct["EMAIL_PORT"], direct["EMAIL_USE_SSL"]) == (465, True)
    assert not direct["EMAIL_USE_TLS"]
