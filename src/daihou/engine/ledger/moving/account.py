"""One loan on a moving plan, from approval to its end: what may be done to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from daihou.engine.basics.dates import DAY
from daihou.engine.ledger.moving import accruals
from daihou.engine.ledger.moving.answers import interest_to_refund
from daihou.engine.ledger.moving.balances import note_balances
from daihou.engine.ledger.moving.charges import assess, basis, percent
from daihou.engine.ledger.moving.processing import (
    begin,
    process,
    recalculate,
    replay,
    run_on,
)
from daihou.engine.ledger.moving.state import (
    MEMO,
    MONEY_IN,
    Charge,
    Entry,
    Row,
    State,
    Variation,
    nothing,
)
from daihou.engine.ledger.moving.terms import PlanTerms


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

    def expect(self, expected: Sequence[tuple[date, int]]) -> None:
        """Lay out the plan for money that is expected, none of it paid out yet."""
        state = self.state
        first = min(on for on, _ in expected)
        if not state.terms.dates_from_start:
            state.start = first
        state.expected = True
        entries = [self._entry("disbursement", on, each) for on, each in expected]
        self._renew_fees(first)
        for entry in entries:
            state.entries.remove(entry)
        state.expected = False
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
            elif charge.when == "tranche_disbursement" and charge.of is None:
                self._take_at_once(self._of_tranche(charge, entry.on), entry)
                charge.active = False

    def _of_tranche(self, charge: Charge, on: date) -> Charge:
        """Return the charge of one tranche: as it waited for its day, or a new one."""
        for each in self.state.charges:
            if each.of is charge and each.due == on and each.disbursement is None:
                return each
        one = replace(charge, number=self.next_seq(), due=on, active=True, of=charge)
        self.state.charges.append(one)
        return one

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
        before = [
            e.on for e in self.state.live() if e.kind not in MEMO and e is not entry
        ]
        plan = self.state.plan
        if plan is not None and plan.overdue_on:
            before.append(plan.overdue_on)
        latest = entry.on >= max(before, default=entry.on)
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

    def refund_interest(self, entry: Entry, *, today: date) -> None:
        """Give back the interest that the money of an entry had cost."""
        amount = interest_to_refund(self.state, entry)
        if amount > 0:
            refund = self.post(
                "interest_refund", entry.on, amount, today=today, of=entry
            )
            refund.details["derived"] = True

    def _renew_refunds(self, today: date) -> None:
        """Work interest refunds out again: what happened before them has changed."""
        for refund in list(self.state.live("interest_refund")):
            if refund.of is None or not refund.details.get("derived"):
                continue
            amount = max(0, interest_to_refund(self.state, refund.of))
            if amount != refund.amount:
                refund.amount = amount
                replay(self.state, today)
                refund.replayed = True

    # Charges

    def charge(self, charge: Charge, *, today: date) -> Charge:
        """Add a charge; all that came before it is derived anew."""
        state = self.state
        state.charges.append(charge)
        if self.status == "submitted" or not any(
            True for _ in state.live("disbursement")
        ):
            return charge
        assess(state, charge)
        replay(state, today)
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
        place = self.state.entries.index(last)
        after = self.state.entries[place + 1 :]
        kept = [each for each in after if each.kind != "down_payment"]
        self.state.entries[place:] = kept
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
            ahead = run_on(state, day + DAY, closing=state.closing)
            kept, state.plan = state.plan, ahead
            accruals.accrue(state, day, self._memo, by_submission=self.by_submission)
            state.plan = kept
        if state.terms.progressive:
            recalculate(state, day + DAY)
        elif state.terms.recalculates and not state.charged_off:
            replay(state, day + DAY)
        if self.posts_activity:
            accruals.post_activity(self.state, day, self._memo)

    def _memo(self, kind: str, on: date, parts: dict[str, int]) -> Entry:
        entry = self._entry(kind, on, sum(parts.values()))
        entry.parts.update(parts)
        return entry

    def _after(self, entry: Entry | None, today: date) -> None:
        """Set the status from what is owed; a loan that ends is booked to the end."""
        state = self.state
        if self.status in ("submitted", "approved", "rejected", "withdrawn"):
            return
        self._renew_refunds(today)
        note_balances(state)
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
        accruals.book_to_the_end(state, self._memo)
        ended = self.status != "active"
        reopened = self.posts_activity and not ended and was != "active"
        accruals.renew_activity(
            *(state,), ended=ended, reopened=reopened, today=today, post=self._memo
        )
        if not ended:
            self.closed_on = None
            return
        closed_on = self.closed_on
        if was == "active" or closed_on is None:
            money = [e.on for e in state.live() if e.kind not in MEMO]
            closed_on = max(money, default=today)
            if entry is not None and entry.live and entry.kind in MONEY_IN:
                closed_on = entry.on
        self.closed_on = closed_on
        if self.status != "closed_written_off":
            last = max(row.due for row in state.rows)  # nothing is earned after it
            on = min(today, last) if state.terms.progressive else today
            accruals.true_up(state, on, self._memo)
        if self.posts_activity:
            accruals.end_activity(state, closed_on, self._memo)


__all__ = ["MONEY_IN", "PlanAccount"]
