"""The most a loan may cost, all in: what is above the cap is shown, not claimed."""

from collections.abc import Sequence
from datetime import date

from daihou.engine.ledger.fixed.account import ACCRUING, Account
from daihou.engine.ledger.fixed.accruals import above_rate
from daihou.engine.ledger.values import Loan
from daihou.engine.rulebook.policy import Component, CostCap, Mode, Policy

# Conventions whose years have twelve months of thirty days.
_THIRTY = frozenset({"30/360", "period"})


def cap_of(loan: Loan, policy: Policy) -> CostCap | None:
    """Return the cap on the cost of a loan that we keep: the last begun by payout."""
    if policy.mode is Mode.MIRROR:
        return None
    begun = (each for each in policy.cost_caps if each.begins_on <= loan.disbursed_on)
    return max(begun, key=lambda each: each.begins_on, default=None)


class Ceiling:
    """The allowance of one loan, growing by the day, and the cut it makes necessary.

    Law: interest, compound, penalty and fees together above 24 % a year are not
    supported (法发〔2017〕22号, CN-INT-02). The cut is worked out anew at each
    accrual, so it never depends on when one looked.
    """

    def __init__(self, cap: CostCap, loan: Loan, policy: Policy) -> None:
        """Start on the day of the payout with no allowance."""
        share, whole = cap.annual_rate.as_integer_ratio()
        self._share, self._whole = share, whole * cap.days_in_year
        self._number = _thirty if policy.day_count in _THIRTY else date.toordinal
        self._policy = policy
        self._reached = loan.disbursed_on
        self._principal_days = 0
        self.cut = dict.fromkeys(Component, 0)

    @property
    def allowance(self) -> int:
        """The most all cost may be by the day reached, in minor units."""
        return self._share * self._principal_days // self._whole

    def run(self, accounts: Sequence[Account], *, to: date) -> None:
        """Grow to `to`; cut compound, then penalty, of the latest demands first.

        Nothing that was waived makes room: what it leaves free is not filled up with
        what had been cut.
        """
        self._grow(accounts, to)
        accrued = sum(_accrued(each) + _waived(each, _PENAL) for each in accounts)
        due = sum(_cost_due(each) for each in accounts if each.due <= to)
        excess = due + accrued - self.allowance
        self.cut = dict.fromkeys(Component, 0)
        for component in (Component.COMPOUND, Component.PENALTY):
            for account in reversed(accounts):
                if excess <= 0:
                    return
                part = min(excess, account.left[component])
                account.left[component] -= part
                self.cut[component] += part
                excess -= part

    def over(self, accounts: Sequence[Account], *, on: date) -> dict[Component, int]:
        """Return what is above the cap on the day reached, by component.

        Of penalty and compound what the rate and the cut took off; then due fees and
        due interest that are above it alone: those stay facts of the contract.
        """
        over = dict(self.cut)
        for component, _ in ACCRUING:
            over[component] += above_rate(accounts, component, self._policy, on=on)
        due = [each for each in accounts if each.due <= on]
        claimed = sum(_cost_due(each) - _waived(each, _COST) for each in due)
        excess = claimed + sum(map(_accrued, accounts)) - self.allowance
        for component in _COST:
            unpaid = sum(each.left[component] for each in due)
            over[component] = max(0, min(excess, unpaid))
            excess -= over[component]
        return over

    def room(self, accounts: Sequence[Account], *, on: date) -> int:
        """Return how much more could be claimed on the day reached, in minor units."""
        due = sum(
            _cost_due(each) - _waived(each, _COST)
            for each in accounts
            if each.due <= on
        )
        return max(0, self.allowance - due - sum(map(_accrued, accounts)))

    def _grow(self, accounts: Sequence[Account], to: date) -> None:
        for account in accounts:
            begin = max(self._reached, account.demand.opens_on)
            if begin < to:
                days = self._number(to) - self._number(begin)
                self._principal_days += account.left[Component.PRINCIPAL] * days
        self._reached = max(self._reached, to)


_COST = (Component.FEE, Component.INTEREST)
_PENAL = tuple(component for component, _ in ACCRUING)


def _cost_due(account: Account) -> int:
    """Return interest and fee of the contract that no other row owes on."""
    moved = sum(account.moved[component] for component in _COST)
    return account.demand.interest + account.demand.fee - moved


def _accrued(account: Account) -> int:
    """Return penalty and compound that are claimed: paid, or left to be paid."""
    return sum(account.paid[part] + account.left[part] for part in _PENAL)


def _waived(account: Account, components: Sequence[Component]) -> int:
    """Return what was given up, without what other rows owe on."""
    return sum(account.waived[part] - account.moved[part] for part in components)


def _thirty(day: date) -> int:
    """Number a day so that every month has thirty (bond basis)."""
    return day.year * 360 + day.month * 30 + min(day.day, 30)
