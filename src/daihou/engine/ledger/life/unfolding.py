"""The facts of a loan while its life is walked: demands, money, waivers, rates.

Mutable on purpose: one Unfolding lives while one life is unfolded. A restructuring
never rewrites the past: what is left of the old rows on its day is moved to new rows
that open on that day, so that every cent placed before stays where it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from daihou.engine.basics.dates import year_share
from daihou.engine.basics.line import Line
from daihou.engine.basics.money import nano
from daihou.engine.basics.rounding import divide
from daihou.engine.delinquency.dpd import paused_days
from daihou.engine.ledger.fixed.account import LATE_MAKING, Account
from daihou.engine.ledger.fixed.replay import Calendar, Replayed, replay
from daihou.engine.ledger.life.events import Event, kind_of
from daihou.engine.ledger.life.restructuring import Coming, Left, NewRow
from daihou.engine.ledger.moving.front import Running, run_on_balance
from daihou.engine.ledger.values import (
    Demand,
    Loan,
    LoanTerms,
    Payment,
    RateStep,
    Row,
    Waiver,
)
from daihou.engine.rulebook.policy import Component, Policy

IDS = 10_000  # demand and waiver ids of an event: its id x IDS and on


@dataclass(frozen=True, slots=True)
class Period:
    """The days one row bears interest for, and what of it was earned before."""

    begins: date
    carried: int = 0


class Unfolding:
    """One loan's facts so far, and what an event may do to them."""

    def __init__(
        self,
        loan: Loan,
        terms: LoanTerms,
        policy: Policy,
        *,
        calendar: Calendar | None,
        running: bool,
        periods: Mapping[int, Period] | None = None,
    ) -> None:
        """Start with the loan as it was agreed; `running`: its rows follow the money.

        `periods` are those of rows a restructuring made before, by demand id.
        """
        self.running = running
        self.loan = loan
        self.terms = terms
        self.policy = policy
        self.calendar = calendar
        self.rate: Decimal | None = None  # None: as the contract has it
        self.rates: list[tuple[date, Decimal]] = []
        self.free: list[tuple[date, date]] = []
        self.story: list[Line] = []
        self._periods = first_periods(loan) | dict(periods or {})
        self._penalty_rates = [(date.min, loan.penalty_rate_nano)]
        self._penalty_rates += [
            (each.begins_on, each.penalty_rate_nano) for each in loan.rate_steps
        ]
        self._penalty_stops: list[tuple[date, date]] = []
        self._ids: dict[int, int] = {}

    # --- Looking ------------------------------------------------------------------

    def facts(self, as_of: date) -> Loan:
        """Return the facts at the end of a day, all demands among them."""
        return self.run(as_of).loan if self.running else self.loan

    def accrued(self, as_of: date) -> int:
        """Return interest of the running period, earned and not yet due."""
        return self.run(as_of).accrued if self.running else self.left(as_of).earned

    def run(self, as_of: date) -> Running:
        """Return a running loan with its rows as the money so far has made them."""
        return run_on_balance(
            *(self.loan, self.terms, self.policy),
            as_of=as_of,
            calendar=self.calendar,
            rates=tuple(sorted(self.rates)),
            free=tuple(sorted(self.free)),
        )

    def book(self, on: date) -> Replayed:
        """Return the ledger at a day with what is known so far."""
        facts = self.facts(on)
        return replay(facts, self.policy, as_of=on, calendar=self.calendar)

    def left(self, on: date) -> Left:
        """Return what is left of the plan on a day, before its money."""
        accounts = self.book(on).accounts
        rows = [each for each in accounts if each.demand.seq > 0]
        coming = [each for each in rows if each.due > on and each.unpaid]
        coming.sort(key=lambda each: each.key)
        seqs = [each.demand.seq for each in coming]
        last = max((each.demand.seq for each in rows), default=0)
        return Left(
            on=on,
            arrears=_arrears(each for each in accounts if each.due <= on),
            coming=tuple(self._coming(each) for each in coming),
            earned=self._earned(coming[0], on) if coming else 0,
            next_seq=min(seqs, default=last + 1),
        )

    def _coming(self, account: Account) -> Coming:
        demand, left = account.demand, account.left
        row = Row(
            demand.seq,
            demand.due_on,
            left[Component.PRINCIPAL],
            left[Component.INTEREST],
            left[Component.FEE],
        )
        period = self._periods[demand.demand_id]
        gone = account.paid[Component.INTEREST] + account.waived[Component.INTEREST]
        carried = max(0, period.carried - gone)
        return Coming(demand.demand_id, row, period.begins, min(carried, row.interest))

    def _earned(self, account: Account, on: date) -> int:
        """Return interest of the running row up to a day that is not yet paid."""
        demand = account.demand
        period = self._periods[demand.demand_id]
        gone, whole = self._days(period.begins, on, demand.due_on)
        own = demand.interest - period.carried
        earned = divide(
            own * min(gone, whole), max(whole, 1), rounding=self.policy.rounding
        )
        paid = account.paid[Component.INTEREST] + account.waived[Component.INTEREST]
        left = account.left[Component.INTEREST]
        return max(0, min(left, period.carried + earned - paid))

    def _days(self, begins: date, on: date, due: date) -> tuple[int, int]:
        """Return the days of a period that bear interest: up to a day, and in all."""
        begins = min(begins, on)
        whole_free = paused_days(self.free, begin=begins, end=due)
        if whole_free:
            gone_free = paused_days(self.free, begin=begins, end=on)
            return (on - begins).days - gone_free, (due - begins).days - whole_free
        day_count = self.policy.day_count
        day_count = "ACT/365F" if day_count == "period" else day_count
        return (
            year_share(begins, on, day_count)[0],
            year_share(begins, due, day_count)[0],
        )

    def period_of(self, demand_id: int) -> Period:
        """Return the days a row bears interest for."""
        return self._periods[demand_id]

    # --- Writing ------------------------------------------------------------------

    def next_id(self, event: Event) -> int:
        """Return the next free id of a demand or waiver that an event makes."""
        used = self._ids.get(event.event_id, 0) + 1
        assert used < IDS, event
        self._ids[event.event_id] = used
        return event.event_id * IDS + used

    def _demand_id(self, event: Event) -> int:
        """Return the id of a new demand; a running loan numbers charges from 1."""
        return len(self.loan.demands) + 1 if self.running else self.next_id(event)

    def pay(self, event: Event, amount: int) -> None:
        """Let money come in, or go back where it is negative."""
        payment = Payment(event.event_id, event.happened_on, amount)
        self.loan = replace(self.loan, payments=(*self.loan.payments, payment))

    def owe(self, event: Event, row: Row, *, period: Period | None = None) -> None:
        """Let a row or a charge (seq 0) be owed from the day of an event on."""
        demand = Demand(
            demand_id=self._demand_id(event),
            seq=row.seq,
            due_on=row.due_on,
            principal=row.principal,
            interest=row.interest,
            fee=row.fee,
            begins_on=event.happened_on,
            opens_on=event.happened_on,
        )
        self._periods[demand.demand_id] = period or Period(event.happened_on)
        self.loan = replace(self.loan, demands=(*self.loan.demands, demand))

    def forgive(
        self,
        event: Event,
        account: Account,
        component: Component,
        amount: int,
        *,
        moved: bool = False,
    ) -> None:
        """Take an amount of a demand off: given up, or moved to other rows."""
        waiver = Waiver(
            waiver_id=self.next_id(event),
            on=event.happened_on,
            component=component.value,
            amount=amount,
            # Rows of a running loan are made anew with all money: oldest first then.
            demand_id=None if self.running else account.demand.demand_id,
            moved=moved,
        )
        self.loan = replace(self.loan, waivers=(*self.loan.waivers, waiver))

    def give_up(
        self,
        event: Event,
        accounts: Iterable[Account],
        component: Component,
        most: int | None = None,
    ) -> int:
        """Give up a component over accounts, at most `most`; return how much."""
        given = 0
        for account in accounts:
            part = account.left[component]
            part = part if most is None else min(part, most - given)
            if part:
                self.forgive(event, account, component, part)
                given += part
        return given

    def replace_rows(
        self,
        event: Event,
        rows: Sequence[NewRow],
        *,
        only: frozenset[int] | None = None,
        arrears: bool = False,
    ) -> None:
        """Move what is left of the rows to come (or `only` those) to new rows.

        `arrears` True moves what is due and unpaid of principal, interest and fee
        as well, charges with it; penalty and compound stay where they arose.
        """
        on = event.happened_on
        old = [
            each
            for each in self.book(on).accounts
            if each.unpaid and (arrears if each.due <= on else _wanted(each, only))
        ]
        for account in old:
            for component in LATE_MAKING:
                if amount := account.left[component]:
                    self.forgive(event, account, component, amount, moved=True)
        kept = [
            new for new in rows if new.row.principal or new.row.interest or new.row.fee
        ]
        for new in kept:
            self.owe(event, new.row, period=Period(new.begins, new.carried))
        self._tell(event, old, kept)

    def _tell(self, event: Event, old: list[Account], new: list[NewRow]) -> None:
        params: dict[str, object] = {"on": event.happened_on, "kind": kind_of(event)}
        params |= {"old": len(old), "new": len(new)}
        if new:
            params["last"] = max(each.row.due_on for each in new)
        code = "life_rows" if new else "life_no_rows"
        self.story.append(Line(code, params, len(new)))

    def change_rate(
        self, rate: Decimal, *, on: date, penalty_rate: Decimal | None = None
    ) -> None:
        """Let another yearly rate hold from a day on, and its penalty rate."""
        self.rate = rate
        self.rates.append((on, rate))
        penalty = penalty_rate
        if penalty is None:
            penalty = rate * self.policy.penalty.multiplier
        self._penalty_rates.append((on, nano(penalty)))
        self._set_steps()

    def stop_penalty(self, begins: date, ends: date) -> None:
        """Let penalty and compound stand still on the days after `begins` to `ends`."""
        self._penalty_stops.append((begins, ends))
        self._set_steps()

    def _set_steps(self) -> None:
        """Write the penalty rate of each day as steps, pauses included."""
        days = {day for day, _ in self._penalty_rates}
        days |= {day for stop in self._penalty_stops for day in stop}
        steps = []
        for day in sorted(days - {date.min}):
            stopped = any(first <= day < past for first, past in self._penalty_stops)
            held = [rate for begins, rate in self._in_order() if begins <= day]
            steps.append(RateStep(day, 0 if stopped else held[-1]))
        self.loan = replace(self.loan, rate_steps=tuple(steps))

    def _in_order(self) -> list[tuple[date, int]]:
        return sorted(self._penalty_rates, key=lambda each: each[0])


def first_periods(loan: Loan) -> dict[int, Period]:
    """Return the period of each contract row: from the due date before it."""
    versions: dict[date, list[Demand]] = {}
    for demand in loan.demands:
        versions.setdefault(demand.begins_on, []).append(demand)
    found = {}
    for rows in versions.values():
        begins = loan.disbursed_on
        for demand in sorted(rows, key=lambda each: (each.due_on, each.seq)):
            found[demand.demand_id] = Period(min(begins, demand.due_on))
            begins = demand.due_on
    return found


def _wanted(account: Account, only: frozenset[int] | None) -> bool:
    """Tell whether a row to come is made anew; a charge to come never is."""
    if account.demand.seq == 0:
        return False
    return only is None or account.demand.demand_id in only


def _arrears(due: Iterable[Account]) -> Row:
    """Sum what is due and unpaid of principal, interest and fee."""
    sums: Mapping[Component, int] = dict.fromkeys(LATE_MAKING, 0)
    for account in due:
        sums = {part: sums[part] + account.left[part] for part in LATE_MAKING}
    return Row(
        seq=0,
        due_on=date.min,
        principal=sums[Component.PRINCIPAL],
        interest=sums[Component.INTEREST],
        fee=sums[Component.FEE],
    )
