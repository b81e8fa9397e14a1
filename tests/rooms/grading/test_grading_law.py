"""Misses on their payment day, the worst finding, slips of the keyboard, corrections."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.utils import translation

from daihou.engine.basics.dates import add_period
from daihou.engine.classification.codes import AssetClass
from daihou.kit.refusal import Refused
from daihou.kit.scope import EVERYTHING
from daihou.nightly.grading.changes import places_to_look_at
from daihou.nightly.grading.facts import read_facts
from daihou.nightly.grading.grader import Grader
from daihou.nightly.stores import classes as stored
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import actions, queries
from daihou.rooms.grading.models import ClassFact, ClassMove, GradingRun, LoanClass
from daihou.rooms.ledger.models import Customer, Demand, Loan, RowHistory
from daihou.rooms.people import door as people
from daihou.tables.grades import Fact
from tests.nightly import world
from tests.rooms.cast import AT, HAND
from tests.rooms.grading.test_grading import (
    DAY,
    FIRST,
    LAST,
    book,
    close_one_more,
    deed,
    grade,
    person,
)

__all__ = ["book"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)
OPEN = LAST + DAY
GRACE = {"farmer_loan": 3}  # days in which a payment is still on time


def loans(**wanted: object) -> list[int]:
    """Loans whose class stands so, by their number."""
    rows = LoanClass.objects.filter(**wanted).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def tell(
    loan: int,
    kind: Fact,
    content: Mapping[str, object] | None = None,
    *,
    begins_on: date = LAST,
    on: date = OPEN,
) -> queries.FactLine | approvals.Proposal:
    """Tell a fact of a loan, as the office does."""
    told = actions.Told(
        kind=kind, begins_on=begins_on, content=content or {}, evidence="file 7"
    )
    made: queries.FactLine | approvals.Proposal = actions.tell(
        loan, told, deed=deed(HAND, on=on)
    )
    return made


def restructured(loan: int, *, begins_on: date = LAST, on: date = OPEN) -> None:
    """Tell that the terms were changed, with a first payment long ago."""
    content = {"first_due_on": FIRST.isoformat(), "period_months": 1}
    tell(loan, Fact.RESTRUCTURED, content, begins_on=begins_on, on=on)


def approve(asked: object, *, on: date) -> None:
    """Let another person decide."""
    assert isinstance(asked, approvals.Proposal)
    boss = person(f"boss{asked.id}", "compliance")
    approvals.decide(
        proposal_id=asked.id, verdict="approve", note="", deed=deed(boss, on=on)
    )


def seen_by_runs(kind: Fact) -> list[tuple[int, date, date]]:
    """What runs wrote down themselves: loan, day, known from."""
    rows = ClassFact.objects.filter(by="grading", kind=kind).order_by("loan_id", "id")
    return list(rows.values_list("loan_id", "begins_on", "known_on"))


def test_a_miss_is_dated_on_its_payment_day(book: Grader, tmp_path: Path) -> None:
    grade()
    for loan in loans():
        restructured(loan)
    days = [close_one_more(book, tmp_path) for _ in range(9)]
    missed = seen_by_runs(Fact.MISSED)
    assert missed
    for loan, on, known_on in missed:
        assert known_on == on + DAY and known_on in days
        product = Loan.objects.get(pk=loan).product
        due_on = on - GRACE.get(product, 0) * DAY
        assert Demand.objects.filter(loan_id=loan, due_on=due_on).exists(), product
    loan, on, _known = missed[-1]
    until = LoanClass.objects.get(pk=loan).observed_until
    assert until == add_period(on, 12, "months")
    # A day that runs again sees the same once more, and nothing of other days is lost.
    for as_of in (days[3], days[-1]):
        actions.grade_day(as_of, at=AT, by="test", full=True)
    assert seen_by_runs(Fact.MISSED) == missed
    assert book.due() == []


def test_what_was_seen_before_a_restructuring_was_told_counts(
    book: Grader, tmp_path: Path
) -> None:
    grade()
    late = LoanClass.objects.filter(dpd__gt=1, missed_on__gt=FIRST).first()
    assert late is not None and late.missed_on is not None
    well = loans(dpd=0, asset_class=0)[0]
    tell(well, Fact.EVASION)
    turned_on = close_one_more(book, tmp_path)
    assert LoanClass.objects.get(pk=well).asset_class == AssetClass.DOUBTFUL
    for loan in (late.pk, well):
        restructured(loan, begins_on=FIRST, on=turned_on + DAY)
    as_of = close_one_more(book, tmp_path)
    missed_on = late.missed_on - DAY
    assert (late.pk, missed_on, as_of) in seen_by_runs(Fact.MISSED)
    assert seen_by_runs(Fact.TURNED_BAD) == [(well, turned_on, as_of)]
    for loan, since in ((late.pk, missed_on), (well, turned_on)):
        until = LoanClass.objects.get(pk=loan).observed_until
        assert until == add_period(since, 12, "months")
    count = ClassFact.objects.count()
    actions.grade_day(as_of, at=AT, by="test")
    close_one_more(book, tmp_path)
    assert ClassFact.objects.count() == count


@translation.override("en")
def test_a_difficulty_is_not_over_while_something_is_late(book: Grader) -> None:
    grade()
    late, well = loans(dpd__gt=0)[0], loans(dpd=0)[0]
    with pytest.raises(Refused, match="late on this loan"):
        tell(late, Fact.SOLVED)
    asked = tell(well, Fact.SOLVED)
    LoanClass.objects.filter(pk=well).update(dpd=3)
    with pytest.raises(Refused, match="late on this loan"):
        approve(asked, on=OPEN)
    assert not ClassFact.objects.filter(kind=Fact.SOLVED).exists()


@translation.override("en")
def test_the_worst_that_was_told_counts_until_two_people_end_it(
    book: Grader, tmp_path: Path
) -> None:
    grade()
    loan = loans(dpd=0)[0]
    with pytest.raises(Refused, match="lowers a class"):
        tell(loan, Fact.JUDGED, {"to": "normal"})
    worst = tell(loan, Fact.JUDGED, {"to": "doubtful"})
    tell(loan, Fact.JUDGED, {"to": "special_mention"})
    for amount in (5_000, 90_000, 0):
        tell(loan, Fact.EXPECTED_LOSS, {"amount": amount})
    for late, total in ((30, 100), (1, 100), (0, 0)):
        tell(loan, Fact.MARKET, {"late": late, "total": total})
    as_of = close_one_more(book, tmp_path)
    assert LoanClass.objects.get(pk=loan).asset_class == AssetClass.DOUBTFUL
    claims = book.claims(loan, as_of=as_of)
    assert claims is not None
    facts = claims.facts
    assert facts.judged_class is AssetClass.DOUBTFUL
    assert facts.expected_loss == 90_000
    assert (facts.market_late, facts.market_total) == (30, 100)
    assert isinstance(worst, queries.FactLine)
    ended = actions.end(
        worst.id, ends_on=as_of, deed=deed(HAND, on=as_of + DAY, reason="file 9")
    )
    approve(ended, on=as_of + DAY)
    after = book.claims(loan, as_of=close_one_more(book, tmp_path))
    assert after is not None
    assert after.facts.judged_class is AssetClass.SPECIAL_MENTION


@translation.override("en")
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Fact.EXPECTED_LOSS, {"amount": 10**20}),
        (Fact.MARKET, {"late": 1, "total": 10**19}),
        (Fact.RESTRUCTURED, {"first_due_on": "9999-12-31", "period_months": 1}),
        (Fact.RESTRUCTURED, {"first_due_on": "0001-01-01", "period_months": 1}),
        (Fact.RESTRUCTURED, {"first_due_on": "2024-03-01", "period_months": 999}),
    ],
)
def test_a_slip_of_the_keyboard_stops_no_run(
    book: Grader, tmp_path: Path, kind: Fact, content: Mapping[str, object]
) -> None:
    grade()
    with pytest.raises(Refused) as refused:
        tell(loans(dpd=0)[0], kind, content)
    assert refused.value.code == "figure_out_of_bounds"
    assert not ClassFact.objects.exists()
    assert close_one_more(book, tmp_path) == OPEN


def keep_former(row: Customer | Loan, **former: object) -> None:
    """What the ledger keeps when a sender or a correction changes a row."""
    content = {"customer_id": 0, "guarantee_kind": "", "period_unit": "months"}
    RowHistory.objects.create(
        table=row._meta.model_name,
        row_id=row.pk,
        version=1,
        content=content | former,
        replaced_at=AT,
    )


def full_is_the_same(as_of: date) -> bool:
    """Whether looking at the whole book finds what looking at changes found."""
    found = GradingRun.objects.get(as_of=as_of, current=True)
    assert found.kind == "delta"
    again = actions.grade_day(as_of, at=AT, by="test", full=True)
    return again is not None and again.fingerprint == found.fingerprint


def looked_at(book: Grader, as_of: date) -> set[int]:
    """Which loans the run after `as_of` looks at if no balance moves on that day."""
    with psycopg.connect(world.url()) as link:
        run = stored.standing_on(link, as_of)
        assert run is not None
        day, before = book._day(as_of, run.positions), book._read(run)
        known = read_facts(link, on=as_of + DAY)
        places = places_to_look_at(
            link, day, before, known, as_of=as_of + DAY, last=run
        )
        return set(day.loan_id[places].tolist())


def test_what_ends_is_looked_at(book: Grader, tmp_path: Path) -> None:
    grade()
    loan = loans(dpd=0, asset_class=0)[0]
    assert loan not in looked_at(book, LAST)
    kept = tell(loan, Fact.RISK_INCREASED)
    as_of = close_one_more(book, tmp_path)
    assert isinstance(kept, queries.FactLine)
    assert LoanClass.objects.get(pk=loan).stage == 2
    ended = actions.end(
        kept.id, ends_on=as_of, deed=deed(HAND, on=as_of + DAY, reason="file 9")
    )
    approve(ended, on=as_of + DAY)
    assert loan in looked_at(book, as_of)
    as_of = close_one_more(book, tmp_path)
    assert LoanClass.objects.get(pk=loan).stage == 1
    assert full_is_the_same(as_of)


def test_what_is_corrected_is_looked_at(book: Grader, tmp_path: Path) -> None:
    grade()
    other = loans(dpd=0, asset_class=0)[0]
    bad = loans(dpd__gt=0)[0]
    tell(bad, Fact.EVASION)
    as_of = close_one_more(book, tmp_path)
    assert other not in looked_at(book, as_of)
    debtor = Loan.objects.get(pk=bad).customer
    loan = Loan.objects.get(pk=other)
    keep_former(loan, customer_id=loan.customer_id)
    Loan.objects.filter(pk=other).update(customer=debtor)
    assert other in looked_at(book, as_of)
    keep_former(debtor, kind="person")
    Customer.objects.filter(pk=debtor.pk).update(kind="company")
    as_of = close_one_more(book, tmp_path)
    # A company's other loans are bad too, once enough of what it owes is.
    assert LoanClass.objects.get(pk=other).asset_class == AssetClass.SUBSTANDARD
    assert full_is_the_same(as_of)


def test_moves_are_summed_from_the_first_to_the_last(book: Grader) -> None:
    grade()
    world.report_payment(loans(dpd__gt=0)[0], LAST, 900_000, name="late-1")
    rows = ClassMove.objects.filter(
        run__current=True, as_of__gt=FIRST, as_of__lte=LAST
    ).order_by("as_of", "id")
    first: dict[int, int] = {}
    last: dict[int, ClassMove] = {}
    for row in rows:
        first.setdefault(row.loan_id, row.was)
        last[row.loan_id] = row
    assert len(rows) > len(last)  # some moved more than once
    wanted: dict[tuple[int, int], list[int]] = {}
    for loan, row in last.items():
        if first[loan] != row.becomes:
            wanted.setdefault((first[loan], row.becomes), []).append(row.balance)
    found = queries.moves(FIRST, LAST, scope=EVERYTHING)
    assert wanted and [
        (
            -1 if each.was is None else int(each.was),
            -1 if each.becomes is None else int(each.becomes),
            each.currency,
            each.loans,
            each.balance,
        )
        for each in found
    ] == [
        (was, becomes, "CNY", len(owed), sum(owed))
        for (was, becomes), owed in sorted(wanted.items())
    ]
    scoped = people.process("test").scope
    assert queries.moves(FIRST, LAST, scope=scoped) == found
