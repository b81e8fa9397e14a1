"""Proposing and deciding: who may, who may not, what is written, what is refused."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals import kinds, queries
from daihou.rooms.approvals.actions import deciding
from daihou.rooms.approvals.models import Comment, Decision, Delegation, Proposal
from daihou.rooms.audit import door as audit
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from tests.rooms.approving import (
    KIND,
    ONCE,
    Shelves,
    decide,
    deed,
    later,
    login,
    propose,
    shelves,
)
from tests.rooms.cast import AT, Cast


@pytest.fixture
def shelf() -> Iterator[Shelves]:
    """The shelves of a test."""
    with shelves() as kept:
        yield kept


def state_of(proposal_id: int) -> str:
    return Proposal.objects.get(pk=proposal_id).state


def events(proposal_id: int) -> list[str]:
    found = audit.timeline(subject_type="proposal", subject_id=proposal_id)
    return [entry.type for entry in reversed(found)]


def test_what_one_proposes_another_approves_and_it_is_done(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei)
    assert (asked.state, shelf.held["north-1"]["limit"]) == ("open", "10")
    assert asked.before == {"limit": "10"} and asked.after == {"limit": "15"}
    done = decide(cast.arun, asked.id)
    assert (done.state, done.decided_by) == ("approved", "arun")
    assert shelf.held["north-1"]["limit"] == "15"
    assert shelf.done == [("north-1", "arun")]
    assert events(asked.id) == ["approval.proposed", "approval.approved"]
    told = audit.timeline(subject_type="shelf", subject_id="north-1")
    assert [entry.by for entry in told] == ["arun", "mei"]


def test_a_refusal_changes_nothing_and_says_why(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    with pytest.raises(Refused, match=r"^") as error:
        decide(cast.arun, asked.id, "refuse", note="  ")
    assert error.value.code == "reason_missing" and state_of(asked.id) == "open"
    done = decide(cast.arun, asked.id, "refuse", note="wrong paper")
    assert done.state == "refused" and shelf.held["north-1"]["limit"] == "10"
    said, _remarks = queries.history(asked.id)
    assert [(one.by, one.verdict, one.note) for one in said] == [
        ("arun", "refuse", "wrong paper")
    ]


def test_nobody_decides_their_own(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.arun)
    with pytest.raises(NotAllowed) as error:
        decide(cast.arun, asked.id)
    assert error.value.code == "own_proposal" and state_of(asked.id) == "open"
    assert queries.waiting(cast.arun, at=AT) == ()


def test_nobody_decides_what_was_proposed_for_them(cast: Cast, shelf: Shelves) -> None:
    for_arun = approvals.Deed(
        by=cast.mei, at=AT, business_date=None, on_behalf_of="arun", reason="x"
    )
    asked = propose(cast.mei, deed=for_arun)
    with pytest.raises(NotAllowed):
        decide(cast.arun, asked.id)
    decide(login("omar", "risk"), asked.id)


def test_who_has_not_the_right_and_who_only_reads_decide_nothing(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.arun)
    for person in (cast.mei, cast.sam):
        with pytest.raises(Refused):
            decide(person, asked.id)
    with pytest.raises(Refused):
        decide(people.process("worker"), asked.id)
    assert state_of(asked.id) == "open"


def test_who_only_reads_proposes_and_writes_nothing(cast: Cast, shelf: Shelves) -> None:
    with pytest.raises(NotAllowed):
        propose(cast.sam)
    asked = propose(cast.mei)
    with pytest.raises(Refused):
        approvals.comment(proposal_id=asked.id, text="hm", deed=deed(cast.sam))
    assert not Comment.objects.exists()


def test_the_scope_hides_a_proposal_and_its_subject(cast: Cast, shelf: Shelves) -> None:
    with pytest.raises(NotFound):
        propose(cast.bola, "north-1")
    asked = propose(cast.mei)
    south = login("sena", "branch_manager", "south")
    north = login("nora", "branch_manager", "north")
    with pytest.raises(NotFound):
        decide(south, asked.id)
    with pytest.raises(NotFound):
        approvals.find(asked.id, person=cast.bola, at=AT)
    assert queries.waiting(south, at=AT) == ()
    assert [each.id for each in queries.waiting(north, at=AT)] == [asked.id]
    decide(north, asked.id)


def test_nothing_to_change_no_reason_and_asking_twice_are_refused(
    cast: Cast, shelf: Shelves
) -> None:
    with pytest.raises(Refused) as error:
        propose(cast.mei, after={"limit": "10"})
    assert error.value.code == "nothing_changes"
    with pytest.raises(Refused) as error:
        propose(cast.mei, deed=deed(cast.mei, reason=" "))
    assert error.value.code == "reason_missing"
    asked = propose(cast.mei)
    with pytest.raises(Conflict) as error:
        propose(cast.arun)
    assert error.value.code == "already_proposed"
    approvals.withdraw(proposal_id=asked.id, deed=deed(cast.mei))
    propose(cast.arun)


def test_what_changed_meanwhile_is_not_approved(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    shelf.held["north-1"]["limit"] = "12"
    with pytest.raises(Conflict) as error:
        decide(cast.arun, asked.id)
    assert error.value.code == "proposal_overtaken" and "Limit" in str(error.value)
    assert error.value.params["changed"] == ["limit"]
    assert state_of(asked.id) == "overtaken"
    assert shelf.held["north-1"]["limit"] == "12"
    assert events(asked.id)[-1] == "approval.overtaken"


def test_another_field_that_changed_does_not_matter(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    shelf.held["north-1"]["phone"] = "13811111111"
    assert decide(cast.arun, asked.id).state == "approved"


def test_what_was_changed_may_still_be_refused(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    shelf.held["north-1"]["limit"] = "12"
    assert decide(cast.arun, asked.id, "refuse").state == "refused"


def test_a_handler_that_refuses_undoes_the_decision(cast: Cast, shelf: Shelves) -> None:
    def refuse(*_given: object) -> None:
        raise Refused("full", "The shelf is full.")

    asked = propose(cast.mei)
    approvals.register(replace(kinds.kind_of(KIND), handler=refuse))
    with pytest.raises(Refused, match="full"):
        decide(cast.arun, asked.id)
    assert state_of(asked.id) == "open" and not Decision.objects.exists()
    assert events(asked.id) == ["approval.proposed"]


def test_the_second_decider_is_told_who_was_faster(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    omar = login("omar", "risk")
    decide(cast.arun, asked.id)
    with pytest.raises(Conflict) as error:
        decide(omar, asked.id, "refuse")
    assert error.value.code == "decided_meanwhile" and "arun" in str(error.value)


def test_a_proposal_is_taken_back_by_whose_it_is_alone(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei)
    with pytest.raises(NotAllowed):
        approvals.withdraw(proposal_id=asked.id, deed=deed(cast.arun))
    done = approvals.withdraw(proposal_id=asked.id, deed=deed(cast.mei))
    assert done.state == "withdrawn"
    with pytest.raises(Conflict):
        decide(cast.arun, asked.id)


def test_everybody_in_it_is_told(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    (told,) = notices.notices_of("arun", unread=True, limit=9)
    assert told.url == f"/approvals/{asked.id}/" and told.params["who"] == "mei"
    assert notices.notices_of("mei", unread=True, limit=9) == []
    assert notices.notices_of("sam", unread=True, limit=9) == []
    approvals.comment(proposal_id=asked.id, text="which paper?", deed=deed(cast.arun))
    (asked_back,) = notices.notices_of("mei", unread=True, limit=9)
    assert asked_back.params["who"] == "arun"
    decide(cast.arun, asked.id)
    assert notices.notices_of("arun", unread=True, limit=9) == []
    assert len(notices.notices_of("mei", unread=True, limit=9)) == 2


def test_a_deadline_passed_lets_more_people_decide(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    audit_only = login("cora", "compliance")
    deciding.go_round(at=later(47))
    assert state_of(asked.id) == "open"
    deciding.go_round(at=later(48))
    deciding.go_round(at=later(49))
    assert state_of(asked.id) == "escalated"
    assert events(asked.id) == ["approval.proposed", "approval.escalated"]
    found = queries.waiting(audit_only, at=later(49))
    assert [each.id for each in found] == [asked.id]
    assert decide(audit_only, asked.id).state == "approved"


def test_an_approval_that_serves_once_serves_once_and_in_time(
    cast: Cast, shelf: Shelves
) -> None:
    def ask(subject: str) -> int:
        asked = propose(
            cast.mei, subject, kind=ONCE, after={"rows": 9_000}, amount=9_000
        )
        return decide(cast.arun, asked.id).id

    first, second = ask("a"), ask("b")
    use = {"kind": ONCE, "deed": deed(cast.mei, at=later(1))}
    with pytest.raises(NotFound):
        approvals.take(proposal_id=first, kind=ONCE, deed=deed(cast.arun))
    assert approvals.take(proposal_id=first, **use).state == "used"
    with pytest.raises(Conflict) as error:
        approvals.take(proposal_id=first, **use)
    assert error.value.code == "used_already"
    with pytest.raises(Refused) as late:
        approvals.take(proposal_id=second, kind=ONCE, deed=deed(cast.mei, at=later(24)))
    assert late.value.code == "approval_lapsed"
    deciding.go_round(at=later(24))
    assert state_of(second) == "lapsed" and state_of(first) == "used"


def test_personal_values_are_sealed_in_the_table_and_masked_in_the_log(
    cast: Cast, shelf: Shelves
) -> None:
    told = deed(cast.mei, reason="she called from 13899990000 herself")
    asked = propose(cast.mei, after={"phone": "13899990000"}, deed=told)
    row = Proposal.objects.get(pk=asked.id)
    assert "13899990000" not in row.content and row.content.startswith("s1.")
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(e::text, '') from audit_event e where"
            " e.type like 'approval.%'"
        )
        log = cursor.fetchone()[0]
    assert "13899990000" not in log and "138****0000" in log
    found = approvals.find(asked.id, person=cast.arun, at=AT)
    assert found.after == {"phone": "13899990000"}


def test_content_changed_by_hand_is_never_decided(cast: Cast, shelf: Shelves) -> None:
    first, second = propose(cast.mei), propose(cast.mei, "north-2")
    other = Proposal.objects.get(pk=second.id)
    Proposal.objects.filter(pk=first.id).update(content=other.content)
    with pytest.raises(Refused) as error:
        decide(cast.arun, first.id)
    assert error.value.code == "proposal_altered" and shelf.done == []


def refused_by_the_database(statement: str, *values: object) -> str:
    """What the database says to a statement of its owner."""
    with (
        pytest.raises((DatabaseError, IntegrityError)) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    return str(error.value)


_SAY = (
    "insert into approvals_decision (proposal_id, level, verdict, proposed_by,"
    " decided_by, decided_for, decided_at, note) values (%s, %s, 'approve', %s, %s, %s,"
    " now(), '')"
)
_APPROVE = (
    "update approvals_proposal set state = 'approved', decided_by = %s,"
    " closed_at = now() where id = %s"
)


def test_the_database_refuses_the_proposer_as_decider(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei)
    said = refused_by_the_database(_SAY, asked.id, 1, "mei", "mei", "")
    assert "by who proposed it" in said
    # naming somebody else as the proposer does not help
    refused_by_the_database(_SAY, asked.id, 1, "arun", "mei", "")
    refused_by_the_database(_SAY, asked.id, 1, "mei", "arun", "mei")
    refused_by_the_database(_APPROVE, "mei", asked.id)
    assert "every level" in refused_by_the_database(_APPROVE, "arun", asked.id)
    assert state_of(asked.id) == "open"


def test_the_database_keeps_what_was_asked_and_said(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    approvals.comment(proposal_id=asked.id, text="so", deed=deed(cast.mei))
    decide(cast.arun, asked.id)
    for column, value in (
        ("proposed_by", "bola"),
        ("amount", 5),
        ("digest", "0" * 64),
        ("levels", '["", ""]'),
        ("reason", "none"),
    ):
        refused_by_the_database(
            f"update approvals_proposal set {column} = %s where id = %s",
            value,
            asked.id,
        )
    for statement in (
        "update approvals_proposal set state = 'open', closed_at = null where id = %s",
        "update approvals_proposal set state = 'refused' where id = %s",
        "delete from approvals_proposal where id = %s",
        "update approvals_decision set verdict = 'refuse' where proposal_id = %s",
        "delete from approvals_decision where proposal_id = %s",
        "update approvals_comment set text = 'no' where proposal_id = %s",
        "delete from approvals_comment where proposal_id = %s",
    ):
        refused_by_the_database(statement, asked.id)
    # nobody decides what is decided, nor a level that does not wait
    refused_by_the_database(_SAY, asked.id, 1, "mei", "bola", "")
    refused_by_the_database(_SAY, asked.id, 2, "mei", "bola", "")


def test_a_proposal_begins_undecided(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    refused_by_the_database(
        "insert into approvals_proposal select (jsonb_populate_record(p, jsonb_build_"
        "object('id', 99, 'state', 'approved', 'decided_by', 'arun', 'subject_id', 'x',"
        " 'closed_at', now()))).* from approvals_proposal p where id = %s",
        asked.id,
    )


def test_a_deputy_is_never_the_principal_in_the_database(cast: Cast) -> None:
    refused_by_the_database(
        "insert into approvals_delegation (principal, deputy, from_on, until_on, reason,"
        " made_by, made_at, ended_by) values ('mei', 'mei', '2026-03-01', '2026-03-02',"
        " '', 'mei', now(), '')"
    )
    assert not Delegation.objects.exists()
