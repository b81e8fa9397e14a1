"""The scales of India and the EU for whole books; equal to the plain texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from daihou.columnar.classification.book import NO_DAY, Array, day
from daihou.columnar.classification.dates import later, plus_months
from daihou.columnar.classification.shares import exceeds
from daihou.engine.classification.codes import Grade, Sign, Standing
from daihou.engine.classification.eu import EuRules
from daihou.engine.classification.india import IndiaRules

_GRADES = {each: place for place, each in enumerate(Grade)}
_STANDINGS = {each: place for place, each in enumerate(Standing)}
Columns = Mapping[str, Array]


def grades(columns: Columns, rules: IndiaRules, *, as_of: date) -> Array:
    """Return the place in `Grade` of each account, as int8.

    Columns: dpd, arrears, due_date_counted (bool), previous (place in `Grade`, -1
    for none), previous_since, approved_on (datetime64[D]).
    """
    dpd = columns["dpd"]
    extra = rules.due_date_counts.value - columns["due_date_counted"].astype(np.int64)
    days = np.where(dpd > 0, dpd + extra, 0)
    found = (days > 0).astype(np.int8)
    for limit in (rules.sma_1_over, rules.sma_2_over, rules.npa_over):
        found += (days > limit.value) & (days > 0)
    on, today = columns["approved_on"], day(as_of)
    free = (columns["previous_since"] < on) & (on <= today)
    free &= (columns["arrears"] == 0) & (dpd == 0)
    kept = (columns["previous"] == _GRADES[Grade.NPA]) & ~free
    result: Array = np.where(kept, np.int8(_GRADES[Grade.NPA]), found)
    return result


@dataclass(frozen=True, slots=True)
class Standings:
    """The place in `Standing` (int8), the counter and the probation's end (or NaT)."""

    standing: Array
    material_since: Array
    until: Array


def standings(columns: Columns, rules: EuRules, *, as_of: date) -> Standings:
    """Return the standing of each exposure, all in the currency of the thresholds.

    Columns as the fields of `Exposure`: exposure, arrears, dpd, is_retail, signs,
    npv_before, npv_after; previous (place in `Standing`, -1 for none);
    material_since, ceased_on, forborne_on, left_default_on, approved_on as
    datetime64[D], NaT for none.
    """
    today = day(as_of)
    since = _counter(columns, rules, today)
    default = _triggered(columns, rules, since, today)
    previous, forborne = columns["previous"], columns["forborne_on"]
    was = (previous == _STANDINGS[Standing.DEFAULT]) | (
        previous == _STANDINGS[Standing.PROBATION]
    )
    is_forborne = ~np.isnat(forborne)
    watched = ~was & (is_forborne | (previous == _STANDINGS[Standing.FORBORNE]))
    ended = _end_of_probation(columns, rules, since, today)
    cured = _rises(columns, ended, today)
    began = columns["left_default_on"]
    began = np.where(np.isnat(began), forborne, began)
    began = np.where(np.isnat(began), today, began)
    years = rules.probation_years
    over = began if years is None else plus_months(began, 12 * years.value)
    released = _rises(columns, over, today)
    better = np.where(is_forborne, _STANDINGS[Standing.FORBORNE], 0)
    standing = np.where(was, np.where(cured, better, 2), 0)
    standing = np.where(watched & ~released, _STANDINGS[Standing.FORBORNE], standing)
    until = np.where(was & ~cured, ended, NO_DAY)
    until = np.where(watched & ~released, over, until)
    return Standings(
        np.where(default, _STANDINGS[Standing.DEFAULT], standing).astype(np.int8),
        since,
        np.where(default, NO_DAY, until),
    )


def _counter(columns: Columns, rules: EuRules, today: Any) -> Array:
    arrears = columns["arrears"]
    limit = np.where(
        columns["is_retail"], rules.retail_over.value, rules.other_over.value
    )
    share = rules.exposure_share.value
    material = (arrears > limit) & exceeds(arrears, share, whole=columns["exposure"])
    before = columns["material_since"]
    since = np.where(np.isnat(before), today, before)
    found: Array = np.where(material, since, NO_DAY)
    return found


def _triggered(columns: Columns, rules: EuRules, since: Array, today: Any) -> Array:
    days = (today - since) + np.timedelta64(1, "D")
    found = days > np.timedelta64(rules.over_days.value, "D")
    for sign in rules.signs.value if rules.signs is not None else ():
        if sign.upper() in Sign.__members__:
            found |= (columns["signs"] & np.int32(Sign[sign.upper()])) != 0
    if rules.npv_share is not None:
        before = columns["npv_before"]
        lost = before - columns["npv_after"]
        found |= exceeds(lost, rules.npv_share.value, whole=before)
    left, back = columns["left_default_on"], rules.back_over_days
    if back is not None:
        inside = columns["previous"] == _STANDINGS[Standing.FORBORNE]
        inside &= ~np.isnat(left)
        again = (columns["dpd"] > back.value) | (columns["forborne_on"] > left)
        found |= inside & again
    return np.asarray(found, np.bool_)


def _end_of_probation(
    columns: Columns, rules: EuRules, since: Array, today: Any
) -> Array:
    ceased = columns["ceased_on"]
    ceased = np.where(np.isnat(ceased) | ~np.isnat(since), today, ceased)
    forborne = columns["forborne_on"]
    plain = hard = ceased
    if rules.other_months is not None:
        plain = plus_months(ceased, rules.other_months.value)
    if rules.cure_years is not None:
        hard = plus_months(later(ceased, forborne), 12 * rules.cure_years.value)
    found: Array = np.where(np.isnat(forborne), plain, hard)
    return found


def _rises(columns: Columns, until: Array, today: Any) -> Array:
    on = columns["approved_on"]
    return np.asarray((columns["arrears"] == 0) & (until <= on) & (on <= today))
