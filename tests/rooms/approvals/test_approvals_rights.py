"""Rights of people: where the house asks for two, a second person gives them."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, transaction

from daihou.config import clock
from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.models import Decision
from daihou.rooms.audit import door as audit
from daihou.rooms.people import actions
from daihou.rooms.people import door as people
from daihou.rooms.people.models import ConflictRule, User
from tests.rooms.approving import decide, deed, login
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


def ada_deed(by: people.Person, reason: str = "asked for by the branch") -> people.Deed:
    return people.Deed(by, AT, TODAY, reason=reason)


def say_yes(by: people.Person, number: int) -> None:
    """Approve now: pages act at the real instant, and a yes serves for a day."""
    decide(by, number, deed=deed(by, reason="", at=clock.now()))


def number_of(address: str) -> int:
    assert address.startswith("/approvals/"), address
    return int(address.split("/")[2])


def test_what_a_role_allows_is_changed_by_a_second_person(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    more = [*people.person("mei").permissions, "export_ledger"]
    number = number_of(
        actions.ask_for_role(
            code="collector",
            wish={"permissions": more, "networks": "10.20.0.0/16"},
            deed=ada_deed(ada),
        )
    )
    assert not people.person("mei").may(people.Permission.EXPORT_LEDGER)
    found = queries.find(number, person=cora, at=AT)
    assert found.before == {"may.export_ledger": False, "networks": []}
    assert found.after == {"may.export_ledger": True, "networks": ["10.20.0.0/16"]}
    page = text_of(signed_in("cora").get(f"/approvals/{number}/"))
    assert "May: export the ledger" in page and "<ins>yes</ins>" in page
    decide(cora, number)
    assert people.person("mei").may(people.Permission.EXPORT_LEDGER)
    assert people.person("mei").networks == (("10.20.0.0/16",),)
    (event,) = audit.latest(type="role.changed")
    assert event.by == "cora"


def test_a_role_is_neither_changed_nor_copied_past_the_second_person(
    cast: Cast,
) -> None:
    ada = login("ada", "admin")
    with pytest.raises(Refused) as error:
        actions.change_role(code="collector", reach="all", deed=ada_deed(ada))
    assert error.value.code == "approval_needed"
    with pytest.raises(Refused) as error:
        actions.copy_role(source="risk", code="risk2", name="x", deed=ada_deed(ada))
    assert error.value.code == "approval_needed"
    # What a role is called gives nobody a right.
    address = actions.ask_for_role(
        code="collector", wish={"name_en": "Caller"}, deed=ada_deed(ada)
    )
    assert address == ""
    assert actions.role_definition("collector")["name_en"] == "Caller"


def test_a_new_role_is_there_once_it_is_approved(cast: Cast) -> None:
    login("ada", "admin"), login("cora", "compliance")
    client = signed_in("ada")
    sent = {"code": "clerk", "name": "文员", "reason": "a new desk"}
    answer = client.post("/roles/finance/copy/", sent)
    number = number_of(answer["Location"])
    assert client.get("/roles/clerk/").status_code == 404
    page = text_of(signed_in("cora").get(f"/approvals/{number}/"))
    assert "May: post payments" in page
    decide(people.person("cora"), number)
    made = actions.role_definition("clerk")
    finance = actions.role_definition("finance")
    same = {name for name in made if made[name] == finance[name]}
    assert set(made) - same == {"name", "name_en"}
    (event,) = audit.latest(type="role.created")
    assert (event.by, event.subject_id) == ("cora", "clerk")


def test_who_holds_the_role_does_not_approve_what_it_allows(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    number = number_of(
        actions.ask_for_role(
            code="compliance", wish={"reach": "branch"}, deed=ada_deed(ada)
        )
    )
    with pytest.raises(Refused) as error:
        decide(cora, number)
    assert error.value.code == "own_rights"


def test_a_role_that_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    number = number_of(
        actions.ask_for_role(
            code="collector", wish={"reach": "own"}, deed=ada_deed(ada)
        )
    )
    hand = people.process("test")
    actions.change_role(code="collector", reach="team", deed=ada_deed(hand))
    with pytest.raises(Conflict):
        decide(cora, number)
    assert actions.role_definition("collector")["reach"] == "team"


def test_a_new_login_is_made_once_a_second_person_said_yes(cast: Cast) -> None:
    login("ada", "admin"), login("cora", "compliance")
    client = signed_in("ada")
    sent = {"username": "newt", "role": "compliance", "reason": "joins in May"}
    number = number_of(client.post("/people/new/", sent)["Location"])
    page = text_of(signed_in("cora").get(f"/approvals/{number}/"))
    assert "a new login" in page and "<ins>Compliance officer</ins>" in page
    say_yes(people.person("cora"), number)
    # Another role than the one approved is not made by it.
    other = client.post("/people/new/", sent | {"role": "risk"})
    assert other["Location"].startswith("/approvals/")
    assert client.post("/people/new/", sent)["Location"] == "/people/login/newt/"
    assert people.person("newt").role == "compliance"
    # An approval makes one login, and is used up by it.
    again = client.post("/people/new/", sent | {"username": "newt2"})
    assert again["Location"].startswith("/approvals/")


@pytest.mark.parametrize(
    ("page", "event"),
    [("password", "person.password_reset"), ("factors", "person.factors_reset")],
)
def test_nobody_gets_at_the_login_of_who_decides_alone(
    cast: Cast, page: str, event: str
) -> None:
    login("ada", "admin"), login("cora", "compliance")
    client = signed_in("ada")
    Authenticator.objects.create(
        user=User.objects.get(username="cora"), type="totp", data={}
    )
    address = f"/people/login/cora/{page}/"
    sent = {"reason": "forgotten"}
    number = number_of(client.post(address, sent)["Location"])
    assert not audit.latest(type=event)
    with pytest.raises(NotAllowed) as error:
        decide(people.person("cora"), number)
    assert error.value.code == "own_rights"
    say_yes(login("abe", "admin"), number)
    assert client.post(address, sent)["Location"] == "/people/login/cora/"
    assert len(audit.latest(type=event)) == 1
    # Used once; the next time it is asked for again.
    assert client.post(address, sent)["Location"].startswith("/approvals/")


def test_the_password_of_who_decides_nothing_is_reset_at_once(cast: Cast) -> None:
    login("ada", "admin")
    answer = signed_in("ada").post("/people/login/mei/password/", {"reason": "x"})
    assert answer["Location"] == "/people/login/mei/"
    assert len(audit.latest(type="person.password_reset")) == 1


def test_back_on_duty_is_decided_by_a_second_person_off_duty_is_not(
    cast: Cast,
) -> None:
    login("ada", "admin"), login("cora", "compliance")
    client = signed_in("ada")
    client.post("/people/login/mei/duty/", {"active": "off", "reason": "left"})
    assert not people.person("mei").active
    sent = {"active": "on", "reason": "is back"}
    number = number_of(client.post("/people/login/mei/duty/", sent)["Location"])
    assert not people.person("mei").active
    decide(people.person("cora"), number)
    assert people.person("mei").active


def test_a_rule_of_duties_is_set_aside_by_two(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    rule = ConflictRule.objects.filter(in_force=True).order_by("pk")[0]
    ask = {"rule_id": rule.pk, "in_force": False, "deed": ada_deed(ada)}
    number = number_of(actions.set_rule(**ask))
    rule.refresh_from_db()
    assert rule.in_force
    decide(cora, number)
    assert actions.set_rule(**ask) == ""
    rule.refresh_from_db()
    assert not rule.in_force
    actions.set_rule(rule_id=rule.pk, in_force=True, deed=ada_deed(ada))
    rule.refresh_from_db()
    assert rule.in_force


def test_a_deputy_and_a_role_of_the_levels_decide_on_rights(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    login("dee", "risk")
    approvals.delegate(
        principal="cora",
        deputy="dee",
        from_on=TODAY,
        until_on=TODAY + timedelta(days=3),
        deed=deed(cora),
    )
    number = ask(ada, "mei", role="supervisor")
    assert queries.waiting_count(people.person("dee"), at=AT) == 1
    decide(people.person("dee"), number)
    assert people.person("mei").role == "supervisor"
    rows = (approvals.LevelRow(1, 0, None, "finance"),)
    levels = approvals.propose_levels(
        kind="people.role", currency="", rows=rows, from_on=TODAY, deed=deed(ada)
    )
    decide(cora, levels.id)
    number = ask(ada, "mei", role="legal")
    decide(login("fay", "finance"), number)
    assert people.person("mei").role == "legal"


def test_at_no_level_does_somebody_decide_on_their_own_rights(cast: Cast) -> None:
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    rows = (
        approvals.LevelRow(1, 0, None, "compliance"),
        approvals.LevelRow(2, 0, None, "risk"),
    )
    levels = approvals.propose_levels(
        kind="people.role", currency="", rows=rows, from_on=TODAY, deed=deed(ada)
    )
    decide(cora, levels.id)
    number = ask(ada, "cora", role="risk")
    assert queries.waiting(cora, at=AT) == ()
    assert queries.waiting_count(cora, at=AT) == 0
    with pytest.raises(NotAllowed) as error:
        decide(cora, number)
    assert error.value.code == "own_rights"
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.create(
            proposal_id=number,
            level=1,
            verdict="approve",
            decided_by="cora",
            decided_at=AT,
        )
