"""The pages of contact: the week agrees with the gate, roles, languages, forms."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from daihou.rooms.audit.models import Event
from daihou.rooms.contact import asking, door
from daihou.rooms.contact.models import ComplianceItem, Consent, PersonFlag
from daihou.rooms.contact.pages import week
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.contact.test_contact import NOON, called, deed, wish, with_phone

MINUTE = timedelta(minutes=1)


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north with a mobile."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = make_loan("L1")
    with_phone(made)
    return made


def client_of(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


def person(name: str, role: str, branch: str | None = None) -> people.Person:
    made: people.Person = people.create_user(
        username=name, password=PASSWORD, role=role, branch=branch, by="t", at=AT
    )
    return made


def test_the_week_agrees_with_the_gate_minute_by_minute(cast: Cast, loan: Loan) -> None:
    """Two days with caps reached, a flag that ends by itself, an answer not used."""
    point = loan.customer.contactpoint_set.get().pk
    for place in range(3):
        called(cast.mei, loan, point, NOON + 20 * place * MINUTE)
    at = NOON + 70 * MINUTE
    door.raise_flag(
        loan.customer_id,
        kind="breathing_space",
        evidence="scheme",
        until_at=at + timedelta(hours=21, minutes=17),
        deed=deed(cast.arun, at - MINUTE),
    )
    question = asking.asked(
        wish(loan, point), asking.facts_of(wish(loan, point), by=cast.mei), at=at
    )
    windows = week.open_times(week.ahead(question, at=at))
    assert windows
    asked = 0
    # Every minute around an edge, and every tenth of two days.
    near = {
        edge + away * MINUTE
        for window in windows
        for edge in window
        for away in range(-2, 3)
        if at <= edge + away * MINUTE < at + timedelta(days=7)
    }
    instants = near | {at + each * MINUTE for each in range(0, 2 * 24 * 60, 10)}
    for then in sorted(instants):
        fresh = asking.asked(question.wish, question.facts, at=then)
        said = asking.answer(fresh, at=then).verdict == "allow"
        inside = any(first <= then < last for first, last in windows)
        assert said == inside, (then, said)
        asked += said
    assert 0 < asked < len(instants)


def test_an_answer_nobody_accounts_for_closes_the_day(cast: Cast, loan: Loan) -> None:
    point = loan.customer.contactpoint_set.get().pk
    called(cast.mei, loan, point, NOON)
    called(cast.mei, loan, point, NOON + MINUTE)
    door.may_contact(wish(loan, point), deed=deed(cast.mei, NOON + 2 * MINUTE))
    at = NOON + 3 * MINUTE
    facts = asking.facts_of(wish(loan, point), by=cast.mei)
    question = asking.asked(wish(loan, point), facts, at=at)
    first = week.open_times(week.ahead(question, at=at))[0][0]
    assert first == datetime(2026, 3, 21, 0, 0, tzinfo=UTC)


def test_the_page_shows_the_week_what_counts_and_who_did_it(
    cast: Cast, loan: Loan
) -> None:
    point = loan.customer.contactpoint_set.get().pk
    called(cast.mei, loan, point, NOON)
    page = client_of("mei").get(f"/customers/{loan.customer_id}/contact/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "08:00–22:00" in text
    assert "Negotiating" in text
    assert "13800010001" not in text
    chinese = client_of("mei", language="zh-hans").get(
        f"/customers/{loan.customer_id}/contact/"
    )
    assert "08:00–22:00" in chinese.content.decode()


def test_the_customer_page_has_the_panel(cast: Cast, loan: Loan) -> None:
    door.raise_flag(
        loan.customer_id, kind="cease", evidence="letter", deed=deed(cast.mei)
    )
    text = client_of("mei").get(f"/customers/{loan.customer_id}/").content.decode()
    assert "May I contact?" in text
    assert "Wants no contact" in text


def test_nobody_of_another_branch_opens_it(cast: Cast, loan: Loan) -> None:
    bola = client_of("bola")
    assert bola.get(f"/customers/{loan.customer_id}/contact/").status_code == 404
    asked = bola.post(
        f"/customers/{loan.customer_id}/contact/ask/",
        {"loan": loan.pk, "channel": "call", "purpose": "collect"},
    )
    assert asked.status_code == 404


def test_ask_record_and_the_answer_says_why(cast: Cast, loan: Loan) -> None:
    point = loan.customer.contactpoint_set.get().pk
    mei = client_of("mei")
    form = {
        "loan": loan.pk,
        "point": point,
        "channel": "letter",
        "purpose": "collect",
    }
    # A letter does not go to a mobile: said on the page, nothing is kept.
    there = mei.post(f"/customers/{loan.customer_id}/contact/ask/", form, follow=True)
    assert "does not fit the channel" in there.content.decode()
    form |= {"point": 0}
    there = mei.post(f"/customers/{loan.customer_id}/contact/ask/", form, follow=True)
    text = there.content.decode()
    assert there.status_code == 200
    assert "Answer of the gate" in text


def test_the_reason_names_the_rule_with_text_and_standing(
    cast: Cast, loan: Loan
) -> None:
    point = loan.customer.contactpoint_set.get().pk
    night = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
    kept = door.may_contact(wish(loan, point), deed=deed(cast.mei, night))
    text = client_of("mei").get(f"/contact/decisions/{kept.id}/").content.decode()
    assert "CN-COL-01" in text
    assert "from 22:00 to 08:00" in text


def test_a_flag_is_raised_and_lifted_on_the_page_by_two(cast: Cast, loan: Loan) -> None:
    boss = person("su", "supervisor", "north")
    base = f"/customers/{loan.customer_id}/contact/"
    client_of("mei").post(
        f"{base}flags/", {"kind": "dispute", "evidence": "letter", "point": "0"}
    )
    flag = PersonFlag.objects.get()
    assert flag.evidence.startswith("s1.")
    refused = client_of("mei").post(f"{base}flags/{flag.pk}/lift/", {"evidence": "x"})
    assert refused.status_code == 403
    client_of("su").post(f"{base}flags/{flag.pk}/lift/", {"evidence": "settled"})
    flag.refresh_from_db()
    assert flag.lifted_by == boss.username


def test_consents_on_the_page(cast: Cast, loan: Loan) -> None:
    base = f"/customers/{loan.customer_id}/contact/"
    mei = client_of("mei")
    given = {"kind": "channel", "channel": "wechat", "evidence": "form 12"}
    mei.post(f"{base}consents/", given)
    page = mei.get(base).content.decode()
    assert "form 12" in page
    mei.post(f"{base}consents/{Consent.objects.get().pk}/withdraw/")
    assert Consent.objects.get().withdrawn_at is not None


def test_the_page_of_an_answer_takes_it_back(cast: Cast, loan: Loan) -> None:
    point = loan.customer.contactpoint_set.get().pk
    kept = door.may_contact(wish(loan, point), deed=deed(cast.mei))
    address = f"/contact/decisions/{kept.id}/"
    assert "No contact was made" in client_of("mei").get(address).content.decode()
    assert "No contact was made" not in client_of("arun").get(address).content.decode()
    client_of("mei").post(f"{address}unused/")
    assert "No contact was made" not in client_of("mei").get(address).content.decode()


def test_another_confirms_on_the_page(cast: Cast, loan: Loan) -> None:
    person("su", "supervisor", "north")
    base = f"/customers/{loan.customer_id}/contact/"
    mei, boss = client_of("mei"), client_of("su")
    mei.post(f"{base}flags/", {"kind": "unreachable", "evidence": "x", "point": "0"})
    mei.post(f"{base}consents/", {"kind": "night_contact", "evidence": "form 12"})
    assert "/confirm/" not in mei.get(base).content.decode()
    assert boss.get(base).content.decode().count("/confirm/") == 2
    flag = PersonFlag.objects.get()
    consent = Consent.objects.get()
    assert mei.post(f"{base}flags/{flag.pk}/confirm/").status_code == 403
    boss.post(f"{base}flags/{flag.pk}/confirm/")
    boss.post(f"{base}consents/{consent.pk}/confirm/")
    assert "confirmed by su" in mei.get(base).content.decode()
    assert "/confirm/" not in boss.get(base).content.decode()


def test_compliance_closes_an_item_for_a_reason_and_not_its_own(
    cast: Cast, loan: Loan
) -> None:
    person("co", "compliance")
    client_of("mei").post(
        f"/customers/{loan.customer_id}/notes/", {"text": "明天去小区门口贴欠款公告"}
    )
    item = ComplianceItem.objects.get()
    assert client_of("mei").get("/compliance/").status_code in (403, 404)
    page = client_of("co").get("/compliance/")
    assert "X_PUBLIC_SHAMING" in page.content.decode()
    client_of("co").post(f"/compliance/{item.pk}/close/", {"reason": ""})
    item.refresh_from_db()
    assert item.state == "open"
    client_of("co").post(f"/compliance/{item.pk}/close/", {"reason": "talked to Mei"})
    item.refresh_from_db()
    assert (item.state, item.closed_by) == ("closed", "co")
    # What is said of a person is sealed, and stands in no event.
    assert item.reason.startswith("s1.")
    assert (
        "talked to Mei"
        in client_of("co").get("/compliance/?show=closed").content.decode()
    )
    assert not Event.objects.filter(reason__contains="talked").exists()
