"""One loan on a moving plan, from approval to its end: what may be done to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from daihou.engine.ledger.plan import accruals
from daihou.engine.ledger.plan.accrual_moves import due_amounts
from daihou.engine.ledger.plan.charges import assess, percent, put_on_rows
from daihou.engine.ledger.plan.processing import (
    begin,
    process,
    recalculate,
    replay,
)
from daihou.engine.ledger.plan.state import (
    MEMO,
    MONEY_IN,
    Charge,
    Entry,
    State,
    Variation,
)
from daihou.engine.ledger.plan.terms import PlanTerms


class PlanAccount:
    """A loan and everything that happened to it; `today` is always an argument."""

    def __init__(self, terms: PlanTerms) -> None:
        """Open the account with nothing disbursed."""
        self.state = State(terms, terms.start_on)
        self.status = "submitted"
        self.closed_on: date | None = None
        self.charged_off_on: date | None = None
        self.by_submission = False  # charges are earned when added, not when due
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
            replay(state, today)
            for fee in fees:
                assess(state, fee)
        replay(state, today)

    def _at_disbursement(self, entry: Entry, *, first: bool) -> None:
        for charge in list(self.state.charges):
            if not charge.active or charge.disbursement is not None:
                continue
            if charge.when == "disbursement" and first:
                self._take_at_once(charge, entry)
            elif charge.when == "tranche_disbursement":
                one = replace(
                    charge, number=self.next_seq(), when="disbursement", due=entry.on
                )
                self.state.charges.append(one)
                self._take_at_once(one, entry)

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
        others = [e.on for e in self.state.live() if e.kind not in MEMO and e is not entry]
        if self.state.terms.progressive and entry.on >= max(others, default=entry.on):
            process(self.state, entry)
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

    def interest_to_refund(self, refund: Entry) -> int:
        """Return the interest that falls away had the refunded money not been lent."""
        before = _interest_without(self.state, refund, counted=False)
        after = _interest_without(self.state, refund, counted=True)
        return before - after

    # Charges

    def charge(self, charge: Charge, *, today: date) -> Charge:
        """Add a charge: onto its row, or with all that came before it anew."""
        state = self.state
        state.charges.append(charge)
        if self.status == "submitted" or not any(True for _ in state.live("disbursement")):
            return charge
        assess(state, charge)
        last = max((e.on for e in state.live() if e.kind not in MEMO), default=date.min)
        later = charge.effective_on > last
        if charge.when == "installment" or not state.terms.progressive or not later:
            replay(state, today)
        elif state.over > 0:
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
        entry.details["amount"] = amount
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

    def restart(self) -> None:
        """Take back every disbursement: the loan is only approved."""
        self.state.entries.clear()
        self.state.over = 0
        for charge in self.state.charges:
            charge.paid, charge.disbursement = 0, None
        begin(self.state)
        self.status = "approved"
        self.closed_on = None

    # The end of the day

    def day_end(self, day: date) -> None:
        """Close a day: interest on what is overdue, then what was earned by it."""
        self.last_day_end = day
        if self.status != "active":
            return
        recalculate(self.state, day)
        if not (self.state.charged_off or self.state.terminated):
            accruals.accrue(
                self.state, day, self._memo, by_submission=self.by_submission
            )

    def _memo(self, kind: str, on: date, parts: dict[str, int]) -> Entry:
        entry = self._entry(kind, on, sum(parts.values()))
        entry.parts.update(parts)
        return entry

    def _after(self, entry: Entry | None, today: date) -> None:
        """Set the status from what is owed; a loan that ends is booked to the end."""
        state = self.state
        if self.status in ("submitted", "approved", "rejected", "withdrawn"):
            return
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
        if self.status == "active":
            self.closed_on = None
        elif was == "active":
            money = [e.on for e in state.live() if e.kind not in MEMO]
            self.closed_on = max(money, default=today)
            accruals.true_up(state, self.closed_on, self._memo)


def _interest_without(state: State, refund: Entry, *, counted: bool) -> int:
    """Return interest due by the refund's day had refunded money not been lent."""
    twin = State(state.terms, state.start, variations=state.variations)
    back = 0
    for entry in state.live():
        if entry.kind in MEMO or entry.kind in ("charge_off", "interest_refund"):
            continue
        if (entry.on, entry.seq) > (refund.on, refund.seq):
            continue
        if entry.kind in state.terms.refunds_interest:
            if counted or entry is not refund:
                back += entry.amount
            continue
        copy = replace(entry, parts=dict(entry.parts), rows=[], details={})
        twin.entries.append(copy)
    for entry in twin.entries:
        if entry.kind == "disbursement" and back > 0:
            part = min(back, entry.amount)
            entry.amount -= part
            back -= part
    replay(twin, refund.on)
    plan = twin.plan
    if plan is None:
        return 0
    return sum(due_amounts(plan, each.due, refund.on)[1] for each in plan.periods)


__all__ = ["MONEY_IN", "PlanAccount"]
