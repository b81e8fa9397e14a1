"""Settle many loans at once: positions of the book at the end of one day."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar import layout
from daihou.columnar.book import Book, Facts, make_book
from daihou.columnar.layout import NEVER, STATUSES, Ints, day_number
from daihou.columnar.wide import Pauses, settle_wide
from daihou.engine.delinquency.buckets import bucket
from daihou.engine.rulebook.policy import Policy
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS, RATE_STEPS, WAIVERS
from daihou.tables.positions import POSITIONS

_PLAIN = {
    "dpd": layout.OUT_DPD,
    "overdue_principal": layout.OUT_PRINCIPAL,
    "overdue_interest": layout.OUT_INTEREST,
    "overdue_fee": layout.OUT_FEE,
    "overdue_penalty": layout.OUT_PENALTY,
    "overdue_compound": layout.OUT_COMPOUND,
    "next_due_amount": layout.OUT_NEXT_AMOUNT,
    "outstanding_principal": layout.OUT_OUTSTANDING_PRINCIPAL,
    "outstanding_total": layout.OUT_OUTSTANDING,
    "unapplied_credit": layout.OUT_CREDIT,
    "times_late": layout.OUT_TIMES_LATE,
    "worst_dpd": layout.OUT_WORST,
    "late_instalments": layout.OUT_LATE,
    "over_cap": layout.OUT_OVER,
}
_DATES = {
    "oldest_unpaid_due_on": layout.OUT_OLDEST,
    "next_due_on": layout.OUT_NEXT,
    "non_accrual_since": layout.OUT_HELD_SINCE,
}


def _words(codes: Any, names: list[str]) -> pa.Array:
    indices = pa.array(np.asarray(codes, np.int32))
    words = pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))
    return words.cast(pa.string())


def _buckets(dpd: Ints, which: Ints, policies: tuple[Policy, ...]) -> pa.Array:
    """The bucket of each loan, looked up by days past due and bucket set."""
    sets = sorted({policy.bucket_set for policy in policies})
    names: list[str] = []
    tables = []
    top = int(dpd.max(initial=0))
    for bucket_set in sets:
        words = [bucket(days, bucket_set) for days in range(top + 1)]
        names.extend(word for word in dict.fromkeys(words) if word not in names)
        tables.append([names.index(word) for word in words])
    of_policy = np.array([sets.index(p.bucket_set) for p in policies] or [0])
    look_up = np.array(tables or [[0]], np.int32)
    return _words(look_up[of_policy[which], dpd], names)


def _table(book: Book, picked: Ints, out: Ints) -> pa.Table:
    which = book.heads[picked, layout.LOAN_POLICY]
    overdue = out[layout.OUT_FEE : layout.OUT_PRINCIPAL + 1].sum(axis=0)
    late = out[layout.OUT_DPD] > 0
    balance = np.where(late, out[layout.OUT_OUTSTANDING_PRINCIPAL], 0)
    columns: dict[str, Any] = {
        "loan_id": pa.array(book.loan_ids[picked]),
        "bucket": _buckets(out[layout.OUT_DPD], which, book.policies),
        "asset_class": pa.nulls(len(picked), pa.string()),
        "class_rule": pa.nulls(len(picked), pa.string()),
        "overdue_total": pa.array(overdue),
        "overdue_loan_balance": pa.array(balance),
        "status": _words(out[layout.OUT_STATUS], list(STATUSES)),
        "dpd_method": _words(which, [policy.dpd.id for policy in book.policies]),
    }
    for name, row in _PLAIN.items():
        kind = POSITIONS.field(name).type.to_pandas_dtype()
        columns[name] = pa.array(out[row].astype(kind, copy=False))
    for name, row in _DATES.items():
        days = out[row].astype(np.int32)
        columns[name] = pa.array(days, mask=days == NEVER).cast(pa.date32())
    return pa.table([columns[name] for name in POSITIONS.names], schema=POSITIONS)


@dataclass(frozen=True, slots=True)
class Settler:
    """Facts made ready once and settled for many dates.

    `policies_on(day)` gives the product terms in force; they decide lateness and
    price for the whole replay. `pauses` are 停计 periods by loan, half-open.
    """

    loans: pa.Table
    demands: pa.Table
    payments: pa.Table
    policies_on: Callable[[date], Mapping[str, Policy]]
    calendar: AbstractSet[date] | None = None
    pauses: Pauses = field(default_factory=dict)
    waivers: pa.Table = field(default_factory=WAIVERS.empty_table)
    rate_steps: pa.Table = field(default_factory=RATE_STEPS.empty_table)
    _books: dict[Any, Book] = field(default_factory=dict)

    @property
    def _facts(self) -> Facts:
        return Facts(
            *(self.loans, self.demands, self.payments), self.waivers, self.rate_steps
        )

    def _book(self, policies: Mapping[str, Policy]) -> Book:
        key = tuple(sorted(policies.items(), key=lambda item: item[0]))
        if key not in self._books:
            self._books.clear()
            self._books[key] = make_book(self._facts, policies)
        return self._books[key]

    def positions(self, as_of: date) -> pa.Table:
        """Positions of every loan paid out by `as_of`, as tables.positions says."""
        policies = self.policies_on(as_of)
        book = self._book(policies)
        there = book.disbursed_on <= day_number(as_of)
        picked = np.flatnonzero(there & ~self._special(book))
        out = book.run(picked, as_of=day_number(as_of))
        wide = out[layout.OUT_WIDE] != 0
        if wide.any():
            picked, out = picked[~wide], out[:, ~wide]
        table = _table(book, picked, out)
        there[picked] = False
        if not there.any():
            return table
        odd = settle_wide(
            *(self._facts, pa.array(there), policies),
            as_of=as_of,
            calendar=self.calendar,
            pauses=self.pauses,
        )
        return pa.concat_tables([table, odd]).sort_by("loan_id")

    def _special(self, book: Book) -> Any:
        """Loans for the plain text: paused, restructured, or with moving dates."""
        moved = [p.dpd.move_holidays and bool(self.calendar) for p in book.policies]
        special = book.plain_only
        if any(moved):
            special = special | np.array(moved)[book.heads[:, layout.LOAN_POLICY]]
        if self.pauses:
            ids = pa.array(list(self.pauses), pa.int64())
            held = pc.is_in(pa.array(book.loan_ids), value_set=ids)
            special = special | held.to_numpy(zero_copy_only=False)
        return special


def settle(
    loans: pa.Table,
    demands: pa.Table,
    payments: pa.Table,
    policies: Mapping[str, Policy],
    *,
    as_of: date,
    calendar: AbstractSet[date] | None = None,
    pauses: Pauses | None = None,
    waivers: pa.Table | None = None,
    rate_steps: pa.Table | None = None,
) -> pa.Table:
    """Settle a book at the end of `as_of`; tables and result as in `daihou.tables`.

    Equal to `engine.ledger.fixed.settle` for every loan, to the cent and the day. Raises
    UnknownProduct when a product has no policy.
    """
    settler = Settler(
        *(loans, demands, payments),
        policies_on=lambda _day: policies,
        calendar=calendar,
        pauses=pauses or {},
        waivers=WAIVERS.empty_table() if waivers is None else waivers,
        rate_steps=RATE_STEPS.empty_table() if rate_steps is None else rate_steps,
    )
    return settler.positions(as_of)


def warm() -> None:
    """Compile the kernel, or load it: what the first book otherwise waits for."""
    tables = (LOANS.empty_table(), DEMANDS.empty_table(), PAYMENTS.empty_table())
    settle(*tables, {}, as_of=date(2000, 1, 1))
