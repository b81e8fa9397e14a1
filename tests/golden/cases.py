"""Reads the golden cases: YAML a lawyer can check, turned into loans and policies.

Amounts are decimal strings in yuan, dates ISO; whatever is not said is the default
of the engine, with demands numbered in order and in force all the time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from daihou.engine.basics.dates import add_period
from daihou.engine.basics.money import nano, to_minor
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import (
    Demand,
    Loan,
    LoanTerms,
    Payment,
    RateStep,
    Waiver,
)
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
from daihou.packs.reading import read_yaml

FOLDER = Path(__file__).parent
CURRENCY = "CNY"


@dataclass(frozen=True)
class Case:
    """One case: a loan under a policy and what is expected on each day."""

    name: str
    loan: Loan
    policy: Policy
    closed_days: frozenset[date]
    expect: Mapping[date, Mapping[str, Any]]


def cases() -> Iterator[Case]:
    """Yield every case of every file in this folder."""
    for file in sorted(FOLDER.glob("*.yaml")):
        for content in read_yaml(file.read_text(encoding="utf-8"), name=file.name):
            yield _case(content)


def _case(content: Mapping[str, Any]) -> Case:
    known = {"name", "source", "policy", "closed", "loan", "terms"}
    known |= {"demands", "payments", "waivers", "rate_steps", "expect"}
    assert content.keys() <= known, content["name"]
    given = content["loan"]
    loan = Loan(
        loan_id=1,
        currency=CURRENCY,
        principal=minor(given["principal"]),
        disbursed_on=day(given["disbursed_on"]),
        demands=tuple(_demands(content)),
        payments=tuple(_payments(content.get("payments", ()))),
        penalty_rate_nano=nano(Decimal(given.get("penalty_rate", "0"))),
        status=given.get("status", "active"),
        status_on=day(given["status_on"]) if "status_on" in given else None,
        pauses=tuple((day(a), day(b)) for a, b in given.get("pauses", ())),
        waivers=tuple(_waivers(content.get("waivers", ()))),
        rate_steps=tuple(
            RateStep(day(row["begins_on"]), nano(Decimal(row["penalty_rate"])))
            for row in content.get("rate_steps", ())
        ),
    )
    return Case(
        name=content["name"],
        loan=loan,
        policy=_policy(content.get("policy", {})),
        closed_days=frozenset(day(each) for each in content.get("closed", ())),
        expect={day(on): values for on, values in content["expect"].items()},
    )


def minor(text: str) -> int:
    """Read an amount in yuan as fen."""
    return to_minor(text, CURRENCY)


def day(text: str) -> date:
    """Read an ISO date."""
    return date.fromisoformat(text)


def _demands(content: Mapping[str, Any]) -> Iterator[Demand]:
    if "terms" in content:
        given = content["terms"]
        terms = LoanTerms(
            currency=CURRENCY,
            principal_minor=minor(content["loan"]["principal"]),
            annual_rate=Decimal(given["annual_rate"]),
            method=given["method"],
            periods=given["periods"],
            period_unit="months",
            disbursed_on=day(content["loan"]["disbursed_on"]),
            first_due_on=day(given["first_due_on"]),
        )
        for row in schedule(terms):
            yield Demand(row.seq, row.seq, row.due_on, row.principal, row.interest)
    for number, row in enumerate(content.get("demands", ()), 1):
        amounts = {
            name: minor(row.get(name, "0"))
            for name in (
                *("principal", "interest", "fee", "paid_principal"),
                *("paid_interest", "paid_fee", "paid_penalty"),
            )
        }
        yield Demand(
            demand_id=number,
            seq=row.get("seq", number),
            due_on=day(row["due_on"]),
            begins_on=day(row.get("begins_on", "0001-01-01")),
            ends_on=day(row["ends_on"]) if "ends_on" in row else None,
            **amounts,
        )


def _payments(rows: Any) -> Iterator[Payment]:
    """Yield payments; `times` repeats one every month."""
    number = 0
    for row in rows:
        for count in range(row.get("times", 1)):
            number += 1
            yield Payment(
                payment_id=number,
                paid_on=add_period(day(row["paid_on"]), count, "months"),
                amount=minor(row["amount"]),
                ends_on=day(row["reversed_on"]) if "reversed_on" in row else None,
            )


def _waivers(rows: Any) -> Iterator[Waiver]:
    for number, row in enumerate(rows, 1):
        yield Waiver(
            waiver_id=number,
            on=day(row["given_on"]),
            component=row["component"],
            amount=minor(row["amount"]),
            demand_id=row.get("demand"),
            ends_on=day(row["ended_on"]) if "ended_on" in row else None,
        )


def _order_rules(rows: Any) -> Iterator[OrderRule]:
    for row in rows:
        yield OrderRule(
            order=tuple(Component(each) for each in row["order"]),
            dpd_over=row.get("dpd_over"),
            status=row.get("status"),
            begins_on=day(row["begins_on"]) if "begins_on" in row else None,
        )


def _policy(given: Mapping[str, Any]) -> Policy:
    dpd = dict(given.get("dpd", {}))
    penalty = given.get("penalty", {})
    order = given.get("order", tuple(Component))
    return Policy(
        product="golden",
        begins_on=date(2000, 1, 1),
        mode=Mode(given.get("mode", "own")),
        dpd=DpdMethod(
            id="DPD-CN-01",
            tolerance_minor=minor(dpd.pop("tolerance", "0")),
            tolerance_share=Decimal(dpd.pop("tolerance_share", "0")),
            anchor=Anchor(dpd.pop("anchor", Anchor.OLDEST_UNPAID)),
            pause_effect=PauseEffect(
                dpd.pop("pause_effect", PauseEffect.INSIDE_OVERDUE)
            ),
            **dpd,
        ),
        penalty=PenaltyTerms(**penalty),
        order=tuple(Component(each) for each in order),
        direction=Direction(given.get("direction", Direction.HORIZONTAL)),
        advance=Advance(given.get("advance", Advance.HOLD)),
        bucket_set=given.get("bucket_set", "M0_M7"),
        day_count=given.get("day_count", "30/360"),
        order_rules=tuple(_order_rules(given.get("order_rules", ()))),
        cost_caps=tuple(
            CostCap(row["rule"], day(row["begins_on"]), Decimal(row["annual_rate"]))
            for row in given.get("cost_caps", ())
        ),
        non_accrual_after=given.get("non_accrual_after"),
    )
