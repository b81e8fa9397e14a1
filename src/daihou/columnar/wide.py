"""The wide path: loans the kernel does not do go through the reference, one by one."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.book import Facts
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import (
    Demand,
    Loan,
    LoanState,
    Payment,
    RateStep,
    Waiver,
)
from daihou.engine.rulebook.policy import Policy
from daihou.tables.positions import POSITIONS

Pauses = Mapping[int, tuple[tuple[date, date], ...]]

_DEMAND = (
    "demand_id",
    "seq",
    "due_on",
    "principal",
    "interest",
    "fee",
    "begins_on",
    "ends_on",
    "paid_principal",
    "paid_interest",
    "paid_fee",
    "paid_penalty",
    "opens_on",  # only in tables of restructured loans
)
_PAYMENT = ("payment_id", "paid_on", "amount", "ends_on")
_WAIVER = (
    "waiver_id",
    "waived_on",
    "component",
    "amount",
    "demand_id",
    "ends_on",
    "moved",
)
_STEP = ("begins_on", "penalty_rate_nano")


def _by_loan(
    table: pa.Table, columns: Sequence[str], loan_ids: pa.Array
) -> dict[int, list[tuple[Any, ...]]]:
    """Rows of a table by loan; a column it does not have is left to its default."""
    picked = table.filter(pc.is_in(table["loan_id"], value_set=loan_ids))
    rows: dict[int, list[tuple[Any, ...]]] = {}
    keys = picked["loan_id"].to_pylist()
    there = [column for column in columns if column in picked.column_names]
    assert there == list(columns)[: len(there)], "only columns at the end may lack"
    values = [picked[column].to_pylist() for column in there]
    for key, *row in zip(keys, *values, strict=True):
        rows.setdefault(key, []).append(tuple(row))
    return rows


def engine_loans(
    facts: Facts, *, pauses: Pauses, only: pa.Array | None = None
) -> Iterator[tuple[str, Loan]]:
    """Turn rows of the facts tables into (policy key, engine loan) pairs.

    `only` marks the rows of `facts.loans` that are wanted; None: all.
    """
    loans = facts.loans if only is None else facts.loans.filter(only)
    ids = loans["loan_id"].combine_chunks()
    demands = _by_loan(facts.demands, _DEMAND, ids)
    payments = _by_loan(facts.payments, _PAYMENT, ids)
    waivers = _by_loan(facts.waivers, _WAIVER, ids)
    steps = _by_loan(facts.rate_steps, _STEP, ids)
    for row in loans.to_pylist():
        loan_id = row["loan_id"]
        yield (
            row["product"],
            Loan(
                loan_id=loan_id,
                currency=row["currency"],
                principal=row["principal"],
                disbursed_on=row["disbursed_on"],
                demands=tuple(Demand(*d) for d in demands.get(loan_id, ())),
                payments=tuple(Payment(*p) for p in payments.get(loan_id, ())),
                penalty_rate_nano=row["penalty_rate_nano"],
                status=row["status"],
                status_on=row["status_on"],
                pauses=tuple(pauses.get(loan_id, ())),
                waivers=tuple(Waiver(*w) for w in waivers.get(loan_id, ())),
                rate_steps=tuple(RateStep(*r) for r in steps.get(loan_id, ())),
            ),
        )


def position(state: LoanState) -> dict[str, Any]:
    """One row of POSITIONS from the reference's state."""
    row: dict[str, Any] = {f"overdue_{k}": v for k, v in state.overdue.items()}
    row["overdue_total"] = state.overdue_total
    row["over_cap"] = sum(state.over_cap.values())
    row["overdue_loan_balance"] = state.outstanding_principal if state.dpd > 0 else 0
    for name in POSITIONS.names:
        if name not in row and name not in ("asset_class", "class_rule"):
            row[name] = getattr(state, name)
    return row


def settle_wide(
    facts: Facts,
    only: pa.Array,
    policies: Mapping[str, Policy],
    *,
    as_of: date,
    calendar: AbstractSet[date] | None,
    pauses: Pauses,
) -> pa.Table:
    """Settle the marked loans by the reference; rows of POSITIONS in their order."""
    rows = [
        position(settle(loan, policies[product], as_of=as_of, calendar=calendar))
        for product, loan in engine_loans(facts, pauses=pauses, only=only)
    ]
    return pa.Table.from_pylist(rows, schema=POSITIONS)
