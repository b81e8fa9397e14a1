"""The organisation as a tree, roles as rows, and how far each sees."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.scope import EVERYTHING, NOTHING, Scope, branches
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import actions, queries
from daihou.rooms.people import door as people
from daihou.rooms.people.models import Branch, ConflictRule, RoleGrant, User
from daihou.rooms.people.permissions import (
    CONFLICTS,
    GRANTS,
    REACH,
    Permission,
    Reach,
    Role,
)
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan, pay
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


# ── the tree ────────────────────────────────────────────────────────────────────


def test_who_sees_a_unit_sees_all_below_it(tree: None) -> None:
    assert people.person("mei").scope.branches == {"north", "town", "team"}
    login("lea", "branch_manager", "head")
    everyone = {"head", "north", "town", "team", "south"}
    assert people.person("lea").scope.branches == everyone
    assert {each.username: each.scope for each in people.people()} == {
        name: people.person(name).scope
        for name in ("arun", "bola", "lea", "mei", "sam")
    }


def test_a_move_changes_at_once_what_is_seen(tree: None) -> None:
    actions.save_unit(code="town", name="town", parent="south", deed=HOUSE)
    assert people.person("mei").scope.branches == {"north"}
    assert people.person("bola").scope.branches == {"south", "town", "team"}
    told = audit.timeline(subject_type="branch", subject_id="town")[0]
    assert (told.before["parent"], told.after["parent"]) == ("north", "south")


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"code": "north", "new": True}, "unit_taken"),
        ({"code": " ", "new": True}, "unit_incomplete"),
        ({"code": "x", "name": "", "new": True}, "unit_incomplete"),
        ({"code": "x", "kind": "moon", "new": True}, "kind_unknown"),
        ({"code": "x", "parent": "moon", "new": True}, "branch_unknown"),
        ({"code": "moon"}, "branch_unknown"),
        ({"code": "north", "parent": "north"}, "unit_below_itself"),
        ({"code": "north", "parent": "team"}, "unit_below_itself"),
    ],
)
def test_a_tree_stays_a_tree(tree: None, wish: dict[str, object], code: str) -> None:
    before = list(Branch.objects.order_by("code").values())
    with pytest.raises(Refused) as refused:
        actions.save_unit(**({"name": "x", "deed": HOUSE} | wish))
    assert refused.value.code == code
    assert list(Branch.objects.order_by("code").values()) == before


def test_the_database_refuses_a_unit_above_itself_and_an_unknown_kind(
    tree: None,
) -> None:
    for wrong in ({"parent_id": "north"}, {"kind": "moon"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Branch.objects.filter(code="north").update(**wrong)


def test_only_an_empty_unit_is_taken_away(tree: None, ada: people.Person) -> None:
    for code in ("town", "south"):  # something below; somebody in it
        with pytest.raises(Refused) as refused:
            actions.remove_unit(code=code, deed=deed(ada))
        assert refused.value.code == "unit_in_use"
    actions.remove_unit(code="team", deed=deed(ada))
    assert not Branch.objects.filter(code="team").exists()


def test_reading_the_tree_costs_one_query_however_deep(tree: None) -> None:
    for number in range(6):
        unit(f"deep{number}", "team" if number == 0 else f"deep{number - 1}")
    user = User.objects.select_related("role", "branch").get(username="mei")
    with CaptureQueriesContext(connection) as asked:
        assert len(people.person_of(user).scope.branches or ()) == 9
    assert len(asked) == 1


# ── how far a role sees ─────────────────────────────────────────────────────────


@pytest.fixture
def four(tree: None) -> dict[str, Loan]:
    """Loans of the town: Mei's own, a colleague's, a card; and one of the south."""
    login("li", "collector", "team")
    made = {
        "mei": make_loan("L1", branch="north"),
        "li": make_loan("L2", branch="town"),
        "card": make_loan("L3", branch="team", product="card_instalment"),
        "south": make_loan("L4", branch="south"),
    }
    for name, officer in (("mei", "mei"), ("li", "li"), ("south", "li")):
        Loan.objects.filter(pk=made[name].pk).update(officer=officer)
    return made


def seen(scope: Scope, loans: dict[str, Loan]) -> set[str]:
    """Which are found: by the database, by the columns, and one by one: all agree."""
    ids = {name: loan.pk for name, loan in loans.items()}
    lines = set(ledger.reading.lines_of(ids.values(), scope=scope))
    columns = ledger.book.register().seen(scope)
    held = set(ids.values()) if columns is None else set(columns.to_pylist())
    sql, values = scope.sql(branch="branch", product="product", officer="officer")
    with connection.cursor() as cursor:
        cursor.execute(f"select id from ledger_loan where {sql}", values)
        asked = {row[0] for row in cursor.fetchall()}
    single = {
        row.pk
        for row in Loan.objects.all()
        if scope.allows(row.branch, product=row.product, officer=row.officer)
    }
    assert lines == held == asked == single
    return {name for name, pk in ids.items() if pk in lines}


@pytest.mark.parametrize(
    ("reach", "branch", "found"),
    [
        (Reach.OWN, "north", {"mei"}),
        (Reach.OWN, None, {"mei"}),
        (Reach.BRANCH, "north", {"mei", "li", "card"}),
        (Reach.BRANCH, None, set()),
        (Reach.ALL, None, {"mei", "li", "card", "south"}),
    ],
)
def test_a_role_sees_as_far_as_it_says(
    four: dict[str, Loan], reach: str, branch: str | None, found: set[str]
) -> None:
    RoleGrant.objects.filter(pk="collector").update(reach=reach)
    User.objects.filter(username="mei").update(branch=branch)
    assert seen(people.person("mei").scope, four) == found


def test_a_team_sees_its_unit_and_the_loans_of_its_people(
    four: dict[str, Loan],
) -> None:
    RoleGrant.objects.filter(pk="collector").update(reach=Reach.TEAM)
    # Li's loan of the south is seen through Li, who belongs to the team.
    assert seen(people.person("li").scope, four) == {"card", "li", "south"}
    login("agent", "agency", None)
    assert seen(people.person("agent").scope, four) == set()


def test_products_of_the_role_and_of_the_person_both_narrow(
    four: dict[str, Loan],
) -> None:
    def found() -> set[str]:
        return seen(people.person("mei").scope, four)

    User.objects.filter(username="mei").update(products=["card_instalment"])
    assert found() == {"card"}
    RoleGrant.objects.filter(pk="collector").update(products=["consumer_loan"])
    assert found() == set()
    User.objects.filter(username="mei").update(products=[])
    assert found() == {"mei", "li"}


def test_a_scope_by_product_reaches_pages_changes_and_exports(
    four: dict[str, Loan],
) -> None:
    arun = replace(
        people.person("arun"),
        scope=Scope(branches=None, products=frozenset({"card_instalment"})),
    )
    pay(four["card"], "P1", by=arun)
    with pytest.raises(NotFound):
        pay(four["mei"], "P2", by=arun)
    assert ledger.reading.choices(arun.scope)["product"] == ["card_instalment"]
    with pytest.raises(NotFound):
        ledger.reading.customer_page(four["mei"].customer_id, scope=arun.scope)


def test_scopes_together_are_no_more_and_no_less_than_each() -> None:
    north = branches("north")
    own = Scope(branches=None, officers=frozenset({"li"}))
    both = north.with_also(own, NOTHING)
    assert both.allows("north") and both.allows("south", officer="li")
    assert not both.allows("south", officer="mei") and not both.everything
    assert not own.allows("south")  # nobody told whose it is
    assert NOTHING.with_also(EVERYTHING).everything
    assert NOTHING.with_also(NOTHING).nothing and not both.nothing
    assert Scope(branches=None, products=frozenset()).nothing


# ── roles ───────────────────────────────────────────────────────────────────────


def test_the_shipped_roles_are_there_and_none_conflicts(db: None) -> None:
    found = {row.code: row for row in RoleGrant.objects.filter(shipped=True)}
    assert set(found) == set(Role)
    for code, row in found.items():
        assert queries.role_permissions(row) == GRANTS[Role(code)]
        assert row.reach == REACH[Role(code)]
        assert not queries.conflicts_in(queries.role_permissions(row)), code


def test_a_shipped_role_follows_the_version_until_somebody_changes_it(
    ada: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = GRANTS[Role.COLLECTOR] | {Permission.EXPORT_LEDGER}
    monkeypatch.setitem(GRANTS, Role.COLLECTOR, more)
    assert people.person("mei").permissions == more
    kept = {Permission.VIEW_LOANS}
    actions.change_role(code="collector", permissions=kept, deed=deed(ada))
    assert people.person("mei").permissions == kept
    actions.change_role(code="collector", permissions=more, deed=deed(ada))
    assert RoleGrant.objects.get(pk="collector").permissions is None


def test_what_is_missing_comes_back_and_what_was_changed_stays(
    ada: people.Person,
) -> None:
    RoleGrant.objects.filter(pk="agency").delete()
    RoleGrant.objects.filter(pk="legal").update(reach="own")
    ConflictRule.objects.all().delete()
    actions.put_shipped()
    assert RoleGrant.objects.get(pk="agency").reach == REACH[Role.AGENCY]
    assert RoleGrant.objects.get(pk="legal").reach == "own"
    assert ConflictRule.objects.count() == len(CONFLICTS)


def test_a_copy_is_changed_without_touching_the_model(ada: people.Person) -> None:
    actions.copy_role(
        source="collector", code="night_shift", name="夜班", deed=deed(ada)
    )
    actions.change_role(
        code="night_shift",
        permissions=["view_loans", "export_ledger", "no_such_thing"],
        reach="own",
        products=["card_instalment", ""],
        deed=deed(ada),
    )
    people.change_user(username="mei", role="night_shift", by=ada, at=AT)
    mei = people.person("mei")
    assert mei.permissions == {Permission.VIEW_LOANS, Permission.EXPORT_LEDGER}
    assert mei.scope == Scope(
        branches=None,
        products=frozenset({"card_instalment"}),
        officers=frozenset({"mei"}),
    )
    assert mei.role_name == "夜班"
    assert people.person("bola").permissions == GRANTS[Role.COLLECTOR]
    told = audit.timeline(subject_type="role", subject_id="night_shift")[0]
    assert "export_ledger" in told.after["permissions"]
    with pytest.raises(Refused, match="holds this role"):
        actions.remove_role(code="night_shift", deed=deed(ada))
    people.change_user(username="mei", role="collector", by=ada, at=AT)
    actions.remove_role(code="night_shift", deed=deed(ada))
    with pytest.raises(Refused, match="shipped role stays"):
        actions.remove_role(code="agency", deed=deed(ada))


@pytest.mark.parametrize(
    "code", ["", "A", "a", "1a", "a b", "ü_ber", "collector", "a" * 41]
)
def test_a_copy_needs_a_code_of_its_own(ada: people.Person, code: str) -> None:
    before = RoleGrant.objects.count()
    with pytest.raises(Refused):
        actions.copy_role(source="collector", code=code, name="x", deed=deed(ada))
    assert RoleGrant.objects.count() == before


def test_nobody_changes_the_role_they_hold_and_only_who_may(
    cast: Cast, ada: people.Person
) -> None:
    with pytest.raises(Refused) as own:
        actions.change_role(code="admin", reach="all", deed=deed(ada))
    assert own.value.code == "own_rights"
    for stranger in (cast.mei, cast.arun, cast.sam):
        with pytest.raises(NotAllowed):
            actions.change_role(code="legal", reach="own", deed=deed(stranger))
        with pytest.raises(NotAllowed):
            actions.copy_role(source="risk", code="x1", name="x", deed=deed(stranger))


def test_a_role_that_reads_only_keeps_no_right_to_change(ada: people.Person) -> None:
    actions.change_role(code="risk", reads_only=True, deed=deed(ada))
    arun = people.person("arun")
    assert arun.reads_only and Permission.POST_PAYMENT not in arun.permissions


def test_a_manager_of_one_unit_gives_nothing_beyond_it(
    tree: None, ada: people.Person
) -> None:
    actions.copy_role(source="admin", code="local_admin", name="x", deed=deed(ada))
    actions.change_role(code="local_admin", reach="branch", deed=deed(ada))
    login("lou", "local_admin", "north")
    lou = people.person("lou")
    for wish in ({"role": "risk"}, {"branch": "south"}, {"branch": ""}):
        with pytest.raises(NotAllowed):
            people.change_user(username="mei", by=lou, at=AT, **wish)
    for stranger in ("bola", "arun", "ada", "sam"):  # arun sits in the north
        if stranger != "arun":
            with pytest.raises(NotFound):
                people.change_user(username=stranger, active=False, by=lou, at=AT)
            with pytest.raises(NotFound):
                actions.reset_password(username=stranger, deed=deed(lou))
    people.change_user(username="mei", branch="town", by=lou, at=AT)
    assert people.person("mei").scope.branches == {"town", "team"}
    page = text_of(signed_in("lou").get("/people/"))
    assert "mei" in page and "bola" not in page
