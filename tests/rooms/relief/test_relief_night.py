"""What relief writes at once is what the next day-end finds, to the cent and the day."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from daihou.nightly.run import Night
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan, Position
from tests.nightly.world import a_night
from tests.rooms.cast import AT, HAND, TODAY, deed, pay
from tests.rooms.relieving import late_loan

pytestmark = pytest.mark.django_db(transaction=True)
Change = ledger.relieving.Change
ACTS = {
    "waiver": [Change("waiver", {"component": "penalty", "amount": 700})],
    "interest": [Change("waiver", {"component": "interest", "amount": None})],
    "extension": [Change("extension", {"periods": 2})],
    "re_age": [
        Change("re_age", {"periods": 5, "first_due_on": TODAY + timedelta(days=20)})
    ],
    "rate": [Change("rate_change", {"annual_rate": Decimal("0.06")})],
    "settle": [Change(ledger.relieving.SETTLE, {"amount": 250_000})],
    "none": [],
}


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A night on the test's database."""
    night = a_night(tmp_path)
    yield night
    night.shut()


@pytest.fixture
def book(night: Night) -> dict[str, Loan]:
    """A late loan for each act, of which yesterday was closed."""
    loans = {name: late_loan(f"L-{name}") for name in ACTS}
    dayend.set_business_date(on=TODAY - timedelta(days=1), by="test", at=AT)
    list(night.close())
    return loans


def rows() -> dict[int, dict[str, object]]:
    found = {row["loan_id"]: row for row in Position.objects.values()}
    for row in found.values():
        row.pop("asset_class"), row.pop("class_rule")
    return found


def test_the_night_finds_what_was_written_at_once(
    book: dict[str, Loan], night: Night
) -> None:
    before = rows()
    for name, changes in ACTS.items():
        if changes:
            ledger.relieving.relieve(
                loan_id=book[name].pk, changes=changes, on=TODAY, ref=name, deed=deed()
            )
    pay(book["settle"], "P1", amount=250_000)
    pay(book["re_age"], "P2", amount=5_000)
    pay(book["waiver"], "P3", amount=100)
    ledger.relieving.relieve(
        loan_id=book["none"].pk,
        changes=ACTS["waiver"],
        on=TODAY,
        ref="again",
        deed=deed(),
    )
    ledger.relieving.take_back(
        loan_id=book["none"].pk, ref="again", on=TODAY, deed=deed()
    )
    written = rows()
    assert written[book["settle"].pk]["status"] == "settled"
    assert written[book["re_age"].pk]["dpd"] == 0
    list(night.close())
    closed = rows()
    for name, loan in book.items():
        one, two = written[loan.pk], closed[loan.pk]
        assert one | {"changed_on": None} == two | {"changed_on": None}, name
    owed = before[book["none"].pk]["overdue_principal"]
    assert closed[book["none"].pk]["overdue_principal"] == owed


def test_relief_on_a_closed_day_makes_the_night_run_again(
    book: dict[str, Loan], night: Night
) -> None:
    list(night.close())
    loan = book["waiver"]
    on = TODAY - timedelta(days=1)
    later = deed(business_date=TODAY + timedelta(days=1))
    ledger.relieving.relieve(
        loan_id=loan.pk, changes=ACTS["waiver"], on=on, ref="late", deed=later
    )
    written = rows()[loan.pk]
    list(night.close())
    again = rows()[loan.pk]
    assert written["overdue_principal"] == again["overdue_principal"]
    tried = ledger.relieving.try_changes(
        loan.pk, [], on=TODAY + timedelta(days=1), scope=HAND.scope
    )
    assert again["overdue_penalty"] == tried.before.overdue["penalty"]
