"""Separation of duties, approved rights, leave cover, and view-as."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import translation

from daihou.config import clock
from daihou.kit.refusal import NotAllowed, Refused
from daihou.kit.scope import NOTHING
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import actions, queries
from daihou.rooms.people import door as people
from daihou.rooms.people.models import ConflictRule, Cover, RoleGrant
from daihou.rooms.people.permissions import (
    GRANTS,
    LOOKING,
    Permission,
    Role,
)
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.test_pages import signed_in, text_of

HOUSE = people.Deed(people.process("test"), AT)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def login(name: str, role: str, branch: str | None = None, **more: object) -> None:
    people.create_user(
        username=name,
        password=PASSWORD,
        role=role,
        branch=branch,
        by="test",
        at=AT,
        **more,
    )


def unit(code: str, parent: str = "", kind: str = "branch") -> None:
    actions.save_unit(
        code=code, name=code, kind=kind, parent=parent, new=True, deed=HOUSE
    )


@pytest.fixture
def ada(cast: Cast) -> people.Person:
    """An administrator."""
    login("ada", "admin")
    return people.person("ada")


@pytest.fixture
def tree(cast: Cast) -> None:
    """The north with a town and a team in it, beside the south; above both the head."""
    unit("head", kind="head_office")
    unit("town", "north")
    unit("team", "town", kind="team")
    for code in ("north", "south"):
        actions.save_unit(code=code, name=code, parent="head", deed=HOUSE)


def deed(by: people.Person, reason: str = "because") -> people.Deed:
    return people.Deed(by, AT, TODAY, reason)


# ── separation of duties ────────────────────────────────────────────────────────


def test_a_role_with_two_duties_that_conflict_is_refused(ada: people.Person) -> None:
    both = [*GRANTS[Role.FINANCE], Permission.VIEW_AUDIT]
    with pytest.raises(
        Refused,
        match=r"read the log of changes.+post payments|post "
        r"payments.+read the log of changes",
    ) as refused:
        actions.change_role(code="finance", permissions=both, deed=deed(ada))
    assert refused.value.code == "duties_conflict"
    assert RoleGrant.objects.get(pk="finance").permissions is None


def test_a_rule_is_set_aside_for_a_reason_and_put_back(ada: people.Person) -> None:
    rule = ConflictRule.objects.get(first="post_payment", second="view_audit")
    with pytest.raises(Refused, match="why"):
        actions.set_rule(rule_id=rule.pk, in_force=False, deed=deed(ada, " "))
    actions.set_rule(rule_id=rule.pk, in_force=False, deed=deed(ada, "a small house"))
    both = [*GRANTS[Role.FINANCE], Permission.VIEW_AUDIT]
    actions.change_role(code="finance", permissions=both, deed=deed(ada))
    login("fin", "finance")
    actions.set_rule(rule_id=rule.pk, in_force=True, deed=deed(ada))
    found = {each.id: each for each in queries.rules()}[rule.pk]
    assert found.logins == ("fin",) and found.roles == ("finance",)
    with pytest.raises(Refused) as refused:  # a role that conflicts is given no more
        people.change_user(username="mei", role="finance", by=ada, at=AT)
    assert refused.value.code == "duties_conflict"
    told = audit.timeline(subject_type="duties", subject_id="post_payment+view_audit")
    assert [each.reason for each in told] == ["because", "a small house"]


def test_a_house_adds_rules_of_its_own(ada: people.Person) -> None:
    actions.add_rule(first="run_intake", second="export_ledger", deed=deed(ada))
    with pytest.raises(Refused, match="conflict_of_one|different"):
        actions.add_rule(first="run_intake", second="run_intake", deed=deed(ada))
    with pytest.raises(Refused):
        actions.add_rule(first="run_intake", second="fly", deed=deed(ada))
    found = [each for each in queries.rules() if not each.shipped]
    assert [(each.first, each.second) for each in found] == [
        ("export_ledger", "run_intake")
    ]
    assert found[0].logins == ("ada",)  # held before the rule: shown, not taken away


# ── approval of rights ──────────────────────────────────────────────────────────


def test_rights_are_proposed_where_the_house_wants_two(
    ada: people.Person, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.APPROVE_ROLE_CHANGES = True
    asked = []
    monkeypatch.setattr(actions.users, "_propose", [])
    with pytest.raises(Refused) as alone:
        people.ask_for_rights(username="mei", wish={"role": "risk"}, deed=deed(ada))
    assert alone.value.code == "approval_needed"
    people.propose_rights_with(lambda **told: asked.append(told) or "/somewhere/")
    with pytest.raises(Refused):
        people.change_user(username="mei", role="risk", by=ada, at=AT)
    there = people.ask_for_rights(username="mei", wish={"role": "risk"}, deed=deed(ada))
    assert there == "/somewhere/" and people.person("mei").role == "collector"
    (told,) = asked
    assert (told["before"]["role"], told["after"]["role"]) == ("collector", "risk")
    login("eve", "admin")
    eve = people.person("eve")
    people.grant_role(username="mei", rights=told["after"], deed=deed(eve))
    assert people.person("mei").role == "risk"
    # A name is no right, and off duty takes rights away: neither waits.
    people.change_user(username="mei", full_name="梅", active=False, by=ada, at=AT)


# ── leave cover ─────────────────────────────────────────────────────────────────


def arrange(by: people.Person, **wish: object) -> int:
    usual = {
        "absent": "mei",
        "cover": "bola",
        "begins_on": TODAY,
        "last_on": TODAY + timedelta(days=1),
    }
    return actions.arrange_cover(**(usual | wish), deed=deed(by))


def test_a_cover_sees_what_the_absent_one_sees_for_those_days(
    ada: people.Person,
) -> None:
    arrange(ada)

    def sight(days: int) -> people.Person:
        return people.person("bola", at=AT + timedelta(days=days))

    for days, covers in ((-1, False), (0, True), (1, True), (2, False)):
        bola = sight(days)
        assert bola.scope.allows("north") == covers, days
        assert bola.covering == (("mei",) if covers else ())
        assert bola.scope.allows("south") and not bola.scope.everything
    assert sight(0).permissions == GRANTS[Role.COLLECTOR]
    told = audit.timeline(subject_type="person", subject_id="bola")[0]
    assert (told.type, told.after["absent"]) == ("cover.arranged", "mei")


def test_a_cover_opens_the_page_of_a_loan_and_the_bar_says_so(
    ada: people.Person,
) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loan = make_loan("L1")
    with clock.standing_at(AT):
        bola = signed_in("bola")
        assert bola.get(f"/loans/{loan.pk}/").status_code == 404
        cover = arrange(ada)
        page = bola.get(f"/loans/{loan.pk}/")
        assert page.status_code == 200 and "You stand in for mei" in text_of(page)
        actions.end_cover(cover_id=cover, deed=deed(ada))
        assert bola.get(f"/loans/{loan.pk}/").status_code == 404


def test_a_supervisor_arranges_within_the_unit_and_never_for_themselves(
    tree: None, ada: people.Person
) -> None:
    login("sue", "supervisor", "north")
    login("li", "collector", "team")
    sue = people.person("sue")
    arrange(sue, cover="li")
    for wish in ({"cover": "bola"}, {"absent": "bola", "cover": "li"}):
        with pytest.raises(NotAllowed):
            arrange(sue, **wish)
    with pytest.raises(Refused) as own:
        arrange(sue, cover="sue")
    assert own.value.code == "own_rights"
    with pytest.raises(NotAllowed):
        arrange(people.person("mei"), cover="li")
    theirs = arrange(ada, absent="arun", cover="bola")
    with pytest.raises(NotAllowed):
        actions.end_cover(cover_id=theirs, deed=deed(sue))


@pytest.mark.parametrize(
    "wish",
    [
        {"last_on": TODAY - timedelta(days=1)},
        {"begins_on": TODAY + timedelta(days=3)},
        {"last_on": TODAY + timedelta(days=93)},
        {"begins_on": date(2026, 1, 1), "last_on": date(2026, 1, 2)},
        {"cover": "mei"},
        {"cover": "ghost"},
    ],
)
def test_a_cover_that_makes_no_sense_is_refused(
    ada: people.Person, wish: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        arrange(ada, **wish)
    assert not Cover.objects.exists()


def test_one_off_duty_covers_nobody_and_lends_nothing(ada: people.Person) -> None:
    arrange(ada)
    people.change_user(username="mei", active=False, by=ada, at=AT)
    assert not people.person("bola", at=AT).scope.allows("north")
    people.change_user(username="mei", active=True, by=ada, at=AT)
    people.change_user(username="bola", active=False, by=ada, at=AT)
    assert people.person("bola", at=AT).scope == NOTHING


# ── view as ─────────────────────────────────────────────────────────────────────


def test_an_administrator_sees_what_another_sees_and_changes_nothing(
    ada: people.Person,
) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    north, south = make_loan("L1"), make_loan("L2", branch="south")
    client = signed_in("ada")
    begun = client.post("/people/login/bola/view-as/", {"reason": "a question"})
    assert begun.status_code == 302 and begun.headers["Location"] == "/"
    assert client.get(f"/loans/{north.pk}/").status_code == 404
    answer = client.get(f"/loans/{south.pk}/")
    page = text_of(answer)
    assert answer.status_code == 200 and "You see the pages as bola" in page
    assert client.get("/people/").status_code == 403
    for address in ("/people/new/", "/day-end/ask/", "/account/password/"):
        assert client.post(address, {"reason": "x"}).status_code == 403, address
    assert client.post("/language/", {"language": "en"}).status_code == 302
    assert people.person("ada").language == "en"
    assert people.person("bola").language == "zh-hans"
    ended = client.post("/view-as/end/")
    assert ended.headers["Location"] == "/people/login/bola/"
    assert client.get(f"/loans/{north.pk}/").status_code == 200
    told = audit.timeline(subject_type="person", subject_id="bola")[:2]
    assert [(each.type, each.by) for each in told] == [
        ("person.viewed_as_ended", "ada"),
        ("person.viewed_as", "ada"),
    ]
    assert told[1].reason == "a question"


def test_what_is_opened_through_anothers_eyes_is_put_down_to_the_right_one(
    ada: people.Person,
) -> None:
    login("olga", "auditor")
    client = signed_in("ada")
    client.post("/people/login/olga/view-as/", {"reason": "a question"})
    for address in ("/audit/export/", "/ledger/export/"):
        assert client.get(address).status_code == 403  # nothing leaves the house
    assert not audit.latest(type="audit.exported")
    with audit.looking_through(by="ada"), transaction.atomic():
        audit.record(
            type="customer.opened",
            subject_type="customer",
            subject_id=1,
            by="olga",
            at=AT,
            business_date=TODAY,
        )
    (entry,) = audit.latest(type="customer.opened")
    assert (entry.by, entry.on_behalf_of) == ("ada", "olga")
    assert queries.seen_as(people.person("arun"), by=ada).permissions <= LOOKING


@pytest.mark.parametrize(
    ("who", "whom", "reason"),
    [
        ("ada", "ada", "x"),
        ("ada", "bola", " "),
        ("ada", "ghost", "x"),
        ("arun", "bola", "x"),
        ("sam", "bola", "x"),
    ],
)
def test_looking_through_anothers_eyes_is_refused(
    ada: people.Person, who: str, whom: str, reason: str
) -> None:
    client = signed_in(who)
    client.post(f"/people/login/{whom}/view-as/", {"reason": reason})
    assert "viewing_as" not in client.session
    assert not audit.latest(type="person.viewed_as")


def test_looking_ends_when_the_right_or_the_other_is_gone(ada: people.Person) -> None:
    client = signed_in("ada")
    client.post("/people/login/bola/view-as/", {"reason": "x"})
    people.change_user(username="bola", active=False, by=people.process("test"), at=AT)
    assert "You see the pages as" not in text_of(client.get("/people/"))
    assert "viewing_as" not in client.session
