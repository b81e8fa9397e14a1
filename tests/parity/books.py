"""Random loans from small alphabets, so that ties and month ends are common."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pyarrow as pa

from daihou.engine.ledger.values import Demand, Loan, Payment, RateStep, Waiver
from daihou.engine.rulebook.policy import (
    Advance,
    Anchor,
    Component,
    CostCap,
    Direction,
    DpdMethod,
    Mode,
    OrderRule,
    PauseEffect,
    PenaltyTerms,
    Policy,
)
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS, RATE_STEPS, WAIVERS

START = date(2024, 2, 24)  # a week around a leap day


def day(random: Random, *, span: int) -> date:
    """A day within `span` days of START."""
    return START + timedelta(days=random.randrange(span))


def an_order(random: Random) -> tuple[Component, ...]:
    """Any order of components."""
    order = list(Component)
    random.shuffle(order)
    return tuple(order)


def some_rules(random: Random) -> tuple[OrderRule, ...]:
    """Up to two rules that change the order, with a mix of conditions."""
    return tuple(
        OrderRule(
            order=an_order(random),
            dpd_over=random.choice([None, 0, 2, 5]),
            status=random.choice([None, None, "active", "written_off", "settled"]),
            begins_on=random.choice([None, START + timedelta(days=5)]),
        )
        for _ in range(random.choice([0, 0, 1, 2]))
    )


def some_caps(random: Random) -> tuple[CostCap, ...]:
    """Caps low enough to matter, and one too late for most loans."""
    days = [START - timedelta(days=number) for number in (900, 29, -2)]
    return tuple(
        CostCap(
            rule=f"CAP-{place}",
            begins_on=day,
            annual_rate=Decimal(random.choice(["0.24", "0.36", "0.9", "7", "40"])),
            days_in_year=random.choice([360, 365, 3]),
        )
        for place, day in enumerate(random.choices(days, k=random.choice([0, 1, 2])))
    )


def a_policy(random: Random) -> Policy:
    """Any product the engine accepts."""
    grace = random.choice([0, 0, 1, 3])
    return Policy(
        product="p",
        begins_on=date(2020, 1, 1),
        mode=Mode.MIRROR if random.random() < 0.15 else Mode.OWN,
        dpd=DpdMethod(
            id="DPD-TEST",
            due_date_counts=random.choice([0, 0, 1]),
            anchor=random.choice(list(Anchor)),
            grace_days_loan=random.choice([0, 0, 1, 3]),
            grace_days_instalment=random.choice([0, 0, 1, 3]),
            tolerance_minor=random.choice([0, 0, 1, 2]),
            tolerance_share=Decimal(random.choice(["0", "0", "0.25", "0.5"])),
            pause_effect=random.choice(list(PauseEffect)),
            move_holidays=random.random() < 0.2,
        ),
        penalty=PenaltyTerms(
            on_principal=random.random() < 0.7,
            on_interest=random.random() < 0.5,
            days_in_year=random.choice([360, 365, 3]),
            grace_days=grace,
            from_due=random.random() < 0.5,
        ),
        order=an_order(random),
        direction=random.choice(list(Direction)),
        advance=random.choice(list(Advance)),
        day_count=random.choice(["30/360", "ACT/360"]),
        order_rules=some_rules(random),
        cost_caps=some_caps(random),
        non_accrual_after=random.choice([None, 0, 1, 5]),
        bucket_set=random.choice(["M0_M7", "CN_S71", "EBA"]),
        rounding=random.choice(
            ["half_even", "half_up", "half_down", "up", "down", "floor", "ceiling"]
        ),
    )


def some_demands(
    random: Random, *, loan_id: int, span: int, scale: int
) -> list[Demand]:
    """Up to five demands, some of them in force for a while only."""
    demands = []
    for number in range(random.randrange(6)):
        begins_on = START - timedelta(days=30)
        if random.random() < 0.15:
            begins_on = day(random, span=span)
        ends_on = day(random, span=span) if random.random() < 0.15 else None
        owed = [random.randrange(4) * scale for _ in range(3)]
        paid = [random.randrange(part + 1) for part in owed]
        demands.append(
            Demand(
                demand_id=loan_id * 100 + number,
                seq=number,
                due_on=day(random, span=span),
                principal=owed[0],
                interest=owed[1],
                fee=owed[2],
                begins_on=begins_on,
                ends_on=ends_on,
                paid_principal=paid[0],
                paid_interest=paid[1],
                paid_fee=paid[2],
                paid_penalty=random.randrange(2),
            )
        )
    demands.sort(key=lambda row: (row.due_on, row.seq, row.demand_id))
    return demands


def some_payments(
    random: Random, *, loan_id: int, span: int, scale: int
) -> list[Payment]:
    """Up to six payments; a quarter goes back, some are reversed."""
    payments = []
    for number in range(random.randrange(7)):
        amount = random.choice([1, 2, 3, 5, 8, 20]) * scale
        if random.random() < 0.25:
            amount = -amount
        ends_on = day(random, span=span + 3) if random.random() < 0.15 else None
        on = day(random, span=span + 3)
        payments.append(Payment(loan_id * 100 + number, on, amount, ends_on))
    payments.sort(key=lambda row: (row.paid_on, row.payment_id))
    return payments


def some_waivers(
    random: Random, demands: list[Demand], *, loan_id: int, span: int, scale: int
) -> tuple[Waiver, ...]:
    """Mostly none; else up to three, of one demand or of the oldest first."""
    waivers = [
        Waiver(
            waiver_id=loan_id * 100 + number,
            on=day(random, span=span + 3),
            component=random.choice(list(Component)).value,
            amount=random.choice([1, 2, 5]) * scale,
            demand_id=random.choice([None, *(row.demand_id for row in demands)]),
            ends_on=day(random, span=span + 3) if random.random() < 0.2 else None,
        )
        for number in range(random.choice([0, 0, 1, 3]))
    ]
    return tuple(sorted(waivers, key=lambda row: (row.on, row.waiver_id)))


def some_steps(random: Random, *, span: int) -> tuple[RateStep, ...]:
    """Mostly none; else up to three repricings, perhaps two on a day."""
    steps = [
        RateStep(
            day(random, span=span),
            random.choice([0, 100_000_000, 777_777_777, 3_000_000_000]),
        )
        for _ in range(random.choice([0, 0, 1, 3]))
    ]
    return tuple(sorted(steps, key=lambda step: step.begins_on))


def a_loan(random: Random, *, loan_id: int, scale: int = 1) -> Loan:
    """A loan with a handful of demands, payments, refunds and versions."""
    span = random.choice([6, 12, 80])
    demands = some_demands(random, loan_id=loan_id, span=span, scale=scale)
    payments = some_payments(random, loan_id=loan_id, span=span, scale=scale)
    status = random.choice(["active"] * 5 + ["settled", "written_off", "transferred"])
    known = status != "active" and random.random() < 0.8
    pauses = ()
    if random.random() < 0.1:
        first = day(random, span=span)
        pauses = ((first, first + timedelta(days=random.randrange(1, 9))),)
    return Loan(
        loan_id=loan_id,
        currency="CNY",
        principal=max(1, sum(row.principal for row in demands)),
        disbursed_on=START - timedelta(days=random.choice([30, 30, -2])),
        demands=tuple(demands),
        payments=tuple(payments),
        penalty_rate_nano=random.choice([0, 216_000_000, 500_000_000, 999_999_937]),
        status=status,
        status_on=day(random, span=span) if known else None,
        pauses=pauses,
        waivers=some_waivers(random, demands, loan_id=loan_id, span=span, scale=scale),
        rate_steps=some_steps(random, span=span),
    )


_ORDER = {
    "demands": ("due_on", "seq", "demand_id"),
    "payments": ("paid_on", "payment_id"),
    "waivers": ("waived_on", "waiver_id"),
    "rate_steps": ("begins_on",),
}


def _rows(loans: list[Loan], kind: str, schema: pa.Schema) -> pa.Table:
    """The rows of one table in its order; of equal ones as the loan has them."""
    found = [
        {"loan_id": loan.loan_id, "waived_on": getattr(row, "on", None)}
        | {field.name: getattr(row, field.name) for field in fields(row)}
        for loan in loans
        for row in getattr(loan, kind)
    ]
    found.sort(key=lambda row: (row["loan_id"], *(row[name] for name in _ORDER[kind])))
    return pa.Table.from_pylist(found, schema=schema)


def tables(
    loans: list[Loan], products: list[str]
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The facts tables that hold these loans; see `side_tables` for the rest."""

    heads = [
        {name: getattr(loan, name, None) for name in LOANS.names}
        | {"product": product, "customer_id": loan.loan_id}
        for loan, product in zip(loans, products, strict=True)
    ]
    return (
        pa.Table.from_pylist(heads, schema=LOANS),
        _rows(loans, "demands", DEMANDS),
        _rows(loans, "payments", PAYMENTS),
    )


def side_tables(loans: list[Loan]) -> dict[str, pa.Table]:
    """Waivers and rate steps of these loans, as `settle` takes them."""
    return {
        "waivers": _rows(loans, "waivers", WAIVERS),
        "rate_steps": _rows(loans, "rate_steps", RATE_STEPS),
    }
