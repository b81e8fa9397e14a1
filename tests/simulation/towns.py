"""Small towns for tests, and the laws that hold on each of their days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.settle import Settler
from daihou.columnar.wide import engine_loans, position
from daihou.engine.basics.dates import DAY
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import Loan, LoanState, Payment
from daihou.engine.rulebook.policy import Component, Direction, Policy
from daihou.packs import products
from daihou.town import calendar
from daihou.town.book import Book, make_book
from tests.simulation import lender

UNTIL = date(2026, 11, 20)
LENT, DUE, ACCRUED = "principal", ("fee", "interest"), ("penalty", "compound")
Settled = tuple[Loan, Policy, LoanState]


@cache
def town(loans: int, *, months: int, seed: int) -> Book:
    """A town whose products are those of its last day."""
    policies = lender.terms(products.policies(on=UNTIL), seed=seed)
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
        self.facts = lender.deeds(book)
        self.night = Settler(
            *(self.facts.loans, self.facts.demands, self.facts.payments),
            policies_on=lambda _day: book.policies,
            waivers=self.facts.waivers,
            rate_steps=self.facts.rate_steps,
        )
        self.before: pa.Table | None = None
        self.rng = np.random.Generator(np.random.PCG64(book.seed))
        self.principal = self.facts.loans["principal"].to_numpy()
        self.stirred = self._stirred()
        self.taken_back = self._taken_back()
        self.principal_days = np.zeros((2, len(book)), np.int64)  # actual, 30/360
        self.counted_to = self.facts.loans["disbursed_on"].to_pylist()[0]
        self.seen = dict.fromkeys(
            ("aged", "compared", "newly late", "cured", "capped", "waived", "memo"), 0
        )

    def _stirred(self) -> dict[int, set[int]]:
        """Loans on which something happened, by day number."""
        days: dict[int, set[int]] = {}
        for table, column in (
            (self.facts.loans, "status_on"),
            (self.facts.demands, "begins_on"),
            (self.facts.demands, "ends_on"),
            (self.facts.payments, "paid_on"),
            (self.facts.payments, "ends_on"),
            (self.facts.waivers, "waived_on"),
            (self.facts.waivers, "ends_on"),
        ):
            some = table.filter(pc.is_valid(table[column]))
            when = some[column].cast(pa.int32()).to_pylist()
            for day, loan in zip(when, some["loan_id"].to_pylist(), strict=True):
                days.setdefault(day, set()).add(loan)
        return days

    def _taken_back(self) -> frozenset[int]:
        """Loans whose past reads otherwise later: something was ended, or as never."""
        ended = [
            table.filter(pc.is_valid(table["ends_on"]))["loan_id"].to_pylist()
            for table in (self.facts.demands, self.facts.payments, self.facts.waivers)
        ]
        return frozenset(loan for loans in ended for loan in loans)

    def live(self, day: date) -> pa.Table:
        """Close one day and hold every law against it."""
        now = self.night.positions(day)
        self.count_principal(to=day)
        settled = list(self.settled(day))
        for each in settled:
            self.law_1_no_cent_is_lost(*each)
            self.law_6_nothing_above_the_cap(*each)
            self.law_7_fast_is_slow(now, each[2])
            self.seen["waived"] += any(any(d.waived.values()) for d in each[2].demands)
            self.seen["memo"] += any(each[2].memo.values())
        for loan, policy, state in settled[:: len(settled) // 3 or 1]:
            self.law_3_more_is_not_later(loan, policy, state)
            self.law_5_any_order_is_the_same(loan, policy, state)
        self.law_2_nothing_below_zero(now)
        if self.before is not None:
            self.law_4_untouched_ages_a_day(self.before, now, day)
        self.before = now
        return now

    def law_1_no_cent_is_lost(
        self, loan: Loan, policy: Policy, state: LoanState
    ) -> None:
        """Every cent paid is allocated or held; what is due is paid, waived or left."""
        day = state.as_of
        paid = sum(
            payment.amount
            for payment in loan.payments
            if payment.paid_on <= day and not (payment.ends_on or date.max) <= day
        )
        placed = sum(allocation.amount for allocation in state.allocations)
        assert paid == placed + state.unapplied_credit, (loan.loan_id, day)
        assert sum(each.demand.principal for each in state.demands) == loan.principal
        for each in state.demands:
            for part in (LENT, *DUE):
                due = getattr(each.demand, part)
                assert due == each.paid[part] + each.waived[part] + each.unpaid[part]

    def law_2_nothing_below_zero(self, now: pa.Table) -> None:
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

    def law_3_more_is_not_later(
        self, loan: Loan, policy: Policy, state: LoanState
    ) -> None:
        """A hundred yuan more, on that day or a month before, make nothing later.

        In one order of components: who paid more may stay under the days past due
        from which principal comes first.
        """
        assert policy.direction is Direction.HORIZONTAL
        policy = replace(policy, order_rules=())
        late = settle(loan, policy, as_of=state.as_of).dpd
        for on in (state.as_of, state.as_of - timedelta(days=30)):
            more = replace(loan, payments=(*loan.payments, Payment(10**9, on, 10_000)))
            assert settle(more, policy, as_of=state.as_of).dpd <= late, loan

    def law_4_untouched_ages_a_day(
        self, old: pa.Table, now: pa.Table, day: date
    ) -> None:
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

    def law_5_any_order_is_the_same(
        self, loan: Loan, policy: Policy, state: LoanState
    ) -> None:
        """What arrives in the opposite order comes to the same."""
        back = replace(
            loan,
            demands=loan.demands[::-1],
            payments=loan.payments[::-1],
            waivers=loan.waivers[::-1],
        )
        again = settle(back, policy, as_of=state.as_of)
        assert position(again) == position(state), (loan.loan_id, state.as_of)

    def law_6_nothing_above_the_cap(
        self, loan: Loan, policy: Policy, state: LoanState
    ) -> None:
        """What it has cost and claims is within the cap on each day's principal."""
        self.seen["capped"] += any(state.over_cap.values())
        closed = state.status in ("settled", "transferred")  # nothing is claimed
        if closed or loan.loan_id in self.taken_back:
            return
        (cap,) = policy.cost_caps
        by_thirty = policy.day_count in ("30/360", "period")
        days = int(self.principal_days[int(by_thirty), loan.loan_id - 1])
        allowed = days * cap.annual_rate / cap.days_in_year
        paid = claimed = 0
        for each in state.demands:
            parts = (*ACCRUED, *(DUE if each.due_on <= state.as_of else ()))
            paid += sum(each.paid[part] for part in parts)
            claimed += sum(each.unpaid[part] for part in parts)
        above = sum(state.over_cap[part] for part in DUE)
        assert 0 <= above <= claimed
        assert paid + claimed - above <= max(allowed, paid), (loan, state.as_of)

    def law_7_fast_is_slow(self, now: pa.Table, state: LoanState) -> None:
        """The kernel and the reference agree on every column of a position."""
        place = pc.index(now["loan_id"], state.loan_id).as_py()
        row: dict[str, Any] = now.slice(place, 1).to_pylist()[0]
        slow = position(state)
        assert {k: row[k] for k in slow} == slow, (state.loan_id, state.as_of)
        self.seen["compared"] += 1

    def count_principal(self, *, to: date) -> None:
        """Add what was outstanding on each day before `to`, as the nights say it."""
        while self.counted_to < to:
            day, self.counted_to = self.counted_to, self.counted_to + DAY
            seen = self.before  # the night of the day before, if it was lived
            if seen is None or self.counted_to != to:
                seen = self.night.positions(day)
            numbers = seen["loan_id"].to_numpy() - 1
            owed = seen["outstanding_principal"].to_numpy()
            self.principal_days[0, numbers] += owed
            self.principal_days[1, numbers] += owed * (thirty(day + DAY) - thirty(day))

    def settled(self, day: date) -> Iterator[Settled]:
        """The day's sample: half of it loans on which something happened."""
        number = calendar.day_number(day)
        there = np.flatnonzero(self.book.terms.disbursed_on <= number) + 1
        alive = set(there.tolist())
        busy = sorted(alive & self.stirred.get(number, set()))
        drawn = self.rng.choice(there, min(self.sample, len(there)), replace=False)
        picked = sorted({*drawn.tolist(), *busy[: self.sample]})
        only = pc.is_in(
            self.facts.loans["loan_id"], value_set=pa.array(picked, pa.int64())
        )
        for product, loan in engine_loans(self.facts, pauses={}, only=only):
            policy = self.book.policies[product]
            yield loan, policy, settle(loan, policy, as_of=day)


def thirty(day: date) -> int:
    """Number a day as if every month had thirty."""
    return (day.year * 12 + day.month) * 30 + min(day.day, 30)


assert set(Component) == {LENT, *DUE, *ACCRUED}
