"""Levels by amount, deputies, and two deciders in the same moment."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.actions.levels import KIND as LEVELS
from daihou.rooms.approvals.models import Decision, LevelTable, Proposal
from daihou.rooms.audit import door as audit
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from tests.rooms.approving import (
    KIND,
    Shelves,
    decide,
    deed,
    later,
    login,
    propose,
    shelves,
)
from tests.rooms.cast import AT, TODAY, Cast, make_cast
from tests.rooms.test_concurrency import at_once

ROWS = (
    approvals.LevelRow(1, 0, None, "supervisor"),
    approvals.LevelRow(2, 1_000_000, None, "branch_manager"),
    approvals.LevelRow(3, 10_000_000, None, "risk"),
)


@pytest.fixture
def shelf() -> Iterator[Shelves]:
    """The shelves of a test."""
    with shelves() as kept:
        yield kept


@pytest.fixture
def staff(cast: Cast) -> dict[str, people.Person]:
    """One person of each role of the north that decides, and two who manage."""
    return {
        "suki": login("suki", "supervisor", "north"),
        "nora": login("nora", "branch_manager", "north"),
        "ada": login("ada", "admin"),
        "cora": login("cora", "compliance"),
    }


def make_levels(
    staff: dict[str, people.Person],
    rows: tuple[approvals.LevelRow, ...] = ROWS,
    *,
    from_on: date = TODAY,
    currency: str = "CNY",
) -> int:
    """A table proposed by the administrator and approved by compliance."""
    asked = approvals.propose_levels(
        kind=KIND,
        currency=currency,
        rows=rows,
        from_on=from_on,
        deed=deed(staff["ada"]),
    )
    return decide(staff["cora"], asked.id).id


def ask(by: people.Person, yuan: int | None, **wish: object) -> approvals.Proposal:
    amount = None if yuan is None else yuan * 100
    return propose(by, amount=amount, currency="CNY", **wish)


@pytest.mark.parametrize(
    ("yuan", "levels"),
    [
        (None, ("supervisor",)),
        (0, ("supervisor",)),
        (9_999, ("supervisor",)),
        (10_000, ("supervisor", "branch_manager")),
        (100_000, ("supervisor", "branch_manager", "risk")),
    ],
)
def test_the_amount_says_who_decides(
    cast: Cast,
    shelf: Shelves,
    staff: dict[str, people.Person],
    yuan: int | None,
    levels: tuple[str, ...],
) -> None:
    make_levels(staff)
    assert ask(cast.mei, yuan).levels == levels


def test_each_level_is_another_person_in_its_turn(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    make_levels(staff)
    asked = ask(cast.mei, 10_000)
    with pytest.raises(NotAllowed):
        decide(staff["nora"], asked.id)
    first = decide(staff["suki"], asked.id, level=1)
    assert (first.state, first.level, first.waits_for) == ("open", 2, "branch_manager")
    assert shelf.done == []
    with pytest.raises(Conflict) as error:
        decide(staff["nora"], asked.id, level=1)
    assert error.value.code == "level_passed"
    done = decide(staff["nora"], asked.id, level=2)
    assert done.state == "approved" and shelf.done == [("north-1", "nora")]
    assert Decision.objects.filter(proposal=asked.id).count() == 2


def test_nobody_decides_two_levels(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    twice = (
        approvals.LevelRow(1, 0, None, ""),
        approvals.LevelRow(2, 0, None, "supervisor"),
    )
    make_levels(staff, twice)
    asked = ask(cast.mei, 1)
    decide(staff["suki"], asked.id, level=1)
    with pytest.raises(NotAllowed) as error:
        decide(staff["suki"], asked.id, level=2)
    assert error.value.code == "decided_before"
    assert queries.waiting(staff["suki"], at=AT) == ()
    assert decide(login("sven", "supervisor", "north"), asked.id).state == "approved"


def test_a_refusal_at_any_level_ends_it(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    make_levels(staff)
    asked = ask(cast.mei, 10_000)
    decide(staff["suki"], asked.id)
    assert decide(staff["nora"], asked.id, "refuse").state == "refused"
    assert shelf.done == []


def test_an_amount_in_a_currency_without_a_table_takes_every_level(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    make_levels(staff)
    asked = propose(cast.mei, amount=1, currency="USD")
    assert asked.levels == ("supervisor", "branch_manager", "risk")


def test_a_row_ends_where_the_next_begins(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    split = (
        approvals.LevelRow(1, 0, 1_000_000, "supervisor"),
        approvals.LevelRow(1, 1_000_000, None, "branch_manager"),
    )
    make_levels(staff, split)
    assert ask(cast.mei, 9_999).levels == ("supervisor",)
    assert ask(cast.mei, 10_000, subject_id="north-2").levels == ("branch_manager",)


def test_a_table_counts_from_its_day_and_not_for_what_is_open(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    asked = ask(cast.mei, 10_000)
    make_levels(staff, from_on=TODAY + timedelta(days=1))
    assert ask(cast.mei, 10_000, subject_id="north-2").levels == ("",)
    tomorrow = queries.levels_for(
        KIND, amount=1_000_000, currency="CNY", on=TODAY + timedelta(days=1)
    )
    assert tomorrow == ("supervisor", "branch_manager")
    assert Proposal.objects.get(pk=asked.id).levels == [""]


def test_a_table_is_itself_decided_by_another(
    cast: Cast, staff: dict[str, people.Person], shelf: Shelves
) -> None:
    with pytest.raises(NotAllowed):
        approvals.propose_levels(
            kind=KIND,
            currency="CNY",
            rows=ROWS,
            from_on=TODAY,
            deed=deed(cast.arun),
        )
    asked = approvals.propose_levels(
        kind=KIND, currency="CNY", rows=ROWS, from_on=TODAY, deed=deed(staff["ada"])
    )
    with pytest.raises(NotAllowed):
        decide(staff["ada"], asked.id)
    assert not LevelTable.objects.exists()
    decide(staff["cora"], asked.id)
    (table,) = queries.levels_of()
    assert table.rows == ROWS and table.proposal_id == asked.id


def test_a_later_table_takes_rows_away_and_keeps_the_old_one(
    cast: Cast, staff: dict[str, people.Person], shelf: Shelves
) -> None:
    make_levels(staff)
    make_levels(staff, ROWS[:1])
    assert queries.rows_in_force(KIND, "CNY", on=TODAY) == ROWS[:1]
    assert LevelTable.objects.count() == 2


def test_two_changes_of_a_table_do_not_overwrite_each_other(
    cast: Cast, staff: dict[str, people.Person], shelf: Shelves
) -> None:
    make_levels(staff)
    with pytest.raises(Conflict):
        for rows in (ROWS[:1], ROWS[:2]):
            approvals.propose_levels(
                kind=KIND,
                currency="CNY",
                rows=rows,
                from_on=TODAY,
                deed=deed(staff["ada"]),
            )


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((), "rows_number"),
        ((approvals.LevelRow(2, 0, None, "risk"),), "steps_gap"),
        ((approvals.LevelRow(1, 5, 5, "risk"),), "row_empty"),
        ((approvals.LevelRow(1, 0, None, "king"),), "role_unknown"),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    staff: dict[str, people.Person],
    shelf: Shelves,
    rows: tuple[approvals.LevelRow, ...],
    code: str,
) -> None:
    with pytest.raises(Refused) as error:
        make_levels(staff, rows)
    assert error.value.code == code
    with pytest.raises(Refused) as error:
        make_levels(staff, from_on=TODAY - timedelta(days=1))
    assert error.value.code == "from_past"
    assert not Proposal.objects.filter(kind=LEVELS).exists()


def delegate(
    by: people.Person, principal: str, deputy: str, *, days: int = 5, begin: int = 0
) -> int:
    """From today (and `begin` days) for so many days."""
    first = AT.date() + timedelta(days=begin)
    return approvals.delegate(
        principal=principal,
        deputy=deputy,
        from_on=first,
        until_on=first + timedelta(days=days),
        deed=deed(by, reason="on leave"),
    ).id


def test_a_deputy_decides_for_who_is_away_and_both_are_named(
    cast: Cast, shelf: Shelves, staff: dict[str, people.Person]
) -> None:
    asked = propose(cast.mei)
    theo = login("theo", "collector", "south")
    assert queries.waiting(theo, at=AT) == ()
    kept = delegate(cast.arun, "arun", "theo")
    assert [each.id for each in queries.waiting(theo, at=AT)] == [asked.id]
    assert queries.waiting(theo, at=AT + timedelta(days=5)) == ()
    decide(theo, asked.id)
    (said,) = queries.history(asked.id)[0]
    assert (said.by, said.for_whom) == ("theo", "arun")
    (event, *_rest) = audit.timeline(subject_type="proposal", subject_id=asked.id)
    assert (event.by, event.on_behalf_of) == ("theo", "arun")
    made = audit.latest(type="delegation.made")
    assert [entry.subject_id for entry in made] == ["arun"] and kept


def test_a_deputy_decides_neither_their_own_nor_the_principals(
    cast: Cast, shelf: Shelves
) -> None:
    theo = login("theo", "collector", "north")
    delegate(cast.arun, "arun", "theo")
    own, principals = propose(theo), propose(cast.arun, "north-2")
    for asked in (own, principals):
        with pytest.raises(Refused):
            decide(theo, asked.id)
    assert queries.waiting(theo, at=AT) == ()


def test_a_deputy_passes_nothing_on(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    theo, uma = login("theo", "collector", "south"), login("uma", "collector", "south")
    delegate(cast.arun, "arun", "theo")
    with pytest.raises(Refused) as error:
        delegate(theo, "theo", "uma")
    assert error.value.code == "nothing_to_delegate"
    # one who decides by their own right hands on that right alone
    nora = login("nora", "branch_manager", "south")
    delegate(cast.arun, "arun", "nora")
    delegate(nora, "nora", "uma")
    with pytest.raises(NotFound):
        decide(uma, asked.id)


def test_a_delegation_that_is_ended_counts_no_more(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    theo = login("theo", "collector", "south")
    kept = delegate(cast.arun, "arun", "theo")
    with pytest.raises(NotFound):
        approvals.end_delegation(delegation_id=kept, deed=deed(cast.mei))
    approvals.end_delegation(delegation_id=kept, deed=deed(theo))
    approvals.end_delegation(delegation_id=kept, deed=deed(cast.arun))
    with pytest.raises(NotFound):
        decide(theo, asked.id)
    assert len(audit.latest(type="delegation.ended")) == 1


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"deputy": "arun"}, "deputy_same"),
        ({"deputy": "sam"}, "deputy_unfit"),
        ({"days": 0}, "days_wrong"),
        ({"days": 93}, "days_too_many"),
        ({"begin": -9, "days": 3}, "days_wrong"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused(
    cast: Cast, wish: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as error:
        delegate(cast.arun, **({"principal": "arun", "deputy": "mei"} | wish))
    assert error.value.code == code
    with pytest.raises(NotAllowed):
        delegate(cast.mei, "arun", "bola")
    delegate(cast.arun, "arun", "mei")
    with pytest.raises(Refused) as error:
        delegate(cast.arun, "arun", "mei", begin=2)
    assert error.value.code == "delegated_already"


def test_nobody_makes_themselves_a_deputy_and_both_hear_of_it(cast: Cast) -> None:
    cara = login("cara", "compliance")
    with pytest.raises(Refused) as error:
        delegate(cara, "arun", "cara")
    assert error.value.code == "deputy_self"
    delegate(cara, "arun", "mei")
    told = {name: notices.unread(name, at=AT) for name in ("arun", "mei", "cara")}
    assert told == {"arun": 1, "mei": 1, "cara": 0}


@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_at_once_one_wins_and_the_other_is_told() -> None:
    with shelves() as shelf:
        cast, omar = make_cast(), login("omar", "risk")
        asked = propose(cast.mei)
        got = at_once(
            lambda: decide(cast.arun, asked.id, level=1),
            lambda: decide(omar, asked.id, "refuse", level=1),
        )
        lost = [each for each in got if isinstance(each, Refused)]
        won = [each for each in got if isinstance(each, approvals.Proposal)]
        assert [each.code for each in lost] == ["decided_meanwhile"]
        assert won[0].state in ("approved", "refused")
        assert Proposal.objects.get(pk=asked.id).state == won[0].state
        assert Decision.objects.filter(proposal=asked.id).count() == 1
        assert len(shelf.done) == (won[0].state == "approved")


@pytest.mark.django_db(transaction=True)
def test_of_two_downloads_at_once_one_gets_it() -> None:
    with shelves():
        cast = make_cast()
        asked = propose(cast.mei, kind="test.once", after={"rows": 9})
        decide(cast.arun, asked.id)
        use = {
            "proposal_id": asked.id,
            "kind": "test.once",
            "deed": deed(cast.mei, at=later(1)),
        }
        got = at_once(*[lambda: approvals.take(**use)] * 2)
        assert sorted(type(each).__name__ for each in got) == ["Conflict", "Proposal"]
