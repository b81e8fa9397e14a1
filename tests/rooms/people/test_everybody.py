"""Asking for everybody, or for whoever may decide, costs as much for ten as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daihou.kit.scope import EVERYTHING, NOTHING, Scope, branches
from daihou.rooms.approvals import queries as approvals
from daihou.rooms.approvals.models import Proposal
from daihou.rooms.ledger.actions import corrections
from daihou.rooms.ledger.models import Loan, Party
from daihou.rooms.ledger.queries import correctable
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant
from daihou.rooms.people.permissions import Reach
from tests.rooms.approving import deed, login
from tests.rooms.cast import AT, Cast, make_loan


def test_everybody_is_read_in_two_statements_whatever_they_see(
    cast: Cast, django_assert_num_queries
) -> None:
    RoleGrant.objects.filter(pk="collector").update(reach=Reach.TEAM)
    for number in range(3):
        login(f"team{number}", "collector", "north")
    with django_assert_num_queries(2):
        found = people.people()
    alone = {each.username: people.person(each.username).scope for each in found}
    assert {each.username: each.scope for each in found} == alone
    assert {"mei", "team0"} <= alone["team1"].also[0].officers


def test_names_are_those_people_are_called_by(
    cast: Cast, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        names = people.names()
    assert names == {each.username: each.name for each in people.people()}


SCOPES = (
    EVERYTHING,
    NOTHING,
    branches("north"),
    branches("south"),
    Scope(branches=None, officers=frozenset({"officer"})),
    Scope(branches=None, officers=frozenset({"another"})),
    Scope(branches=frozenset({"north"}), products=frozenset({"business_loan"})),
    branches("east").with_also(branches("south")),
)


@pytest.mark.parametrize("scope", SCOPES, ids=range(len(SCOPES)))
def test_the_places_of_a_subject_say_who_sees_it(cast: Cast, scope: Scope) -> None:
    north = make_loan("N1")
    south = make_loan("S1", branch="south", product="business_loan")
    Party.objects.create(
        source="core",
        external_id="G1",
        digest=b"",
        loan=south,
        customer=north.customer,
        role="guarantor",
    )
    for loan in (north, south):
        loan_id, customer_id = str(loan.pk), str(loan.customer_id)
        at_loan = correctable.places_of_loan(loan_id)
        at_customer = correctable.places_of_customer(customer_id)
        assert _allowed(scope, at_loan) == bool(correctable.loans_in([loan_id], scope))
        assert _allowed(scope, at_customer) == bool(
            correctable.customers_in([customer_id], scope)
        )


def _allowed(scope: Scope, places: list[tuple[str, str, str]]) -> bool:
    return any(
        scope.allows(branch, product=product, officer=officer)
        for branch, product, officer in places
    )


def deciders_of(loan: Loan) -> tuple[set[str], int]:
    """Who may decide the correction of a loan, and in how many statements."""
    row = Proposal.objects.get(subject_id=str(loan.pk))
    with CaptureQueriesContext(connection) as captured:
        found = approvals.deciders(row, at=AT)
    return {each.username for each in found}, len(captured)


def test_deciders_of_many_branches_are_found_at_once(cast: Cast) -> None:
    loan = make_loan("N1")
    corrections.propose_loan(loan.pk, {"purpose": "装修"}, deed=deed(cast.mei))
    login("nora", "branch_manager", "north")
    before, statements = deciders_of(loan)
    for number in range(3):
        code = f"unit{number}"
        people.save_branches([(code, code, code)], by="test", at=AT)
        login(f"manager{number}", "branch_manager", code)
    assert "nora" in before
    assert deciders_of(loan) == (before, statements)
