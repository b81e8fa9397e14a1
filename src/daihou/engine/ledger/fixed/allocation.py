"""Where money goes: the order of allocation, money in advance, and taking it back."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.rounding import in_proportion
from daihou.engine.delinquency.dpd import days_past_due
from daihou.engine.ledger.fixed.account import ACCRUING, Account, arrears_of
from daihou.engine.ledger.fixed.accruals import (
    above_rate,
    accrue,
    forgive_in_grace,
    penalty_rates,
)
from daihou.engine.ledger.fixed.cap import Ceiling, cap_of
from daihou.engine.ledger.fixed.standing import CLOSED, given_status
from daihou.engine.ledger.values import Allocation, Loan, Waiver
from daihou.engine.rulebook.policy import (
    Advance,
    Component,
    Direction,
    OrderRule,
    Policy,
)

Order = tuple[Component, ...]


@dataclass(slots=True)
class _Credit:
    payment_id: int
    amount: int


class Replay:
    """One loan's demands and money, walking forward day by day of events."""

    def __init__(
        self,
        accounts: Iterable[Account],
        loan: Loan,
        policy: Policy,
        *,
        ours_since: date | None = None,
    ) -> None:
        """Start before the first day, with nothing paid.

        `ours_since` is the day a mirrored ledger became ours: what it cost before is
        not known, so that the cap on all cost does not hold; that on the rate does.
        """
        self.accounts = sorted(accounts, key=lambda account: account.key)
        self.loan = loan
        self.policy = policy
        self.allocations: list[Allocation] = []
        self.orders: dict[date, Order] = {}  # of the days on which money came
        cap = cap_of(loan, policy)
        whole = cap is not None and ours_since is None
        self.ceiling = Ceiling(cap, loan, policy) if cap and whole else None
        self._rates = penalty_rates(loan, policy, cap=cap)
        self._credits: deque[_Credit] = deque()
        self._overdrawn = 0  # given back beyond all that was ever paid in
        self._newest: list[tuple[Account, Component, int]] = []
        self._walked_to = date.min

    @property
    def credit(self) -> int:
        """Money held and not allocated; negative after too large a refund."""
        return sum(each.amount for each in self._credits) - self._overdrawn

    def run(self, day: date) -> None:
        """Go to `day`: held money is used on each due date passed, penalties run."""
        self._walk(day)
        self._accrue(day)

    def post(self, payment_id: int, amount: int, *, on: date) -> None:
        """Allocate money that came in on a day, or give money back (negative)."""
        self.run(on)
        if amount < 0:
            self._take_back(payment_id, -amount, on)
        else:
            self._pay(payment_id, amount, on)

    def over_cap(self, on: date) -> dict[Component, int]:
        """Return what is above the cost cap on the day reached, by component."""
        if self.ceiling:
            return self.ceiling.over(self.accounts, on=on)
        over = dict.fromkeys(Component, 0)
        for component, _ in ACCRUING:
            over[component] = above_rate(self.accounts, component, self.policy, on=on)
        return over

    def room(self, on: date) -> int | None:
        """Return how much more the cost cap lets one claim that day; None: no cap."""
        return self.ceiling.room(self.accounts, on=on) if self.ceiling else None

    def waive(self, waiver: Waiver) -> None:
        """Give up a component on a day, before any money of that day is used."""
        self._walk(waiver.on - DAY)
        self._accrue(waiver.on)
        component, amount = Component(waiver.component), waiver.amount
        for account in self._open(waiver.on):
            if waiver.demand_id in (None, account.demand.demand_id):
                part = min(amount, account.left[component])
                if part:
                    amount -= part
                    account.waive(component, part, on=waiver.on, moved=waiver.moved)
        forgive_in_grace(self.accounts, self.policy, on=waiver.on)

    def _walk(self, day: date) -> None:
        dues = {each.due for each in self.accounts}
        for due in sorted(due for due in dues if self._walked_to < due <= day):
            if self.credit > 0:
                self._accrue(due)
                held, self._credits = self._credits, deque()
                for each in held:
                    self._pay(each.payment_id, each.amount, due)
        self._walked_to = max(self._walked_to, day)

    def _accrue(self, day: date) -> None:
        accrue(self.accounts, self.policy, self._rates, to=day)
        if self.ceiling:
            self.ceiling.run(self.accounts, to=day)

    def _open(self, on: date) -> list[Account]:
        return [
            each
            for each in self.accounts
            if each.demand.opens_on <= on and any(each.left.values())
        ]

    def _pay(self, payment_id: int, amount: int, on: date) -> None:
        order = self._order(on)
        unpaid = self._open(on)
        due = [account for account in unpaid if account.due <= on]
        coming = [account for account in unpaid if account.due > on]
        for account, part in _ways(due, order, self.policy.direction):
            amount -= self._place(payment_id, account, part, amount, on)
        for account, share in _in_advance(coming, amount, self.policy.advance):
            amount -= share
            for part in order:
                share -= self._place(payment_id, account, part, share, on)
        forgive_in_grace(self.accounts, self.policy, on=on)
        fill = min(amount, self._overdrawn)
        self._overdrawn -= fill
        if amount > fill:
            self._credits.append(_Credit(payment_id, amount - fill))

    def _place(
        self, payment_id: int, account: Account, part: Component, most: int, on: date
    ) -> int:
        """Pay a component of a demand, `most` at most; return how much went there."""
        amount = min(most, account.left[part])
        if amount:
            account.pay(part, amount, on=on)
            self._newest.append((account, part, amount))
            self._write(payment_id, on, account, part, amount)
        return amount

    def _take_back(self, payment_id: int, amount: int, on: date) -> None:
        """Give back from held money first, then the newest allocations backwards."""
        while amount and self._credits:
            part = min(amount, self._credits[-1].amount)
            self._credits[-1].amount -= part
            amount -= part
            if self._credits[-1].amount == 0:
                self._credits.pop()
        while amount and self._newest:
            account, component, placed = self._newest.pop()
            part = min(amount, placed)
            amount -= part
            account.pay(component, -part, on=on)
            self._write(payment_id, on, account, component, -part)
            if placed > part:
                self._newest.append((account, component, placed - part))
        self._overdrawn += amount

    def _write(
        self, payment_id: int, on: date, account: Account, part: Component, amount: int
    ) -> None:
        self.allocations.append(
            Allocation(payment_id, on, account.demand.demand_id, part.value, amount)
        )

    def _order(self, on: date) -> Order:
        """Return the order of components of a day's money (default: CN-PAY-01)."""
        if on not in self.orders:
            rules = (each for each in self.policy.order_rules if self._holds(each, on))
            rule = next(rules, None)
            self.orders[on] = self.policy.order if rule is None else rule.order
        return self.orders[on]

    def _holds(self, rule: OrderRule, on: date) -> bool:
        if rule.begins_on is not None and on < rule.begins_on:
            return False
        if rule.status not in (None, given_status(self.loan, on) or "active"):
            return False
        return rule.dpd_over is None or self._dpd(on - DAY) > rule.dpd_over

    def _dpd(self, day: date) -> int:
        """Return days past due at the end of a day that is over."""
        if given_status(self.loan, day) in CLOSED:
            return 0
        method = self.policy.dpd
        arrears = arrears_of(self.accounts, method, until=day)
        return days_past_due(arrears, method, pauses=self.loan.pauses, on=day)


def _ways(
    due: Sequence[Account], order: Order, direction: Direction
) -> Iterator[tuple[Account, Component]]:
    """Yield where money on what is due goes, by instalment or by component."""
    if direction is Direction.HORIZONTAL:
        yield from ((account, part) for account in due for part in order)
    else:
        yield from ((account, part) for part in order for account in due)


def _in_advance(
    coming: Sequence[Account], amount: int, advance: Advance
) -> Iterator[tuple[Account, int]]:
    """Yield how much of `amount` goes to each demand not yet due."""
    if advance is Advance.EVEN:
        shares = in_proportion([account.unpaid for account in coming], amount)
        yield from zip(coming, shares, strict=True)
    elif advance is not Advance.HOLD:
        latest_first = advance is Advance.LAST
        for account in reversed(coming) if latest_first else coming:
            share = min(amount, account.unpaid)
            amount -= share
            yield account, share
