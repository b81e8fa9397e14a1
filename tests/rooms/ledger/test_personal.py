"""Personal data: sealed where it lies, found without opening, shown for a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from daihou.kit.refusal import NotAllowed, NotFound, Refused, TooMany
from daihou.kit.scope import EVERYTHING, NOTHING, branches
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions import canaries
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan
from daihou.rooms.ledger.queries import personal
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_customer, make_loan

pytestmark = pytest.mark.django_db
ID, PHONE, ADDRESS = "11010519491231002X", "13800000007", "北京市朝阳区幸福路1号"


@pytest.fixture
def customer(cast: Cast) -> Customer:
    """Somebody with everything, borrower of a loan of the north."""
    made = make_customer(
        "C1", name="王小明", id_no=ID, address=ADDRESS, phones=(PHONE,)
    )
    Loan.objects.filter(pk=make_loan("L1").pk).update(customer=made)
    return made


def point(customer: Customer) -> str:
    found = ContactPoint.objects.get(customer=customer)
    return personal.field_of_point(found.pk)


def doing(by: people.Person, **wish: Any) -> ledger.personal.Doing:
    return replace(ledger.personal.Doing(by=by, at=AT, business_date=TODAY), **wish)


def show(customer: Customer, field: str, by: people.Person, **wish: Any) -> str:
    asked = {"why": "contact", "note": "", "scope": EVERYTHING} | wish
    at = asked.pop("at", AT)
    shown = ledger.personal.reveal(customer.pk, field, doing=doing(by, at=at), **asked)
    return shown.text


def everywhere(text: str) -> list[str]:
    """The tables in which a text can be read by whoever has the database."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'select count(*) from "{table}" t where t::text like %s', [f"%{text}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_nothing_personal_can_be_read_in_the_database(customer: Customer) -> None:
    for text in (ID, PHONE, ADDRESS):
        assert everywhere(text) == []
    assert everywhere("王小明") == ["ledger_customer"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ID, "id_no"),
        (ID.lower(), "id_no"),
        ("138 0000-0007", "phone"),
        (PHONE, "phone"),
    ],
)
def test_a_whole_number_is_found_however_written(
    customer: Customer, text: str, kind: str
) -> None:
    make_customer("C2", id_no="990101199003077735", phones=("13800000008",))
    found = personal.customers_by_value(text, kind=kind)
    assert [row["pk"] for row in found] == [customer.pk]


@pytest.mark.parametrize(("tail", "kind"), [("002x", "id_no"), ("0007", "phone")])
def test_a_tail_is_found(customer: Customer, tail: str, kind: str) -> None:
    make_customer("C2", id_no="990101199003077735", phones=("13800000008",))
    found = personal.customers_by_tail(tail, kind=kind)
    assert [row["pk"] for row in found] == [customer.pk]
    assert not personal.customers_by_tail(tail, kind="email").exists()
    assert not personal.customers_by_tail(tail[:3], kind=kind).exists()
    assert not personal.customers_by_value("", kind=kind).exists()


def test_the_customer_page_has_nothing_whole(customer: Customer) -> None:
    page = ledger.reading.customer_page(customer.pk, scope=EVERYTHING)
    assert page.id_no == "110105********002X"
    assert page.address == "北京市朝阳区*****"
    (contact,) = page.contacts
    assert (contact.value, contact.field) == ("138****0007", point(customer))


def test_a_value_is_shown_whole_for_a_reason_and_written_down(
    customer: Customer, cast: Cast
) -> None:
    assert show(customer, "id_no", cast.mei) == ID
    assert show(customer, "address", cast.mei) == ADDRESS
    assert show(customer, point(customer), cast.mei, note="calls back") == PHONE
    told = audit.timeline(subject_type="customer", subject_id=customer.pk)
    assert [(event.type, event.by, event.reason) for event in told] == [
        ("personal.revealed", "mei", "contact: calls back"),
        ("personal.revealed", "mei", "contact"),
        ("personal.revealed", "mei", "contact"),
    ]
    assert {"field": "id_no", "seconds": 60} == told[-1].payload
    for text in (ID, PHONE, ADDRESS):
        assert everywhere(text) == []


@pytest.mark.parametrize(
    ("why", "note"), [("", ""), ("because", "I say so"), ("other", ""), ("other", "no")]
)
def test_without_a_reason_nothing_is_shown(
    customer: Customer, cast: Cast, why: str, note: str
) -> None:
    with pytest.raises(Refused) as refused:
        show(customer, "id_no", cast.mei, why=why, note=note)
    assert refused.value.code == "reason_missing"
    assert not audit.timeline(subject_type="customer", subject_id=customer.pk)


def test_who_may_not_see_it_cannot(customer: Customer, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        show(customer, "id_no", cast.sam)  # reads only
    with pytest.raises(NotFound):
        show(customer, "id_no", cast.bola, scope=cast.bola.scope)  # of the south
    with pytest.raises(NotFound):
        show(customer, "id_no", cast.mei, scope=NOTHING)
    assert show(customer, "id_no", cast.mei, scope=branches("north")) == ID


def test_a_contact_point_of_somebody_else_is_not_shown(
    customer: Customer, cast: Cast
) -> None:
    other = make_customer("C2", phones=("13900000001",))
    for field in (point(other), "contact-", "contact-x", "contact-" + "9" * 30, "name"):
        with pytest.raises(NotFound):
            show(customer, field, cast.mei)
    with pytest.raises(NotFound):
        show(other, "id_no", cast.mei)  # there is none


def test_a_person_may_look_at_so_many_an_hour(
    customer: Customer, cast: Cast, settings: Any
) -> None:
    settings.REVEALS_PER_HOUR = 2
    show(customer, "id_no", cast.mei)
    show(customer, "address", cast.mei, at=AT + timedelta(minutes=20))
    with pytest.raises(TooMany) as refused:
        show(customer, "id_no", cast.mei, at=AT + timedelta(minutes=40))
    assert refused.value.retry_after == 20 * 60
    assert show(customer, "id_no", cast.arun, at=AT + timedelta(minutes=40)) == ID
    assert show(customer, "id_no", cast.mei, at=AT + timedelta(minutes=60)) == ID


def test_a_personal_attribute_is_masked_and_can_be_shown(
    customer: Customer, cast: Cast
) -> None:
    from daihou.kit import secret

    sealed = secret.seal("13900000001", about=sealing.ATTRIBUTE)
    customer.attributes = {"spouse_phone": sealed, "vip_level": 5}
    customer.save(update_fields=["attributes"])
    shown = sealing.masked_attributes(customer.attributes)
    assert shown == {"spouse_phone": "139****0001", "vip_level": 5}
    assert show(customer, "attribute-spouse_phone", cast.mei) == "13900000001"
    with pytest.raises(NotFound):
        show(customer, "attribute-vip_level", cast.mei)


def test_a_value_that_does_not_open_breaks_no_page(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(id_no="s1.kgone.AAAA", address="x")
    page = ledger.reading.customer_page(customer.pk, scope=EVERYTHING)
    assert page.id_no == page.address != ""
    assert "AAAA" not in page.id_no


@pytest.fixture
def client(customer: Customer) -> Client:
    made = Client()
    made.force_login(User.objects.get(username="mei"))
    return made


def address(customer: Customer, field: str = "id_no") -> str:
    return f"/customers/{customer.pk}/personal/{field}/"


def test_the_button_asks_why_shows_and_hides_again(
    client: Client, customer: Customer
) -> None:
    masked = client.get(address(customer))
    assert "110105********002X" in masked.text and "?ask=1" in masked.text
    asks = client.get(address(customer) + "?ask=1")
    assert 'name="why"' in asks.text and ID not in asks.text
    shown = client.post(
        address(customer), {"why": "identity"}, headers={"HX-Request": "true"}
    )
    assert ID in shown.text
    assert 'hx-trigger="load delay:60s"' in shown.text
    assert f'hx-get="{address(customer)}"' in shown.text
    for answer in (masked, asks, shown):
        assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_reason_the_form_says_so(client: Client, customer: Customer) -> None:
    answer = client.post(address(customer), {}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text and ID not in answer.text
    assert client.post(address(customer), {}).status_code == 422


def test_too_many_are_told_when_to_come_again(
    client: Client, customer: Customer, settings: Any
) -> None:
    settings.REVEALS_PER_HOUR = 1
    wish = {"why": "identity"}
    assert ID in client.post(address(customer), wish).text
    again = client.post(address(customer), wish)
    assert again.status_code == 429
    assert int(again.headers["Retry-After"]) > 0


def test_who_reads_only_sees_the_mask_and_no_button(customer: Customer) -> None:
    auditor = Client()
    auditor.force_login(User.objects.get(username="sam"))
    answer = auditor.get(address(customer))
    assert "110105********002X" in answer.text and "ask" not in answer.text
    assert auditor.get(address(customer) + "?ask=1").status_code == 403
    assert auditor.post(address(customer), {"why": "identity"}).status_code == 403


def test_another_branch_finds_nothing_there(customer: Customer) -> None:
    stranger = Client()
    stranger.force_login(User.objects.get(username="bola"))
    assert stranger.get(address(customer)).status_code == 404
    assert stranger.post(address(customer), {"why": "identity"}).status_code == 404
    assert Client().get(address(customer)).status_code == 302


@pytest.fixture
def zhou(cast: Cast) -> people.Person:
    """Compliance: keeps retention and the canaries."""
    return people.create_user(
        username="zhou",
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="test",
        at=AT,
    )


def test_a_canary_looked_at_is_told_to_compliance_and_to_nobody_else(
    customer: Customer, cast: Cast, zhou: people.Person
) -> None:
    canaries.set_canary(number="C1", note="nobody's", doing=doing(zhou))
    show(customer, "id_no", cast.mei)
    told = audit.timeline(subject_type="canary", subject_id=customer.pk)
    assert [event.type for event in told] == ["canary.touched", "canary.set"]
    assert told[0].by == "mei" and told[0].payload == {"how": "reveal"}
    assert notices.unread("zhou", at=AT) == 1
    assert notices.unread("mei", at=AT) == 0
    seen = audit.timeline(subject_type="customer", subject_id=customer.pk)
    assert [event.type for event in seen] == ["personal.revealed"]


def test_a_canary_in_an_export_is_told(
    customer: Customer, cast: Cast, zhou: people.Person
) -> None:
    canaries.set_canary(number="C1", note="nobody's", doing=doing(zhou))
    loan, other = Loan.objects.get(external_id="L1"), make_loan("L2")
    assert ledger.personal.watch_export([other.pk], doing=doing(cast.arun)) == 0
    ids = [loan.pk, other.pk]
    assert ledger.personal.watch_export(ids, doing=doing(cast.arun)) == 1
    told = audit.timeline(subject_type="canary", subject_id=customer.pk)
    assert (told[0].by, told[0].payload) == ("arun", {"how": "export"})


def test_a_canary_is_set_once_by_who_may_and_ended(
    customer: Customer, cast: Cast, zhou: people.Person
) -> None:
    with pytest.raises(NotAllowed):
        canaries.set_canary(number="C1", note="x", doing=doing(cast.arun))
    with pytest.raises(NotFound):
        canaries.set_canary(number="C9", note="x", doing=doing(zhou))
    with pytest.raises(Refused):
        canaries.set_canary(number="C1", note=" ", doing=doing(zhou))
    canaries.set_canary(number="C1", note="x", doing=doing(zhou))
    with pytest.raises(Refused) as refused:
        canaries.set_canary(number="C1", note="x", doing=doing(zhou))
    assert refused.value.code == "canary_known"
    row = customer.canary_set.get()
    canaries.end_canary(row.pk, doing=doing(zhou))
    with pytest.raises(NotFound):
        canaries.end_canary(row.pk, doing=doing(zhou))
    show(customer, "id_no", cast.mei)
    assert notices.unread("zhou", at=AT) == 0
    canaries.set_canary(number="C1", note="again", doing=doing(zhou))
