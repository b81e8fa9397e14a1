"""What an action writes at once is what the next day-end finds, to the cent."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from daihou.engine.ledger.fixed.settle import settle
from daihou.nightly.run import Night
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Loan, Payment, Position
from tests.nightly.world import a_night
from tests.rooms.cast import AT, HAND, TODAY, deed, make_loan, pay

pytestmark = pytest.mark.django_db(transaction=True)
YESTERDAY = TODAY - timedelta(days=1)
Rows = dict[int, dict[str, object]]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A night on the test's database."""
    night = a_night(tmp_path)
    yield night
    night.shut()


@pytest.fixture
def book(night: Night) -> list[Loan]:
    """Twelve loans of which yesterday was closed, the open day having begun."""
    products = ("consumer_loan", "business_loan", "farmer_loan", "card_instalment")
    loans = [
        make_loan(f"L{number}", product=products[number % 4], interest=1_000 + number)
        for number in range(12)
    ]
    dayend.set_business_date(on=YESTERDAY, by="test", at=AT)
    list(night.close())
    assert Position.objects.count() == len(loans)
    day = dayend.business_date()
    assert day is not None and day.on == TODAY
    return loans


def rows() -> Rows:
    return {row["loan_id"]: row for row in Position.objects.values()}


def live(loans: list[Loan], *, seed: int, only: date | None = None) -> None:
    """Payments, refunds, reversals, charges and extensions, on random days."""
    random = Random(seed)
    for number in range(30):
        loan = random.choice(loans)
        day = only or TODAY - timedelta(days=random.choice([1, 5, 18, 30]))
        chance = random.random()
        if chance < 0.6:
            amount = random.randrange(1, 150_000)
            pay(loan, f"P{number}", paid_on=day, amount=amount, keep_credit=True)
        elif chance < 0.7:
            pay(loan, f"P{number}", paid_on=day, amount=500, kind="refund")
        elif chance < 0.8:
            ledger.posting.record_charge(
                source="core",
                external_id=f"F{number}",
                loan_id=loan.pk,
                kind="late_fee",
                due_on=day,
                amount=random.randrange(1, 3_000),
                deed=deed(),
            )
        elif chance < 0.9:
            found = Payment.objects.filter(loan=loan, kind="payment", paid_on__lte=day)
            paid = found.filter(reversed_by=None).first()
            if paid is not None:
                ledger.posting.reverse_payment(
                    payment_id=paid.pk,
                    reversed_on=day,
                    reason="bounced",
                    by=HAND,
                    at=AT,
                    business_date=TODAY,
                )
        elif not loan.demand_set.filter(schedule__gt=1).exists():
            last = ledger.Row(3, date(2026, 6, 1), 100_000, 2_000)
            ledger.posting.extend(
                loan_id=loan.pk, rows=[last], begins_on=day, deed=deed()
            )


@pytest.mark.parametrize("seed", range(2))
def test_late_facts_posted_today_are_what_the_run_again_finds(
    book: list[Loan], night: Night, seed: int
) -> None:
    live(book, seed=seed)
    written = rows()
    closing = night.close()
    again = next(day for day in closing if day.run.as_of == YESTERDAY)
    assert again.run.kind == "again"
    assert rows() == written
    list(closing)
    assert not Change.objects.filter(consumed_by=None).exists()


@pytest.mark.parametrize("seed", range(2))
def test_facts_of_the_open_day_are_what_its_closing_finds(
    book: list[Loan], night: Night, seed: int
) -> None:
    touched = book[:6]
    live(touched, seed=seed, only=TODAY)
    ids = {loan.pk for loan in touched} & set(
        Change.objects.values_list("loan_id", flat=True)
    )
    written = rows()
    (closed,) = night.close()
    assert closed.run.as_of == TODAY
    found = rows()
    assert ids and all(found[loan_id] == written[loan_id] for loan_id in ids)
    others = {loan.pk for loan in book} - ids
    assert all(found[loan_id]["dpd"] >= written[loan_id]["dpd"] for loan_id in others)


def test_payments_go_on_while_the_night_runs(book: list[Loan], night: Night) -> None:
    """Posting and closing at the same time: neither waits for ever, nothing is lost."""
    make_loan("new")  # its position is inserted by the night
    gate = threading.Barrier(2)
    posted: list[int] = []

    def post() -> None:
        gate.wait(10)
        try:
            for number in range(40):
                pay(book[number % 12], f"P{number}", amount=1_000 + number)
                posted.append(number)
        finally:
            connections.close_all()

    poster = threading.Thread(target=post)
    poster.start()
    gate.wait(10)
    list(night.close())
    poster.join(60)
    assert posted == list(range(40)) and not poster.is_alive()
    # What came after the facts were frozen is late now and taken in by the next night.
    list(night.close(through=TODAY))
    assert Payment.objects.count() == 40
    assert not Change.objects.filter(consumed_by=None).exists()
    for loan in book:
        state = settle(*ledger.reading.load_loan(loan.pk, as_of=TODAY), as_of=TODAY)
        position = Position.objects.get(loan=loan)
        assert position.overdue_total == state.overdue_total
        assert position.outstanding_total == state.outstanding_total
