"""The pages of people, the logins of the demonstration, and the migration."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation

from daihou.rooms.audit import door as audit
from daihou.rooms.people import actions
from daihou.rooms.people import door as people
from daihou.rooms.people.models import Branch, User
from daihou.rooms.people.permissions import (
    Role,
)
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast
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


# ── the migration and the demonstration ─────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_logins_of_before_keep_their_roles_through_the_migration() -> None:
    login("old", "risk")
    call_command("migrate", "people", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("update people_user set role = 'captain' where username = 'old'")
        cursor.execute(
            "insert into people_branch (code, name, name_en) values ('b1', '一', '')"
        )
    call_command("migrate", verbosity=0)
    old = people.person("old")
    assert (old.role, old.permissions) == ("captain", frozenset())
    assert Branch.objects.get(code="b1").kind == "branch"


def test_each_role_of_the_demonstration_stands_where_it_belongs(cast: Cast) -> None:
    assert [name for name, *_rest in people.demo_logins(at=AT)] == list(Role)
    assert people.person("branch_manager").scope.branches == {"north"}
    assert people.person("agency").branch == "agency-1"
    assert not people.person("agency").scope.allows("north", officer="mei")
    assert people.person("auditor").reads_only
    assert Branch.objects.get(code="north").parent_id == "head-office"
    assert set(people.open_demo_logins()) == set(Role)


# ── the pages ───────────────────────────────────────────────────────────────────


def test_a_login_is_made_changed_and_put_off_duty_on_the_pages(
    ada: people.Person,
) -> None:
    client = signed_in("ada")
    form = {
        "username": "new",
        "role": "collector",
        "branch": "north",
        "full_name": "新",
    }
    made = client.post("/people/new/", form, follow=True)
    password = text_of(made).split('<strong class="mono">')[1].split("<")[0]
    assert people.authenticate(username="new", password=password, at=AT)
    assert password not in text_of(client.get("/people/login/new/"))  # shown once
    assert password not in str(audit.latest(limit=10))
    taken = client.post("/people/new/", form)
    assert taken.status_code == 422 and 'value="new"' in text_of(taken)
    client.post(
        "/people/login/new/",
        {
            "role": "risk",
            "branch": "south",
            "products": ["card_instalment"],
            "reason": "r",
        },
    )
    new = people.person("new")
    assert (new.role, new.branch, new.products) == (
        "risk",
        "south",
        {"card_instalment"},
    )
    own = client.post("/people/login/ada/", {"role": "risk"})
    assert own.status_code == 422 and people.person("ada").role == "admin"
    device = Client()
    device.force_login(User.objects.get(username="new"))
    client.post("/people/login/new/duty/", {"active": "off"})
    assert not people.person("new").active
    assert device.get("/account/").status_code == 302


def test_the_pages_say_what_a_reader_may_not(cast: Cast) -> None:
    login("cora", "compliance")
    client = signed_in("cora")
    for address in ("/people/", "/organisation/", "/roles/", "/duties/", "/covers/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "btn-primary" not in text_of(page), address
        assert client.post(address, {"code": "x"}).status_code in (403, 405), address
    assert signed_in("mei").get("/people/").status_code == 403
