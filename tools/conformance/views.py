"""Our loan, written in the columns of their tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.state import Charge, Entry, Row
from daihou.engine.ledger.moving.terms import COMPONENTS

NAMES = {
    "disbursement": "Disbursement",
    "repayment": "Repayment",
    "down_payment": "Down Payment",
    "goodwill_credit": "Goodwill Credit",
    "merchant_issued_refund": "Merchant Issued Refund",
    "payout_refund": "Payout Refund",
    "interest_payment_waiver": "Interest Payment Waiver",
    "interest_refund": "Interest Refund",
    "charge_adjustment": "Charge Adjustment",
    "charge_payment": "Repayment (at time of disbursement)",
    "chargeback": "Chargeback",
    "credit_balance_refund": "Credit Balance Refund",
    "charge_off": "Charge-off",
    "contract_termination": "Contract Termination",
    "write_off": "Close (as written-off)",
    "refund": "Refund",
    "reage": "Re-age",
    "reamortize": "Re-amortize",
    "waive_charge": "Waive loan charges",
    "accrual": "Accrual",
    "accrual_adjustment": "Accrual Adjustment",
    "accrual_activity": "Accrual Activity",
    "recovery_repayment": "Recovery Repayment",
}
_CALCULATIONS = {
    "flat": "Flat",
    "percent_amount": "% Amount",
    "percent_amount_plus_interest": "% Loan Amount + Interest",
    "percent_interest": "% Interest",
    "percent_disbursement": "% Disbursement Amount",
}
_WHEN = {
    "specified_due_date": "Specified due date",
    "disbursement": "Disbursement",
    "overdue": "Overdue Fees",
    "installment": "Installment Fee",
    "tranche_disbursement": "Tranche Disbursement",
}


def text(amount: int) -> str:
    """Write minor units the way they do: no trailing zeros."""
    value = f"{Decimal(amount) / 100:f}"
    return value.rstrip("0").rstrip(".") if "." in value else value


def _date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def schedule_rows(
    account: PlanAccount, expected: Sequence[tuple[date, int]] = ()
) -> list[dict[str, Any]]:
    """Return the schedule with its disbursements, row by row."""
    state, found = account.state, []
    paid_out = sorted(
        [(e.on, e.seq, e.amount, e) for e in state.live("disbursement")]
        + [(on, 0, amount, None) for on, amount in expected],
        key=lambda each: each[:2],
    )
    balance = 0
    for number, row in enumerate(state.rows, 1):
        while paid_out and _before(paid_out[0][0], row, state.terms.progressive):
            on, _, amount, entry = paid_out.pop(0)
            balance += amount
            found.append(_disbursement(account, on, amount, entry))
        balance -= row.owed["principal"] - row.credited["principal"]
        found.append(_row(row, number, balance))
    for on, _, amount, entry in paid_out:
        found.append(_disbursement(account, on, amount, entry))
    return found


def _before(on: date, row: Row, progressive: bool) -> bool:  # noqa: FBT001
    if row.down_payment or not progressive:
        return on <= row.due
    return on < row.due


def _disbursement(
    account: PlanAccount, on: date, amount: int, entry: Entry | None
) -> dict[str, Any]:
    if entry is not None:
        taken = [c for c in account.state.charges if c.disbursement == entry.number]
    else:
        taken = [c for c in _waiting(account) if c.due in (None, on)]
    fees = sum(each.amount for each in taken)
    real = entry is not None
    return {
        "nr": None,
        "days": None,
        "due_date": on.isoformat(),
        "paid_date": None,
        "balance": text(amount),
        "principal": None,
        "interest": None,
        "fees": text(fees),
        "penalties": None,
        "due": text(fees),
        "paid": text(fees) if real else None,
        "in_advance": None,
        "late": None,
        "waived": None,
        "outstanding": None if real else text(fees),
    }


def _waiting(account: PlanAccount) -> list[Charge]:
    """Return charges that will be taken from money not yet paid out."""
    return [
        each
        for each in account.state.charges
        if each.at_once and each.active and each.disbursement is None
    ]


def _row(row: Row, number: int, balance: int) -> dict[str, Any]:
    return {
        "nr": number,
        "days": (row.due - row.begins).days,
        "due_date": row.due.isoformat(),
        "paid_date": _date(row.met_on),
        "balance": text(balance),
        "principal": text(row.owed["principal"]),
        "interest": text(row.owed["interest"]),
        "fees": text(row.owed["fee"]),
        "penalties": text(row.owed["penalty"]),
        "due": text(row.total),
        "paid": text(row.total_paid),
        "in_advance": text(row.early),
        "late": text(row.late),
        "waived": text(sum(row.waived.values())),
        "outstanding": text(row.outstanding),
    }


def schedule_total(account: PlanAccount) -> dict[str, str]:
    """Return the sums under the schedule."""
    rows = account.state.rows
    at_once = sum(
        each.amount for each in account.state.charges if each.disbursement is not None
    )
    waiting = sum(each.amount for each in _waiting(account))
    sums = {each: sum(row.owed[each] for row in rows) for each in COMPONENTS}
    due = sum(sums.values()) + at_once + waiting
    return {
        "principal": text(sums["principal"]),
        "interest": text(sums["interest"]),
        "fees": text(sums["fee"] + at_once + waiting),
        "penalties": text(sums["penalty"]),
        "due": text(due),
        "paid": text(sum(row.total_paid for row in rows) + at_once),
        "in_advance": text(sum(row.early for row in rows)),
        "late": text(sum(row.late for row in rows)),
        "waived": text(sum(sum(row.waived.values()) for row in rows)),
        "outstanding": text(sum(row.outstanding for row in rows) + waiting),
    }


def transactions(account: PlanAccount) -> list[dict[str, Any]]:
    """Return the entries in the order of their days, with the balance after each."""
    found = []
    for entry in sorted(account.state.entries, key=lambda each: (each.on, each.seq)):
        if entry.details.get("lifted"):
            continue
        found.append(
            {
                "date": entry.on.isoformat(),
                "type": NAMES[entry.kind],
                "amount": text(entry.amount),
                "principal": text(entry.parts["principal"]),
                "interest": text(entry.parts["interest"]),
                "fees": text(entry.parts["fee"]),
                "penalties": text(entry.parts["penalty"]),
                "balance": text(entry.balance),
                "overpayment": text(entry.over),
                "reverted": not entry.live,
                "replayed": entry.replayed,
                "entry": entry,
            }
        )
    return found


def charges(account: PlanAccount, catalogue: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the charges of a loan."""
    return [_charge(each, catalogue) for each in account.state.charges if each.active]


def _charge(charge: Charge, catalogue: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": catalogue.get(charge.name, {}).get("name", charge.name),
        "penalty": charge.penalty,
        "when": _WHEN.get(charge.when, charge.when),
        "due_date": _date(charge.due),
        "calculation": _CALCULATIONS.get(charge.calculation, charge.calculation),
        "due": text(charge.amount),
        "paid": text(charge.paid),
        "waived": text(charge.waived),
        "outstanding": text(charge.left),
    }
