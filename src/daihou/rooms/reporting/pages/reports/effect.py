"""Effect of collecting (V12): before and after, time, cost, satisfaction, a hold-out."""

import math
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.engine.strategy.experiment import (
    FEWEST,
    Difference,
    Share,
    share_difference,
    wilson,
)
from daihou.engine.strategy.strategy import Experiment
from daihou.rooms.reporting.pages.reports.costs import last_whole_month
from daihou.rooms.reporting.pages.reports.desk import Desk
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    share,
)
from daihou.rooms.reporting.queries.work import costs as spent
from daihou.rooms.reporting.queries.work.effect import Effect, effect
from daihou.rooms.reporting.queries.work.seen import narrowed
from daihou.rooms.strategy import door as strategy

_SURE = 1.959963984540054  # of the normal distribution: an interval of 95 %
_POINTS = 100


def effects(desk: Desk) -> Sequence[Table]:
    """The period beside the one of the same length before it, and every hold-out."""
    wish = desk.wish
    scope = narrowed(desk.scope, wish.equal)
    days = max(1, (wish.as_of - wish.since).days)
    before = wish.since - timedelta(days=days)
    now = effect(wish.since, wish.as_of, currency=wish.currency, scope=scope)
    then = effect(before, wish.since, currency=wish.currency, scope=scope)
    whole = scope.everything
    cost = _cost_rates(desk) if whole else (None, None)
    found = [_periods(then, now, cost)]
    # An experiment is read over the whole book, by who sees all of it.
    return [*found, _hold_outs(desk)] if whole else found


def _cost_rates(desk: Desk) -> tuple[str | None, str | None]:
    """Cost over cash of the last whole months that both periods saw the end of.

    Costs are of whole months: over the cash of a part of one they would be too high.
    """
    wish = desk.wish
    then, now = last_whole_month(wish.since), last_whole_month(wish.as_of)
    names = sorted({then, now})
    told = spent.beside(names, until=wish.as_of, currency=wish.currency)
    total: dict[str, int] = {}
    for line in spent.lines(wish.currency, months=names):
        total[line.month] = total.get(line.month, 0) + line.amount

    def rate(month: str) -> str | None:
        cash = told.cash.get(month, 0)
        if month not in total or cash <= 0:
            return None
        return f"{_percent(share(total[month], cash))} ({month})"

    return (rate(then) if then != now else None), rate(now)


def _periods(then: Effect, now: Effect, cost: tuple[str | None, str | None]) -> Table:
    words = {
        "success": _("Success rate"),
        "time": _("Days to cash"),
        "cured_time": _("Days to a good end"),
        "cost": _("Cost / cash"),
        "satisfaction": _("Satisfaction, 1 to 5"),
        "cash": _("Cash"),
    }
    rows: list[dict[str, Value]] = [
        _success(then, now),
        {"measure": "time", "before": _days(then), "after": _days(now)},
        {
            "measure": "cured_time",
            "before": _mean(then.cured_days, then.cured),
            "after": _mean(now.cured_days, now.cured),
        },
        {"measure": "cost", "before": cost[0], "after": cost[1]},
        {
            "measure": "satisfaction",
            "before": _mean(then.rating, then.rated),
            "before_range": _rating_range(then),
            "after": _mean(now.rating, now.rated),
            "after_range": _rating_range(now),
        },
        {"measure": "cash", "before_cash": then.cash, "after_cash": now.cash},
    ]
    columns = [
        Column("measure", _("Measure"), Kind.WORD, words=words),
        Column("before", _("Period before"), Kind.TEXT),
        Column("before_range", _("Range (95 %)"), Kind.TEXT),
        Column("after", _("This period"), Kind.TEXT),
        Column("after_range", _("Range (95 %)"), Kind.TEXT),
        Column("difference", _("Difference (95 %)"), Kind.TEXT),
        Column("said", _("Verdict"), Kind.WORD, words=_verdicts()),
        Column("before_cash", _("Cash before"), Kind.MONEY),
        Column("after_cash", _("Cash"), Kind.MONEY),
    ]
    note = _(
        "The period before is as long as this one and ends where this one begins."
        " Before and after also differ by season and by the mix of cases; what"
        " collecting itself does shows against a hold-out. Days to cash are weighted by"
        " cash. Cost is over the cash of the last whole month by the end of each"
        " period; the month is named."
    )
    return made("periods", _("Before and after"), columns, rows, note=note)


def _verdicts() -> dict[str, str]:
    return {
        "better": pgettext("effect", "clearly more"),
        "worse": pgettext("effect", "clearly less"),
        "same": pgettext("effect", "no clear difference"),
        "few": pgettext("effect", "too few to say"),
    }


def _success(then: Effect, now: Effect) -> dict[str, Value]:
    one, other = Share(now.cured, now.cases), Share(then.cured, then.cases)
    apart = share_difference(one, other)
    return {
        "measure": "success",
        "before": _percent(share(then.cured, then.cases)),
        "before_range": _share_range(other),
        "after": _percent(share(now.cured, now.cases)),
        "after_range": _share_range(one),
        "difference": _apart(apart),
        "said": _said(apart),
    }


def _said(found: Difference) -> str:
    if found.too_few or found.low is None:
        return "few"
    if found.is_better:
        return "better"
    return "worse" if found.is_worse else "same"


def _apart(found: Difference) -> str | None:
    if found.low is None or found.high is None or found.too_few:
        return None
    low, high = (f"{float(each) * _POINTS:+.1f}" for each in (found.low, found.high))
    return f"{low} … {high}"


def _share_range(found: Share) -> str | None:
    if found.many < FEWEST:
        return None
    low, high = wilson(found)
    return f"{low * _POINTS:.1f} … {high * _POINTS:.1f}"


def _percent(found: Decimal | None) -> str | None:
    return None if found is None else f"{found * _POINTS:.1f} %"


def _mean(total: int, many: int) -> str | None:
    return f"{float(Fraction(total, many)):.1f}" if many else None


def _days(found: Effect) -> str | None:
    return _mean(found.cash_days, found.cash_in) if found.cash_in > 0 else None


def _rating_range(found: Effect) -> str | None:
    """The usual interval of a mean; none of fewer than thirty."""
    many = found.rated
    if many < FEWEST:
        return None
    mean = found.rating / many
    spread = (found.squares - many * mean * mean) / (many - 1)
    reach = _SURE * math.sqrt(max(0.0, spread) / many)
    return f"{mean - reach:.2f} … {mean + reach:.2f}"


def _hold_outs(desk: Desk) -> Table:
    """Every arm of an experiment beside the arm that is left alone."""
    rows = [
        row
        for experiment, kept in strategy.experiments(desk.wish.as_of)
        for row in arms_beside(experiment, kept)
    ]
    columns = [
        Column("experiment", _("Experiment"), Kind.TEXT, stays=False),
        Column("arm", _("Arm"), Kind.TEXT, stays=False),
        Column("customers", _("Customers"), Kind.COUNT),
        Column("cured", _("Cured"), Kind.SHARE),
        Column("alone", _("Left alone"), Kind.COUNT),
        Column("alone_cured", _("Cured by themselves"), Kind.SHARE),
        Column("difference", _("Difference (95 %)"), Kind.TEXT),
        Column("said", _("Verdict"), Kind.WORD, words=_verdicts()),
    ]
    note = _(
        "As reckoned after the last day-end. Without an experiment that leaves some"
        " customers alone this table is empty: begin one in the strategy studio."
    )
    return made("hold-outs", _("Against a hold-out"), columns, rows, note=note)


def arms_beside(
    experiment: Experiment, kept: strategy.Reckoned
) -> list[dict[str, Value]]:
    """The arms of one experiment that somebody was in, beside its hold-out."""
    alone = next((arm for arm in experiment.arms if arm.hold_out), None)
    base = kept.arms.get(alone.code) if alone else None
    if base is None:
        return []
    rows: list[dict[str, Value]] = []
    for arm in experiment.arms:
        one = kept.arms.get(arm.code)
        if arm.hold_out or one is None:
            continue
        found = share_difference(
            Share(one.cured, one.customers), Share(base.cured, base.customers)
        )
        rows.append(
            {
                "experiment": strategy.said(experiment.title),
                "arm": strategy.said(arm.title),
                "customers": one.customers,
                "cured": share(one.cured, one.customers),
                "alone": base.customers,
                "alone_cured": share(base.cured, base.customers),
                "difference": _apart(found),
                "said": _said(found),
            }
        )
    return rows
