"""Rights of people: where the house asks for two, a second person gives them."""

import pytest

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.approvals import queries
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from tests.rooms.approving import decide, login
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.test_pages import signed_in, text_of


@pytest.fixture(autouse=True)
def two_eyes_more(settings: object) -> None:
    """The house wants rights approved."""
    settings.APPROVE_ROLE_CHANGES = True  # type: ignore[attr-defined]


def ask(by: people.Person, username: str, **wish: object) -> int:
    address = people.ask_for_rights(
        username=username,
        wish=wish,
        deed=people.Deed(by, AT, TODAY, reason="moves to another desk"),
    )
    return int(address.split("/")[2])


def test_rights_are_given_by_a_second_person(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    number = ask(ada, "mei", role="supervisor")
    assert people.person("mei").role == "collector"
    found = queries.find(number, person=cora, at=AT)
    assert found.before == {"role": "collector"}
    assert found.after == {"role": "supervisor"}
    page = text_of(signed_in("cora").get(f"/approvals/{number}/"))
    assert "<del>Collector</del>" in page and "<ins>Supervisor</ins>" in page
    with pytest.raises(NotAllowed):
        decide(ada, number)
    decide(cora, number)
    assert people.person("mei").role == "supervisor"
    (event,) = audit.latest(type="person.changed")
    assert event.by == "cora"


def test_nobody_approves_their_own_new_rights(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    number = ask(ada, "cora", role="risk")
    with pytest.raises(Refused) as error:
        decide(cora, number)
    assert error.value.code == "own_rights"
    assert people.person("cora").role == "compliance"
    decide(login("abe", "admin"), number)
    assert people.person("cora").role == "risk"


def test_rights_that_changed_meanwhile_are_not_given(
    cast: Cast, settings: object
) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    number = ask(ada, "mei", role="supervisor")
    settings.APPROVE_ROLE_CHANGES = False  # type: ignore[attr-defined]
    people.change_user(username="mei", role="legal", by=ada, at=AT)
    with pytest.raises(Conflict):
        decide(cora, number)
    assert people.person("mei").role == "legal"


def test_who_sees_one_branch_decides_no_rights_of_the_house(cast: Cast) -> None:
    ada = login("ada", "admin")
    number = ask(ada, "mei", role="supervisor")
    north = login("nora", "branch_manager", "north")
    assert queries.waiting(north, at=AT) == ()
    assert signed_in("nora").get(f"/approvals/{number}/").status_code == 404
