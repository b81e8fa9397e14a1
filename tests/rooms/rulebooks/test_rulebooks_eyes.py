"""Two people for every change of a rule, in the code and in the database."""

import pytest
from django.db import Error, connection, transaction

from daihou.kit.refusal import NotAllowed, NotFound
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks.models import PolicyChange
from tests.rooms import ruling
from tests.rooms.approving import deed, login
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.ruling import (
    CALLS,
    CHAT,
    MOST,
    TOMORROW,
    agreed,
    most_calls,
    propose,
)

Two = tuple[people.Person, people.Person]
two = ruling.two


def test_who_proposed_does_not_decide(two: Two) -> None:
    made = propose(two[0])
    with pytest.raises(NotAllowed):
        approvals.decide(
            proposal_id=made.id, verdict="approve", deed=deed(two[0], reason="")
        )
    assert PolicyChange.objects.count() == 0


@pytest.mark.parametrize("role", ["collector", "supervisor", "finance", "admin"])
def test_who_may_not_propose_is_told_whom_to_ask(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed, match=r"Ask one of|请"):
        propose(login("other", role))


def test_risk_proposes_and_does_not_decide(two: Two) -> None:
    made = propose(login("rita", "risk"))
    with pytest.raises((NotAllowed, NotFound)):
        approvals.decide(
            proposal_id=made.id,
            verdict="approve",
            deed=deed(login("rolf", "risk"), reason=""),
        )
    approvals.decide(
        proposal_id=made.id, verdict="approve", deed=deed(two[1], reason="")
    )
    assert most_calls(TOMORROW) == 2


def row(**other: object) -> PolicyChange:
    """A row written past the room."""
    usual = {
        "rule": CALLS,
        "begins_on": TOMORROW,
        "step": "values",
        "values": {MOST: 2},
        "reason": "x",
        "source": "x",
        "proposal_id": 1,
        "proposed_by": "lena",
        "decided_by": "cora",
        "decided_at": AT,
        "decided_on": TODAY,
        "law": "0" * 64,
    }
    return PolicyChange(**(usual | other))


def test_the_database_wants_an_approved_proposal_about_the_rule(two: Two) -> None:
    waits = propose(two[0])
    gone = agreed(*two, rule=CHAT, step="off", values={})
    tries = (
        {"proposal_id": 999_999},
        {"proposal_id": waits.id},  # nobody decided it
        {"proposal_id": gone.id},  # of another rule
        {"proposal_id": gone.id, "rule": CHAT, "decided_by": "bola"},
    )
    for each in tries:
        with pytest.raises(Error), transaction.atomic():
            row(**each).save()


def test_the_database_keeps_the_other_rules_of_a_change(two: Two) -> None:
    agreed(*two)
    kept = PolicyChange.objects.get()
    for statement in (
        "update rulebooks_change set begins_on = '2026-01-01'",
        "delete from rulebooks_change",
    ):
        with (
            pytest.raises(Error, match="append_only|Cannot"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    connection.cursor().execute(
        "alter table rulebooks_change disable trigger all"
    )  # the checks alone
    for wrong in (
        {"decided_by": "lena"},
        {"decided_by": ""},
        {"ends_on": TOMORROW},
        {"begins_on": TODAY},
        {"values": {}},
        {"step": "off"},
        {"step": "other"},
    ):
        with pytest.raises(Error, match="check constraint"), transaction.atomic():
            row(proposal_id=kept.proposal_id + 1, **wrong).save()
