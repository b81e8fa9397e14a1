"""A small office at random: cases that open and end, promises, contacts and money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from django.db import connection

from daihou.kit.portfolio import Asked, Point
from daihou.nightly.portfolio.work import asked as work
from daihou.rooms.casework.models import Case, CaseLoan, Promise
from daihou.rooms.contact.models import Attempt
from daihou.rooms.dayend.models import BusinessDate
from daihou.rooms.ledger.models import Customer, Loan, Payment

FIRST = date(2025, 1, 1)
OPEN_DAY = date(2025, 9, 12)
DAYS = (OPEN_DAY - FIRST).days
AMOUNTS = (0, 1, 700, 100_000)
BRANCHES = ("north", "south", "")
PEOPLE = ("mei", "arun")
ENDS = ("CURED", "PAID_FULL", "SOLD", "UNTRACEABLE", "WRITTEN_OFF_NO_CLAIM", "MERGED")
STATES = (
    *("active", "kept", "partially_kept", "broken"),
    *("invalidated", "cancelled", "superseded"),
)
CHANNELS = ("call", "robot_call", "visit", "sms")


@dataclass(frozen=True)
class Office:
    """Every row that was written."""

    cases: list[Case]
    placed: list[CaseLoan]
    promises: list[Promise]
    attempts: list[Attempt]
    payments: list[Payment]
    loans: list[Loan]


def on(day: int) -> date:
    """So many days after the first."""
    return FIRST + timedelta(days=day)


def noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def below() -> "psycopg.Connection[Any]":
    """The connection the tests' transaction runs on, as the night takes one."""
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    return found


def build(*, seed: int, people: int = 12) -> Office:
    """Customers with two loans each, of which some were in a case once or twice."""
    random = Random(seed)
    BusinessDate.objects.update_or_create(id=1, defaults={"on": OPEN_DAY})
    office = Office([], [], [], [], [], [])
    for number in range(people):
        _a_customer(office, random, number)
    Payment.objects.bulk_create(office.payments)
    return office


def _a_customer(office: Office, random: Random, number: int) -> None:
    own: dict[str, Any] = {"source": "core", "digest": b"\0" * 16}
    customer = Customer.objects.create(
        kind="person",
        name="甲",
        region=random.choice(("east", "")),
        external_id=f"C{number}",
        **own,
    )
    mine = [
        Loan.objects.create(
            customer=customer,
            product=random.choice(("consumer_loan", "business_loan")),
            currency=random.choice(("CNY", "CNY", "CNY", "USD")),
            principal=300_000,
            annual_rate="0.1",
            method="equal_principal",
            periods=3,
            period_unit="months",
            disbursed_on=FIRST,
            first_due_on=on(30),
            branch=random.choice(BRANCHES),
            channel=random.choice(("app", "")),
            status="active",
            external_id=f"L{number}-{place}",
            **own,
        )
        for place in range(2)
    ]
    office.loans.extend(mine)
    for loan in mine:
        for _ in range(random.randrange(6)):
            office.payments.append(
                Payment(
                    loan=loan,
                    paid_on=on(random.randrange(DAYS + 1)),
                    recorded_at=noon(OPEN_DAY),
                    amount=random.choice((1, 500, 40_000, -300)),
                    external_id=f"P{len(office.payments)}",
                    **own,
                )
            )
    day = random.randrange(100)
    while day < DAYS and random.random() < 0.8:
        day = _a_case(office, random, customer, mine, day)


def _a_case(
    office: Office, random: Random, customer: Customer, loans: Sequence[Loan], day: int
) -> int:
    """A case from a day on; the day it ended, from which on there may be another."""
    end = day + random.choice((0, 1, 29, 30, 45, 90, 400))
    closed = end <= DAYS
    number = f"A{len(office.cases):04d}"
    facts: dict[str, Any] = {}
    if closed:
        facts = {
            "lifecycle": "closed",
            "closed_on": on(end),
            "closed_at": noon(on(end)),
            "close_code": random.choice(ENDS),
        }
    case = Case.objects.create(
        number=number,
        customer_id=customer.pk,
        opened_on=on(day),
        opened_at=noon(on(day)),
        opened_because="rule",
        segment=random.choice(("s1", "")),
        currency="CNY",
        branch=loans[0].branch,
        product=loans[0].product,
        overdue_total=random.choice(AMOUNTS),
        **facts,
    )
    office.cases.append(case)
    for loan in loans:
        if random.random() < 0.8:
            row = CaseLoan.objects.create(
                case=case,
                loan_id=loan.pk,
                since=on(day),
                joined_at=noon(on(day)),
                until=on(end) if closed else None,
                outstanding=random.choice(AMOUNTS),
            )
            office.placed.append(row)
    last = min(end, DAYS)
    for _ in range(random.randrange(4)):
        _an_attempt(office, random, customer, random.randint(day, last))
    for _ in range(random.randrange(3)):
        _a_promise(office, random, case, loans, random.randint(day, last))
    return end if closed else DAYS + 1


def _an_attempt(office: Office, random: Random, customer: Customer, day: int) -> None:
    connected = random.random() < 0.6
    talked = connected and random.random() < 0.6
    other = random.random() < 0.2
    office.attempts.append(
        Attempt.objects.create(
            fact_id=len(office.attempts) + 1,
            customer_id=customer.pk,
            person=f"p{customer.pk}.7" if other else f"p{customer.pk}",
            channel=random.choice(CHANNELS),
            purpose=random.choice(("collect", "collect", "remind", "service")),
            actor="lender",
            # Some hours to either side of midnight in Shanghai.
            at=noon(on(day)) + timedelta(hours=random.choice((0, 1, 11, 12))),
            result="PTP" if talked and random.random() < 0.5 else "NO_ANSWER",
            connected=connected,
            conversation=talked,
            failed=not connected and random.random() < 0.2,
            recorded_by=random.choice(PEOPLE),
            recorded_at=noon(OPEN_DAY),
        )
    )


def _a_promise(
    office: Office, random: Random, case: Case, loans: Sequence[Loan], day: int
) -> None:
    state = random.choice(STATES)
    amount = random.choice((100, 99_999, 100_000, 5_000_000, 10_000_000))
    due = on(day + random.choice((0, 3, 20)))
    facts: dict[str, Any] = {}
    if state in STATES[4:]:
        facts = {"ended_at": noon(due), "ended_by": "mei"}
    elif state != "active":
        facts = {"decided_on": due, "judged_at": noon(due)}
    got = {"kept": amount, "partially_kept": amount // 2}.get(state, 0)
    office.promises.append(
        Promise.objects.create(
            case=case,
            customer_id=case.customer_id,
            amount=amount,
            currency="CNY",
            due_on=due,
            loans=[loan.pk for loan in loans],
            grace_days=1,
            tolerance=0,
            window_days=3,
            remind_days=1,
            rule="r",
            overdue_then=0,
            channel="CALL",
            reason_code=random.choice(("income_lost", "")),
            taken_by=random.choice(PEOPLE),
            taken_at=noon(on(day)),
            made_on=on(day),
            state=state,
            appropriated=got,
            watch_until=due + timedelta(days=4),
            **facts,
        )
    )


def points(metric: str, **more: Any) -> dict[tuple[str, str], Point]:
    """The answer as (key, at) -> point."""
    found = work.series(below(), Asked(metric, **more))
    told = {(each.key, each.at): each for each in found.points}
    assert len(told) == len(found.points), "a cell came twice"
    return told
