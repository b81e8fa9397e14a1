"""Clocks of law over stored events: a lawyer's stories, alarms, who may, what is refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import DatabaseError, connection, transaction

from daihou.kit import legal_clocks, speech
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.clocks import actions, queries
from daihou.rooms.clocks.actions import Beginning, EventIn
from daihou.rooms.clocks.models import Clock, ClockEvent, ClockRun
from daihou.rooms.ledger.models import Loan
from daihou.rooms.notices.models import Notice
from tests.rooms import clocking
from tests.rooms.cast import Cast, make_cast
from tests.rooms.clocking import AS_OF, AT, OPEN, deed

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
STORIES = yaml.safe_load(
    (Path(__file__).parent / "clocks_stories.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def lender(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bank, with the night's reckoner bound."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    settings.LICENCE = "bank"
    clocking.bind()
    yield
    legal_clocks.unbind_reckoner()


@pytest.fixture
def four() -> Cast:
    """Mei, Arun, Bola and Sam."""
    return make_cast()


def look(on: date = AS_OF, positions: str = "p") -> queries.RunLine:
    """What the worker does after a closed day."""
    return actions.look_through(on, positions=positions, at=AT)


def clock_of(loan: Loan, kind: str = "limitation") -> Clock:
    found: Clock = Clock.objects.get(loan_id=loan.pk, kind=kind, closed_on=None)
    return found


def told(kind: str = "instalment_promise", on: date = AS_OF, **more: Any) -> EventIn:
    return EventIn(kind=kind, happened_on=on, evidence="file 7, page 3", **more)


# -- stories ---------------------------------------------------------------------------


def make_story(number: int, story: dict[str, Any], cast: Cast) -> Loan:
    """A claim to which happened what the story says, but for what is told later."""
    loan = clocking.a_claim(f"S{number:03d}", story["due"])
    for paid in story.get("paid", ()):
        clocking.pay(
            loan, paid["day"], paid["channel"], reversed_on=paid.get("reversed_on")
        )
    if "guarantor" in story:
        signed = story["guarantor"]
        clocking.guarantee(loan, signed["kind"], signed.get("until"))
    return loan


def tell_story(loan: Loan, story: dict[str, Any], cast: Cast) -> None:
    """What people wrote down of the claim."""
    for each in story.get("told", ()):
        more = {
            name: each[name]
            for name in ("evidence_kind", "signed_by", "arrived", "until")
            if name in each
        }
        of = clock_of(loan, "guarantee" if each.get("of_guarantor") else "limitation")
        event = told(each["kind"], each["day"], **more)
        kept = actions.tell(of.pk, event, deed=deed(cast.arun))
        if "struck" in each:
            actions.strike(kept, because=each["struck"], deed=deed(cast.arun))
    if "called_in" in story:
        wish = Beginning(
            kind="limitation",
            loan_id=loan.pk,
            begins_on=story["called_in"],
            evidence="letter of acceleration",
        )
        actions.start(wish, deed=deed(cast.arun))


def test_the_stories_end_as_a_lawyer_says(four: Cast) -> None:
    loans = [
        make_story(number, story, four)
        for number, story in enumerate(STORIES["stories"])
    ]
    look()
    for loan, story in zip(loans, STORIES["stories"], strict=True):
        tell_story(loan, story, four)
    look(positions="again")
    wrong = []
    for loan, story in zip(loans, STORIES["stories"], strict=True):
        for kind, wanted in (
            ("limitation", story["expect"]),
            ("guarantee", story.get("guarantee")),
        ):
            if wanted is None:
                continue
            found = clock_of(loan, kind)
            got = {name: getattr(found, name) for name in wanted}
            if got != wanted:
                wrong.append((story["name"]["en"], kind, got))
            line = queries.clocks_of(loan.pk)
            (shown,) = [each for each in line if each.kind == kind]
            plain = queries.reckoned(shown, as_of=AS_OF)
            assert plain.state.value == found.state, (story["name"]["en"], kind)
            assert plain.ends_on == found.ends_on, (story["name"]["en"], kind)
            assert plain.counted_to == found.counted_to, (story["name"]["en"], kind)
    assert not wrong
    assert len(STORIES["stories"]) >= 12


# -- the round -------------------------------------------------------------------------


def test_a_day_again_changes_nothing_and_a_step_is_raised_once(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2024, 5, 30))  # ends 2027-05-30
    look(date(2026, 11, 30))
    assert steps_of(loan) == []  # 181 days left
    seen = []
    for days in (180, 179, 90, 30, 29, -1):
        on = date(2027, 5, 30) - days * DAY
        look(on)
        look(on)
        if days in (180, 90, 30, -1):
            seen.append(max(days, 0))
        assert sorted(steps_of(loan)) == sorted(seen), days
        assert clock_of(loan).alarm == seen[-1]
    assert clock_of(loan).state == "expired"
    told_to = set(Notice.objects.values_list("login", flat=True))
    assert told_to == {"arun", "sam"}  # who read the law; bola and mei do not


def steps_of(loan: Loan) -> list[int]:
    """The steps of the ladder that were raised, by the story of the loan."""
    story = audit.timeline(subject_type="loan", subject_id=loan.pk)
    return [
        int(str(each.payload["days"]))
        for each in story
        if each.type.startswith("legal.deadline")
    ]


def test_what_is_paid_is_looked_at_no_longer_and_late_again_begins_anew(
    four: Cast,
) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    other = clocking.a_claim("L2", date(2026, 3, 1), dpd=0)
    look()
    assert not Clock.objects.filter(loan_id=other.pk).exists()
    first = clock_of(loan)
    clocking.late(loan, dpd=0)
    look(AS_OF + DAY)
    first.refresh_from_db()
    assert (first.closed_on, first.closed_because) == (AS_OF + DAY, "paid")
    clocking.late(loan, dpd=1)
    look(AS_OF + 2 * DAY)
    assert clock_of(loan).pk != first.pk


def test_written_off_is_still_claimed(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    clocking.late(loan, dpd=0, status="written_off")
    look()
    assert clock_of(loan).ends_on == date(2029, 3, 1)


def test_the_round_waits_for_another_day(four: Cast, monkeypatch: Any) -> None:
    from daihou.kit import ports
    from tests.rooms.book import Book, positions

    loan = clocking.a_claim("L1", date(2026, 3, 1))
    ports.bind_book(Book({AS_OF: positions()}))
    try:
        actions.look_due(at=AT)
        actions.look_due(at=AT)
    finally:
        ports.unbind_book()
    assert ClockRun.objects.count() == 1
    assert clock_of(loan).reckoned_on == AS_OF


def test_another_country_has_none_of_these_clocks(four: Cast, settings: Any) -> None:
    settings.JURISDICTION, settings.LICENCE = "us", "creditor"
    clocking.a_claim("L1", date(2026, 3, 1))
    actions.look_due(at=AT)
    assert not Clock.objects.exists() and not ClockRun.objects.exists()


# -- by hand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "ends_on"),
    [
        ("complaint", {"name": "complaint 12"}, date(2026, 11, 17)),
        ("credit_dispute", {"name": "dispute 3"}, date(2026, 11, 22)),
        ("evaluation", {"name": "agency North"}, date(2027, 11, 2)),
        ("blame", {"of_loan": True}, date(2028, 11, 2)),
        ("enforcement", {"of_loan": True}, date(2028, 11, 2)),
        (
            "foreclosed",
            {"of_loan": True, "facts": {"asset": "real_estate"}},
            date(2028, 11, 2),
        ),
    ],
)
def test_every_kind_is_started_by_hand(
    four: Cast, kind: str, more: dict[str, Any], ends_on: date
) -> None:
    chief = house()
    more = dict(more)
    if more.pop("of_loan", False):
        more["loan_id"] = clocking.a_claim("L1", date(2026, 3, 1)).pk
    wish = Beginning(
        kind=kind, begins_on=date(2026, 11, 2), evidence="letter in file 3", **more
    )
    made = Clock.objects.get(pk=actions.start(wish, deed=deed(chief)))
    assert made.ends_on == ends_on and made.by_hand
    assert "letter" not in made.evidence
    assert queries.evidence_of(made.pk)[0] == "letter in file 3"


def house() -> Any:
    """A lawyer who sees the whole house."""
    from daihou.rooms.people import door as people
    from tests.rooms.cast import PASSWORD

    return people.create_user(
        username="lee", password=PASSWORD, role="legal", branch=None, by="test", at=AT
    )


def test_a_complaint_goes_15_30_60_and_is_done_when_it_is_answered(four: Cast) -> None:
    lee = house()
    wish = Beginning(
        kind="complaint",
        name="complaint 12",
        begins_on=date(2026, 11, 2),
        evidence="letter",
    )
    clock_id = actions.start(wish, deed=deed(lee, on=date(2026, 11, 3)))
    for kind, day, ends_on in (
        ("marked_complex", date(2026, 11, 10), date(2026, 12, 2)),
        ("extended", date(2026, 11, 30), date(2027, 1, 1)),
    ):
        actions.tell(clock_id, told(kind, day), deed=deed(lee, on=day))
        assert Clock.objects.get(pk=clock_id).ends_on == ends_on
    day = date(2026, 12, 20)
    actions.tell(clock_id, told("answered", day), deed=deed(lee, on=day))
    done = Clock.objects.get(pk=clock_id)
    assert (done.state, done.closed_on, done.closed_because) == ("met", day, "done")


def test_who_may_and_what_is_refused(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2026, 3, 1))
    south = clocking.a_claim("L2", date(2026, 3, 1), branch="south")
    look()
    clock_id = clock_of(loan).pk
    for who in (four.mei, four.sam):
        with pytest.raises(NotAllowed):
            actions.tell(clock_id, told(), deed=deed(who))
    northern = supervisor_of("north")
    with pytest.raises(NotFound):
        actions.tell(clock_of(south).pk, told(), deed=deed(northern))
    with pytest.raises(NotFound):
        actions.tell_event(south.pk, told(), deed=deed(northern))
    for wrong, field in (
        (told("nonsense"), "kind"),
        (told(on=OPEN + DAY), "happened_on"),
        (told("demand"), "evidence_kind"),
        (told("suit_or_arbitration", until=AS_OF - DAY), "until"),
        (told(signed_by="cat"), "signed_by"),
        (
            EventIn(kind="instalment_promise", happened_on=AS_OF, evidence=" "),
            "evidence",
        ),
    ):
        with pytest.raises(Refused) as refused:
            actions.tell(clock_id, wrong, deed=deed(four.arun))
        assert refused.value.params["field"] == field
    assert not ClockEvent.objects.exists()
    with pytest.raises(Refused):
        actions.close(clock_id, because="tired of it", deed=deed(four.arun))
    house_clock = Beginning(
        kind="evaluation", name="agency", begins_on=AS_OF, evidence="contract"
    )
    with pytest.raises(Refused):
        actions.start(house_clock, deed=deed(northern))


def test_other_rooms_tell_of_a_claim_and_it_is_heard_at_once(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2024, 3, 31))
    look()
    actions.tell_event(loan.pk, told(on=AS_OF), deed=deed(four.mei))
    assert clock_of(loan).ends_on == date(2029, 11, 20)
    look(AS_OF + DAY)
    assert clock_of(loan).ends_on == date(2029, 11, 20)


def test_events_are_kept_as_told_and_struck_once(four: Cast) -> None:
    loan = clocking.a_claim("L1", date(2024, 3, 31))
    look()
    event_id = actions.tell(clock_of(loan).pk, told(), deed=deed(four.arun))
    row = ClockEvent.objects.get(pk=event_id)
    assert "file 7" not in row.evidence
    for change in ({"happened_on": AS_OF - DAY}, {"kind": "repayment_plan"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ClockEvent.objects.filter(pk=event_id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(NotFound):
        actions.strike(event_id, because="x", deed=deed(supervisor_of("south")))
    actions.strike(event_id, because="another debtor's", deed=deed(four.arun))
    with pytest.raises(Conflict):
        actions.strike(event_id, because="again", deed=deed(four.arun))
    assert clock_of(loan).ends_on == date(2027, 3, 31)
    with connection.cursor() as cursor:
        cursor.execute("select evidence, struck_because from clocks_event")
        assert all("debtor" not in cell for cell in cursor.fetchone())


def supervisor_of(branch: str) -> Any:
    """Somebody who may tell facts of one branch."""
    from daihou.rooms.people import door as people
    from tests.rooms.cast import PASSWORD

    return people.create_user(
        username=f"{branch}_boss",
        password=PASSWORD,
        role="supervisor",
        branch=branch,
        by="test",
        at=AT,
    )


def test_refused_words_are_refused_here_too(four: Cast) -> None:
    from daihou.kit.wording import RefusedWords

    loan = clocking.a_claim("L1", date(2024, 3, 31))
    look()
    bad = EventIn(
        kind="instalment_promise",
        happened_on=AS_OF,
        evidence="在小区张贴大字报后承诺分期",
    )
    with pytest.raises(RefusedWords):
        actions.tell(clock_of(loan).pk, bad, deed=deed(four.arun))
    assert not ClockEvent.objects.exists()
