"""Who decides a request: somebody else, always; and what the form says of it."""

from typing import Any

import pytest

from daihou.rooms.approvals import door as approvals
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people.models import User
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import WaiverWish
from tests.rooms.caseworking import make_login
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.promising import late_case
from tests.rooms.relieving import deed
from tests.rooms.test_pages import signed_in


@pytest.fixture
def boss(cast: Cast) -> Any:
    """The only supervisor there is, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_login("su", "supervisor")


def loan_of(boss: Any) -> Any:
    return late_case("L1", boss=boss).loan


def wish(fen: int, difficulty: str = "overdue", part: str = "interest") -> WaiverWish:
    return WaiverWish(parts={part: fen}, difficulty=difficulty)


def test_the_only_supervisor_who_asks_is_passed_over(boss: Any) -> None:
    loan = loan_of(boss)
    make_login("bm", "branch_manager")
    line = actions.ask_waiver(loan.pk, wish(500), deed=deed(boss))
    assert (line.state, line.levels) == ("pending", ("branch_manager",))
    assert line.effect["passed_over"] == "supervisor"
    waits = approvals.find(line.proposal_id, person=boss, at=deed(boss).at)
    assert waits.levels == ("branch_manager",)
    shown = signed_in("su").get(f"/relief/{line.id}/").content.decode()
    assert "decides instead" in shown


def test_with_another_supervisor_nothing_is_passed_over(boss: Any) -> None:
    loan = loan_of(boss)
    make_login("bm", "branch_manager")
    make_login("su2", "supervisor")
    line = actions.ask_waiver(loan.pk, wish(500), deed=deed(boss))
    assert line.levels == ("supervisor", "branch_manager")
    assert "passed_over" not in line.effect


def test_one_of_another_branch_does_not_count(boss: Any) -> None:
    loan = loan_of(boss)
    make_login("bm", "branch_manager")
    make_login("su2", "supervisor", "south")
    line = actions.ask_waiver(loan.pk, wish(500), deed=deed(boss))
    assert line.levels == ("branch_manager",)


def test_where_nobody_is_above_the_form_says_so_first(boss: Any) -> None:
    loan = loan_of(boss)
    User.objects.exclude(username="su").update(is_active=False)
    sent = {"part_fee": "0", "part_penalty": "0.01", "difficulty": "overdue"}
    answer = signed_in("su").post(
        f"/relief/loans/{loan.pk}/waiver/", sent | {"do": "weigh"}
    )
    assert answer.status_code == 200
    assert answer.context["page"].answer.alone
    assert "Somebody else should ask" in answer.content.decode()


def test_nobody_alone_marks_a_loan_as_restructured(cast: Cast, boss: Any) -> None:
    loan = loan_of(boss)
    marked = wish(1, part="penalty")
    line = actions.ask_waiver(loan.pk, marked, deed=deed(cast.mei))
    assert (line.verdict, line.state) == ("needs_level", "pending")
    assert line.levels == ("supervisor",)
    free = actions.weigh_waiver(
        loan.pk,
        {"penalty": 1},
        receive=0,
        until=None,
        difficulty="none",
        by=cast.mei,
        on=TODAY,
        policy=the_policy(),
    )
    assert free.authority.verdict.value == "auto"


def the_policy() -> Any:
    return queries.in_force(TODAY)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"part_penalty": "abc"}, "Penalty interest: "),
        ({"receive": "-1", "part_fee": "1"}, "Only if so much comes in: "),
        ({"part_interest": "999999"}, "Interest: "),
        ({"part_penalty": "0.01", "difficulty": ""}, "Financial difficulty: "),
    ],
)
def test_a_refusal_names_its_field(
    cast: Cast, boss: Any, sent: dict[str, str], said: str
) -> None:
    loan = loan_of(boss)
    given = {"difficulty": "overdue", "do": "weigh"} | sent
    answer = signed_in("mei").post(f"/relief/loans/{loan.pk}/waiver/", given)
    assert answer.status_code == 422
    assert answer.context["problem"].startswith(said)


@pytest.mark.parametrize(("kind", "offered"), [("waiver", True), ("plan", False)])
def test_no_difficulty_is_offered_only_where_it_is_taken(
    cast: Cast, boss: Any, kind: str, *, offered: bool
) -> None:
    loan = loan_of(boss)
    page = signed_in("mei").get(f"/relief/loans/{loan.pk}/{kind}/").context["page"]
    words = dict(page.difficulties)
    assert ("none" in words) is offered
    if offered:
        assert "penalty and compound only" in words["none"]
