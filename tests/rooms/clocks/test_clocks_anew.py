"""Clocks of law that are put right: struck, corrected, paid, moved with their loan."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from daihou.kit import legal_clocks, speech
from daihou.rooms.audit import door as audit
from daihou.rooms.clocks import actions, queries, words
from daihou.rooms.clocks.actions import Beginning, EventIn
from daihou.rooms.clocks.models import Clock
from daihou.rooms.clocks.states import Closed, Group
from daihou.rooms.ledger.models import Loan
from tests.rooms import clocking
from tests.rooms.cast import Cast, make_cast
from tests.rooms.clocking import AS_OF, AT, deed
from tests.rooms.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def four(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Mei, Arun, Bola and Sam at a bank, with the night's reckoner bound."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    settings.LICENCE = "bank"
    clocking.bind()
    yield make_cast()
    legal_clocks.unbind_reckoner()


def look(on: date = AS_OF) -> queries.RunLine:
    """What the worker does after a closed day."""
    return actions.look_through(on, positions=on.isoformat(), at=AT)


def started(loan: Loan, cast: Cast, on: date, **more: Any) -> Clock:
    """A clock of a loan that Arun begins."""
    wish: dict[str, Any] = {"kind": "limitation", "evidence": f"letter of {on}"}
    told = Beginning(loan_id=loan.pk, begins_on=on, **(wish | more))
    found: Clock = Clock.objects.get(pk=actions.start(told, deed=deed(cast.arun)))
    return found


def disposed(clock: Clock, cast: Cast) -> int:
    """Arun tells that the asset is sold."""
    told = EventIn(kind="disposed", happened_on=AS_OF, evidence="contract of sale")
    return int(actions.tell(clock.pk, told, deed=deed(cast.arun)))


def payloads(loan: Loan, type: str) -> list[dict[str, Any]]:
    """What the events of a type say of a loan."""
    told = audit.timeline(subject_type="loan", subject_id=loan.pk)
    return [dict(each.payload) for each in told if each.type == type]


def test_what_was_done_by_an_event_told_wrongly_runs_again(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    began = AS_OF - 30 * DAY
    facts = {"asset": "real_estate"}
    clock = started(loan, four, began, kind="foreclosed", facts=facts)
    ends_on = clock.ends_on
    wrong = disposed(clock, four)
    clock.refresh_from_db()
    assert (clock.closed_on, clock.closed_because) == (AS_OF, Closed.DONE)
    actions.strike(wrong, because="another asset", deed=deed(four.arun))
    clock.refresh_from_db()
    assert (clock.closed_on, clock.closed_because) == (None, "")
    assert (clock.state, clock.ends_on) == ("running", ends_on)
    assert payloads(loan, "clock.opened_again") == [
        {"event": wrong, "clock": clock.pk, "kind": "foreclosed"}
    ]
    assert ends_on is not None
    look(ends_on + DAY)
    assert payloads(loan, "legal.deadline.passed")


def test_what_is_done_all_the_same_stays_closed(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    facts = {"asset": "real_estate"}
    clock = started(loan, four, AS_OF - DAY, kind="foreclosed", facts=facts)
    first = disposed(clock, four)
    actions.strike(first, because="told twice", deed=deed(four.arun))
    second = disposed(clock, four)
    clock.refresh_from_db()
    assert clock.closed_because == Closed.DONE and second != first
    assert len(payloads(loan, "clock.opened_again")) == 1


@pytest.mark.parametrize(
    "ended",
    [{"outstanding_total": 0, "status": "settled"}, {"status": "transferred"}],
)
def test_a_clock_begun_by_hand_ends_with_its_claim_and_comes_back_with_it(
    four: Cast, ended: dict[str, Any]
) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    look()
    clock = started(loan, four, date(2026, 5, 1))
    clocking.late(loan, dpd=0)  # late no more, but owed
    look(AS_OF + DAY)
    clock.refresh_from_db()
    assert clock.closed_on is None
    clocking.late(loan, dpd=0, **ended)
    look(AS_OF + 2 * DAY)
    clock.refresh_from_db()
    assert (clock.closed_on, clock.closed_because) == (AS_OF + 2 * DAY, Closed.PAID)
    clocking.late(loan, dpd=120)  # the payment bounced
    look(AS_OF + 3 * DAY)
    clock.refresh_from_db()
    assert clock.closed_on is None and clock.begins_on == date(2026, 5, 1)
    assert Clock.objects.filter(loan_id=loan.pk).count() == 1


def test_a_clock_goes_with_its_loan_to_another_branch(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    look()
    by_hand = started(loan, four, date(2026, 5, 1))
    facts = {"asset": "real_estate"}
    apart = started(loan, four, AS_OF, kind="foreclosed", facts=facts)
    Loan.objects.filter(pk=loan.pk).update(branch="south", officer="bola")
    look(AS_OF + DAY)
    for clock in (by_hand, apart):
        clock.refresh_from_db()
        assert (clock.branch, clock.officer) == ("south", "bola")


def test_what_was_said_before_a_correction_stays_to_be_read(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    look()
    of_book = Clock.objects.get(loan_id=loan.pk, kind="limitation")
    first = started(loan, four, date(2026, 4, 1))
    assert first.pk == of_book.pk
    second = started(loan, four, date(2026, 5, 1))
    first.refresh_from_db()
    assert (first.closed_because, first.closed_by) == (Closed.CORRECTED, "arun")
    assert first.begins_on == date(2026, 4, 1)
    assert queries.evidence_of(first.pk)[0] == "letter of 2026-04-01"
    assert queries.evidence_of(second.pk)[0] == "letter of 2026-05-01"
    assert second.by_hand and second.closed_on is None
    befores = [each["before"] for each in payloads(loan, "clock.corrected")]
    assert sorted(befores, key=lambda each: str(each["begins_on"])) == [
        {
            "clock": first.pk,
            "begins_on": "2026-03-01",
            "ends_on": of_book.ends_on and of_book.ends_on.isoformat(),
            "started_by": "clocks",
        },
        {
            "clock": first.pk,
            "begins_on": "2026-04-01",
            "ends_on": first.ends_on and first.ends_on.isoformat(),
            "started_by": "arun",
        },
    ]


def test_of_two_who_begin_one_clock_the_second_corrects_the_first(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    got = at_once(
        lambda: started(loan, four, date(2026, 4, 1)),
        lambda: started(loan, four, date(2026, 5, 1)),
    )
    assert all(isinstance(each, Clock) for each in got)
    rows = Clock.objects.filter(loan_id=loan.pk).order_by("pk")
    assert [each.closed_because for each in rows] == [Closed.CORRECTED, ""]


def test_recovery_of_clocks_is_not_the_chance_of_it() -> None:
    with translation.override("zh-hans"):
        assert words.group_word(Group.RECOVERY) != translation.gettext("Recovery")
