"""One person with two customer numbers: two cases, one hand, and somebody told."""

import pytest

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import same_person
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.models.work import WorkItem
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.contact import door as contact
from daihou.rooms.contact.models import Twin
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.caseworking import a_morning, deed, late_loan, queue, supervisor
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.test_pages import signed_in


@pytest.fixture
def boss(cast: Cast) -> people.Person:
    """Who oversees the north, with a queue not shared out by itself."""
    queue()
    return supervisor()


@pytest.fixture
def pair(boss: people.Person) -> tuple[Loan, Loan]:
    """Two customers, one person; a case each after the morning."""
    one, other = late_loan("L1"), late_loan("L2")
    joined(boss, one, other)
    a_morning()
    return one, other


def joined(boss: people.Person, one: Loan, other: Loan) -> Twin:
    low, high = sorted((one.customer_id, other.customer_id))
    twin: Twin = Twin.objects.create(
        first_id=low, second_id=high, reason="name_birth", found_at=AT
    )
    contact.join_persons(twin.pk, evidence="both documents seen", deed=deed(boss))
    return twin


def case_of(loan: Loan) -> Case:
    found: Case = Case.objects.get(customer_id=loan.customer_id)
    return found


def waiting() -> list[WorkItem]:
    rows = WorkItem.objects.filter(reason="same_person", state="open")
    return list(rows)


def test_a_supervisor_is_told_once_and_no_more_when_it_is_one_hand(
    boss: people.Person, pair: tuple[Loan, Loan]
) -> None:
    (told,) = waiting()
    assert told.for_supervisor and told.kind == "review"
    assert broken(after_a_morning=True) == ()
    a_morning(fingerprint="f2")
    assert waiting() == [told]
    first, second = map(case_of, pair)
    with pytest.raises(Refused):  # nobody has it yet
        same_person.bring_together(first.pk, deed=deed(boss))
    door.assign([first.pk], collector="mei", deed=deed(boss), key="k")
    assert same_person.bring_together(first.pk, deed=deed(boss)) == 1
    assert {case_of(each).collector for each in pair} == {"mei"}
    assert waiting() == []
    with pytest.raises(Conflict):
        same_person.bring_together(first.pk, deed=deed(boss))
    a_morning(TODAY)
    assert waiting() == [] and broken(after_a_morning=True) == ()
    assert second.pk


def test_parted_again_nobody_need_look(
    boss: people.Person, pair: tuple[Loan, Loan]
) -> None:
    assert len(waiting()) == 1
    contact.keep_apart(
        Twin.objects.get().pk, evidence="two people after all", deed=deed(boss)
    )
    a_morning(fingerprint="f2")
    assert waiting() == []
    assert WorkItem.objects.get(reason="same_person").outcome == "in_one_hand"


def test_unasked_the_law_is_broken(boss: people.Person, cast: Cast) -> None:
    one, other = late_loan("L1"), late_loan("L2")
    a_morning()
    joined(boss, one, other)
    (law,) = broken(after_a_morning=True)
    assert law.law.startswith("cases of one person")
    a_morning(fingerprint="f2")
    assert broken(after_a_morning=True) == ()


def test_on_the_page_of_either_case(
    boss: people.Person, pair: tuple[Loan, Loan], cast: Cast
) -> None:
    first, second = map(case_of, pair)
    door.assign([first.pk], collector="mei", deed=deed(boss), key="k")
    page = signed_in("su", language="en").get(f"/cases/{first.number}/")
    text = page.content.decode()
    assert second.number in text and "Bring them into one hand" in text
    assert signed_in("mei").post(f"/cases/{first.number}/together/").status_code == 403
    with pytest.raises(NotAllowed):
        same_person.bring_together(first.pk, deed=deed(cast.mei))
    signed_in("su").post(f"/cases/{first.number}/together/")
    assert case_of(pair[1]).collector == "mei"
