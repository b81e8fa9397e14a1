"""A town with its classes and its months, and the plain texts its months are held to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from daihou.columnar.book import Facts
from daihou.columnar.wide import engine_loans
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import DemandState, LoanState
from daihou.engine.metrics.cures import End, Month, Spell, spells
from daihou.engine.metrics.first_payment import Instalment
from daihou.engine.metrics.losses import Default
from daihou.engine.metrics.recovery import Flow
from daihou.engine.metrics.vintage import Aged, Timing, Vintage, curves
from daihou.kit import portfolio as port
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.nightly.rules import shipped
from daihou.nightly.stores import classes as graded
from daihou.nightly.stores import runs
from daihou.nightly.stores.classes import GradedBook
from daihou.nightly.stores.facts import read_snapshot
from daihou.nightly.stores.parquet import PositionFiles
from daihou.rooms.ledger.models import Loan, Payment
from daihou.tables.months import CLASSES, month_name, month_number
from tests.nightly import world

_ENDS = {
    "settled": End.SETTLED,
    "written_off": End.WRITTEN_OFF,
    "transferred": End.TRANSFERRED,
}
Rows = list[dict[str, Any]]


@dataclass
class Lived:
    """A town whose days are closed, graded and counted by month."""

    home: Path
    book: PortfolioBook
    eves: dict[int, int] = field(default_factory=dict)

    @cached_property
    def months(self) -> list[port.Month]:
        return list(self.book.months())

    @property
    def complete(self) -> list[port.Month]:
        return [month for month in self.months if month.complete]

    @cached_property
    def register(self) -> Mapping[int, dict[str, Any]]:
        names = (
            *("id", "product", "branch", "officer", "disbursed_on", "principal"),
            "closed_on",
        )
        return {row["id"]: row for row in Loan.objects.values(*names)}

    @cached_property
    def begins_on(self) -> date:
        """The first closed day."""
        with psycopg.connect(world.url()) as connection:
            return min(runs.current(connection))

    def owed(self, month: str) -> int:
        """The balance of the book: a loan written off still owes, but is not in it."""
        return sum(
            row["outstanding_principal"]
            for row in self.days[month]
            if row["status"] == "active"
        )

    def left(self, loan: int) -> int:
        """What a loan owed on the eve of the day it went off the book.

        Before the first day was closed nobody knows that; what it owes first then.
        """
        if loan not in self.eves:
            eve = self.register[loan]["closed_on"] - timedelta(days=1)
            if eve < self.begins_on:
                first = self.days[self.months[0].name]
                rows = {row["loan_id"]: row for row in first}
                return int(rows[loan]["outstanding_principal"])
            with psycopg.connect(world.url()) as connection:
                fingerprint = runs.current(connection)[eve]
            day = PositionFiles(self.home).read(eve, fingerprint)
            ids = day["loan_id"].to_pylist()
            owed = day["outstanding_principal"].to_pylist()
            self.eves[loan] = owed[ids.index(loan)]
        return self.eves[loan]

    @cached_property
    def days(self) -> Mapping[str, Rows]:
        """The loans of each month's last closed day, with their class and cohort."""
        with psycopg.connect(world.url()) as connection:
            closed = dict(runs.current(connection))
            classes = {
                day: run.fingerprint for day, run in graded.standing(connection).items()
            }
        reader = GradedBook(self.home, lambda: closed, lambda: classes)
        found = {}
        for month in self.months:
            rows = reader.read(month.as_of).to_pylist()
            for row in rows:
                on = self.register[row["loan_id"]]["disbursed_on"]
                row["cohort"] = month_number(f"{on:%Y-%m}")
            found[month.name] = rows
        return found

    def vintage(self, days: int, timing: Timing) -> Vintage:
        """The curves of the plain text, over the complete months.

        A loan off the book stands as it did, with what was left of it.
        """
        rows = []
        for month in self.complete:
            for row in self.days[month.name]:
                gone = row["status"] in ("written_off", "transferred")
                worst, loan = row["worst_dpd"] >= days, row["loan_id"]
                bad = worst if timing == "ever" or gone else row["dpd"] >= days
                owed = self.left(loan) if gone else row["outstanding_principal"]
                rows.append(
                    Aged(
                        account=str(loan),
                        period=month_number(month.name),
                        bad=bad,
                        cohort=row["cohort"],
                        balance=owed,
                        disbursed=self.register[loan]["principal"],
                    )
                )
        return curves(rows, timing=timing)

    def spells(self) -> tuple[Spell, ...]:
        """Spells of delinquency of the plain text, over the complete months."""
        rows = [
            Month(
                account=str(row["loan_id"]),
                period=month_number(month.name),
                dpd=row["dpd"],
                closed=_ENDS.get(row["status"]),
            )
            for month in self.complete
            for row in self.days[month.name]
        ]
        ever = {row.account for row in rows if row.dpd}
        return spells([row for row in rows if row.account in ever])

    def defaults(self, within: int, *, late: int) -> list[Default]:
        """The first default of each loan with the money after it, of those old enough."""
        found, old = [], set()
        last = month_number(self.complete[-1].name)
        for n, month in enumerate(self.complete):
            at = month_number(month.name)
            after = at + within + 1
            until = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
            for row in self.days[month.name]:
                loan, open_ = row["loan_id"], row["status"] == "active"
                bad = row["dpd"] > late or row["asset_class"] in CLASSES[2:]
                if loan in old or not (
                    (open_ and bad) or row["status"] == "written_off"
                ):
                    continue
                old.add(loan)
                if n and at + within <= last and row["outstanding_total"]:
                    found.append(
                        Default(
                            period=at,
                            exposure=row["outstanding_total"],
                            annual_rate=Loan.objects.get(pk=loan).annual_rate,
                            days=(until - month.as_of).days,
                            flows=self._money(loan, month.as_of),
                        )
                    )
        return found

    @staticmethod
    def _money(loan: int, since: date) -> tuple[Flow, ...]:
        told = Payment.objects.filter(loan_id=loan, paid_on__gt=since)
        return tuple(
            Flow((each.paid_on - since).days, each.amount)
            for each in told.select_related("reversal_of")
            if each.reversal_of is None or each.reversal_of.paid_on > since
        )

    def first_instalments(
        self, as_of: date, days: int
    ) -> Mapping[str, list[Instalment]]:
        """The first instalment of every loan by cohort, as the ledger settled it then.

        What was known on the eve of the day on which it is judged counts: a payment
        taken back later had come.
        """
        rules = shipped()
        with psycopg.connect(world.url()) as connection:
            connection.execute("set transaction isolation level repeatable read")
            told = read_snapshot(connection, world.url(), rules=rules, as_of=as_of)
        settler = told.settler(rules, as_of=as_of)
        facts = Facts(
            *(settler.loans, settler.demands, settler.payments),
            *(settler.waivers, settler.rate_steps),
        )
        policies = settler.policies_on(as_of)
        found: dict[str, list[Instalment]] = defaultdict(list)
        for product, loan in engine_loans(facts, pauses={}):
            if loan.disbursed_on > as_of:
                continue
            first = _first(settle(loan, policies[product], as_of=as_of))
            eve = first.demand.due_on + timedelta(days=days - 1)
            if eve < as_of:
                first = _first(settle(loan, policies[product], as_of=eve))
            name = f"{loan.disbursed_on:%Y-%m}"
            found[name].append(
                Instalment(str(loan.loan_id), 1, first.demand.due_on, first.settled_on)
            )
        return found


def _first(state: LoanState) -> DemandState:
    return next(each for each in state.demands if each.demand.seq == 1)


def pairs(months: list[port.Month]) -> Iterator[tuple[port.Month, port.Month]]:
    """Each month with the one after it, which follow one another."""
    for before, now in pairwise(months):
        assert month_name(month_number(before.name) + 1) == now.name
        yield before, now
