"""One natural person once: a document joins, the rest a person decides, and undoes."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from daihou.kit.refusal import Conflict, NotAllowed, NotFound
from daihou.rooms.audit.models import Event
from daihou.rooms.contact import door
from daihou.rooms.contact.actions import persons
from daihou.rooms.contact.models import SamePerson, Twin
from daihou.rooms.dayend import door as dayend
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_customer, make_loan
from tests.rooms.contact.test_contact import NOON, asked, called, deed, with_phone

ID_NO = "990000199001010014"
OTHER = "990000199001010022"
MINUTE = timedelta(minutes=1)
BORN = date(1990, 1, 1)


def twin_of(loan: Loan, number: str, *, name: str = "甲", id_no: str = ID_NO) -> Loan:
    """A loan whose borrower is another customer, by the same document unless said."""
    other = make_loan(number)
    customer = make_customer(f"T-{number}", name=name, id_no=id_no)
    Loan.objects.filter(pk=other.pk).update(customer=customer)
    other.refresh_from_db()
    return other


def taken_in(*customers: Customer) -> None:
    """These customers came with a file just now."""
    Customer.objects.filter(pk__in=[each.pk for each in customers]).update(batch_id=7)
    with transaction.atomic():
        persons.follow(
            intake.TakenIn(
                batch_id=7,
                tables=frozenset({"customers"}),
                by="t",
                at=AT,
                business_date=TODAY,
            )
        )


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north whose borrower shows a document."""
    made = make_loan("L1")
    customer = make_customer("C-doc", name="甲", id_no=ID_NO)
    Loan.objects.filter(pk=made.pk).update(customer=customer)
    made.refresh_from_db()
    return made


def boss() -> people.Person:
    """Somebody of the north who decides on corrections."""
    made: people.Person = people.create_user(
        username="su",
        password=PASSWORD,
        role="supervisor",
        branch="north",
        by="t",
        at=NOON,
    )
    return made


def same(*loans: Loan) -> bool:
    """Whether their borrowers are one person."""
    found = SamePerson.objects.filter(
        customer_id__in=[each.customer_id for each in loans]
    )
    persons_of = set(found.values_list("person_id", flat=True))
    return len(found) == len(loans) and len(persons_of) == 1


def test_the_same_document_and_name_join_by_themselves(cast: Cast, loan: Loan) -> None:
    second, third = twin_of(loan, "L2"), twin_of(loan, "L3")
    stranger = twin_of(loan, "L4", id_no=OTHER)
    taken_in(second.customer, third.customer, stranger.customer)
    assert same(loan, second, third)
    assert not SamePerson.objects.filter(customer_id=stranger.customer_id).exists()
    assert Twin.objects.filter(state="joined", decided_by="identity").count() == 3
    assert Event.objects.filter(type="person.joined").count() == 6
    taken_in(second.customer)
    assert Twin.objects.count() == 3


def test_contacts_of_both_count_together(cast: Cast, loan: Loan) -> None:
    second = twin_of(loan, "L2")
    mine, theirs = with_phone(loan), with_phone(second, "13800010002")
    called(cast.mei, loan, mine, NOON)
    called(cast.mei, second, theirs, NOON + 20 * MINUTE)
    called(cast.mei, loan, mine, NOON + 40 * MINUTE, "NO_ANSWER")
    alone = asked(cast.mei, second, theirs, NOON + 60 * MINUTE)
    door.mark_unused(alone.id, deed=deed(cast.mei, NOON + 60 * MINUTE))
    assert alone.answer.verdict == "allow"
    taken_in(second.customer)
    called(cast.mei, second, theirs, NOON + 80 * MINUTE)
    kept = asked(cast.mei, loan, mine, NOON + 100 * MINUTE)
    assert "CN-COL-02" in kept.answer.rules


def test_a_flag_on_one_holds_the_other_and_takes_leave_back(
    cast: Cast, loan: Loan
) -> None:
    second = twin_of(loan, "L2")
    taken_in(second.customer)
    theirs = with_phone(second, "13800010002")
    open_one = asked(cast.mei, second, theirs, NOON)
    door.raise_flag(
        loan.customer_id,
        kind="dispute",
        evidence="letter",
        deed=deed(cast.mei, NOON + MINUTE),
    )
    with pytest.raises(Conflict) as caught:
        door.record_attempt(
            open_one.id,
            result="NEGO",
            seconds=120,
            deed=deed(cast.mei, NOON + 3 * MINUTE),
        )
    assert caught.value.code == "decision_held"
    kept = asked(cast.mei, second, theirs, NOON + 5 * MINUTE)
    assert kept.answer.verdict == "deny"


def test_the_same_document_under_another_name_waits_for_a_person(
    cast: Cast, loan: Loan
) -> None:
    second = twin_of(loan, "L2", name="乙")
    taken_in(second.customer)
    twin = Twin.objects.get()
    assert (twin.state, twin.reason) == ("waiting", "document_other_name")
    assert not SamePerson.objects.exists()
    su = boss()
    with pytest.raises(NotAllowed):
        persons.join_persons(twin.pk, evidence="x", deed=deed(cast.mei))
    with pytest.raises(NotFound):
        persons.join_persons(10**9, evidence="x", deed=deed(su))
    persons.join_persons(twin.pk, evidence="曾用名证明", deed=deed(su))
    assert same(loan, second)
    with pytest.raises(Conflict):
        persons.join_persons(twin.pk, evidence="again", deed=deed(su))
    twin.refresh_from_db()
    assert "曾用名" not in twin.evidence  # sealed


def test_joined_wrongly_it_is_undone_and_stays_apart(cast: Cast, loan: Loan) -> None:
    second, third = twin_of(loan, "L2"), twin_of(loan, "L3")
    taken_in(second.customer, third.customer)
    su = boss()
    for twin in Twin.objects.filter(second_id=third.customer_id):
        persons.keep_apart(twin.pk, evidence="两人", deed=deed(su))
    assert same(loan, second)
    assert not SamePerson.objects.filter(customer_id=third.customer_id).exists()
    taken_in(third.customer)
    assert not SamePerson.objects.filter(customer_id=third.customer_id).exists()
    last = Twin.objects.get(first_id=loan.customer_id, second_id=second.customer_id)
    persons.keep_apart(last.pk, evidence="两人", deed=deed(su))
    assert not SamePerson.objects.exists()


def test_name_birthday_and_number_make_a_candidate(cast: Cast) -> None:
    first, second = make_loan("L1"), make_loan("L2")
    with_phone(first, "13800010009")
    with_phone(second, "13800010009")
    Customer.objects.update(birth_on=BORN)
    taken_in(second.customer)
    assert Twin.objects.get().reason == "name_birth_number"
    assert not SamePerson.objects.exists()


def test_a_shared_number_alone_says_nothing(cast: Cast) -> None:
    first, second = make_loan("L1"), make_loan("L2", name="乙")
    with_phone(first, "13800010009")
    with_phone(second, "13800010009")
    Customer.objects.update(birth_on=BORN)
    taken_in(first.customer, second.customer)
    assert not Twin.objects.exists()
    assert ContactPoint.objects.count() == 2


def test_a_stranger_to_one_of_them_does_not_decide(cast: Cast, loan: Loan) -> None:
    second = twin_of(loan, "L2", name="乙")
    Loan.objects.filter(pk=second.pk).update(branch="south")
    taken_in(second.customer)
    with pytest.raises(NotFound):
        persons.join_persons(Twin.objects.get().pk, evidence="x", deed=deed(boss()))


def test_the_database_keeps_pairs(cast: Cast, loan: Loan) -> None:
    second = twin_of(loan, "L2")
    taken_in(second.customer)
    for change in (
        {"first_id": second.customer_id},
        {"state": "maybe"},
        {"decided_by": ""},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Twin.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Twin.objects.all().delete()


def test_the_page_shows_pairs_and_takes_decisions(
    cast: Cast, loan: Loan, client: Client
) -> None:
    dayend.set_business_date(on=TODAY, by="t", at=AT)
    second = twin_of(loan, "L2", name="乙")
    taken_in(second.customer)
    boss()
    client.cookies["django_language"] = "en"
    address = reverse("contact:twins")
    client.login(username="bola", password=PASSWORD)
    assert "C-doc" not in client.get(address).content.decode()
    client.login(username="su", password=PASSWORD)
    assert "the same document under another name" in (
        client.get(address).content.decode()
    )
    decide = reverse("contact:decide_twin", args=[Twin.objects.get().pk])
    said = client.post(decide, {"evidence": "曾用名", "found": "one"}, follow=True)
    assert "They are one person" in said.content.decode()
    page = client.get(reverse("ledger:customer", args=[loan.customer_id]))
    assert "The same person" in page.content.decode()
    decided = client.get(address, {"show": "decided"}).content.decode()
    assert "曾用名" in decided and "Two persons" in decided


def test_an_answer_of_the_gate_about_one_of_them_ends_when_they_are_joined(
    cast: Cast, loan: Loan
) -> None:
    second = twin_of(loan, "L2", name="乙")
    point = with_phone(second, "13800010009")
    taken_in(second.customer)
    kept = asked(cast.mei, second, point, NOON)
    assert kept.answer.verdict == "allow"
    by = deed(boss(), NOON + MINUTE)
    persons.join_persons(Twin.objects.get().pk, evidence="曾用名", deed=by)
    with pytest.raises(Conflict):
        door.record_attempt(
            kept.id, result="NEGO", deed=deed(cast.mei, NOON + 2 * MINUTE), seconds=90
        )
