"""Identities 7 and 8 of the metrics, on what collectors of a town did."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from django.db import connection

from daihou.kit.portfolio import Asked, Cut
from daihou.nightly.portfolio.work import asked as work
from daihou.rooms.casework.models import CaseLoan, Promise
from daihou.rooms.dayend.models import BusinessDate
from daihou.rooms.ledger.models import Payment
from daihou.town import life
from tests.nightly.working import below
from tests.simulation import test_floor_life as floor_life

# The same laws hold of small offices at random in tests/nightly, every day.
pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
lender = floor_life.lender  # a fixture
OUTCOMES = ("kept", "partly", "broken", "open", "ended")


def asked(metric: str, by: Cut | None = None) -> dict[tuple[str, str], tuple[int, int]]:
    """Part and whole of every cell."""
    found = work.series(below(), Asked(metric, by=by))
    return {(p.key, p.at): (p.part, p.whole) for p in found.points if p.known}


def of_cases() -> Counter[tuple[int, str]]:
    """Cash by loan and month, straight from the ledger, of the days loans were worked."""
    days: dict[int, list[tuple[date, date]]] = defaultdict(list)
    today = BusinessDate.objects.get().on
    for row in CaseLoan.objects.filter(outstanding__gt=0):
        days[row.loan_id].append((row.since, row.until or today))
    found: Counter[tuple[int, str]] = Counter()
    for payment in Payment.objects.filter(loan_id__in=days, paid_on__lte=today):
        if any(a <= payment.paid_on <= b for a, b in days[payment.loan_id]):
            found[payment.loan_id, payment.paid_on.strftime("%Y-%m")] += payment.amount
    return found


def test_cash_of_cases_is_the_ledgers_and_promises_are_all_told(lender):
    life.live(floor_life.SMALL, say=lambda line: None)
    connection.ensure_connection()
    identity_7_cash_is_the_ledgers()
    identity_8_promises_are_all_that_were_made()


def identity_7_cash_is_the_ledgers() -> None:
    ledger = of_cases()
    months: Counter[str] = Counter()
    for (_, month), amount in ledger.items():
        months[month] += amount
    told = asked("collected_in_cases")
    assert {at: part for (_, at), (part, _) in told.items() if part} == {
        at: amount for at, amount in months.items() if amount
    }
    assert sum(months.values()) > 0, "the town paid nothing that could be counted twice"
    for by in (Cut.BRANCH, Cut.PRODUCT, Cut.OFFICER, Cut.COHORT):
        parts: Counter[str] = Counter()
        for (_, at), (part, _) in asked("collected_in_cases", by).items():
            parts[at] += part
        assert {at: part for at, part in parts.items() if part} == {
            at: part for (_, at), (part, _) in told.items() if part
        }


def identity_8_promises_are_all_that_were_made() -> None:
    made = Counter(p.due_on.strftime("%Y-%m") for p in Promise.objects.all())
    assert made, "nobody in the town promised anything"
    told = {name: asked(f"promise_{name}") for name in OUTCOMES}
    for at, count in made.items():
        assert sum(told[name]["", at][0] for name in OUTCOMES) == count
        assert told["open"]["", at][1] == count
    by = {name: asked(f"promise_{name}", Cut.COLLECTOR) for name in OUTCOMES}
    total = sum(part for name in OUTCOMES for part, _ in by[name].values())
    assert total == sum(made.values())
