"""A form sets what it asks for and nothing that somebody adds to it."""

import pytest
from django.test import Client

from daihou.rooms.lists.models import SavedView
from daihou.rooms.people.models import User
from tests.rooms.cast import PASSWORD, Cast
from tests.rooms.test_pages import signed_in

ADDED = {
    "role": "admin",
    "is_superuser": "1",
    "is_staff": "1",
    "is_active": "1",
    "reads_only": "",
    "branch": "south",
    "branch_id": "south",
    "unit": "south",
    "username": "mei2",
    "password": "other-password-1",
    "permissions": "manage_people",
    "user_permissions": "1",
    "groups": "1",
    "owner": "arun",
    "id": "1",
    "pk": "1",
}
KEPT = ("username", "password", "role", "branch_id", "is_superuser", "is_staff")


def rights(login: str) -> list[object]:
    user = User.objects.get(username=login)
    return [getattr(user, name) for name in KEPT]


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/preferences/", {"density": "roomy"}),
        ("/language/", {"language": "en"}),
        ("/views/save/", {"list": "overdue", "name": "x", "query": ""}),
    ],
)
def test_rights_are_not_part_of_these_forms(
    cast: Cast, address: str, form: dict[str, str]
) -> None:
    before = rights("mei")
    assert signed_in("mei").post(address, form | ADDED).status_code == 302
    assert rights("mei") == before


def test_signing_in_gives_no_rights(cast: Cast) -> None:
    before = rights("mei")
    form = ADDED | {"username": "mei", "password": PASSWORD}
    assert Client().post("/sign-in/", form).status_code == 302
    changed = [a for a, b in zip(rights("mei"), before, strict=True) if a != b]
    assert not changed


def test_a_view_belongs_to_who_saved_it(cast: Cast) -> None:
    form = {"list": "overdue", "name": "x", "query": "", "owner": "arun", "id": "77"}
    signed_in("mei").post("/views/save/", form)
    (view,) = SavedView.objects.all()
    assert view.owner == "mei"
    change = {"step": "rename", "name": "y", "owner": "arun", "list": "other"}
    signed_in("mei").post(f"/views/{view.pk}/change/", change)
    view.refresh_from_db()
    assert (view.name, view.owner, view.list) == ("y", "mei", "overdue")
