"""Loss given default 违约损失率: what was owed at default less what came, at its worth.

Amounts are whole minor units of one currency. A unit that comes t days after default
is worth 1 / (1 + r) ** (t / 365) of one at default, in whole parts of `SCALE`, half to
even; r is the yearly rate of the loan's contract. IFRS 9 measures a loss by the
effective rate, which is the contract's with the fees that belong to it; the ledger holds
the contract's, and the definition names it. Everything after that is exact, and rounded
once, half to even.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import lru_cache

from daihou.engine.basics.rounding import HALF_EVEN, divide
from daihou.engine.metrics.recovery import Flow

SCALE = 10**12
_DIGITS = 40
_YEAR = 365


@lru_cache(maxsize=1 << 16)
def worth(annual_rate: Decimal, days: int) -> int:
    """What a unit so many days after default is worth at default, in parts of SCALE."""
    assert annual_rate >= 0 and days >= 0, (annual_rate, days)
    with localcontext(prec=_DIGITS):
        share = (1 + annual_rate) ** (-Decimal(days) / _YEAR)
        return int((share * SCALE).to_integral_value(rounding=ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Default:
    """A loan that defaulted in a period: what it owed then and what came afterwards.

    `days` is how long money after it counts. Flows carry their distance from the
    default in days; those of the day itself or before, and those later than `days`,
    do not count, and money taken back is below 0.
    """

    period: int
    exposure: int
    annual_rate: Decimal
    days: int
    flows: tuple[Flow, ...] = ()

    def __post_init__(self) -> None:
        """Something was owed."""
        assert self.exposure > 0, self


@dataclass(frozen=True, slots=True)
class Loss:
    """The loss of the defaults of one period over what they owed."""

    lost: int
    exposure: int


def losses(defaults: Iterable[Default]) -> Mapping[int, Loss]:
    """The loss by period of default; below nothing where more came than was owed."""
    owed: dict[int, int] = defaultdict(int)
    came: dict[int, int] = defaultdict(int)
    for each in defaults:
        owed[each.period] += each.exposure
        for flow in each.flows:
            if 0 < flow.days <= each.days:
                came[each.period] += flow.amount * worth(each.annual_rate, flow.days)
    return {
        period: Loss(total - divide(came[period], SCALE, rounding=HALF_EVEN), total)
        for period, total in sorted(owed.items())
    }
