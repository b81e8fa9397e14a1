"""How well collecting worked in a period: cases, cash, the time it took, satisfaction."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from daihou.kit.scope import Scope
from daihou.rooms.reporting.queries.work.hands import Period
from daihou.rooms.reporting.queries.work.money import CAME, rows

_CASES: Final = """
select count(*),
  count(*) filter (where c.closed_on is not null and c.closed_on <= %(until)s
                     and c.close_code = any(%(cured)s)),
  coalesce(sum(c.closed_on - c.opened_on)
    filter (where c.closed_on <= %(until)s and c.close_code = any(%(cured)s)), 0)::bigint
from casework_case c
where c.currency = %(currency)s and c.opened_on <= %(until)s
  and (c.closed_on is null or c.closed_on > %(since)s)
  and c.close_code not in ('MERGED', 'DUPLICATE') and {within}
"""
_MONEY: Final = f"""
with {CAME}
select coalesce(sum(w.amount), 0)::bigint,
  coalesce(sum(w.amount * (w.day - c.opened_on)) filter (where w.amount > 0), 0)::bigint,
  coalesce(sum(w.amount) filter (where w.amount > 0), 0)::bigint
from came w join casework_case c on c.id = w.case_id where {{within}}
"""
_RATED: Final = """
select count(b.satisfied), coalesce(sum(b.satisfied), 0),
  coalesce(sum(b.satisfied * b.satisfied), 0)
from reporting_callback b join casework_case c on c.id = b.case_id
where b.of_day > %(since)s and b.of_day <= %(until)s and {within}
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """One period; money in minor units, days summed over what they belong to.

    `cash_days` is cash that came times the days since its case was opened, over
    `cash_in` (what went back is in `cash` alone). `rated` call-backs gave `rating`
    points in all, `squares` of them squared.
    """

    cases: int
    cured: int
    cured_days: int
    cash: int
    cash_days: int
    cash_in: int
    rated: int
    rating: int
    squares: int


def effect(since: date, until: date, *, currency: str, scope: Scope) -> Effect:
    """What a period after `since` and up to `until` came to; three statements."""
    values = Period(since, until, currency).values()
    found = [
        *rows(_CASES, scope, values)[0],
        *rows(_MONEY, scope, values)[0],
        *rows(_RATED, scope, values)[0],
    ]
    return Effect(*(int(each) for each in found))
