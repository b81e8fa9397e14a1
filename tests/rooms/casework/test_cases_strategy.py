"""The morning by the steps of the night: whose case opens, where it stands, why."""

from typing import Any

import pytest

from daihou.rooms.casework.actions.morning import morning
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.ledger.models import Loan
from daihou.rooms.strategy import door as strategy
from daihou.rooms.strategy.models import CustomerStep, Run
from tests.rooms.caseworking import (
    CLOSED,
    NOON,
    a_morning,
    close_day,
    late_loan,
    stand,
)
from tests.rooms.cast import AT, TODAY, Cast

WHY = {"zh": "三十天以上", "en": "more than thirty days"}


@pytest.fixture(autouse=True)
def sound(cast: Cast) -> object:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


@pytest.fixture(autouse=True)
def in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strategy is in force that describes no queue."""
    monkeypatch.setattr(strategy, "in_force", lambda _on: ("one",))
    monkeypatch.setattr(strategy, "queues", lambda _on: ())


def stepped(as_of: Any = CLOSED, fingerprint: str = "s1") -> None:
    """The night applied it to a day."""
    Run.objects.update_or_create(
        as_of=as_of,
        current=True,
        defaults={
            "positions": "p",
            "digest": "d",
            "fingerprint": fingerprint,
            "customers": 1,
            "steps": 1,
            "changed": 1,
            "alarms": 0,
            "seconds": 0.1,
            "at": AT,
            "by": "night",
        },
    )


def step(loan: Loan, **facts: Any) -> None:
    """What the night decided for the borrower of a loan."""
    usual = {
        "version_id": 1,
        "row_id": "r1",
        "segment": "soft",
        "queue": "phone",
        "action": "call",
        "priority": 7,
        "open_case": True,
        "journey": "gentle",
        "because": WHY,
    }
    CustomerStep.objects.update_or_create(pk=loan.customer_id, defaults=usual | facts)


def test_it_waits_for_the_strategy(cast: Cast) -> None:
    late_loan("L1")
    close_day()
    assert morning(CLOSED, at=NOON).waits == "strategy"
    stepped()
    assert morning(CLOSED, at=NOON).waits == ""


def test_whose_case_opens_where_it_stands_and_why(cast: Cast) -> None:
    wanted, left = late_loan("L1"), late_loan("L2", dpd=400)
    ahead = late_loan("L3", dpd=0, next_due_amount=101_000)
    step(wanted)
    step(left, open_case=False, action="none")
    step(ahead, queue="remind", action="message", segment="due soon")
    stepped()
    a_morning()
    rows = {row.customer_id: row for row in Case.objects.all()}
    assert set(rows) == {wanted.customer_id, ahead.customer_id}
    case = rows[wanted.customer_id]
    assert (case.queue, case.segment, case.action) == ("phone", "soft", "call")
    assert (case.journey, case.priority, case.because) == ("gentle", 7, WHY)
    assert (case.treatment, case.opened_because) == ("running", "strategy")
    soon = rows[ahead.customer_id]
    assert (soon.delinquency, soon.overdue_total, soon.loans) == ("pre", 0, 1)
    assert broken(after_a_morning=True) == ()


@pytest.mark.parametrize(
    ("action", "treatment"),
    [("pause", "paused"), ("stop", "stopped"), ("letter", "running")],
)
def test_what_the_step_says_moves_the_treatment(
    cast: Cast, action: str, treatment: str
) -> None:
    loan = late_loan("L1")
    step(loan)
    stepped()
    a_morning()
    step(loan, action=action)
    stepped(TODAY)
    a_morning(TODAY)
    assert Case.objects.get().treatment == treatment
    # A stop is final, a pause is not.
    step(loan)
    stepped(TODAY, "s2")
    a_morning(TODAY)
    now = Case.objects.get().treatment
    assert now == ("stopped" if action == "stop" else "running")


def test_a_journey_that_ends_with_debt_is_finished(cast: Cast) -> None:
    loan = late_loan("L1")
    step(loan)
    stepped()
    a_morning()
    step(loan, alarm="finished_with_debt")
    stepped(fingerprint="s2")
    a_morning()
    assert Case.objects.get().treatment == "finished"


def test_what_the_strategy_wants_open_is_not_closed_until_it_does_not(
    cast: Cast,
) -> None:
    loan = late_loan("L1", dpd=0, next_due_amount=1)
    step(loan, queue="remind")
    stepped()
    a_morning()
    stepped(TODAY)
    a_morning(TODAY)
    assert Case.objects.get().lifecycle == "open"
    CustomerStep.objects.all().delete()
    stepped(TODAY, "s2")
    a_morning(TODAY)
    case = Case.objects.get()
    assert (case.lifecycle, case.close_code) == ("closed", "CURED")


def test_a_late_case_stays_open_whatever_the_strategy_says(cast: Cast) -> None:
    loan = late_loan("L1")
    step(loan)
    stepped()
    a_morning()
    CustomerStep.objects.all().delete()
    stepped(fingerprint="s2")
    a_morning()
    case = Case.objects.get()
    assert (case.lifecycle, case.segment, case.queue) == ("open", "", "early")
    stand(loan)
    stepped(TODAY)
    a_morning(TODAY)
    assert Case.objects.get().lifecycle == "closed"
