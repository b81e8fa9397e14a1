"""What is known of a loan when it is classified."""

from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.dates import add_period
from daihou.engine.classification.codes import (
    NO_CAUSE,
    NO_SIGN,
    AssetClass,
    Cause,
    Event,
    Guarantee,
    Sign,
)


@dataclass(frozen=True, slots=True)
class Period:
    """The repayment period: months or days, one of them; both 0: there is none."""

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        """Refuse a period of both units or of less than nothing."""
        assert self.months >= 0 and self.days >= 0, self
        assert not (self.months and self.days), self

    def after(self, day: date, times: int) -> date | None:
        """Return the day `times` periods after a day; None where there is none."""
        if self.months:
            return add_period(day, self.months * times, "months")
        return add_period(day, self.days * times, "days") if self.days else None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a restructured loan.

    RESTRUCTURED has `first_due_on`, the first contractual payment date after the
    change, and the period of the new terms. A change without financial difficulty
    is no restructuring (办法 art. 24) and is not told.
    """

    event: Event
    on: date
    first_due_on: date | None = None
    period: Period = Period()

    def __post_init__(self) -> None:
        """Refuse a restructuring without its first payment date."""
        assert (self.event is Event.RESTRUCTURED) == (self.first_due_on is not None)


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """One claim as of a day; amounts in minor units of `currency`.

    `balance` is the whole claim, `arrears` what is due and unpaid with the fees
    that go with it. `dpd` counts by the product's method. `expected_loss` None: no
    impairment was measured. `market_late` of `market_total`: the debtor's debt at
    all banks that is more than 90 days late, and all of it; 0 of 0 where unknown.
    `cleared_on`: the day the last arrears were paid in full; `missed_on`: the last
    payment missed. `acquired_on`: the debtor changed by merger or acquisition.
    `judged_class`: a person found it to be at least this bad. `previous_*`: what
    the last run found, since when; None: first seen. `upgrade_to`, `upgrade_on`: a
    class that people approved, and when; later lowering makes it void.
    """

    loan: str
    customer: str
    balance: int
    arrears: int = 0
    dpd: int = 0
    currency: str = "CNY"
    is_retail: bool = True
    guarantee: Guarantee = Guarantee.UNSECURED
    signs: Sign = NO_SIGN
    expected_loss: int | None = None
    market_late: int = 0
    market_total: int = 0
    period: Period = Period(months=1)
    cleared_on: date | None = None
    missed_on: date | None = None
    acquired_on: date | None = None
    judged_class: AssetClass | None = None
    previous_class: AssetClass | None = None
    previous_causes: Cause = NO_CAUSE
    previous_since: date | None = None
    upgrade_to: AssetClass | None = None
    upgrade_on: date | None = None
    events: tuple[Happened, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be: less than nothing owed, an upgrade without a day."""
        assert self.balance >= 0 and self.arrears >= 0 and self.dpd >= 0, self
        assert 0 <= self.market_late <= self.market_total, self
        assert (self.upgrade_to is None) == (self.upgrade_on is None), self
        assert (self.previous_class is None) <= (not self.previous_causes), self

    @property
    def is_paid_up(self) -> bool:
        """Tell whether nothing at all is late."""
        return self.dpd == 0 and self.arrears == 0

    def has(self, sign: Sign) -> bool:
        """Tell whether a fact is so."""
        return sign in self.signs
