"""How long cases take to end, and how: endings compete, running cases are counted in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from daihou.engine.metrics.survival import Counted, band, incidence_of
from daihou.kit.portfolio import Asked, Axis, Point, Series
from daihou.nightly.portfolio.rows import age_of
from daihou.nightly.portfolio.work.terms import (
    OF_CASE,
    Connection,
    Horizon,
    horizon,
    series_of,
    terms,
)

STEP: Final = 30  # days of one age
_SCALE: Final = 10**9  # shares are told in this part of one
_OPEN: Final = "still_waiting"
# The code by which a case was closed -> the ending it counts as; others are "other".
ENDINGS: Final[Mapping[str, str]] = {
    "CURED": "cured",
    "PAID_FULL": "paid",
    "PAID_PARTIAL_SETTLED": "paid",
    "ARRANGEMENT_COMPLETED": "paid",
    "WRITTEN_OFF_NO_CLAIM": "written_off",
    "SOLD": "sold",
}
_OTHER: Final = "other"
_METRIC: Final = {
    f"incidence_{each}": each for each in (*dict.fromkeys(ENDINGS.values()), _OTHER)
}
METRICS: Final = frozenset({*_METRIC, _OPEN})
# An ending counts once its 30 days are over, for whoever ends soon would else be known
# before who does not. Duplicates were never cases of their own.
_SPELLS: Final = """
select {key} as key, c.id, c.opened_on, c.close_code, c.overdue_total,
  (%(as_of)s::date - c.opened_on) / {step} as watched,
  case when c.closed_on is not null then (c.closed_on - c.opened_on) / {step} + 1 end
    as ended
from casework_case c
where c.currency = %(currency)s and c.opened_on <= %(as_of)s
  and c.close_code not in ('MERGED', 'DUPLICATE') and {where}
"""
_COUNTED: Final = """
select key, least(ended, watched), case when ended <= watched then close_code else ''
  end, count(*)
from ({spells}) x where watched > 0 group by 1, 2, 3
"""


def series(connection: Connection, asked: Asked) -> Series:
    """The share of cases that ended so by each age of 30 days, or still ran."""
    known = horizon(connection)
    points: list[Point] = []
    for key, told in counted(connection, asked, known).items():
        points += _line(key, told, asked.metric)
    return series_of(asked, Axis.AGE, points, known)


def counted(
    connection: Connection, asked: Asked, known: Horizon
) -> Mapping[str, Counted]:
    """Cases by key, the age at which they ended or were seen last, and the ending."""
    spells, given = _asked(asked, known)
    rows: Iterable[Sequence[Any]] = connection.execute(
        _COUNTED.format(spells=spells), given
    )
    ended: dict[str, dict[tuple[int, str | None], int]] = defaultdict(dict)
    for key, age, code, count in rows:
        event = ENDINGS.get(code, _OTHER) if code else None
        ended[key][age, event] = ended[key].get((age, event), 0) + count
    return {key: Counted({0: sum(n.values())}, n) for key, n in ended.items()}


def _asked(asked: Asked, known: Horizon, **more: Any) -> tuple[str, dict[str, Any]]:
    told = terms(asked, OF_CASE, known, **more)
    where = told.where
    for name, sign in (("since", ">="), ("until", "<=")):
        if month := getattr(asked, name):
            where += f" and to_char(c.opened_on, 'YYYY-MM') {sign} %({name})s"
            told.given[name] = month
    return _SPELLS.format(key=told.key, step=STEP, where=where), told.given


def _line(key: str, told: Counted, metric: str) -> Iterable[Point]:
    """Every age up to the last watched, with its 95 % band; between endings it stands."""
    steps = {step.age: step for step in incidence_of(told)}
    last = max(age for age, _ in told.ended)
    share = Fraction(int(metric == _OPEN))
    low, high = band(share, Fraction(0))
    for age in range(1, last + 1):
        if step := steps.get(age):
            if metric == _OPEN:
                share, spread = step.surviving, step.spread
            else:
                share = step.incidence.get(_METRIC[metric], Fraction(0))
                spread = step.spreads.get(_METRIC[metric], Fraction(0))
            low, high = band(share, spread)
        yield Point(key, str(age), round(share * _SCALE), _SCALE, low=low, high=high)


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str, most: int
) -> Sequence[int]:
    """The loans of the cases that ended so by an age (or ran on), largest first."""
    known = horizon(connection)
    spells, given = _asked(asked, known, wanted=key, at=age_of(at), most=most)
    if asked.metric == _OPEN:
        cell = "x.watched >= %(at)s and (x.ended is null or x.ended > %(at)s)"
    else:
        event = _METRIC[asked.metric]
        of = [code for code, end in ENDINGS.items() if event in (end, _OTHER)]
        given["codes"] = sorted(of)
        fits = "<> all" if event == _OTHER else "= any"
        cell = "x.ended <= least(x.watched, %(at)s)"
        cell += f" and x.close_code {fits}(%(codes)s)"
    rows = connection.execute(
        f"select m.loan_id, max(m.outstanding) from ({spells}) x"
        " join casework_loan m on m.case_id = x.id"
        f" where x.key = %(wanted)s and {cell}"
        " group by 1 order by 2 desc, 1 limit %(most)s",
        given,
    ).fetchall()
    return [row[0] for row in rows]
