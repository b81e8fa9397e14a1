"""What is true of every clock, whatever happened."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.basics.dates import add_period
from daihou.engine.clocks.complaint import KINDS, complaint
from daihou.engine.clocks.counting import off_holidays
from daihou.engine.clocks.deadlines import DEADLINES, deadline, evaluation
from daihou.engine.clocks.guarantee import Guarantee, guarantee
from daihou.engine.clocks.limitation import enforcement, limitation
from daihou.engine.clocks.rules import ClockRules
from daihou.engine.clocks.values import Clock, Happened, State
from daihou.engine.clocks.words import PHRASES
from daihou.engine.rulebook.decision import words
from daihou.packs import decision_json, holidays, law

BOOK = law.known()
CALENDAR = holidays.holidays()
NEVER = date(9999, 12, 31)
FIRST = date(2021, 2, 1)
BEGINS = FIRST + timedelta(days=500)
LAST = FIRST + timedelta(days=2500)

days = st.integers(0, 2600).map(lambda n: FIRST + timedelta(days=n))
acknowledged = st.builds(
    Happened,
    on=days,
    kind=st.sampled_from(["part_payment", "repayment_plan", "signed_demand"]),
)
demands = st.builds(
    Happened,
    on=days,
    kind=st.just("demand"),
    evidence=st.sampled_from(
        [
            *("document_delivered", "message_arrived", "direct_debit"),
            *("media_notice_if_missing", "call_recording", None),
        ]
    ),
    signed_by=st.sampled_from([None, "self", "neighbour"]),
    arrived=st.booleans(),
    debtor_missing=st.booleans(),
)


@st.composite
def lasting(draw: st.DrawFn) -> Happened:
    """A suit or an obstacle, over by a day or not yet."""
    on = draw(days)
    until = draw(st.none() | st.integers(0, 700).map(lambda n: on + timedelta(days=n)))
    kind = draw(
        st.sampled_from(["suit_or_arbitration", "insolvency_claim", "obstacle"])
    )
    return Happened(on, kind, until=until)


events = st.lists(acknowledged | demands | lasting(), max_size=6)


def rules(on: date = LAST, licence: str = "bank") -> ClockRules:
    return ClockRules.of(BOOK, licence, on)


def run(happened: list[Happened], as_of: date = LAST) -> Clock:
    return limitation(
        BEGINS, happened, rules(as_of), subject="L", as_of=as_of, calendar=CALENDAR
    )


def end(clock: Clock) -> date:
    return clock.ends_on or NEVER


@given(events, acknowledged | demands | lasting())
def test_an_event_never_makes_a_limitation_end_earlier(
    before: list[Happened], more: Happened
) -> None:
    assert end(run([*before, more])) >= end(run(before))


@given(events)
def test_a_limitation_ends_between_three_and_twenty_years(
    happened: list[Happened],
) -> None:
    clock = run(happened)
    assert end(clock) >= add_period(BEGINS, 36, "months")
    if clock.counted_to is not None and not any(
        each.kind == "obstacle" for each in happened
    ):
        assert clock.counted_to <= add_period(BEGINS, 240, "months")


@given(events, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_is_no_matter(
    happened: list[Happened], rng: object
) -> None:
    told = list(happened)
    rng.shuffle(told)  # type: ignore[attr-defined]
    assert (run(told).ends_on, run(told).state) == (
        run(happened).ends_on,
        run(happened).state,
    )


@given(events, days)
def test_what_is_not_proved_changes_nothing(happened: list[Happened], on: date) -> None:
    idle = Happened(on, "demand", "call_recording")
    clock, more = run(happened), run([*happened, idle])
    assert (clock.ends_on, clock.state) == (more.ends_on, more.state)
    assert [each.counts for each in more.events if each.event == idle][:1] in (
        [],
        [False],
    )


@given(st.lists(acknowledged | demands, max_size=6), days)
def test_a_plain_count_comes_to_the_same(happened: list[Happened], as_of: date) -> None:
    """Written again from the articles, for what has no length."""
    expected = add_period(BEGINS, 36, "months")
    for each in sorted(happened, key=lambda one: one.on):
        if each.on > as_of or each.on < BEGINS:
            continue
        proved = each.kind != "demand" or (
            (
                each.evidence == "document_delivered"
                and (each.signed_by == "self" or each.arrived)
            )
            or (each.evidence == "message_arrived" and each.arrived)
            or each.evidence == "direct_debit"
            or (each.evidence == "media_notice_if_missing" and each.debtor_missing)
        )
        open_still = each.on <= off_holidays(expected, CALENDAR)[0]
        if proved and (open_still or each.kind == "signed_demand"):
            expected = max(expected, add_period(each.on, 36, "months"))
    clock = run(happened, as_of)
    assert clock.counted_to == expected
    ends_on = off_holidays(expected, CALENDAR)[0]
    assert clock.ends_on == ends_on
    if as_of < BEGINS:
        assert clock.state is State.NOT_BEGUN
    else:
        assert clock.state is (State.EXPIRED if as_of > ends_on else State.RUNNING)


@given(events)
def test_every_clock_says_why_and_goes_through_json(happened: list[Happened]) -> None:
    for clock in (
        run(happened),
        enforcement(
            BEGINS, happened, rules(), subject="J", as_of=LAST, calendar=CALENDAR
        ),
    ):
        decision = clock.decision
        for language in ("zh", "en"):
            assert len(words(decision, language, PHRASES)) > 1
        assert decision_json.from_json(decision_json.to_json(decision)) == decision


@given(days, days)
def test_alarms_come_before_the_end_and_ring_from_their_day(
    begins_on: date, as_of: date
) -> None:
    asked = {"subject": "L", "as_of": as_of, "calendar": CALENDAR}
    clock = limitation(begins_on, [], rules(as_of), **asked)  # type: ignore[arg-type]
    for each in clock.alarms:
        assert clock.ends_on is not None and each.on < clock.ends_on
        assert each.is_reached == (each.on <= as_of)


@given(
    st.sampled_from([None, "general", "joint"]),
    st.lists(
        st.builds(
            Happened,
            on=st.integers(0, 300).map(lambda n: FIRST + timedelta(days=n)),
            kind=st.sampled_from(
                [
                    *("suit_against_debtor", "claim_on_guarantor"),
                    *("call_to_debtor", "suit_against_guarantor"),
                ]
            ),
            party=st.sampled_from(["G1", "G2", None]),
            evidence=st.sampled_from(["document_delivered", None]),
        ),
        max_size=5,
    ),
)
def test_a_guarantee_is_saved_by_the_right_act_and_by_nothing_else(
    form: str | None, happened: list[Happened]
) -> None:
    due = FIRST + timedelta(days=60)
    as_of = FIRST + timedelta(days=400)
    facts = Guarantee("G1", due, form=form)
    clock = guarantee(facts, happened, rules(as_of), as_of=as_of, calendar=CALENDAR)
    assert clock.counted_to == add_period(due, 6, "months")  # nothing moves it
    assert clock.ends_on is not None
    in_time = [each for each in happened if due <= each.on <= clock.ends_on]
    if form == "joint":
        saved = any(
            each.party == "G1"
            and (
                each.kind == "suit_against_guarantor"
                or (each.kind == "claim_on_guarantor" and each.evidence)
            )
            for each in in_time
        )
    else:
        saved = any(each.kind == "suit_against_debtor" for each in in_time)
    assert clock.state is (State.MET if saved else State.EXPIRED)


@given(
    st.lists(
        st.builds(
            Happened,
            on=st.integers(0, 80).map(lambda n: FIRST + timedelta(days=n)),
            kind=st.sampled_from(KINDS),
        ),
        max_size=4,
    )
)
def test_a_complaint_has_15_30_or_60_days(happened: list[Happened]) -> None:
    as_of = FIRST + timedelta(days=100)
    clock = complaint(
        FIRST, happened, rules(as_of), subject="C", as_of=as_of, calendar=None
    )
    assert clock.ends_on is not None
    length = (clock.ends_on - FIRST).days
    assert length in {15, 30, 60}
    complex_in_time = any(
        each.kind == "marked_complex" and (each.on - FIRST).days <= 15
        for each in happened
    )
    assert length == 15 or complex_in_time
    answers = [each.on for each in happened if each.kind == "answered"]
    if answers:
        in_time = min(answers) <= clock.ends_on
        assert clock.state is (State.MET if in_time else State.LATE)
    else:
        assert clock.state is State.EXPIRED


@given(
    st.lists(
        st.integers(0, 1500).map(
            lambda n: Happened(FIRST + timedelta(days=n), "evaluated")
        ),
        max_size=4,
    ),
    st.integers(0, 1500).map(
        lambda n: Happened(FIRST + timedelta(days=n), "evaluated")
    ),
)
def test_an_evaluation_never_brings_the_next_one_nearer(
    before: list[Happened], more: Happened
) -> None:
    asked = {"subject": "A", "as_of": LAST, "calendar": None}
    first = evaluation(date(2025, 3, 1), before, rules(), **asked)  # type: ignore[arg-type]
    then = evaluation(date(2025, 3, 1), [*before, more], rules(), **asked)  # type: ignore[arg-type]
    assert end(then) >= end(first)


@pytest.mark.parametrize("kind", DEADLINES)
def test_a_deadline_is_met_on_its_last_day_and_late_on_the_next(kind: str) -> None:
    begins_on, spec = date(2025, 3, 3), DEADLINES[kind]
    as_of = date(2031, 1, 1)
    asset = "equity" if kind == "foreclosed" else None

    def asked(*happened: Happened) -> Clock:
        return deadline(
            kind,
            begins_on,
            happened,
            rules(as_of),
            subject="D",
            as_of=as_of,
            calendar=CALENDAR,
            asset=asset,
        )

    last = asked().ends_on
    assert last is not None and asked().state is State.EXPIRED
    assert asked(Happened(last, spec.done)).state is State.MET
    late = Happened(last + timedelta(days=1), spec.done)
    assert asked(late).state is State.LATE
    assert asked(late, Happened(last, spec.done)).state is State.MET


@given(days)
def test_a_last_day_moves_to_the_first_open_day_and_no_further(day: date) -> None:
    moved, known = off_holidays(day, CALENDAR)
    assert known == (moved.year in CALENDAR.years)
    assert moved >= day
    if known:
        assert not CALENDAR.is_off(moved)
        between = (moved - day).days
        assert all(CALENDAR.is_off(day + timedelta(days=n)) for n in range(between))
    else:
        assert moved == day or moved.year not in CALENDAR.years
    assert off_holidays(day, None) == (day, False)
