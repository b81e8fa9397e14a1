"""Where money goes: accruals, the order of allocation, and taking it back.

The state here is mutable on purpose: one Replay lives while one loan is settled
and walks forward in time; what leaves the room is frozen.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from daihou.engine.basics.money import NANO
from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.values import Allocation, Demand
from daihou.engine.rulebook.policy import Advance, Component, Direction, Policy

# What makes a demand late; penalty and compound never do.
LATE_MAKING = (Component.FEE, Component.INTEREST, Component.PRINCIPAL)


class Account:
    """One demand while its loan is replayed: what is left, paid and accrued.

    `steps` says what counts for lateness (fee, interest, principal) from the end
    of each day on. The accumulators are exact: unpaid minor units x days.
    """

    __slots__ = (
        *("acc_interest", "acc_principal", "demand", "due", "left"),
        *("paid", "run_to", "settled_on", "steps"),
    )

    def __init__(self, demand: Demand, due: date) -> None:
        """Open the account with everything due and nothing paid."""
        self.demand = demand
        self.due = due
        self.left = dict.fromkeys(Component, 0)
        self.left[Component.FEE] = demand.fee
        self.left[Component.INTEREST] = demand.interest
        self.left[Component.PRINCIPAL] = demand.principal
        self.paid = dict.fromkeys(Component, 0)
        self.acc_principal = 0
        self.acc_interest = 0
        self.run_to = date.min
        self.settled_on: date | None = None
        self.steps: list[tuple[date, int]] = [(date.min, self.unpaid)]

    @property
    def owed(self) -> int:
        """What was due: principal, interest and fee."""
        return self.demand.principal + self.demand.interest + self.demand.fee

    @property
    def unpaid(self) -> int:
        """What is left of principal, interest and fee."""
        return sum(self.left[component] for component in LATE_MAKING)

    @property
    def key(self) -> tuple[date, int, int]:
        """The place of the demand in the order of allocation."""
        return (self.demand.due_on, self.demand.seq, self.demand.demand_id)

    def move(self, component: Component, amount: int, *, on: date) -> None:
        """Pay `amount` of a component on a day (negative: take it back)."""
        self.left[component] -= amount
        self.paid[component] += amount
        assert self.left[component] >= 0 <= self.paid[component]
        if self.steps[-1][0] == on:
            self.steps.pop()
        self.steps.append((on, self.unpaid))
        self.settled_on = None if any(self.left.values()) else on


@dataclass(slots=True)
class _Credit:
    payment_id: int
    amount: int


class Replay:
    """One loan's demands and money, walking forward day by day of events."""

    def __init__(
        self, accounts: Iterable[Account], policy: Policy, *, penalty_rate_nano: int
    ) -> None:
        """Start before the first day, with nothing paid."""
        self.accounts = sorted(accounts, key=lambda account: account.key)
        self.policy = policy
        self.allocations: list[Allocation] = []
        self._rate = penalty_rate_nano
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
        dues = {each.due for each in self.accounts}
        for due in sorted(due for due in dues if self._walked_to < due <= day):
            if self.credit > 0:  # so all that was due is paid and accrues nothing
                self._use_credit(due)
        self._walked_to = day
        self._accrue(day)

    def post(self, payment_id: int, amount: int, *, on: date) -> None:
        """Allocate money that came in on a day, or give money back (negative)."""
        self.run(on)
        if amount < 0:
            self._take_back(payment_id, -amount, on)
        else:
            self._pay(payment_id, amount, on)

    def _pay(self, payment_id: int, amount: int, on: date) -> None:
        for account, component in self._ways(on):
            if amount == 0:
                break
            part = min(amount, account.left[component])
            if part:
                amount -= part
                account.move(component, part, on=on)
                self._newest.append((account, component, part))
                self._write(payment_id, on, account, component, part)
        self._forgive_in_grace(on)
        fill = min(amount, self._overdrawn)
        self._overdrawn -= fill
        if amount > fill:
            self._credits.append(_Credit(payment_id, amount - fill))

    def _ways(self, on: date) -> Iterator[tuple[Account, Component]]:
        """Yield where money goes on a day, in order (银行 default: CN-PAY-01)."""
        order = self.policy.order
        unpaid = [each for each in self.accounts if any(each.left.values())]
        due = [account for account in unpaid if account.due <= on]
        if self.policy.direction is Direction.HORIZONTAL:
            yield from ((account, part) for account in due for part in order)
        else:
            yield from ((account, part) for part in order for account in due)
        if self.policy.advance is Advance.NEXT:
            coming = [account for account in unpaid if account.due > on]
            yield from ((account, part) for account in coming for part in order)

    def _use_credit(self, on: date) -> None:
        held, self._credits = self._credits, deque()
        for each in held:
            self._pay(each.payment_id, each.amount, on)

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
            account.move(component, -part, on=on)
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

    def _accrue(self, day: date) -> None:
        """Run penalty and compound of every demand due before `day` up to it.

        罚息 and 复利 at the penalty rate from the day after the due date until paid
        (银发〔2003〕251号); each is rounded once, from its whole accumulator.
        """
        terms = self.policy.penalty
        if not (terms.on_principal or terms.on_interest):
            return
        grace = timedelta(days=terms.grace_days)
        for account in self.accounts:
            if account.due >= day:
                continue
            left = account.left
            if not (left[Component.PRINCIPAL] or left[Component.INTEREST]):
                account.run_to = day  # cents taken back accrue from that day
                continue
            start = account.due if terms.from_due else account.due + grace
            days = (day - max(account.run_to, start)).days
            if days > 0:
                account.acc_principal += left[Component.PRINCIPAL] * days
                account.acc_interest += left[Component.INTEREST] * days
                account.run_to = day
            if day > account.due + grace:
                self._claim(account)

    def _claim(self, account: Account) -> None:
        terms = self.policy.penalty
        for wanted, component, accumulated in (
            (terms.on_principal, Component.PENALTY, account.acc_principal),
            (terms.on_interest, Component.COMPOUND, account.acc_interest),
        ):
            if wanted:
                total = divide(
                    accumulated * self._rate,
                    NANO * terms.days_in_year,
                    rounding=self.policy.rounding,
                )
                account.left[component] = total - account.paid[component]

    def _forgive_in_grace(self, on: date) -> None:
        """A demand cleared of principal and interest within the grace owes nothing."""
        grace = timedelta(days=self.policy.penalty.grace_days)
        for account in self.accounts:
            if account.due <= on <= account.due + grace and not (
                account.left[Component.PRINCIPAL] or account.left[Component.INTEREST]
            ):
                account.acc_principal = account.acc_interest = 0
