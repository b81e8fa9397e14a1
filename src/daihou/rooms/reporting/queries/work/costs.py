"""What collecting cost by month, beside cash, accounts and right-party contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from daihou.kit.scope import EVERYTHING, Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.queries.work.hands import ZONE
from daihou.rooms.reporting.queries.work.money import CAME

_CASH: Final = f"""
with {CAME} select to_char(paid_on, 'YYYY-MM'), sum(amount)::bigint from came group by 1
"""
_ACCOUNTS: Final = """
select to_char(g.month, 'YYYY-MM'), count(*) from casework_case c
cross join lateral generate_series(
  date_trunc('month', greatest(c.opened_on, %(since)s::date + 1)::timestamp),
  least(coalesce(c.closed_on, %(until)s::date), %(until)s::date)::timestamp,
  interval '1 month') as g(month)
where c.currency = %(currency)s and c.opened_on <= %(until)s
  and (c.closed_on is null or c.closed_on > %(since)s) group by 1
"""
_REACHED: Final = """
select to_char(at at time zone %(zone)s, 'YYYY-MM'), channel, count(*),
  count(*) filter (where connected and conversation and position('.' in person) = 0)
from contact_attempt
where not failed and purpose <> 'service' and at >= %(from)s and at < %(before)s
group by 1, 2
"""


_LINES: Final = """
select month, kind, channel, amount, by, at, ends_on::date, taken_in
from reporting_cost_line
where currency = any(%(coins)s)
  and (%(months)s::text[] is null or month = any(%(months)s))
order by month desc, kind, channel
"""
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CostLine:
    """What stands of a month, a kind and a channel; minor units.

    `taken_in` came by intake, with nobody's name, up to `ends_on`; else the month's end.
    """

    month: str
    kind: str
    channel: str
    amount: int
    by: str
    at: datetime | None
    ends_on: date
    taken_in: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """By month: cash, accounts worked; by month and channel: attempts and contacts."""

    cash: Mapping[str, int]
    accounts: Mapping[str, int]
    tried: Mapping[tuple[str, str], tuple[int, int]]


def lines(currency: str, *, months: Sequence[str] = ()) -> Sequence[CostLine]:
    """The lines that stand, the newest month first; of these months, or of all.

    Of a month and a kind what was written down, else what was taken in: that names no
    currency, so it is left out of a book that has several.
    """
    known = ledger.book.register().currencies(EVERYTHING)
    coins = [currency, ""] if set(known) <= {currency} else [currency]
    values = {"coins": coins, "months": list(months) or None}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)
        return [CostLine(*row) for row in cursor.fetchall()]


def written(currency: str) -> Mapping[tuple[str, str, str], int]:
    """What people wrote down and stands, by month, kind and channel."""
    return {
        (each.month, each.kind, each.channel): each.amount
        for each in lines(currency)
        if not each.taken_in
    }


def of_years(until: Sequence[date], scope: Scope, currency: str) -> Mapping[date, int]:
    """Costs of the periods that ended in the 365 days to each day, minor units.

    A day for whose year nothing is known is left out. Of a part of the house what was
    taken in of its branches: what is written down is of the whole house.
    """
    if not scope.everything:
        one = set(ledger.book.register().currencies(EVERYTHING)) <= {currency}
        return ledger.book.costs_of_years(until=until, scope=scope) if one else {}
    listed = lines(currency)
    return {
        day: sum(each.amount for each in ours)
        for day in until
        if (ours := [e for e in listed if day - _YEAR < e.ends_on <= day])
    }


def beside(months: Sequence[str], *, until: date, currency: str) -> Beside:
    """What stands beside the costs of these months, in order; three statements."""
    zone = ZoneInfo(ZONE)
    first = date.fromisoformat(f"{months[0]}-01")
    values: dict[str, Any] = {
        "since": first - timedelta(days=1),
        "until": until,
        "currency": currency,
        "zone": ZONE,
        "from": datetime.combine(first, time(), zone),
        "before": datetime.combine(until + timedelta(days=1), time(), zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CASH, values)
        cash = {month: int(amount) for month, amount in cursor.fetchall()}
        cursor.execute(_ACCOUNTS, values)
        accounts = {month: int(number) for month, number in cursor.fetchall()}
        cursor.execute(_REACHED, values)
        tried = {
            (month, channel): (int(all_), int(reached))
            for month, channel, all_, reached in cursor.fetchall()
        }
    return Beside(cash, accounts, tried)
