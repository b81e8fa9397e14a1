"""Months counted from closed days: which are due, what they rest on, what they hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from daihou.columnar.portfolio import flows
from daihou.columnar.portfolio.cube import Rows
from daihou.config.rounds import count_month
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.metrics.matrix import RollMatrix
from daihou.kit import grades, portfolio
from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.nightly.errors import NightError, NotCounted
from daihou.nightly.grading.grader import Grader
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.nightly.run import Night
from daihou.nightly.stores import months as stored
from daihou.nightly.stores.parquet import PositionFiles
from daihou.rooms.contact.models import Attempt
from daihou.rooms.grading import actions
from daihou.rooms.ledger.models import Change, Loan, Payment
from daihou.tables.months import LEVELS, LOANS, STATES
from tests.nightly import world
from tests.nightly.world import a_payment

pytestmark = pytest.mark.django_db(transaction=True)
LEAP = date(2024, 2, 29)
DAY = timedelta(days=1)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A lender whose days are closed to the end of a leap February."""
    world.build()
    made = world.a_night(tmp_path)
    list(made.close(world.FIRST))
    list(made.close(through=LEAP))
    yield made
    made.shut()
    grades.unbind_grader()


def a_book(home: Path) -> PortfolioBook:
    return PortfolioBook(url=world.url(), home=home, now=lambda: world.AT)


def rows_of(book: PortfolioBook, home: Path, month: str) -> list[dict[str, object]]:
    found = next(each for each in book.months() if each.name == month)
    rows: list[dict[str, object]] = (
        stored.MonthFiles(home).read(month, found.fingerprint).to_pylist()
    )
    return rows


def count_all(book: PortfolioBook) -> list[str]:
    done = []
    while due := book.due():
        done.append(book.count(due[0]).name)
    return done


def test_a_month_is_due_once_its_last_day_is_another(
    night: Night, tmp_path: Path
) -> None:
    book = a_book(tmp_path)
    with pytest.raises(NotCounted):
        book.series(Asked("overdue_1_amount"))
    assert count_all(book) == ["2024-02"]
    (month,) = book.months()
    assert (month.as_of, month.complete) == (LEAP, True)
    list(night.close(through=LEAP + DAY))
    assert count_all(book) == ["2024-03"]
    assert [each.complete for each in book.months()] == [True, False]
    list(night.close(through=LEAP + 2 * DAY))
    assert count_all(book) == ["2024-03"]
    assert book.due() == []
    with pytest.raises(NotCounted, match="2024-05"):
        book.count("2024-05")


def test_a_payment_reported_late_counts_its_month_and_the_later_ones_anew(
    night: Night, tmp_path: Path
) -> None:
    book = a_book(tmp_path)
    list(night.close(through=world.LAST))
    count_all(book)
    before = book.months()
    late = next(r for r in rows_of(book, tmp_path, "2024-02") if r["dpd"])
    world.report_payment(
        int(str(late["loan_id"])), LEAP - 2 * DAY, 400_000, name="late"
    )
    list(night.close(through=world.LAST + DAY))
    assert book.due() == ["2024-02", "2024-03"]
    assert count_all(book) == ["2024-02", "2024-03"]
    for was, becomes in zip(before, book.months(), strict=True):
        assert was.fingerprint != becomes.fingerprint
        folder = tmp_path / "book" / "months" / f"month={was.name}"
        files = len((LOANS, *LEVELS))
        assert len(list(folder.iterdir())) == 2 * files  # and what stood before
        book.count(was.name)
        assert len(list(folder.iterdir())) == files
    again = next(
        row
        for row in rows_of(book, tmp_path, "2024-02")
        if row["loan_id"] == late["loan_id"]
    )
    assert again["dpd"] == 0


def test_a_month_waits_for_the_classes_of_its_last_day(
    night: Night, tmp_path: Path
) -> None:
    book = a_book(tmp_path)
    count_all(book)
    point = book.series(Asked("npl_ratio")).points[0]
    assert not point.known and point.value is None
    grader = Grader(url=world.url(), home=tmp_path)
    grades.bind_grader(grader)
    while grader.due():
        actions.grade_due(at=world.AT)
    assert count_all(book) == ["2024-02"]
    assert book.series(Asked("npl_ratio")).points[0].known
    list(night.close(through=LEAP + DAY))
    assert book.due() == []
    while grader.due():
        actions.grade_due(at=world.AT)
    assert count_all(book) == ["2024-03"]
    shown = book.series(Asked("npl_formation")).points
    assert [point.known for point in shown] == [False, True]


def test_where_no_rule_classifies_there_is_no_npl(night: Night, tmp_path: Path) -> None:
    grader = Grader(url=world.url(), home=tmp_path)
    rules = ClassificationRules(licence="none", on=LEAP)
    for as_of in grader.due():
        grader.grade(as_of, rules=rules, law="", at=world.AT, by="mei")
    book = a_book(tmp_path)
    assert count_all(book) == ["2024-02"]
    (point,) = book.series(Asked("npl_ratio")).points
    assert (point.known, point.whole > 0) == (False, True)
    assert {
        p.key for p in book.series(Asked("overdue_1_count", by=Cut.CLASS)).points
    } == {""}


def test_the_worker_counts_one_month_a_round(night: Night, tmp_path: Path) -> None:
    list(night.close(through=world.LAST))
    book = a_book(tmp_path)
    portfolio.bind_portfolio(book)
    for counted in (1, 2, 2):
        count_month(at=world.AT)
        assert len(book.months()) == counted
    assert book.due() == []


def test_only_one_counts_at_a_time(night: Night, tmp_path: Path) -> None:
    book = a_book(tmp_path)
    with psycopg.connect(world.url()) as other:
        assert stored.lock(other)
        with pytest.raises(NightError) as told:
            book.count("2024-02")
    assert told.value.code == "months_busy"
    assert book.months() == []


def test_the_cash_of_a_month_is_that_of_the_ledger(
    night: Night, tmp_path: Path
) -> None:
    """METRICS identity 7: what came, by loan, less what was taken back."""
    book = a_book(tmp_path)
    list(night.close(through=world.LAST))
    count_all(book)
    for month in book.months():
        since = month.as_of.replace(day=1)
        came: dict[int, int] = {}
        for row in Payment.objects.filter(paid_on__range=(since, month.as_of)):
            came[row.loan_id] = came.get(row.loan_id, 0) + row.amount
        rows = rows_of(book, tmp_path, month.name)
        told = {int(str(r["loan_id"])): r["cash"] for r in rows}
        assert came
        assert told == {loan: came.get(loan, 0) for loan in told}
        assert sum(came[loan] for loan in came if loan in told) == sum(
            int(str(row["cash"])) for row in rows
        )


def test_what_is_lost_is_what_was_left_on_the_eve(night: Night, tmp_path: Path) -> None:
    on = LEAP - DAY
    loan = Loan.objects.exclude(product="mirror_core").filter(
        disbursed_on__lt=world.FIRST
    )[0]
    Loan.objects.filter(pk=loan.pk).update(status="written_off", closed_on=on)
    Change.objects.create(
        happened_on=on, recorded_at=world.AT, kind="loan.changed", loan_id=loan.pk
    )
    list(night.close(through=LEAP + DAY))
    book = a_book(tmp_path)
    count_all(book)
    with connection.cursor() as cursor:
        cursor.execute(
            "select fingerprint from dayend_run where current and as_of = %s",
            (on - DAY,),
        )
        (fingerprint,) = cursor.fetchone()
    eve = PositionFiles(tmp_path).read(on - DAY, fingerprint).to_pylist()
    (left,) = [row["outstanding_principal"] for row in eve if row["loan_id"] == loan.pk]
    assert left > 0
    for month in ("2024-02", "2024-03"):
        (row,) = [
            each
            for each in rows_of(book, tmp_path, month)
            if each["loan_id"] == loan.pk
        ]
        assert STATES[int(str(row["state"]))] == "written_off"
        assert (row["lost"], row["balance"]) == (left, 0)
    # Of the first month nobody can tell what was written off before it.
    assert not book.series(Asked("post_write_off_recovery")).points


def test_what_cannot_be_told_says_why(night: Night, tmp_path: Path) -> None:
    book = a_book(tmp_path)
    count_all(book)
    for asked, code in (
        (Asked("overdue_1_amount", since="2024-13"), "month"),
        (Asked("net_flow", by=Cut.PRODUCT), "cut"),
        (Asked("vintage_30_count", by=Cut.BUCKET), "cut"),
        (Asked("net_flow", by=Cut.OFFICER), "cut"),
        (Asked("overdue_1_amount", by=Cut.COLLECTOR), "not_of_book"),
    ):
        with pytest.raises(NotCounted) as told:
            book.series(asked)
        assert told.value.code == code
        assert isinstance(told.value, LookupError)
    for path in (tmp_path / "book" / "months" / "month=2024-02").iterdir():
        path.unlink()
    with pytest.raises(NotCounted) as told:
        a_book(tmp_path).series(Asked("overdue_1_amount"))
    assert told.value.code == "gone"
    count_all(book)
    with pytest.raises(NotCounted):
        book.matrix(Asked("roll_count"), of=Cut.BUCKET, month="2024-02", amount=True)


def test_money_of_two_currencies_is_never_added(night: Night, tmp_path: Path) -> None:
    some = Loan.objects.filter(disbursed_on__lt=world.FIRST).order_by("pk")
    pks = list(some.values_list("pk", flat=True)[:5])
    Loan.objects.filter(pk__in=pks).update(currency="USD")
    book = a_book(tmp_path)
    count_all(book)
    rows = rows_of(book, tmp_path, "2024-02")
    for currency in ("CNY", "USD", "EUR"):
        found = book.series(Asked("overdue_1_amount", currency=currency))
        wanted = [int(str(r["balance"])) for r in rows if r["currency"] == currency]
        assert sum(point.whole for point in found.points) == sum(wanted)
    assert book.values(Cut.PRODUCT, sight=(Sight(),)) == sorted(world.PRODUCTS)


def test_what_came_after_a_write_off_leaves_out_what_came_before(
    night: Night, tmp_path: Path
) -> None:
    on = LEAP - 5 * DAY
    loan = Loan.objects.exclude(product="mirror_core").filter(
        disbursed_on__lt=world.FIRST
    )[0]
    Loan.objects.filter(pk=loan.pk).update(status="written_off", closed_on=on)
    Change.objects.create(
        happened_on=on, recorded_at=world.AT, kind="loan.changed", loan_id=loan.pk
    )
    for name, day, amount in (("a", -1, 400), ("b", 0, 30), ("c", 1, 70)):
        world.report_payment(loan.pk, on + day * DAY, amount, name=name)
    world.report_payment(loan.pk, on + 2 * DAY, -400, name="back")
    taken_back = Payment.objects.get(external_id="a")
    Payment.objects.filter(external_id="back").update(reversal_of=taken_back)
    list(night.close(through=LEAP + DAY))
    book = a_book(tmp_path)
    count_all(book)
    rows = rows_of(book, tmp_path, "2024-02")
    told = {row["loan_id"]: row["recovered"] for row in rows}
    assert told.pop(loan.pk) == 70
    assert not any(told.values())
    assert book.due() == []
    late = a_payment(Loan.objects.get(pk=loan.pk), LEAP, 5, "late")
    late.save()  # no position moves for it
    assert book.due()[0] == "2024-02"
    count_all(book)
    rows = rows_of(book, tmp_path, "2024-02")
    assert [r["recovered"] for r in rows if r["loan_id"] == loan.pk] == [75]


def test_a_past_month_counted_again_keeps_who_had_its_loans(
    night: Night, tmp_path: Path
) -> None:
    book = a_book(tmp_path)
    count_all(book)
    (before,) = book.months()
    Loan.objects.update(officer="somebody else", branch="elsewhere")
    book.count(before.name)
    assert book.months()[0].fingerprint == before.fingerprint
    list(night.close(through=LEAP + DAY))
    count_all(book)
    now = rows_of(book, tmp_path, "2024-03")
    assert {row["officer"] for row in now} == {"somebody else"}


def test_a_day_no_month_was_counted_for_is_in_the_next_one(
    night: Night, tmp_path: Path
) -> None:
    list(night.close(through=world.LAST))
    loan = Loan.objects.filter(disbursed_on__lt=world.FIRST)[0]
    world.report_payment(loan.pk, LEAP, 123_400, name="on the day between")
    with connection.cursor() as cursor:
        cursor.execute("update dayend_run set current = false where as_of = %s", [LEAP])
    book = a_book(tmp_path)
    count_all(book)
    before, now = book.months()
    assert before.as_of == LEAP - DAY and not before.complete
    wanted = Payment.objects.filter(
        loan=loan, paid_on__gte=LEAP, paid_on__lte=now.as_of
    ).values_list("amount", flat=True)
    rows = rows_of(book, tmp_path, now.name)
    (cash,) = [row["cash"] for row in rows if row["loan_id"] == loan.pk]
    assert cash == sum(wanted)


def test_a_talk_taken_in_late_is_another_answer(night: Night, tmp_path: Path) -> None:
    book = a_book(tmp_path)
    count_all(book)
    before = book.series(Asked("self_cure_1"))
    cured = book.series(Asked("cure_1"))
    loan = Loan.objects.filter(disbursed_on__lt=world.FIRST)[0]
    assert book.series(Asked("self_cure_1")) is before
    Attempt.objects.create(
        fact_id=1,
        customer_id=loan.customer_id,
        person=f"p{loan.customer_id}",
        channel="call",
        purpose="collect",
        actor="lender",
        at=world.AT,
        connected=True,
        conversation=True,
        failed=False,
        recorded_by="mei",
        recorded_at=world.AT,
    )
    assert book.series(Asked("self_cure_1")).fingerprint != before.fingerprint
    assert book.series(Asked("cure_1")) is cured


def test_a_matrix_is_counted_once(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(night.close(through=world.LAST))
    book = a_book(tmp_path)
    count_all(book)
    counted: list[bool] = []
    whole = flows.matrix

    def one(rows: Rows, *, classes: bool, amount: bool) -> RollMatrix:
        counted.append(amount)
        return whole(rows, classes=classes, amount=amount)

    monkeypatch.setattr(flows, "matrix", one)
    asked, north = Asked("roll_count"), Asked("roll_count", sight=(Sight(),) * 2)
    same: dict[str, Any] = {"of": Cut.BUCKET, "month": "2024-03", "amount": False}
    first = book.matrix(asked, **same)
    assert book.matrix(asked, **same) is first
    assert len(counted) == 1
    book.matrix(north, **same)
    book.matrix(asked, **(same | {"amount": True}))
    assert counted == [False, False, True]


def test_a_figure_can_be_told_as_it_was_known_at_an_earlier_month(
    night: Night, tmp_path: Path
) -> None:
    book = a_book(tmp_path)
    count_all(book)
    asked = Asked("overdue_1_amount")
    then = book.series(asked)
    first_payments = book.series(Asked("fpd_1"))
    list(night.close(through=LEAP + 31 * DAY))
    assert count_all(book) == ["2024-03"]
    assert len(book.series(asked).points) == len(then.points) + 1
    known = book.series(replace(asked, known_at="2024-02"))
    assert (known.points, known.fingerprint) == (then.points, then.fingerprint)
    past = book.series(Asked("fpd_1", known_at="2024-02"))
    assert (past.as_of, past.points) == (LEAP, first_payments.points)
    with pytest.raises(NotCounted):
        book.series(replace(asked, known_at="2023-01"))
