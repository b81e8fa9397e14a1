"""Who may do what, and who may see which branch."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import translation

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.people import words
from daihou.rooms.people.models import User
from daihou.rooms.people.permissions import GRANTS, READING, grants
from tests.rooms.cast import AT, PASSWORD, Cast

P = people.Permission
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def test_each_of_the_cast_holds_exactly_their_tasks(cast: Cast) -> None:
    assert cast.mei.permissions == GRANTS[people.Role.COLLECTOR]
    assert cast.bola.permissions == cast.mei.permissions
    assert not {P.POST_PAYMENT, P.EXPORT_LEDGER} & cast.mei.permissions
    assert P.POST_PAYMENT in cast.arun.permissions
    assert P.MANAGE_PEOPLE not in cast.arun.permissions
    assert {P.VIEW_LOANS, P.EXPORT_LEDGER} <= cast.sam.permissions <= READING


def test_a_collector_sees_the_own_branch_and_risk_sees_all(cast: Cast) -> None:
    assert cast.mei.scope.branches == {"north"}
    assert cast.bola.scope.branches == {"south"}
    assert cast.arun.scope.everything and cast.sam.scope.everything


def test_a_collector_without_a_branch_sees_nothing(cast: Cast) -> None:
    lost = people.create_user(
        username="lost", password=PASSWORD, role="collector", by="test", at=AT
    )
    assert lost.scope.branches == frozenset()
    assert not lost.scope.allows("north") and not lost.scope.allows("")


def test_an_unknown_role_may_do_nothing() -> None:
    assert grants("captain") == frozenset()
    assert grants("") == frozenset()


@pytest.mark.parametrize("role", people.Role)
def test_who_reads_only_keeps_no_right_to_change(role: people.Role) -> None:
    assert grants(role, reads_only=True) == GRANTS[role] & READING


def test_a_refusal_names_who_can_help(cast: Cast) -> None:
    with (
        translation.override("en"),
        pytest.raises(
            NotAllowed, match="post payments. Ask one of: Risk officer, Finance"
        ) as refused,
    ):
        people.require(cast.mei, P.POST_PAYMENT)
    assert refused.value.code == "not_allowed"
    people.require(cast.arun, P.POST_PAYMENT)


def test_a_login_is_an_event_and_its_password_is_not(cast: Cast) -> None:
    (entry,) = audit.timeline(subject_type="person", subject_id="mei")
    assert entry.type == "person.created"
    assert PASSWORD not in str(entry)
    assert User.objects.get(username="mei").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"role": "captain"}, "role_unknown"),
        ({"username": "mei"}, "username_taken"),
        ({"username": " "}, "username_taken"),
        ({"password": "12345"}, "password_weak"),
        ({"branch": "moon"}, "branch_unknown"),
        ({"language": "fr"}, "language_unknown"),
    ],
)
def test_a_bad_login_is_refused_with_a_reason(
    cast: Cast, wish: dict[str, str], code: str
) -> None:
    given = {"username": "new", "password": PASSWORD, "role": "risk"} | wish
    before = User.objects.count()
    with pytest.raises(Refused) as refused:
        people.create_user(**given, by="test", at=AT)
    assert refused.value.code == code and str(refused.value)
    assert User.objects.count() == before


def test_signing_in_and_failing_to_leave_an_event(cast: Cast) -> None:
    assert people.authenticate(username="mei", password=PASSWORD, at=AT) is not None
    assert people.authenticate(username="mei", password="no", at=AT) is None
    assert people.authenticate(username="hunter2", password="no", at=AT) is None
    told = [entry.type for entry in audit.latest(limit=3)]
    assert told == ["person.sign_in_refused"] * 2 + ["person.signed_in"]
    assert not audit.timeline(subject_type="person", subject_id="hunter2")


def test_only_an_administrator_changes_rights_and_never_the_own(cast: Cast) -> None:
    admin = people.create_user(
        username="root", password=PASSWORD, role="admin", by="test", at=AT
    )
    with pytest.raises(NotAllowed):
        people.change_user(username="mei", role="admin", by=cast.arun, at=AT)
    with pytest.raises(Refused) as own:
        people.change_user(username="root", role="risk", by=admin, at=AT)
    assert own.value.code == "own_rights"
    changed = people.change_user(username="mei", branch="south", by=admin, at=AT)
    assert changed.scope.branches == {"south"}
    entry = audit.timeline(subject_type="person", subject_id="mei")[0]
    assert entry.before["branch"] == "north"
    assert entry.after["branch"] == "south"
    with pytest.raises(NotFound):
        people.change_user(username="ghost", role="risk", by=admin, at=AT)


def test_one_put_off_duty_may_do_nothing(cast: Cast) -> None:
    admin = people.create_user(
        username="root", password=PASSWORD, role="admin", by="test", at=AT
    )
    gone = people.change_user(username="arun", active=False, by=admin, at=AT)
    assert gone.permissions == frozenset() and gone.scope.branches == frozenset()
    assert people.authenticate(username="arun", password=PASSWORD, at=AT) is None


def test_preferences_are_kept_and_the_same_again_writes_nothing(cast: Cast) -> None:
    kept = people.set_preferences(username="mei", at=AT, language="en", theme="dark")
    assert (kept.language, kept.theme, kept.density) == ("en", "dark", "compact")
    events = len(audit.timeline(subject_type="person", subject_id="mei"))
    people.set_preferences(username="mei", at=AT, language="en")
    assert len(audit.timeline(subject_type="person", subject_id="mei")) == events
    with pytest.raises(Refused):
        people.set_preferences(username="mei", at=AT, theme="pink")


def test_demo_logins_are_one_per_role_and_the_same_again(cast: Cast) -> None:
    first = people.demo_logins(at=AT)
    assert [role for role, _, _ in first] == list(people.Role)
    assert people.demo_logins(at=AT) == first
    for _, username, password in first:
        assert people.authenticate(username=username, password=password, at=AT)
    assert people.person("collector").scope.branches == {"north"}


def test_branches_have_names_in_both_languages(cast: Cast) -> None:
    assert people.branch_names(language="zh-hans")["north"] == "北区"
    assert people.branch_names(language="en")["north"] == "North"
    again = [("north", "北区", "North"), ("south", "南部", "South")]
    assert people.save_branches(again, by="test", at=AT) == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_role_and_permission_has_a_word(language: str) -> None:
    with translation.override(language):
        assert all(words.role_word(role) != role for role in people.Role)
        assert all(words.permission_word(each) for each in P)
    assert words.role_word("captain") == "captain"


def test_a_sign_in_tells_nobody_which_logins_there_are(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(1) or encode(self, password, salt),
    )
    people.change_user(username="bola", by=people.process("test"), at=AT, active=False)
    pages, effort = set(), set()
    for name in ("mei", "meu", "bola"):  # known, unknown, off duty
        hashed.clear()
        answer = Client().post("/sign-in/", {"username": name, "password": "no"})
        effort.add(len(hashed))
        page = answer.content.decode().replace(f'value="{name}"', "")
        pages.add((answer.status_code, TOKEN.sub("", page)))
    assert len(pages) == 1 and effort == {1}
    told, page = pages.pop()
    assert told == 422 and 'role="alert"' in page


def test_light_and_density_are_kept_with_the_person(cast: Cast) -> None:
    device = Client()
    device.force_login(User.objects.get(username="mei"))
    device.post("/preferences/", {"theme": "dark", "density": "roomy"})
    mei = people.person("mei")
    assert (mei.theme, mei.density) == ("dark", "roomy")
    assert device.post("/preferences/", {"density": "cozy"}).status_code == 302
    other = Client()
    other.force_login(User.objects.get(username="mei"))
    page = other.get("/intake/").content.decode()
    assert 'data-bs-theme="dark"' in page and 'data-density="cozy"' in page
    bola = Client()
    bola.force_login(User.objects.get(username="bola"))
    bola.cookies["daihou_theme"] = "dark"  # somebody else sat here before
    assert 'data-theme-choice="auto"' in bola.get("/intake/").content.decode()
    assert device.post("/preferences/", {"theme": "pink"}).status_code == 422
    assert Client().post("/preferences/", {"theme": "dark"}).status_code == 302
    assert people.person("mei").theme == "dark"


def guess(username: str, times: int, *, at: datetime = AT) -> None:
    for _ in range(times):
        assert people.authenticate(username=username, password="no", at=at) is None


@pytest.mark.parametrize("name", ["mei", "meu", PASSWORD])
def test_guessing_is_held_up_whether_the_login_exists_or_not(
    cast: Cast, name: str
) -> None:
    guess(name, people.GUESSES)
    later = AT + timedelta(minutes=14, seconds=59)
    for at in (AT, later):
        with pytest.raises(people.SignInHeld) as held:
            people.authenticate(username=name, password=PASSWORD, at=at)
        assert held.value.until == AT + timedelta(minutes=15)
        assert "10:16" in str(held.value)  # 02:15 in UTC, the minute after
    free = AT + timedelta(minutes=15)
    user = people.authenticate(username=name, password=PASSWORD, at=free)
    assert (user is not None) == (name == "mei")
    told = [entry.type for entry in audit.latest(limit=3)][1:]
    assert told == ["person.sign_in_held"] * 2
    assert PASSWORD not in str(audit.latest())


def test_guesses_are_counted_by_login_and_by_time(cast: Cast) -> None:
    guess("mei", people.GUESSES - 1)
    guess("bola", people.GUESSES)
    assert people.authenticate(username="mei", password=PASSWORD, at=AT)
    half = AT + timedelta(minutes=10)
    guess("mei", 1, at=half)
    with pytest.raises(people.SignInHeld):
        people.authenticate(username="mei", password=PASSWORD, at=half)
    later = AT + timedelta(minutes=16)  # the nine are older than a quarter of an hour
    guess("mei", people.GUESSES - 1, at=later)
    with pytest.raises(people.SignInHeld) as held:
        people.authenticate(username="mei", password=PASSWORD, at=later)
    assert held.value.until == half + timedelta(minutes=15)


def test_the_page_says_when_to_try_again_and_not_whom_it_knows(cast: Cast) -> None:
    pages = set()
    for name in ("mei", "meu"):
        device = Client()
        form = {"username": name, "password": "no"}
        told = [
            device.post("/sign-in/", form).status_code for _ in range(people.GUESSES)
        ]
        assert told == [422] * people.GUESSES
        answer = device.post("/sign-in/", form | {"password": PASSWORD})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
        page = answer.content.decode().replace(f'value="{name}"', "")
        pages.add(re.sub(r"\d\d:\d\d", "", TOKEN.sub("", page)))
    assert len(pages) == 1 and 'role="alert"' in pages.pop()
