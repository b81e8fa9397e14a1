"""The business date, what the office asks of the night, and what the night told."""

from datetime import date, timedelta

import pytest

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend import queries, states
from daihou.rooms.dayend.models import BucketMove, Difference, Request, Run, Step
from tests.rooms.cast import AT, HAND, TODAY, Cast

pytestmark = pytest.mark.django_db


def set_date(on: date = TODAY) -> dayend.BusinessDay:
    return dayend.set_business_date(on=on, by="test", at=AT)


def make_run(as_of: date, *, current: bool = True) -> Run:
    run = Run.objects.create(
        as_of=as_of,
        kind="first",
        state=states.RunState.DONE,
        current=current,
        started_at=AT,
        finished_at=AT,
        fingerprint="f" * 64,
        loans=2,
        plan={"moves": 1},
    )
    for name, seconds in (("freeze", 0.5), ("compute", 1.25)):
        Step.objects.create(run=run, name=name, started_at=AT, seconds=seconds, rows=2)
    BucketMove.objects.create(
        run=run,
        from_bucket="M0",
        to_bucket="M1",
        loans=1,
        outstanding_principal=100,
        overdue_total=10,
    )
    return run


def test_the_date_is_set_until_a_day_is_closed() -> None:
    assert dayend.business_date() is None
    with pytest.raises(NotFound, match="daihou"):
        dayend.open_day()
    day = set_date()
    assert (day.on, day.closed_on, day.simulated) == (
        TODAY,
        TODAY - timedelta(days=1),
        False,
    )
    assert set_date() == day
    assert len(audit.latest(type="business_date.set")) == 1
    tomorrow = TODAY + timedelta(days=1)
    assert set_date(tomorrow).on == tomorrow  # no day is closed yet
    make_run(TODAY)
    with pytest.raises(Refused) as refused:
        set_date(TODAY)
    assert refused.value.code == "date_is_set"
    assert len(audit.latest(type="business_date.set")) == 2


def test_only_who_runs_the_day_end_may_ask_for_it(cast: Cast) -> None:
    set_date()
    for person in (cast.mei, cast.bola, cast.sam):
        with pytest.raises(NotAllowed):
            dayend.request_run(by=person, at=AT)
    assert not Request.objects.exists()
    asked = dayend.request_run(by=cast.arun, at=AT)
    assert (asked.kind, asked.as_of, asked.state) == ("next", TODAY, "waiting")
    (entry,) = audit.latest(type="day_end.asked")
    assert (entry.by, entry.business_date) == ("arun", TODAY)
    assert entry.payload == {"request": asked.id, "kind": "next"}


def test_asking_twice_is_asking_once(cast: Cast) -> None:
    set_date()
    first = dayend.request_run(by=cast.arun, at=AT)
    assert dayend.request_run(by=cast.arun, at=AT).id == first.id
    with pytest.raises(Refused) as refused:
        dayend.request_run(by=cast.arun, at=AT, kind="through", as_of=TODAY)
    assert refused.value.code == "request_waiting"
    Request.objects.update(state=states.RequestState.DONE, finished_at=AT)
    assert dayend.waiting() is None
    again = dayend.request_run(by=cast.arun, at=AT)
    assert again.id != first.id
    assert [request.id for request in dayend.requests()] == [again.id, first.id]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"kind": "never"}, "kind_unknown"),
        ({"kind": "through"}, "date_missing"),
        ({"kind": "through", "as_of": TODAY - timedelta(days=1)}, "already_closed"),
        ({"kind": "again", "as_of": TODAY}, "not_closed"),
        ({"as_of": TODAY + timedelta(days=1)}, "not_next"),
    ],
)
def test_a_day_end_that_cannot_be_is_refused(
    wish: dict[str, object], code: str
) -> None:
    set_date()
    with pytest.raises(Refused) as refused:
        dayend.request_run(by=HAND, at=AT, **wish)
    assert refused.value.code == code and str(refused.value)
    assert not Request.objects.exists()


def test_a_closed_day_may_be_asked_for_again() -> None:
    set_date()
    make_run(TODAY - timedelta(days=1))
    day = TODAY - timedelta(days=1)
    asked = dayend.request_run(by=HAND, at=AT, kind="again", as_of=day, reason="late")
    assert asked.as_of == day
    assert audit.latest(type="day_end.asked")[0].reason == "late"


def test_a_run_is_told_with_its_steps_moves_and_differences(
    django_assert_max_num_queries,
) -> None:
    run = make_run(TODAY)
    make_run(TODAY, current=False)
    for loan_id in (3, 1, 2):
        Difference.objects.create(
            run=run, loan_id=loan_id, as_of=TODAY, dpd_before=5, dpd_after=0
        )
    with django_assert_max_num_queries(5):
        page = queries.run_page(run.pk, differences=2)
    assert page.run.seconds == 1.75 and len(page.run.steps) == 2
    assert [move.to_bucket for move in page.moves] == ["M1"]
    assert [row.loan_id for row in page.differences] == [1, 2]
    assert page.difference_count == 3
    assert dayend.moves_of(TODAY) == page.moves
    assert dayend.moves_of(TODAY + timedelta(days=1)) == ()
    current = dayend.run_of(TODAY)
    assert current is not None and current.id == run.pk
    with pytest.raises(NotFound):
        queries.run_page(10**9)


def test_runs_come_newest_first_in_two_queries(django_assert_num_queries) -> None:
    made = [make_run(TODAY + timedelta(days=day)).pk for day in range(4)]
    with django_assert_num_queries(2):
        runs = dayend.runs(limit=3)
    assert [run.id for run in runs] == made[:0:-1]
    assert [run.id for run in dayend.runs(before=runs[-1].id)] == made[:1]


@pytest.mark.parametrize("name", states.DIAGRAMS)
def test_the_moves_of_a_diagram_lead_from_the_start_to_an_end(name: str) -> None:
    moves = states.DIAGRAMS[name]
    known = states.RunState if "run" in name else states.RequestState
    assert {state for move in moves for state in move} == set(known)
    reached = {next(iter(known))}
    for _ in known:
        reached |= {new for old, new in moves if old in reached}
    assert reached == set(known)
    assert set(known) - {old for old, _ in moves}, "nothing ever ends"


def test_a_plan_is_asked_for_like_a_day_end_and_changes_nothing(cast: Cast) -> None:
    set_date()
    with pytest.raises(NotAllowed):
        dayend.request_run(by=cast.sam, at=AT, kind="plan")
    asked = dayend.request_run(by=cast.arun, at=AT, kind="plan")
    assert (asked.kind, asked.as_of, asked.plan) == ("plan", TODAY, None)
    assert dayend.last_plan() is None
    assert audit.latest(type="day_end.planned") and not audit.latest(
        type="day_end.asked"
    )
    Request.objects.update(state=states.RequestState.DONE, plan={"loans": 1})
    made = dayend.last_plan()
    assert made is not None and made.plan == {"loans": 1}
