"""The loans of the town as arrays: who borrows what, when and on which terms."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from daihou.town import calendar, draws
from daihou.town.draws import Array
from daihou.town.products import (
    CHANNEL_SHARES,
    DUE_DAYS,
    FUNDER_SHARES,
    METHODS,
    OFFERS,
    OFFICES,
)

# New loans by month of the year, January first: quiet around the Spring Festival.
SEASON_OF_LENDING: Final = (
    *(0.9, 0.6, 1.15, 1.1, 1.0, 1.05),
    *(0.95, 1.0, 1.15, 0.95, 1.15, 1.0),
)
GROWTH_A_MONTH: Final = 1.012
_METHODS_OF_OFFERS: Final = [[METHODS.index(m) for m in o.methods] for o in OFFERS]


@dataclass(frozen=True, slots=True)
class Span:
    """The time a town covers.

    Loans are paid out from the month `opened` on; the days that are lived run from
    `begin` to `until`, both included.
    """

    opened: date
    begin: date
    until: date

    @property
    def months(self) -> Array:
        """Month numbers from the first to the last, one after the other."""
        first, last = map(calendar.month_number, (self.opened, self.until))
        return np.arange(first, last + 1)


def span(*, months: int, until: date, history_months: int = 12) -> Span:
    """The last `months` months up to `until`, with a book that is older."""
    number = calendar.month_number(until) - months
    start = calendar.month_start(number)
    begin = start.replace(day=min(until.day, 28))
    opened = calendar.month_start(number - history_months)
    return Span(opened=opened, begin=begin, until=until)


@dataclass(frozen=True, slots=True)
class Terms:
    """One entry a loan in each array; days and months as numbers, money in fen."""

    offer: Array  # position in OFFERS
    method: Array  # position in METHODS
    office: Array
    channel: Array
    funder: Array
    officer: Array  # number within the office
    principal: Array
    rate_millionths: Array
    periods: Array
    disbursed_on: Array
    first_due_on: Array
    organisation: Array  # bool

    def __len__(self) -> int:
        """Number of loans."""
        return len(self.offer)

    @property
    def first_month(self) -> Array:
        """Month in which the first instalment falls due (a bullet has only one)."""
        months = calendar.months_of(self.first_due_on)
        bullet = self.method == METHODS.index("bullet")
        return np.where(bullet, months + self.periods - 1, months)

    @property
    def instalments(self) -> Array:
        """How many instalments each loan has."""
        bullet = self.method == METHODS.index("bullet")
        return np.where(bullet, 1, self.periods)


def draw_terms(
    count: int, *, span: Span, seed: int, instalments: int | None = None
) -> Terms:
    """Draw the terms of `count` loans, in the order in which they are paid out.

    With `instalments` every loan has so many (a bullet becomes interest only).
    """
    rng = draws.stream(seed, "terms")
    offer = draws.pick(rng, [o.share for o in OFFERS], count)
    disbursed_on = np.sort(_pay_out_days(rng, span, count))
    office = draws.pick(rng, [o.share for o in OFFICES], count)
    officers = np.array([o.officers for o in OFFICES])[office]
    method = draws.choose(rng, _METHODS_OF_OFFERS, offer)
    if instalments is not None:
        bullet = method == METHODS.index("bullet")
        method = np.where(bullet, METHODS.index("interest_only"), method)
    return Terms(
        offer=offer,
        method=method,
        office=office,
        channel=draws.pick(rng, CHANNEL_SHARES, count),
        funder=draws.pick(rng, FUNDER_SHARES, count),
        officer=(rng.random(count) * officers).astype(np.int64),
        principal=_principals(rng, offer),
        rate_millionths=draws.choose(rng, [o.rates_millionths for o in OFFERS], offer),
        periods=draws.choose(
            rng,
            [o.terms_months if instalments is None else (instalments,) for o in OFFERS],
            offer,
        ),
        disbursed_on=disbursed_on,
        first_due_on=_first_due(rng, disbursed_on),
        organisation=rng.random(count)
        < np.array([o.organisations for o in OFFERS])[offer],
    )


def _principals(rng: np.random.Generator, offer: Array) -> Array:
    median, spread = np.array([o.principal_yuan for o in OFFERS])[offer].T
    low, high, step = np.array(
        [(o.lowest_yuan, o.highest_yuan, o.step_yuan) for o in OFFERS]
    )[offer].T
    drawn = median * np.exp(spread * rng.standard_normal(len(offer)))
    yuan = np.clip(np.rint(drawn / step).astype(np.int64) * step, low, high)
    fen: Array = yuan * 100
    return fen


def _pay_out_days(rng: np.random.Generator, span: Span, count: int) -> Array:
    months = span.months
    weight = np.array(SEASON_OF_LENDING)[months % 12]
    weight = weight * GROWTH_A_MONTH ** np.arange(len(months))
    starts = calendar.first_days(months)
    ends = np.minimum(
        calendar.first_days(months + 1), calendar.day_number(span.until) + 1
    )
    length = ends - starts
    weight = weight * length / 30.0
    month = draws.pick(rng, weight.tolist(), count)
    day = starts[month] + (rng.random(count) * length[month]).astype(np.int64)
    # 1970-01-01 was a Thursday; half of what would fall on a Sunday goes to Saturday.
    sunday = (day % 7 == 3) & (day > starts[month]) & (rng.random(count) < 0.5)
    moved: Array = day - sunday
    return moved


def _first_due(rng: np.random.Generator, disbursed_on: Array) -> Array:
    """The due day in the next month, or the one after if that is under 15 days."""
    day = np.array(DUE_DAYS)[
        (rng.random(len(disbursed_on)) * len(DUE_DAYS)).astype(int)
    ]
    month = calendar.months_of(disbursed_on) + 1
    due = calendar.first_days(month) + day - 1
    soon = due - disbursed_on < 15
    first: Array = np.where(soon, calendar.first_days(month + 1) + day - 1, due)
    return first
