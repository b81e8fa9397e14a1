"""What a strategy asks of each customer, gathered from the customer's open loans."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from daihou.columnar.strategy.columns import MISSING, Coded, Column, value_at
from daihou.engine.classification.codes import AssetClass
from daihou.engine.delinquency.buckets import BUCKET_SETS
from daihou.engine.strategy.inputs import BUCKETS, CUSTOMERS, INPUTS, PLANS, PROMISES
from daihou.engine.strategy.table import Value

Array = np.ndarray[Any, Any]
_FIRST_DAYS: Final = np.array([first for _, first in BUCKET_SETS["M0_M7"]])
_CLASSES: Final = tuple(each.code for each in AssetClass)
FLAGS: Final = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Loans:
    """The open loans at the end of a day, in any order; amounts in minor units.

    `is_counted`: in the currency of the strategy; only those are in the amounts.
    `asset_class` is its number, `next_due_on` a day or NaT.
    """

    loan_id: Array
    customer_id: Array
    is_counted: Array
    is_person: Array
    product: Coded
    branch: Coded
    asset_class: Array
    dpd: Array
    overdue_total: Array
    outstanding_total: Array
    outstanding_principal: Array
    next_due_on: Array
    next_due_amount: Array
    times_late: Array
    worst_dpd: Array
    late_instalments: Array


@dataclass(frozen=True, slots=True)
class Casework:
    """What is known of customers with a case, sorted by `customer_id`.

    `last_contact_on` is a day or NaT; states are codes of `inputs.PROMISES`, `PLANS`.
    """

    customer_id: Array
    promise_state: Coded
    broken_promises: Array
    last_contact_on: Array
    held: Array
    plan_state: Coded

    @classmethod
    def none(cls) -> "Casework":
        """Nobody has a case."""
        numbers = np.zeros(0, np.int64)
        return cls(
            customer_id=numbers,
            promise_state=Coded(PROMISES, np.zeros(0, np.int8)),
            broken_promises=numbers,
            last_contact_on=np.zeros(0, "datetime64[D]"),
            held=np.zeros(0, np.bool_),
            plan_state=Coded(PLANS, np.zeros(0, np.int8)),
        )


@dataclass(frozen=True, slots=True)
class Customers:
    """The facts of every customer with an open loan, sorted by `customer_id`."""

    customer_id: Array
    columns: dict[str, Column]

    def __len__(self) -> int:
        """How many customers there are."""
        return len(self.customer_id)

    def number(self, name: str) -> Array:
        """A column of whole numbers."""
        found = self.columns[name]
        assert isinstance(found, np.ndarray), name
        return found

    def facts(self, place: int) -> dict[str, Value]:
        """The facts of one customer as the plain text takes them."""
        return {
            name: value_at(self.columns[name], asked.input, place)
            for name, asked in INPUTS.items()
        }


def gather(loans: Loans, casework: Casework, *, as_of: date) -> Customers:
    """Gather loans into customers; every input of `inputs.INPUTS` has a column."""
    # The loan that speaks for the customer comes first: the latest, then the largest.
    order = np.lexsort(
        (loans.loan_id, -loans.outstanding_total, -loans.dpd, loans.customer_id)
    )
    sorted_ids = loans.customer_id[order]
    begins = np.flatnonzero(np.r_[True, sorted_ids[1:] != sorted_ids[:-1]])
    begins = begins[: len(sorted_ids)]
    customers = sorted_ids[begins]
    if not len(customers):
        begins = np.zeros(0, np.int64)

    def total(values: Array) -> Array:
        return _reduced(np.add, values[order].astype(np.int64), begins)

    def most(values: Array) -> Array:
        return _reduced(np.maximum, values[order].astype(np.int64), begins)

    first = order[begins]
    counted = loans.is_counted
    dpd, times_late = most(loans.dpd), total(loans.times_late)
    columns: dict[str, Column] = {
        "dpd": dpd,
        "bucket": Coded(BUCKETS, _bucket(dpd)),
        "overdue_total": total(loans.overdue_total * counted),
        "outstanding_total": total(loans.outstanding_total * counted),
        "outstanding_principal": total(loans.outstanding_principal * counted),
        "loans": total(np.ones(len(order), np.int64)),
        "late_loans": total(loans.dpd > 0),
        "times_late": times_late,
        "worst_dpd": most(loans.worst_dpd),
        "product": loans.product.take(first),
        "branch": loans.branch.take(first),
        "asset_class": Coded(_CLASSES, most(loans.asset_class)),
        "late_instalments": total(loans.late_instalments),
        "new_late": Coded(FLAGS, ((dpd > 0) & (times_late <= 1)).astype(np.int8)),
        "customer_kind": Coded(
            CUSTOMERS, np.where(loans.is_person[first], 0, 1).astype(np.int8)
        ),
    }
    columns |= _falling_due(loans, order, begins, as_of)
    columns |= _of_cases(customers, casework, as_of)
    assert columns.keys() == INPUTS.keys(), columns.keys() ^ INPUTS.keys()
    return Customers(customers, columns)


def _reduced(how: Any, values: Array, begins: Array) -> Array:
    found: Array = how.reduceat(values, begins) if len(begins) else values[:0]
    return found


def _bucket(dpd: Array) -> Array:
    return np.searchsorted(_FIRST_DAYS, dpd, side="right") - 1


def _falling_due(
    loans: Loans, order: Array, begins: Array, as_of: date
) -> dict[str, Column]:
    """Days to the nearest due date of the customer, and what is due on it."""
    far = np.iinfo(np.int64).max
    days = loans.next_due_on.astype("datetime64[D]")
    ahead = np.where(
        np.isnat(days), far, days.astype(np.int64) - _day(as_of).astype(np.int64)
    )[order]
    nearest = _reduced(np.minimum, ahead, begins)
    sizes = np.diff(np.r_[begins, len(order)])
    on_it = (ahead == np.repeat(nearest, sizes)) & (ahead != far)
    amounts = (loans.next_due_amount * loans.is_counted)[order] * on_it
    known = nearest != far
    return {
        "days_to_due": np.where(known, np.maximum(nearest, 0), MISSING),
        "next_due_amount": _reduced(np.add, amounts.astype(np.int64), begins),
    }


def _day(as_of: date) -> Any:
    return np.datetime64(as_of, "D")


def _of_cases(customers: Array, casework: Casework, as_of: date) -> dict[str, Column]:
    """What casework says; who has no case has no promise, no hold and no plan."""
    places = np.searchsorted(casework.customer_id, customers)
    places = np.minimum(places, max(0, len(casework.customer_id) - 1))
    if len(casework.customer_id):
        here = casework.customer_id[places] == customers
    else:
        here, places = np.zeros(len(customers), np.bool_), places[:0]

    def told(values: Array, usual: int) -> Array:
        found = np.full(len(customers), usual, np.int64)
        if len(values):
            found[here] = values[places[here]].astype(np.int64)
        return found

    last = casework.last_contact_on.astype("datetime64[D]")
    since = np.where(np.isnat(last), MISSING, (_day(as_of) - last).astype(np.int64))
    since = np.where(since == MISSING, MISSING, np.maximum(since, 0))
    promise, plan = casework.promise_state, casework.plan_state
    return {
        "promise_state": Coded(
            promise.words, told(promise.codes, promise.words.index("none"))
        ),
        "broken_promises": told(casework.broken_promises, 0),
        "days_since_contact": told(since, int(MISSING)),
        "held": Coded(FLAGS, told(casework.held, 0)),
        "plan_state": Coded(plan.words, told(plan.codes, plan.words.index("none"))),
    }
