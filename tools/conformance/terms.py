"""Their words for a contract, in ours."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.engine.ledger.moving.terms import (
    Future,
    Order,
    PlanTerms,
    Recalculation,
    Timing,
)

_MOST_PERIODS = 520


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def minor(text: str) -> int:
    """Read an amount as minor units."""
    return int(Decimal(text) * 100)


def yearly(percent: str, per: str, *, periods: int = 1, a_year: int = 1) -> Decimal:
    """Return a rate as a yearly percent; a rate of the whole term is spread over it."""
    if per == "whole_term":
        return Decimal(percent) * a_year / periods
    return Decimal(percent) * (12 if per == "month" else 1)


def _periods(loan: Mapping[str, Any]) -> int:
    """Return the number of instalments; one that no loan has is a mistake."""
    count = int(loan["repayments"])
    if not 1 <= count <= _MOST_PERIODS:
        raise ValueError(f"{count} repayments")
    return count


def plan_terms(loan: Mapping[str, Any]) -> PlanTerms:
    """Read the terms of a loan or of a schedule case."""
    down = loan.get("down_payment")
    return PlanTerms(
        principal=minor(loan["principal"]),
        yearly_percent=yearly(
            loan["rate_percent"],
            loan["rate_per"],
            periods=int(loan["repayments"]) * int(loan["every"]),
            a_year={"months": 12, "weeks": 52}.get(loan["unit"], 365),
        ),
        start_on=day(loan["submitted_on"]),
        periods=_periods(loan),
        every=int(loan["every"]),
        unit=loan["unit"],
        flat=loan["interest_method"] == "flat",
        daily=loan["interest_period"] == "daily",
        equal_principal=loan["amortization"] == "equal_principal_payments",
        progressive=loan["schedule_type"] == "progressive",
        days_in_year=str(loan["days_in_year"]),
        days_in_month=str(loan["days_in_month"]),
        leap_day_only=loan.get("days_in_year_custom") == "feb_29_period_only",
        year_ends_on_1_january=bool(
            loan.get("interest_recognition_on_disbursement_date")
        ),
        partial_periods=bool(loan.get("allow_partial_period_interest")),
        multiple_of=int(loan.get("installment_multiple_of") or 0) * 100,
        dates_from_start=loan.get("repayment_dates_from") == "submitted",
        fixed_length=int(loan.get("fixed_length") or 0),
        fixed_instalment=minor(loan.get("fixed_emi") or "0"),
        grace_principal=int(loan.get("grace_principal_periods") or 0),
        grace_interest=int(loan.get("grace_interest_periods") or 0),
        down_payment_percent=Decimal(str(down["percent"])) if down else None,
        down_payment_automatic=bool(down and down.get("auto_repay")),
        recalculation=_recalculation(loan.get("interest_recalculation")),
        orders=_orders(loan.get("advanced_allocation") or {}),
        strategy="" if loan.get("allocation") == "advanced" else _strategy(loan),
        vertical=loan.get("processing") == "vertical",
        chargeback_order=tuple(
            (loan.get("credit_allocation") or {}).get("chargeback", ())
        ),
        charge_off=(loan.get("charge_off_behaviour") or "regular").split(".")[-1],
        refunds_interest=frozenset(loan.get("interest_refund_types") or ()),
        several_disbursements=bool(loan.get("multi_disburse")),
    )


def _strategy(loan: Mapping[str, Any]) -> str:
    return loan.get("allocation") or "penalty,fee,interest,principal"


def _recalculation(given: Mapping[str, Any] | None) -> Recalculation | None:
    if not given:
        return None
    return Recalculation(
        rest=given.get("rest", "daily"),
        preclose=given.get("preclose", "till_preclose_date"),
        advance=given.get("on_advance_payment", "adjust_last_unpaid_period"),
        on_past_due=not given.get("no_interest_on_past_due", False),
    )


def _step(word: str) -> tuple[Timing, str]:
    timing, _, component = word.rpartition("_")
    return Timing(timing), component


def _orders(given: Mapping[str, Any]) -> dict[str, Order]:
    orders = {
        kind: Order(
            tuple(_step(word) for word in rule["order"]), Future(rule["future"])
        )
        for kind, rule in given.items()
    }
    if "default" not in orders:
        steps = tuple(
            (timing, component)
            for timing in Timing
            for component in ("penalty", "fee", "principal", "interest")
        )
        orders["default"] = Order(steps)
    return orders
