"""A question about the work as conditions of a statement, and how far it is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg

from daihou.engine.basics.money import digits
from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series, Sight
from daihou.kit.portfolio_cuts import cuts_of
from daihou.nightly.digests import digest_of
from daihou.nightly.stores import runs

Connection = psycopg.Connection[Any]
Columns = Mapping[Cut, str]  # a cut, and the expression of a statement that holds it
ZONE: Final = "Asia/Shanghai"
_YEAR: Final = 12

# A case `c`, by which work is seen.
OF_CASE: Final[Columns] = {
    Cut.PRODUCT: "c.product",
    Cut.BRANCH: "c.branch",
    Cut.OFFICER: "c.officer",
    Cut.STRATEGY: "c.segment",
    Cut.COHORT: "to_char(c.opened_on, 'YYYY-MM')",
}
# Whoever had a case first after a loan joined it; who has it later changes no line.
_FIRST: Final = """(select a.{who} from casework_assignment a
  where a.case_id = c.id and a.{who} <> ''
    and coalesce(a.until_at, 'infinity') > m.joined_at
  order by a.id limit 1)"""
# A loan `l` of a customer `u` that joined a case `c` by the row `m`.
OF_PLACED: Final[Columns] = {
    Cut.PRODUCT: "l.product",
    Cut.BRANCH: "l.branch",
    Cut.OFFICER: "l.officer",
    Cut.CHANNEL: "l.channel",
    Cut.REGION: "u.region",
    Cut.STRATEGY: "c.segment",
    Cut.COHORT: "to_char(m.since, 'YYYY-MM')",
    Cut.TEAM: _FIRST.format(who="team"),
    Cut.COLLECTOR: _FIRST.format(who="collector"),
}


def sizes(amount: str) -> str:
    """An amount by powers of ten of its main unit; fewer groups than there are amounts."""
    return f"""
case when {amount} < 1000 * %(unit)s then '0-1000'
     when {amount} < 10000 * %(unit)s then '1000-10000'
     when {amount} < 100000 * %(unit)s then '10000-100000' else '100000+' end
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a statement needs: the key of a row, its condition, and parameters."""

    key: str
    where: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The open day `as_of`, up to which work is known, and where its month begins."""

    as_of: date

    @property
    def month(self) -> int:
        """The month that still runs, counted from year 0."""
        return number_of(self.as_of)

    @property
    def begins(self) -> date:
        """The first day of the month that still runs."""
        return self.as_of.replace(day=1)

    @property
    def last(self) -> int:
        """The last month that is over."""
        return self.month - 1


def horizon(connection: Connection) -> Horizon:
    """How far the work is known; LookupError before a book is open."""
    on = runs.business_date(connection)
    if on is None:
        raise LookupError("no business date is open")
    return Horizon(on)


def number_of(day: date) -> int:
    """The month of a day, counted from year 0."""
    return day.year * _YEAR + day.month - 1


def month_name(number: int) -> str:
    """A counted month as YYYY-MM."""
    return f"{number // _YEAR:04d}-{number % _YEAR + 1:02d}"


def month_number(name: str) -> int:
    """YYYY-MM as a counted month; LookupError if it is none."""
    year, _, month = name.partition("-")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= _YEAR):
        raise LookupError(f"{name!r} is no month")
    return int(year) * _YEAR + int(month) - 1


def month_of(column: str) -> str:
    """The expression of the counted month of a day."""
    return (
        f"(extract(year from {column})::int * {_YEAR}"
        f" + extract(month from {column})::int - 1)"
    )


def within(asked: Asked, month: int) -> bool:
    """Whether a month is one of those asked for."""
    if asked.since and month < month_number(asked.since):
        return False
    return not (asked.until and month > month_number(asked.until))


def terms(asked: Asked, columns: Columns, known: Horizon, **given: Any) -> Terms:
    """The key, the condition and the parameters of a question over these columns.

    `unit` of the parameters is how many minor units the main one has.

    LookupError: the metric does not know a cut that is asked for.
    """
    fits = cuts_of(asked.metric)
    for cut in (*([asked.by] if asked.by else []), *asked.only):
        if cut not in fits or cut not in columns:
            raise LookupError(f"{asked.metric} is not known by {cut.value}")
    values: dict[str, Any] = {
        "currency": asked.currency,
        "as_of": known.as_of,
        "begins": known.begins,
        "zone": ZONE,
        "unit": 10 ** digits(asked.currency),
        **given,
    }
    conditions = [seen(asked.sight, columns, values)]
    for place, (cut, words) in enumerate(sorted(asked.only.items())):
        conditions.append(f"coalesce({columns[cut]}, '') = any(%(only{place})s)")
        values[f"only{place}"] = sorted(words)
    key = f"coalesce({columns[asked.by]}, '')" if asked.by else "''::text"
    return Terms(key, " and ".join(conditions), values)


def seen(sight: Sequence[Sight], columns: Columns, values: dict[str, Any]) -> str:
    """Rows that may be counted by any of several ways to see; `values` grows."""
    ways = []
    for number, way in enumerate(sight):
        named = (
            (Cut.BRANCH, way.branches),
            (Cut.PRODUCT, way.products),
            (Cut.OFFICER, way.officers),
        )
        fits = []
        for cut, words in named:
            if words is None:
                continue
            name = f"sight{number}_{cut.value}"
            values[name] = sorted(words)
            fits.append(f"{columns[cut]} = any(%({name})s)")
        if not fits:
            return "true"
        ways.append(f"({' and '.join(fits)})")
    return f"({' or '.join(ways)})" if ways else "false"


def series_of(
    asked: Asked, axis: Axis, points: Iterable[Point], known: Horizon
) -> Series:
    """The points in order, with the fingerprint of what was asked and answered."""
    by_age = axis is Axis.AGE
    ordered = sorted(
        points, key=lambda p: (p.key, int(p.at) if by_age else month_number(p.at))
    )
    told = [
        f"{p.key}\t{p.at}\t{p.part}\t{p.whole}\t{p.known}\t{p.low}\t{p.high}"
        for p in ordered
    ]
    question = [asked.metric, asked.by or "", asked.currency, asked.since, asked.until]
    only = [f"{cut}={sorted(words)}" for cut, words in sorted(asked.only.items())]
    sight = [
        "|".join(str(w and sorted(w)) for w in (x.branches, x.products, x.officers))
        for x in asked.sight
    ]
    digest = digest_of(*map(str, question), *only, *sight, *told)
    return Series(asked.metric, axis, tuple(ordered), known.as_of, digest)
