"""The handbook's four targets: today's figure, its trend, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext, pgettext

from daihou.kit import numbers
from daihou.rooms.dayend.pages.days import Days

DAYS_TO_RECOVER = 30


@dataclass(frozen=True)
class Spark:
    """A trend line in a box of 112 by 36; the goal is the dotted line."""

    path: str
    goal_y: str
    last_x: str
    last_y: str


@dataclass(frozen=True)
class Target:
    """One target as a stat: value and goal are shares, `value` None without data."""

    label: str
    definition: str
    value: Decimal | None
    goal: str
    missing: str = ""
    places: int = 2
    kind: str = ""
    shape: str = ""
    state: str = ""
    change: str = ""
    spark: Spark | None = None
    figure: str = ""  # of the dictionary, where it has this one


@dataclass(frozen=True)
class Ask:
    """What a target asks: `limit` is a share; `below` says on which side of it."""

    label: str
    definition: str
    limit: Decimal
    below: bool
    missing: str
    places: int = 2
    figure: str = ""


def spark(values: Sequence[Decimal], goal: Decimal) -> Spark | None:
    """Draw a trend of at least two values and its goal in one scale."""
    if len(values) < 2:
        return None
    low, high = min(*values, goal), max(*values, goal)
    span = (high - low) or Decimal(1)

    def y(value: Decimal) -> str:
        return f"{33 - 30 * (value - low) / span:.1f}"

    step = Decimal(106) / (len(values) - 1)
    points = [(f"{2 + step * i:.1f}", y(value)) for i, value in enumerate(values)]
    path = "M" + " L".join(f"{x},{y_}" for x, y_ in points)
    return Spark(path, y(goal), *points[-1])


def target(ask: Ask, values: Sequence[Decimal]) -> Target:
    """Judge the last value against the goal; earlier ones are the trend."""
    sign = "<" if ask.below else "≥"
    goal = gettext("target %(sign)s %(limit)s%%") % {
        "sign": sign,
        "limit": numbers.percent(ask.limit, places=0),
    }
    if not values:
        return Target(
            ask.label, ask.definition, None, goal, ask.missing, figure=ask.figure
        )
    value = values[-1]
    met = value < ask.limit if ask.below else value >= ask.limit
    distance = numbers.percent(abs(value - ask.limit), places=1)
    far = abs(value - ask.limit) > ask.limit / 10
    if met:
        kind, shape, state = "good", "tick", gettext("On target")
    else:
        words = (
            gettext("%(points)s pt over")
            if ask.below
            else gettext("%(points)s pt short")
        )
        kind, shape = ("bad", "tri") if far else ("warn", "half")
        state = words % {"points": distance}
    return Target(
        label=ask.label,
        definition=ask.definition,
        value=value,
        goal=goal,
        places=ask.places,
        kind=kind,
        shape=shape,
        state=state,
        change=_change(values),
        spark=spark(values, ask.limit),
        figure=ask.figure,
    )


def _change(values: Sequence[Decimal]) -> str:
    """The change since the last month end, in points."""
    if len(values) < 2:
        return ""
    points = numbers.percent(values[-1] - values[-2], places=2)
    return pgettext("since month end", "%(points)s pt") % {
        "points": numbers.signed(points)
    }


def _asks() -> tuple[Ask, Ask, Ask, Ask]:
    no_cost = gettext("Needs costs of collection: written down, or by intake.")
    return (
        Ask(
            gettext("Overdue rate"),
            gettext(
                "Outstanding principal of loans 1 or more days late ÷ all loans; "
                "written-off loans are left out of both"
            ),
            Decimal("0.05"),
            below=True,
            missing=gettext("The book is empty."),
            figure="overdue_1_amount",
        ),
        Ask(
            gettext("Recovered within 30 days"),
            gettext(
                "Overdue amount in M1 30 days ago whose oldest instalment has been "
                "paid since ÷ all of it"
            ),
            Decimal("0.80"),
            below=False,
            missing=gettext(
                "Shown once a day 30 days back is closed with loans in M1."
            ),
            places=1,
            figure="recovered_within_30",
        ),
        Ask(
            gettext("Collection cost ÷ loans"),
            gettext("Costs of the last 12 months ÷ outstanding principal"),
            Decimal("0.01"),
            below=True,
            missing=no_cost,
            figure="cost_over_loans",
        ),
        Ask(
            gettext("Loss on overdue"),
            gettext("Written-off principal ÷ principal written off or overdue"),
            Decimal("0.20"),
            below=True,
            missing=gettext("Nothing has been written off in this book."),
            places=1,
            figure="loss_on_overdue",
        ),
    )


def trend_dates(dates: Sequence[date], as_of: date) -> Sequence[date]:
    """The closed month ends of the last year before `as_of`, then `as_of` itself."""
    start = as_of - timedelta(days=366)
    ends = [
        day
        for day in dates
        if start < day < as_of and (day + timedelta(days=1)).day == 1
    ]
    return [*ends[-11:], as_of]


def four_targets(
    days: Days,
    *,
    as_of: date,
    costs: Mapping[date, int],
) -> Sequence[Target]:
    """The four targets on `as_of`, of one currency.

    `costs` are those of the year to each day of the trend, in minor units of that
    currency, where they are known.
    """
    closed = set(days.dates)
    rate, recovered, loss = [], [], []
    for day in trend_dates(days.dates, as_of):
        now = days.stand(day)
        earlier = day - timedelta(days=DAYS_TO_RECOVER)
        rate.append(now.overdue_rate)
        loss.append(now.loss_rate)
        if earlier in closed:
            recovered.append(days.recovered(earlier, day))
    cost = cost_rates(days, costs, as_of=as_of)
    series = (rate, recovered, cost, loss)
    return [
        target(ask, _known(values)) for ask, values in zip(_asks(), series, strict=True)
    ]


def _known(values: Sequence[Decimal | None]) -> Sequence[Decimal]:
    """The values that are there; without one for the last day there are none."""
    if not values or values[-1] is None:
        return []
    return [value for value in values if value is not None]


def cost_rates(
    days: Days, costs: Mapping[date, int], *, as_of: date
) -> Sequence[Decimal | None]:
    """Costs of a year over the principal at its end, for each day of the trend."""
    found: list[Decimal | None] = []
    for day in trend_dates(days.dates, as_of):
        whole = days.stand(day).whole_principal
        known = day in costs and whole
        found.append(Decimal(costs[day]) / Decimal(whole) if known else None)
    return found
