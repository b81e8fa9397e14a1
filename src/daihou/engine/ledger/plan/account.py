"""One loan on a moving plan, from approval to its end: what may be done to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

from daihou.engine.basics.dates import DAY
from daihou.engine.ledger.plan import accruals
from daihou.engine.ledger.plan.charges import assess, basis, percent, put_on_rows
from daihou.engine.ledger.plan.processing import (
    begin,
    process,
    recalculate,
    replay,
    run_on,
)
from daihou.engine.ledger.plan.state import (
    MEMO,
    MONEY_IN,
    Charge,
    Entry,
    Row,
    State,
    Variation,
    nothing,
)
from daihou.engine.ledger.plan.terms import PlanTerms

_NO_BALANCE = MEMO - {"waive_charge"} | {
    *("charge_off", "contract_termination", "reage", "reamortize"),
}


def effect(entry: Entry) -> int:
    """Return what an entry does to the principal still owed."""
    if entry.kind in _NO_BALANCE or entry.kind == "waive_charge":
        return 0
    if entry.kind == "disbursement":
        return entry.amount - entry.over
    if entry.kind == "chargeback" and "from_over" in entry.details:
        return entry.parts["principal"] - min(entry.over, entry.parts["principal"])
    if entry.kind in ("chargeback", "credit_balance_refund", "refund"):
        return entry.parts["principal"]
    return -entry.parts["principal"]


class PlanAccount:
    """A loan and everything that happened to it; `today` is always an argument."""

    def __init__(self, terms: PlanTerms) -> None:
        """Open the account with nothing disbursed."""
        self.state = State(terms, terms.start_on)
        self.status = "submitted"
        self.closed_on: date | None = None
        self.charged_off_on: date | None = None
        self.by_submission = False  # charges are earned when added, not when due
        self.posts_activity = False  # what each instalment earned, on its due date
        self.last_day_end: date | None = None
        self._seq = 0

    # Reading

    @property
    def outstanding(self) -> int:
        """Everything unpaid."""
        return sum(row.outstanding for row in self.state.rows)

    def outstanding_of(self, component: str) -> int:
        """Return what is unpaid of one component."""
        return sum(row.left(component) for row in self.state.rows)

    def next_seq(self) -> int:
        """Return the place of what comes next in the order of recording."""
        self._seq += 1
        return self._seq

    # Before and at disbursement

    def expect(self, on: date, amount: int) -> None:
        """Lay out the plan for money that is expected, not yet paid out."""
        state = self.state
        if not state.terms.dates_from_start:
            state.start = on
        entry = self._entry("disbursement", on, amount)
        self._renew_fees(on)
        state.entries.remove(entry)
        state.over = 0
        for row in state.rows:
            row.met_on = None

    def disburse(self, on: date, amount: int, *, today: date) -> Entry:
        """Pay money out and plan anew; money of before is allocated anew."""
        state = self.state
        days = [each.on for each in state.live("disbursement")]
        if not state.terms.dates_from_start:
            state.start = min([*days, on])
        entry = self._entry("disbursement", on, amount)
        self._at_disbursement(entry, first=not days)
        self._renew_fees(today)
        self.status = "active"
        self._after(entry, today)
        return entry

    def _renew_fees(self, today: date) -> None:
        state = self.state
        fees = [each for each in state.charges if each.when == "installment"]
        if fees:
            for fee in fees:
                fee.parts = {}
            kept = [(each, dict(each.parts), each.replayed) for each in state.entries]
            replay(state, today)
            for each, parts, replayed in kept:
                each.parts, each.replayed = parts, replayed
            for fee in fees:
                assess(state, fee)
        replay(state, today)

    def _at_disbursement(self, entry: Entry, *, first: bool) -> None:
        for charge in list(self.state.charges):
            if charge.disbursement is not None:
                continue
            if charge.when == "disbursement" and first:
                self._take_at_once(charge, entry)
            elif charge.when == "tranche_disbursement":
                one = replace(charge, number=self.next_seq(), due=entry.on, active=True)
                self.state.charges.append(one)
                self._take_at_once(one, entry)
                charge.active = False

    def _take_at_once(self, charge: Charge, entry: Entry) -> None:
        charge.disbursement = entry.number
        if charge.calculation == "flat":
            charge.amount = int(charge.rate * 100)
        else:
            charge.amount = percent(entry.amount, charge.rate)
        charge.paid = charge.amount
        paid = self._entry("charge_payment", entry.on, charge.amount)
        paid.charge = charge

    # Money

    def post(
        self,
        kind: str,
        on: date,
        amount: int,
        *,
        today: date,
        of: Entry | None = None,
        charge: Charge | None = None,
    ) -> Entry:
        """Record one entry; back-dated ones make everything after them anew."""
        entry = self._entry(kind, on, amount)
        entry.of, entry.charge = of, charge
        self._put(entry, today)
        self._after(entry, today)
        return entry

    def _put(self, entry: Entry, today: date) -> None:
        others = [
            e.on for e in self.state.live() if e.kind not in MEMO and e is not entry
        ]
        plan = self.state.plan
        ran_on = plan is not None and plan.overdue_on is not None
        stale = ran_on and plan is not None and entry.on < (plan.overdue_on or entry.on)
        latest = entry.on >= max(others, default=entry.on) and not stale
        if self.state.terms.progressive and latest:
            process(self.state, entry)
            entry.placed = True
            self.state.done.append(entry)
            recalculate(self.state, max(today, entry.on))
        else:
            replay(self.state, today)
            entry.replayed = False

    def _entry(self, kind: str, on: date, amount: int) -> Entry:
        entry = Entry(len(self.state.entries) + 1, self.next_seq(), kind, on, amount)
        self.state.entries.append(entry)
        return entry

    def reverse(self, entry: Entry, *, today: date) -> None:
        """Take an entry back: as if it had never been."""
        entry.reversed_on = today
        for other in self.state.entries:
            if other.kind == "interest_refund" and other.of is entry:
                other.reversed_on = today
        replay(self.state, today)
        self._after(entry, today)

    # Charges

    def charge(self, charge: Charge, *, today: date) -> Charge:
        """Add a charge: onto its row, or with all that came before it anew."""
        state = self.state
        state.charges.append(charge)
        if self.status == "submitted" or not any(
            True for _ in state.live("disbursement")
        ):
            return charge
        assess(state, charge)
        last = max((e.on for e in state.live() if e.kind not in MEMO), default=date.min)
        later = charge.effective_on > last
        simply = state.terms.progressive and later and state.over <= 0
        if charge.when == "installment" or not simply:
            replay(state, today)
        else:
            put_on_rows(state, charge)
        self._after(None, today)
        return charge

    def waive(self, charge: Charge, on: date, *, today: date) -> Entry:
        """Give up what is unpaid of a charge."""
        amount = charge.left
        charge.waived += amount
        entry = self._entry("waive_charge", on, amount)
        entry.charge = charge
        sure = accruals.booked_for(state=self.state, charge=charge)
        entry.parts[charge.component] = min(amount, sure)
        replay(self.state, today)
        self._after(entry, today)
        return entry

    def undo_waive(self, charge: Charge, *, today: date) -> None:
        """Ask again for a charge that was given up."""
        for entry in self.state.live("waive_charge"):
            if entry.charge is charge:
                entry.reversed_on = today
        charge.waived = 0
        replay(self.state, today)
        self._after(None, today)

    # The contract

    def vary(
        self, kind: str, on: date, value: Decimal | date | int, *, today: date
    ) -> None:
        """Change the contract: new_rate, pause, new_due, extra."""
        self.state.variations.append(Variation(kind, on, self.next_seq(), value))
        replay(self.state, today)
        self._after(None, today)

    def undo(self, kind: str, *, today: date) -> None:
        """Take back the last entry of a kind."""
        entries = list(self.state.live(kind))
        if entries:
            self.reverse(entries[-1], today=today)

    def close(self, kind: str, on: date, *, today: date) -> Entry:
        """Charge the loan off or end its contract, with all income booked to the day."""
        for entry in self.state.live("accrual", "accrual_adjustment"):
            if entry.on > on:  # booked for days that no longer count
                entry.reversed_on = today
                entry.details["lifted"] = True
        return self.post(kind, on, 0, today=today)

    def reshape(
        self, kind: str, on: date, details: dict[str, object], *, today: date
    ) -> Entry:
        """Re-age or re-amortise: a new plan for what is owed."""
        entry = self._entry(kind, on, 0)
        entry.details.update(details)
        self._put(entry, today)
        self._after(entry, today)
        return entry

    def charge_overdue(self, charge: Charge, row: Row, *, today: date) -> None:
        """Add a charge for one overdue row, worked out on that row."""
        if charge.calculation == "flat":
            charge.amount = int(charge.rate * 100)
        else:
            charge.amount = percent(basis(self.state, charge, row), charge.rate)
        self.state.charges.append(charge)
        replay(self.state, today)
        self._after(None, today)

    def undo_last_disbursement(self, *, today: date) -> None:
        """Take back the last disbursement, as if it had never been."""
        entries = list(self.state.live("disbursement"))
        last = max(entries, key=lambda each: (each.on, each.seq))
        self.state.entries.remove(last)
        self.state.entries[:] = [
            each
            for each in self.state.entries
            if not (each.kind == "down_payment" and each.seq > last.seq)
        ]
        self._renew_fees(today)
        self._after(None, today)

    def book_charge(self, charge: Charge, on: date) -> None:
        """Book a charge as earned at once."""
        self._memo("accrual", on, nothing() | {charge.component: charge.amount})

    def book_income(self, on: date) -> None:
        """Book what was earned up to a day."""
        if self.status == "active":
            accruals.accrue(
                self.state, on, self._memo, by_submission=self.by_submission
            )

    def recalculate(self, on: date) -> None:
        """Let interest run on what is overdue up to a day."""
        recalculate(self.state, on)

    def restart(self) -> None:
        """Take back every disbursement: the loan is only approved."""
        self.state.entries.clear()
        self.state.over = 0
        for charge in self.state.charges:
            charge.paid, charge.disbursement = 0, None
        begin(self.state, self.state.start)
        self.status = "approved"
        self.closed_on = None

    # The end of the day

    def day_end(self, day: date) -> None:
        """Close a day: what was earned by it, then interest on what is overdue.

        Rows past due count as they stand; the running period counts with what is
        overdue already in its balance.
        """
        if self.status != "active":
            return
        self.last_day_end = day
        state = self.state
        if not (state.charged_off or state.terminated):
            ahead = run_on(state, day + DAY)
            kept, state.plan = state.plan, ahead
            accruals.accrue(state, day, self._memo, by_submission=self.by_submission)
            state.plan = kept
        if state.terms.progressive:
            recalculate(state, day + DAY)
        elif state.terms.recalculates and not state.charged_off:
            replay(state, day + DAY)
        if self.posts_activity:
            accruals.post_activity(self.state, day, day, self._memo)

    def _book_closing(self) -> None:
        """Book interest to the day of a charge-off or termination, not beyond it."""
        for entry in list(self.state.live("charge_off", "contract_termination")):
            if not entry.amount and "earned" in entry.details:
                entry.details["lifted"] = True
                entry.reversed_on = entry.on
                continue
            earned = cast(int, entry.details.get("earned", 0))
            accruals.correct_interest(self.state, entry.on, earned, self._memo)

    def _balances(self) -> None:
        """Note the principal owed after each entry; reversed ones keep theirs."""
        balance = 0
        for entry in sorted(self.state.entries, key=lambda each: (each.on, each.seq)):
            if entry.live:
                balance += effect(entry)
                entry.balance = 0 if entry.kind in _NO_BALANCE else max(0, balance)

    def _memo(self, kind: str, on: date, parts: dict[str, int]) -> Entry:
        entry = self._entry(kind, on, sum(parts.values()))
        entry.parts.update(parts)
        return entry

    def _after(self, entry: Entry | None, today: date) -> None:
        """Set the status from what is owed; a loan that ends is booked to the end."""
        state = self.state
        if self.status in ("submitted", "approved", "rejected", "withdrawn"):
            return
        self._balances()
        was = self.status
        if any(True for _ in state.live("write_off")):
            self.status = "closed_written_off"
        elif state.over > 0:
            self.status = "overpaid"
        elif self.outstanding <= 0:
            self.status = "closed_obligations_met"
        else:
            self.status = "active"
        offs = [each.on for each in state.live("charge_off")]
        self.charged_off_on = offs[-1] if offs else None
        self._book_closing()
        accruals.renew_activity(state, ended=self.status != "active")
        if self.status == "active":
            self.closed_on = None
        elif was == "active":
            money = [e.on for e in state.live() if e.kind not in MEMO]
            self.closed_on = max(money, default=today)
            accruals.true_up(state, today, self._memo)
            if self.posts_activity:
                accruals.post_activity(state, None, self.closed_on, self._memo)


__all__ = ["MONEY_IN", "PlanAccount"]
