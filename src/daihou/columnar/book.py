"""The book as flat arrays: made once from the facts tables, settled for any date."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar import flat, kernel, layout
from daihou.columnar.compiling import entered
from daihou.columnar.heads import capped, rate_heads, status_heads
from daihou.columnar.layout import NEVER, OUT_WIDTH, Ints
from daihou.engine.rulebook.policy import Policy
from daihou.tables.facts import RATE_STEPS, WAIVERS

CHUNK: Final = 20_000  # loans a thread takes at a time


class UnknownProduct(LookupError):
    """A loan names a product that no policy was given for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts tables of one book, as `tables.facts` says; all sorted by loan_id."""

    loans: pa.Table
    demands: pa.Table
    payments: pa.Table
    waivers: pa.Table = field(default_factory=WAIVERS.empty_table)
    rate_steps: pa.Table = field(default_factory=RATE_STEPS.empty_table)


@entered
def _find(keys: Any, ids: Any, begins: Any, ends: Any) -> bool:
    """Write where each of `ids` begins and ends in `keys`; False if not sorted."""
    k = 0
    for i in range(len(ids)):
        while k < len(keys) and keys[k] < ids[i]:
            k += 1
        begins[i] = k
        while k < len(keys) and keys[k] == ids[i]:
            k += 1
        ends[i] = k
    for j in range(1, len(keys)):
        if keys[j] < keys[j - 1]:
            return False
    return True


@entered
def _gives_back(amounts: Any, begins: Any, ends: Any, out: Any) -> None:
    """Mark the loans with a payment that went back."""
    for i in range(len(begins)):
        for k in range(begins[i], ends[i]):
            if amounts[k] < 0:
                out[i] = 1


def _bounds(table: pa.Table, ids: Ints, heads: Ints, place: int) -> None:
    """Write into two columns of `heads` which rows of a table are of each loan."""
    keys = flat.column(table, "loan_id", np.int64)
    found = _find(keys, ids, heads[:, place], heads[:, place + 1])
    assert found, "facts are not sorted by loan_id"


@dataclass(frozen=True, slots=True)
class Book:
    """Facts of many loans as arrays the kernel reads; all loans by loan_id."""

    loan_ids: Ints
    disbursed_on: Ints
    heads: Ints  # a row a loan; columns LOAN_POLICY... of layout
    policies: tuple[Policy, ...]
    owed: flat.Owed
    money: flat.Money
    waived: flat.Waived
    steps: flat.Steps
    plain_only: np.ndarray[Any, Any]  # the kernel has no text for these

    def run(self, picked: Ints, *, as_of: int, threads: int | None = None) -> Ints:
        """Settle the loans at positions `picked`; (OUT_WIDTH, n) integers.

        `threads` None: one a core, at most eight. OUT_WIDE marks the loans that
        would not fit in 64 bits; nothing else is said of them.
        """
        n = len(picked)
        out = np.empty((OUT_WIDTH, n), np.int64)
        arguments = (
            np.int64(as_of),
            picked.astype(np.int64, copy=False),
            layout.policy_rows(self.policies),
            self.heads,
            *(self.owed, self.money, self.waived, self.steps, out),
        )

        def work(begin: int) -> None:
            end = min(n, begin + CHUNK)
            room = kernel.room_for(self.heads[picked[begin:end]])
            kernel.run(begin, end, *arguments, room)

        starts = range(0, max(n, 1), CHUNK)
        workers = threads or min(8, os.cpu_count() or 1)
        if len(starts) < 2 or workers < 2:
            list(map(work, starts))
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(work, starts))
        return out


def _which_policy(loans: pa.Table, policies: Mapping[str, Policy]) -> tuple[Any, Ints]:
    product = loans["product"].combine_chunks().dictionary_encode()
    names = product.dictionary.to_pylist()
    unknown = sorted(set(names) - set(policies))
    if unknown:
        known = ", ".join(sorted(policies))
        raise UnknownProduct(
            f"No terms for product {', '.join(unknown)}. Known products: {known}. "
            "Add a product file or correct the loans."
        )
    found = tuple(policies[name] for name in names)
    return found, product.indices.to_numpy().astype(np.int64)


def _waived(waivers: pa.Table) -> flat.Waived:
    component = waivers["component"].combine_chunks().dictionary_encode()
    names = component.dictionary.to_pylist()
    codes = np.array([layout.COLUMN_OF[name] for name in names] or [0], np.int64)
    return flat.Waived(
        on=flat.column(waivers, "waived_on", np.int32),
        ends_on=flat.column(waivers, "ends_on", np.int32, null=layout.FAR),
        component=flat.sealed(codes[component.indices.to_numpy()]),
        amount=flat.column(waivers, "amount", np.int64),
        demand_id=flat.column(waivers, "demand_id", np.int64, null=NEVER),
    )


def _plain_only(facts: Facts, ids: Ints) -> np.ndarray[Any, Any]:
    """Loans with rows of a restructuring: they open later, or owe others' waivers."""
    found = np.zeros(len(ids), bool)
    moved = facts.waivers.filter(facts.waivers["moved"])
    tables = [moved] if moved.num_rows else []
    if "opens_on" in facts.demands.column_names:
        later = pc.greater(facts.demands["opens_on"], pa.scalar(date.min))
        tables.append(facts.demands.filter(later))
    for table in tables:
        odd = table["loan_id"].combine_chunks()
        held = pc.is_in(pa.array(ids), value_set=odd)
        found |= held.to_numpy(zero_copy_only=False)
    return found


def _steps(
    heads: Ints, facts: Facts, policies: tuple[Policy, ...], most: Ints
) -> flat.Steps:
    """Write the rates of all loans; return the later ones as the kernel reads them."""
    begins, ends = heads[:, layout.STEPS_FROM], heads[:, layout.STEPS_TO]
    loan = np.repeat(np.arange(len(heads)), ends - begins)
    # A step of a loan that is not in the book stands in no loan's range.
    given = flat.column(facts.rate_steps, "penalty_rate_nano", np.int64)
    row = np.arange(len(loan)) + np.repeat(
        begins - np.cumsum(ends - begins) + (ends - begins), ends - begins
    )
    claimed, above = np.zeros((2, len(given)), np.int64)
    rates = flat.column(facts.loans, "penalty_rate_nano", np.int64)
    later = (loan, given[row])
    claimed[row], above[row] = rate_heads(heads, rates, policies, most, later=later)
    return flat.Steps(
        begins_on=flat.column(facts.rate_steps, "begins_on", np.int32),
        claimed=flat.sealed(claimed),
        above=flat.sealed(above),
    )


def make_book(facts: Facts, policies: Mapping[str, Policy]) -> Book:
    """Lay the facts tables out flat.

    Raises UnknownProduct when a loan's product has no policy.
    """
    loans = facts.loans
    ids = flat.column(loans, "loan_id", np.int64)
    assert bool((ids[1:] > ids[:-1]).all()), "loans are not sorted by loan_id"
    used, which = _which_policy(loans, policies)
    heads = np.empty((len(ids), layout.LOAN_WIDTH), np.int64)
    heads[:, layout.LOAN_POLICY] = which
    heads[:, layout.LOAN_PRINCIPAL] = flat.column(loans, "principal", np.int64)
    disbursed_on = flat.column(loans, "disbursed_on", np.int64)
    heads[:, layout.LOAN_DISBURSED_ON] = disbursed_on
    for table, place in (
        (facts.demands, layout.DEMANDS_FROM),
        (facts.payments, layout.PAYMENTS_FROM),
        (facts.waivers, layout.WAIVERS_FROM),
        (facts.rate_steps, layout.STEPS_FROM),
    ):
        _bounds(table, ids, heads, place)
    status_heads(heads, loans)
    most = capped(heads, used)
    steps = _steps(heads, facts, used, most)
    money = flat.money(facts.payments)
    heads[:, layout.LOAN_GIVES_BACK] = 0
    begins, ends = heads[:, layout.PAYMENTS_FROM], heads[:, layout.PAYMENTS_TO]
    _gives_back(money.amount, begins, ends, heads[:, layout.LOAN_GIVES_BACK])
    return Book(
        loan_ids=ids,
        disbursed_on=disbursed_on,
        heads=heads,
        policies=used,
        owed=flat.owed(facts.demands, mirror=any(p.mode == "mirror" for p in used)),
        money=money,
        waived=_waived(facts.waivers),
        steps=steps,
        plain_only=_plain_only(facts, ids),
    )
