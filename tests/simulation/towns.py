"""Small towns for tests, and the laws that hold on each of their days."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.wide import engine_loans, position
from daihou.engine.ledger.settle import settle
from daihou.packs import products
from daihou.town import calendar, watch
from daihou.town.book import Book, make_book
from daihou.town.facts import facts

UNTIL = date(2026, 11, 20)


@cache
def town(loans: int, *, months: int, seed: int) -> Book:
    """A town whose products are those of its last day."""
    policies = products.policies(on=UNTIL)
    return make_book(loans, months=months, seed=seed, policies=policies, until=UNTIL)


def every_day(first: date, last: date) -> Iterator[date]:
    """Each date from `first` to `last`."""
    for count in range((last - first).days + 1):
        yield first + timedelta(days=count)


class Laws:
    """Watches one town day after day; each check raises AssertionError."""

    def __init__(self, book: Book, *, sample: int) -> None:
        """`sample` loans are settled by the reference every day."""
        self.book, self.sample = book, sample
        self.tables = facts(book)
        self.night = watch.settler(book)
        self.before: pa.Table | None = None
        self.rng = np.random.Generator(np.random.PCG64(book.seed))
        loans, demands, payments = self.tables
        self.principal = loans["principal"].to_numpy()
        self.stirred = self._stirred(loans, demands, payments)
        self.seen = {"aged": 0, "compared": 0, "newly late": 0, "cured": 0}

    def _stirred(self, *tables: pa.Table) -> dict[int, set[int]]:
        """Loans on which something happened, by day number."""
        loans, demands, payments = tables
        days: dict[int, set[int]] = {}
        for table, column in (
            (loans, "status_on"),
            (demands, "begins_on"),
            (demands, "ends_on"),
            (payments, "paid_on"),
            (payments, "ends_on"),
        ):
            some = table.filter(pc.is_valid(table[column]))
            when = some[column].cast(pa.int32()).to_pylist()
            for day, loan in zip(when, some["loan_id"].to_pylist(), strict=True):
                days.setdefault(day, set()).add(loan)
        return days

    def live(self, day: date) -> pa.Table:
        """Close one day and hold every law against it."""
        now = self.night.positions(day)
        self.nothing_below_zero(now)
        self.money_is_all_there(day)
        if self.before is not None:
            self.untouched_ages_a_day(self.before, now, day)
        self.fast_is_slow(now, day)
        self.before = now
        return now

    def nothing_below_zero(self, now: pa.Table) -> None:
        """Nothing is owed below zero, nor more principal than was lent."""
        for column in now.schema:
            if pa.types.is_integer(column.type):
                least = pc.min(now[column.name]).as_py()
                assert least is None or least >= 0, (column.name, least)
        lent = self.principal[now["loan_id"].to_numpy() - 1]
        owed = now["outstanding_principal"].to_numpy()
        assert bool((owed <= lent).all())
        late = now["dpd"].to_numpy() > 0
        assert bool((now["overdue_total"].to_numpy()[late] > 0).all())

    def untouched_ages_a_day(self, old: pa.Table, now: pa.Table, day: date) -> None:
        """A late loan that nobody touched is one day later than the day before."""
        touched = self.stirred.get(calendar.day_number(day), set())
        ids = old["loan_id"].to_numpy()
        place = np.searchsorted(now["loan_id"].to_numpy(), ids)
        was, is_ = old["dpd"].to_numpy(), now["dpd"].to_numpy()[place]
        quiet = ~np.isin(ids, list(touched))
        aging = quiet & (was > 0)
        wrong = ids[aging & (is_ != was + 1)]
        assert not len(wrong), (day, wrong[:5])
        self.seen["aged"] += int(aging.sum())
        self.seen["newly late"] += int(((was == 0) & (is_ > 0)).sum())
        self.seen["cured"] += int(((was > 0) & (is_ == 0)).sum())

    def money_is_all_there(self, day: date) -> None:
        """Every cent paid is allocated or held; what is allocated is not owed."""
        for _, loan, state in self.settled(day):
            paid = sum(
                payment.amount
                for payment in loan.payments
                if payment.paid_on <= day
                and not (payment.ends_on and payment.ends_on <= day)
            )
            placed = sum(allocation.amount for allocation in state.allocations)
            assert paid == placed + state.unapplied_credit, (loan.loan_id, day)
            assert sum(d.demand.principal for d in state.demands) == loan.principal

    def fast_is_slow(self, now: pa.Table, day: date) -> None:
        """The kernel and the reference agree on every column of a position."""
        ids = now["loan_id"].to_pylist()
        for _, loan, state in self.settled(day):
            row: dict[str, Any] = now.slice(ids.index(loan.loan_id), 1).to_pylist()[0]
            slow = position(state)
            assert {k: row[k] for k in slow} == slow, (loan.loan_id, day)
            self.seen["compared"] += 1

    def settled(self, day: date) -> Iterator[tuple[str, Any, Any]]:
        """The day's sample: half of it loans on which something happened."""
        if getattr(self, "_day", None) != day:
            self._day, self._sample = day, list(self._settle(day))
        yield from self._sample

    def _settle(self, day: date) -> Iterator[tuple[str, Any, Any]]:
        number = calendar.day_number(day)
        there = np.flatnonzero(self.book.terms.disbursed_on <= number) + 1
        busy = [i for i in self.stirred.get(number, ()) if i in set(there.tolist())]
        drawn = self.rng.choice(there, min(self.sample, len(there)), replace=False)
        picked = sorted({*drawn.tolist(), *sorted(busy)[: self.sample]})
        wanted = pa.array(picked, pa.int64())
        loans = self.tables[0].filter(
            pc.is_in(self.tables[0]["loan_id"], value_set=wanted)
        )
        for product, loan in engine_loans(loans, *self.tables[1:], pauses={}):
            yield product, loan, settle(loan, self.book.policies[product], as_of=day)
