"""Plans kept and missed, by instalment, size, person, reason, and re-aged or not."""

from datetime import date, timedelta
from typing import Any

import pytest

from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.nightly.portfolio.work import asked as work
from daihou.rooms.ledger.models import Loan
from daihou.rooms.relief.models import Instalment, Relief
from tests.nightly.working import OPEN_DAY, below, build, noon, points

pytestmark = pytest.mark.django_db
DUE = date(2025, 6, 10)


def plan(loan: Loan, number: int, *, rows: list[tuple[int, int, bool]], **more: Any):
    """A plan with rows (amount, paid, missed) a month apart from `DUE` on."""
    state = more.pop("state", "active")
    ended = more.pop("ended_on", None)
    made = Relief.objects.create(
        number=f"R{number}",
        kind="plan",
        state="proposed",
        customer_id=loan.customer_id,
        loan_id=loan.pk,
        loan_ids=[loan.pk],
        currency="CNY",
        branch=more.pop("branch", "north"),
        product=loan.product,
        receive=sum(amount for amount, _paid, _missed in rows),
        policy="p",
        verdict="auto",
        asked_by=more.pop("asked_by", "mei"),
        asked_at=noon(DUE),
        asked_on=DUE,
        re_age=more.pop("re_age", False),
        difficulty=more.pop("difficulty", "income_lost"),
    )
    for seq, (amount, paid, missed) in enumerate(rows, start=1):
        Instalment.objects.create(
            relief=made,
            seq=seq,
            due_on=DUE + timedelta(days=31 * (seq - 1)),
            amount=amount,
            paid=paid,
            missed=missed,
        )
    steps = ["approved", "accepted", "active"]
    steps += ["at_risk"] if state == "defaulted" else []
    for version, step in enumerate(steps, start=2):
        Relief.objects.filter(pk=made.pk).update(
            state=step, accepted_on=DUE - timedelta(days=3), version=version
        )
    if state != "active":
        Relief.objects.filter(pk=made.pk).update(
            state=state, ended_on=ended, version=len(steps) + 2
        )
    return made


@pytest.fixture
def plans() -> None:
    """A plan that is kept, one that is missed and was broken, one still to come."""
    office = build(seed=2)
    one, other, third = office.loans[0], office.loans[2], office.loans[4]
    plan(one, 1, rows=[(100, 100, False), (200, 150, True), (300, 0, False)])
    plan(
        other,
        2,
        rows=[(5_000_000, 0, True), (5_000_000, 0, False)],
        state="defaulted",
        ended_on=date(2025, 7, 1),
        asked_by="arun",
        branch="south",
        re_age=True,
        difficulty="illness",
    )
    plan(
        third,
        3,
        rows=[(700, 700, False)],
        state="completed",
        ended_on=date(2025, 7, 2),
    )


@pytest.mark.usefixtures("plans")
def test_instalments_count_in_the_month_they_fell_due_and_once_judged() -> None:
    told = points("plan_kept")
    june, july = told["", "2025-06"], told["", "2025-07"]
    assert (june.part, june.whole) == (2, 3)
    # What a broken plan would have asked for after its end is asked for no more.
    assert (july.part, july.whole) == (0, 1)
    assert ("", "2025-08") not in told, "it fell due, and nobody has judged it yet"
    missed = points("plan_missed")
    assert {at: each.part for (_, at), each in missed.items()} == {
        "2025-06": 1,
        "2025-07": 1,
    }
    money = points("plan_amount_kept")["", "2025-06"]
    assert (money.part, money.whole) == (800, 5_000_800)
    assert OPEN_DAY > DUE + timedelta(days=62)


@pytest.mark.usefixtures("plans")
def test_plans_that_ended_are_carried_out_or_broken() -> None:
    done, broken = points("plan_completed"), points("plan_defaulted")
    assert (done["", "2025-07"].part, done["", "2025-07"].whole) == (1, 2)
    assert (broken["", "2025-07"].part, broken["", "2025-07"].whole) == (1, 2)


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(
    ("cut", "keys"),
    [
        (Cut.RE_AGED, {"re_aged": (0, 1), "not_re_aged": (2, 2)}),
        (Cut.AGE, {"1": (2, 3)}),
        (Cut.SIZE, {"0-1000": (2, 2), "100000+": (0, 1)}),
        (Cut.COLLECTOR, {"mei": (2, 2), "arun": (0, 1)}),
        (Cut.REASON, {"income_lost": (2, 2), "illness": (0, 1)}),
        (Cut.BRANCH, {"north": (2, 2), "south": (0, 1)}),
    ],
)
def test_every_cut_of_plans(cut: Cut, keys: dict[str, tuple[int, int]]) -> None:
    told = points("plan_kept", by=cut)
    june = {key: (p.part, p.whole) for (key, at), p in told.items() if at == "2025-06"}
    assert june == keys


@pytest.mark.usefixtures("plans")
def test_plans_are_seen_by_the_branch_and_drilled_to_their_loans() -> None:
    north = Sight(branches=frozenset({"north"}))
    told = points("plan_kept", sight=(north,))
    assert told["", "2025-06"].whole == 2
    asked = Asked("plan_kept", sight=(north,))
    assert len(work.loans(below(), asked, at="2025-06")) == 2
    assert not work.loans(below(), Asked("plan_kept", sight=()), at="2025-06")
    broken = Asked("plan_defaulted")
    assert len(work.loans(below(), broken, at="2025-07")) == 1


def test_promises_by_the_days_to_their_date_and_contacts_by_the_hour() -> None:
    office = build(seed=3)
    told = points("promise_due", by=Cut.AGE)
    assert {key for key, _ in told} <= {"0-3", "4-7", "8-14", "15+"}
    near = sum(1 for each in office.promises if (each.due_on - each.made_on).days <= 3)
    assert 0 < near == sum(p.whole for (key, _), p in told.items() if key == "0-3")
    hours = points("contact_penetration", by=Cut.HOUR)
    assert {key for key, _ in hours} <= {"12", "13", "23", "00"}
    whole = points("contact_penetration")
    for at in {at for _, at in whole}:
        assert (
            sum(p.whole for (_, month), p in hours.items() if month == at)
            == whole["", at].whole
        )
