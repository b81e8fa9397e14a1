"""From where somebody may work: by role, by unit and by token, behind a proxy too."""

import ipaddress
from typing import Any

import pytest
from django.test import Client

from daihou.config import addresses, clock
from daihou.kit.refusal import Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.gateway import door as gateway
from daihou.rooms.people import actions, queries
from daihou.rooms.people import door as people
from daihou.rooms.people.models import Branch, User
from daihou.rooms.people.networks import admitted, read
from tests.api.calls import Api, refused, token
from tests.rooms.cast import AT, PASSWORD, Cast

HERE, HOUSE, ELSEWHERE = "127.0.0.1", "10.20.0.7", "203.0.113.9"
LIST = ["10.20.0.0/16"]


def ada() -> people.Person:
    """An administrator of the whole house."""
    return people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )


def deed(by: people.Person, *, address: str = HERE) -> people.Deed:
    return people.Deed(by=by, at=AT, reason="the office moved", address=address)


def of_role(code: str, networks: list[str]) -> None:
    hand = people.process("test")
    actions.change_role(code=code, networks=networks, deed=deed(hand))


def of_unit(code: str, networks: list[str], **wish: str) -> None:
    row = Branch.objects.get(code=code)
    given = {
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "parent": row.parent_id or "",
    }
    hand = people.process("test")
    actions.save_unit(code=code, networks=networks, deed=deed(hand), **(given | wish))


def sign_in(username: str, *, address: str) -> tuple[Client, int]:
    client = Client(REMOTE_ADDR=address)
    client.cookies["django_language"] = "en"
    sent = {"username": username, "password": PASSWORD}
    return client, client.post("/sign-in/", sent).status_code


def events(kind: str) -> list[dict[str, object]]:
    rows = Event.objects.filter(type=kind).order_by("pk")
    return [row.payload for row in rows]


@pytest.mark.parametrize(
    ("lists", "address", "may"),
    [
        ([], ELSEWHERE, True),
        ([[]], "", True),
        ([LIST], HOUSE, True),
        ([LIST], ELSEWHERE, False),
        ([LIST], "", False),
        ([LIST], "no address", False),
        ([LIST, []], HOUSE, True),
        ([LIST, ["10.20.0.7/32"]], HOUSE, True),
        ([LIST, ["10.20.0.8/32"]], HOUSE, False),
        ([["2001:db8::/32"]], "2001:db8::7", True),
        ([["2001:db8::/32"]], HOUSE, False),
    ],
)
def test_an_address_lies_within_every_list_there_is(lists, address, may) -> None:
    assert admitted(lists, address) is may


def test_networks_are_read_as_people_write_them() -> None:
    assert read("10.20.3.4/16, 10.9.0.1\n2001:db8::/32") == [
        "10.20.0.0/16",
        "10.9.0.1/32",
        "2001:db8::/32",
    ]
    for wrong in ("10.20.0.0/33", "the office", "10.20"):
        with pytest.raises(Refused) as found:
            read(wrong)
        assert found.value.code == "network_unreadable"
    with pytest.raises(Refused) as found:
        read([f"10.0.{each}.0/24" for each in range(51)])
    assert found.value.code == "networks_many"


@pytest.mark.parametrize(
    ("connection", "forwarded", "told"),
    [
        (ELSEWHERE, "", ELSEWHERE),
        (ELSEWHERE, HOUSE, ELSEWHERE),  # nobody names their own address
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ELSEWHERE, ELSEWHERE),
        ("10.0.0.1", f"{HOUSE}, {ELSEWHERE}", ELSEWHERE),
        ("10.0.0.1", f"{HOUSE}, {ELSEWHERE}, 10.0.0.2", ELSEWHERE),
        ("10.0.0.1", f"{HOUSE}, unknown", ""),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("::ffff:10.0.0.1", ELSEWHERE, ELSEWHERE),
        ("", HOUSE, ""),
    ],
)
def test_a_proxy_of_the_house_is_believed_and_nobody_else(
    connection, forwarded, told
) -> None:
    proxies = [ipaddress.ip_network("10.0.0.0/30")]
    found = addresses.address_of(
        connection=connection, forwarded=forwarded, proxies=proxies
    )
    assert found == told


def test_who_works_from_elsewhere_is_not_signed_in(cast: Cast) -> None:
    of_role("collector", LIST)
    client, status = sign_in("mei", address=ELSEWHERE)
    assert status == 403
    assert client.get("/notices/").status_code == 302  # to the sign-in
    assert events("person.address_refused") == [
        {"address": ELSEWHERE, "way": "password"}
    ]
    client, status = sign_in("mei", address=HOUSE)
    assert status == 302
    assert client.get("/notices/").status_code == 200
    assert sign_in("arun", address=ELSEWHERE)[1] == 302  # of another role


def test_a_page_says_what_to_do_and_shows_nothing_of_the_house(cast: Cast) -> None:
    client, _status = sign_in("mei", address=HOUSE)
    of_role("collector", LIST)
    assert client.get("/notices/").status_code == 200
    for _again in range(2):
        page = client.get("/", REMOTE_ADDR=ELSEWHERE)
        assert page.status_code == 403
    text = page.content.decode()
    assert ELSEWHERE in text and "administrator" in text and "Sign out" in text
    assert "dh-nav" not in text
    # Told once, however often it is tried from there; a way out stays open.
    assert len(events("person.address_refused")) == 1
    assert client.post("/sign-out/", REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_a_unit_without_a_list_has_that_of_the_unit_above(cast: Cast) -> None:
    hand = people.process("test")
    actions.save_unit(
        code="team1",
        name="一组",
        kind="team",
        parent="north",
        new=True,
        deed=deed(hand),
    )
    User.objects.filter(username="mei").update(branch="team1")
    of_unit("north", LIST)
    assert people.person("mei").networks == (tuple(LIST),)
    of_unit("team1", ["10.30.0.0/16"])
    assert people.person("mei").networks == (("10.30.0.0/16",),)
    of_unit("team1", [])
    of_unit("team1", [], parent="south")
    assert people.person("mei").networks == ()
    of_unit("north", [])
    assert not Branch.objects.exclude(networks_held=[]).exists()


def test_nobody_shuts_themselves_out(cast: Cast) -> None:
    ada()
    User.objects.filter(username="ada").update(branch="north")
    client = Client(REMOTE_ADDR=HERE)
    client.force_login(User.objects.get(username="ada"))
    client.cookies["django_language"] = "en"
    sent = {"code": "north", "name": "北区", "kind": "branch", "networks": LIST[0]}
    page = client.post("/organisation/", sent)
    assert page.status_code == 422 and HERE in page.content.decode()
    assert Branch.objects.get(code="north").networks == []
    sent["networks"] = f"{LIST[0]}\n{HERE}"
    assert client.post("/organisation/", sent).status_code == 302
    kept = Branch.objects.get(code="north")
    assert kept.networks == kept.networks_held == [*LIST, "127.0.0.1/32"]
    saved = Event.objects.filter(type="branch.saved").order_by("pk").last()
    assert saved.after["networks"] == kept.networks


def test_a_role_gets_its_list_on_its_page(cast: Cast) -> None:
    ada()
    client = Client()
    client.force_login(User.objects.get(username="ada"))
    client.cookies["django_language"] = "en"
    line = queries.role_line("collector")
    sent = {
        "permissions": [str(each) for each in line.permissions],
        "reach": line.reach,
        "networks": "10.20.0.0/99",
    }
    page = client.post("/roles/collector/", sent)
    assert page.status_code == 422 and "10.20.0.0/99" in page.content.decode()
    sent["networks"] = LIST[0]
    assert client.post("/roles/collector/", sent).status_code == 302
    assert queries.role_line("collector").networks == tuple(LIST)
    assert LIST[0] in client.get("/roles/collector/").content.decode()


def test_a_token_is_used_from_its_networks_alone(cast: Cast) -> None:
    _line, secret = gateway.make_token(
        username="arun",
        name="core bank",
        scopes=["loans:read"],
        days=366,
        networks="10.20.0.0/16",
        by=people.person("arun"),
        at=clock.now(),
    )
    (line,) = gateway.tokens(username="arun")
    assert line.networks == tuple(LIST)
    api = Api(secret)

    def asked(address: str) -> Any:
        return api.client.get("/api/v1/loans", headers=api.headers, REMOTE_ADDR=address)

    assert asked(HOUSE).status_code == 200
    told = refused(asked(ELSEWHERE), 403, "address_refused")
    assert ELSEWHERE in told["detail"]
    with pytest.raises(Refused) as found:
        gateway.make_token(
            username="arun",
            name="x",
            scopes=["loans:read"],
            days=1,
            networks="somewhere",
            by=people.person("arun"),
            at=clock.now(),
        )
    assert found.value.code == "network_unreadable"


def test_a_token_of_who_may_work_from_the_house_alone(cast: Cast) -> None:
    api = Api(token("arun"))
    assert api.get("/me").status_code == 200
    of_role("risk", LIST)
    for _again in range(3):
        told = refused(api.get("/me"), 403, "address_refused")
    assert HERE in told["detail"]
    answer = api.client.get("/api/v1/me", headers=api.headers, REMOTE_ADDR=HOUSE)
    assert answer.status_code == 200
    # A program tries on and on; one event an hour tells it.
    assert events("token.address_refused") == [{"login": "arun", "address": HERE}]


def test_every_list_may_be_set_aside_to_get_back_in(cast: Cast, settings) -> None:
    of_role("collector", LIST)
    settings.ANYWHERE = True
    assert sign_in("mei", address=ELSEWHERE)[1] == 302
