"""A small lender in the test database: loans, demands, payments, a week to live."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection

from daihou.config.database import database_url, is_embedded
from daihou.config.embedded import Place
from daihou.config.home import home
from daihou.nightly.run import Night
from daihou.rooms.ledger.models import Change, Customer, Demand, Loan, Payment

FIRST = date(2024, 2, 26)
LAST = date(2024, 3, 5)
AT = datetime(2024, 2, 20, 9, tzinfo=UTC)
PRODUCTS = ("consumer_loan", "business_loan", "farmer_loan", "mirror_core")


def url() -> str:
    """The address of the test database."""
    name = str(settings.DATABASES["default"]["NAME"])
    if not is_embedded():
        return database_url().rsplit("/", 1)[0] + "/" + name
    return Place(home()).url(name)


def a_night(folder: Path, *, today: date = date(2030, 1, 1), by: str = "mei") -> Night:
    """A night on the test database whose files go to `folder`."""
    return Night(url=url(), home=folder, now=lambda: AT, today=lambda: today, by=by)


@dataclass(frozen=True)
class Lender:
    """Ids of what was made."""

    loans: tuple[int, ...]


def _common(number: int) -> dict[str, object]:
    return {"source": "core", "external_id": f"L{number:03d}", "digest": b"\0" * 16}


def build(*, loans: int = 40, seed: int = 1) -> Lender:
    """Write a book whose loans fall due, get paid and go late around FIRST..LAST."""
    random = Random(seed)
    people = Customer.objects.bulk_create(
        Customer(kind="person", name=f"客户{n}", **_common(n)) for n in range(loans)
    )
    rows = Loan.objects.bulk_create(
        Loan(
            customer=people[n],
            product=PRODUCTS[n % len(PRODUCTS)],
            currency="CNY",
            principal=300_000,
            annual_rate=Decimal("0.144"),
            method="equal_principal",
            periods=3,
            period_unit="months",
            disbursed_on=FIRST - timedelta(days=random.choice([40, 90, -3])),
            first_due_on=FIRST + timedelta(days=9),
            penalty_multiplier=random.choice([None, Decimal("1.3")]),
            status="active",
            **_common(n),
        )
        for n in range(loans)
    )
    demands, payments = [], []
    for loan in rows:
        begins_on = min(loan.disbursed_on, FIRST)
        for seq in (1, 2, 3):
            due_on = FIRST + timedelta(days=random.randrange(-20, 6) + 15 * (seq - 2))
            reported = loan.product == "mirror_core"
            demands.append(
                Demand(
                    loan=loan,
                    seq=seq,
                    due_on=max(due_on, loan.disbursed_on),
                    begins_on=begins_on,
                    principal=100_000,
                    interest=3_000 // seq,
                    paid_principal=random.choice([0, 100_000]) if reported else 0,
                )
            )
            if random.random() < 0.7 and not reported:
                paid_on = due_on + timedelta(days=random.choice([0, 1, 2, 9]))
                payments.append(
                    a_payment(loan, paid_on, 103_000 // random.choice([1, 2]))
                )
    Demand.objects.bulk_create(demands)
    for number, payment in enumerate(payments):
        payment.external_id = f"P{number:04d}"
    Payment.objects.bulk_create(payments)
    return Lender(tuple(loan.pk for loan in rows))


def a_payment(loan: Loan, paid_on: date, amount: int, name: str = "") -> Payment:
    """A payment row, not saved."""
    return Payment(
        loan=loan,
        paid_on=paid_on,
        recorded_at=AT,
        amount=amount,
        source="core",
        external_id=name,
        digest=b"\0" * 16,
    )


def report_payment(
    loan_id: int, paid_on: date, amount: int, *, name: str, pk: int | None = None
) -> None:
    """Money the office learns of now, with its note to the night."""
    payment = a_payment(Loan.objects.get(pk=loan_id), paid_on, amount, name)
    payment.pk = pk
    payment.save(force_insert=True)
    Change.objects.create(
        happened_on=paid_on, recorded_at=AT, kind="payment.received", loan_id=loan_id
    )


def forget_nights() -> None:
    """Nothing was ever closed; the facts stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate dayend_run, dayend_step, dayend_bucket_move, dayend_difference,"
            " dayend_business_date, ledger_position, audit_event, audit_head,"
            " audit_seal, audit_sealed"
        )
        cursor.execute("update ledger_change set consumed_by = null")


QUESTIONS = {
    "business date": "select business_date, simulated from dayend_business_date",
    "standing": "select as_of, kind, fingerprint, inputs_digest, rules_digest, loans"
    " from dayend_run where current order by as_of",
    "runs": "select as_of, kind, state, count(*) from dayend_run group by 1, 2, 3"
    " order by 1, 2, 3",
    "moves": "select r.as_of, r.kind, from_bucket, to_bucket, currency, m.loans,"
    " m.outstanding_principal, m.overdue_total from dayend_bucket_move m"
    " join dayend_run r on r.id = run_id order by 1, 2, 3, 4, 5",
    "differences": "select d.as_of, loan_id, dpd_before, dpd_after, bucket_before,"
    " bucket_after, overdue_before, overdue_after from dayend_difference d order by 1, 2",
    "positions": "select * from ledger_position order by loan_id",
    "changes": "select c.id, r.as_of, r.kind from ledger_change c"
    " left join dayend_run r on r.id = consumed_by order by 1",
    "events": "select type, business_date, count(*) from audit_event group by 1, 2"
    " order by 1, 2",
}


def state() -> dict[str, list[tuple[object, ...]]]:
    """Everything the nights left in the database, without row numbers and times."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in QUESTIONS.items():
            cursor.execute(sql)
            found[name] = cursor.fetchall()
    return found
