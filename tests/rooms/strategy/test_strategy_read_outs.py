"""Experiments are reckoned once a day-end, kept, and read from there; costs beside cash."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daihou.kit import steps
from daihou.rooms.contact.models import Attempt
from daihou.rooms.reporting.models import Cost
from daihou.rooms.reporting.queries.work.spent import spent, units
from daihou.rooms.strategy import queries
from daihou.rooms.strategy.actions.enrolling import enrol
from daihou.rooms.strategy.actions.reading_out import keep
from daihou.rooms.strategy.models import Enrolment, ReadOut
from daihou.rooms.strategy.queries import read_outs
from tests.rooms import strategies as small
from tests.rooms.cast import AT, make_loan
from tests.rooms.strategy.test_strategy_pages import maker, three
from tests.rooms.test_pages import signed_in, text_of

__all__ = ["maker", "three"]  # fixtures
pytestmark = pytest.mark.django_db
ARMS = [
    {"code": "champion", "title": {"zh": "冠", "en": "Champion"}, "share": "500"},
    {"code": "other", "title": {"zh": "挑", "en": "Other"}, "share": "500"},
]
TRIAL = {"id": "t1", "title": {"zh": "试", "en": "Trial"}, "salt": "s", "arms": ARMS}


def live(version_id: int) -> list[steps.Live]:
    """The version as if it were in force."""
    from daihou.rooms.strategy import document

    drawn = document.drawn(queries.content_of(version_id))
    return [steps.Live(version_id, drawn)]


@pytest.fixture
def enrolled(three: Any) -> tuple[int, str]:
    """Twenty customers in each arm of an experiment."""
    rita, _rob, _cora = three
    line = small.made(rita, experiment=TRIAL)
    small.a_run()
    for number in range(40):
        loan = make_loan(f"N{number}")
        arm = "champion" if number % 2 else "other"
        small.a_step(loan.customer_id, line.id, arm=arm)
    assert enrol(as_of=small.LAST) == 40
    return line.id, f"/strategy/versions/{line.id}/experiment/"


def test_it_is_kept_once_a_day_end_and_says_what_was_reckoned(
    enrolled: tuple[int, str],
) -> None:
    version_id, _address = enrolled
    running = live(version_id)
    assert keep(as_of=small.LAST, live=running, at=AT) == 1
    assert keep(as_of=small.LAST, live=running, at=AT) == 1
    assert ReadOut.objects.count() == 1
    kept, now = read_outs.read_out("t1"), read_outs.reckon("t1")
    assert kept.as_of == small.LAST and now.as_of is None
    assert (kept.arms, kept.harms, kept.costs) == (now.arms, now.harms, now.costs)
    Enrolment.objects.filter(arm="other").delete()
    assert read_outs.read_out("t1") == kept, "what is kept is what is read"


def test_the_page_reads_what_is_kept_and_says_it_in_words(
    enrolled: tuple[int, str],
) -> None:
    version_id, address = enrolled
    keep(as_of=small.LAST, live=live(version_id), at=AT)
    client = signed_in("rita")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        text = text_of(client.get(address))
    assert not any("ledger_payment" in each["sql"] for each in seen.captured_queries)
    assert "too early" in text and "reckoned after the day-end" in text
    assert "would be seen in 80 of 100 cases" not in text, "all ended alike"
    kept = ReadOut.objects.get()
    kept.content["arms"]["champion"][2:] = [7, [20, 7_000, 7_000_000]]
    kept.save()
    again = text_of(client.get(address))
    assert "would be seen in 80 of 100 cases" in again
    assert "Not counted: costs" in text
    assert signed_in("rita", language="zh-hans").get(address).status_code == 200


def test_an_attempt_costs_what_its_channel_cost_over_its_attempts(
    enrolled: tuple[int, str],
) -> None:
    assert spent("t1") is None, "nobody wrote costs down"
    someone = Enrolment.objects.filter(arm="other").first()
    assert someone is not None
    month = f"{AT:%Y-%m}"
    for number in range(4):
        Attempt.objects.create(
            fact_id=number + 1,
            customer_id=someone.customer_id,
            person="p1",
            channel="call",
            purpose="collect",
            actor="lender",
            at=AT,
            connected=False,
            conversation=False,
            failed=False,
            recorded_by="mei",
            recorded_at=AT,
        )
    Cost.objects.create(
        month=month,
        kind="telecom",
        channel="call",
        currency="CNY",
        amount=1_000,
        by="fay",
        at=AT,
    )
    assert units() == {"call": 250}
    Enrolment.objects.update(since=AT.date().replace(day=1))
    found = spent("t1")
    assert found is not None
    assert (found["other"].many, found["other"].total) == (20, 1_000)
    assert found["other"].squares == 1_000_000
    assert (found["champion"].many, found["champion"].total) == (20, 0)


def test_the_effect_stands_beside_those_who_are_left_alone() -> None:
    from daihou.engine.strategy.experiment import Amounts
    from daihou.engine.strategy.strategy import Arm, Experiment
    from daihou.rooms.reporting.pages.reports.effect import arms_beside
    from daihou.rooms.strategy.queries.arms import ArmOutcome
    from daihou.rooms.strategy.queries.read_outs import Reckoned

    arms = (Arm("a", {"en": "A"}, 500), Arm("alone", {"en": "L"}, 500, hold_out=True))
    cash = Amounts(100, 0, 0)
    kept = Reckoned(
        None,
        {
            "a": ArmOutcome(100, AT.date(), 60, cash),
            "alone": ArmOutcome(100, AT.date(), 30, cash),
        },
        {},
        None,
    )
    told = arms_beside(Experiment("e", {"en": "E"}, "s", arms), kept)
    assert [(row["customers"], row["alone"], row["said"]) for row in told] == [
        (100, 100, "better")
    ]
    assert not arms_beside(Experiment("e", {}, "s", arms[:1]), kept)
