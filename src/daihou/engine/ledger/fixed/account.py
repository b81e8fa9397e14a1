"""One demand while its loan is replayed: due, left, paid, waived and accrued.

The state here is mutable on purpose: it lives while one loan is settled and walks
forward in time; what leaves the room is frozen.
"""

from collections.abc import Iterable
from datetime import date

from daihou.engine.delinquency.dpd import Arrears, late_spans
from daihou.engine.ledger.values import Demand
from daihou.engine.rulebook.policy import Component, DpdMethod

# What makes a demand late; penalty and compound never do.
LATE_MAKING = (Component.FEE, Component.INTEREST, Component.PRINCIPAL)
# What accrues from day to day, and on what.
ACCRUING = (
    (Component.PENALTY, Component.PRINCIPAL),
    (Component.COMPOUND, Component.INTEREST),
)


class Account:
    """What is left, paid and waived of one demand, by component.

    `steps` says what counts for lateness (fee, interest, principal) from the end
    of each day on. The accumulators are exact: minor units x days x 10**-9 of a
    yearly rate; `accrued` at the rate that is claimed, `above` at what the contract
    has beyond it. `moved` is the part of `waived` that other rows owe on.
    """

    __slots__ = (
        *("above", "accrued", "demand", "due", "left", "moved", "paid"),
        *("run_to", "steps", "touched_on", "waived"),
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
        self.waived = dict.fromkeys(Component, 0)
        self.moved = dict.fromkeys(Component, 0)
        self.accrued = dict.fromkeys(Component, 0)
        self.above = dict.fromkeys(Component, 0)
        self.run_to = date.min
        self.touched_on: date | None = None
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
    def bare(self) -> bool:
        """Tell whether nothing is left that penalty or compound accrues on."""
        return not any(self.left[base] for _, base in ACCRUING)

    @property
    def settled_on(self) -> date | None:
        """The day of its last cent, if nothing is left."""
        return None if any(self.left.values()) else self.touched_on

    @property
    def key(self) -> tuple[date, int, int]:
        """The place of the demand in the order of allocation."""
        return (self.demand.due_on, self.demand.seq, self.demand.demand_id)

    def pay(self, component: Component, amount: int, *, on: date) -> None:
        """Pay `amount` of a component on a day (negative: take it back)."""
        self.paid[component] += amount
        assert self.paid[component] >= 0
        self._take(component, amount, on)

    def waive(
        self, component: Component, amount: int, *, on: date, moved: bool
    ) -> None:
        """Give up `amount` of a component on a day; `moved`: other rows owe it on."""
        self.waived[component] += amount
        if moved:
            self.moved[component] += amount
        self._take(component, amount, on)

    def _take(self, component: Component, amount: int, on: date) -> None:
        self.left[component] -= amount
        assert self.left[component] >= 0
        if self.steps[-1][0] == on:
            self.steps.pop()
        self.steps.append((on, self.unpaid))
        self.touched_on = on


def arrears_of(
    accounts: Iterable[Account], method: DpdMethod, *, until: date
) -> tuple[Arrears, ...]:
    """Return the demands that were late at a day-end up to `until`, with the spans."""
    found = []
    for account in accounts:
        spans = late_spans(
            account.due,
            account.steps,
            owed=account.owed,
            method=method,
            until=until,
        )
        if spans:
            found.append(Arrears(account.demand.demand_id, account.due, spans))
    return tuple(found)
