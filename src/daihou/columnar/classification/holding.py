"""The class after looking at what it was before, for the whole book at once."""

from datetime import date

import numpy as np

from daihou.columnar.classification.book import NO_DAY, Array, ClassBook, day
from daihou.columnar.classification.dates import later, plus_months, plus_periods
from daihou.columnar.classification.floors import Floors
from daihou.engine.classification.codes import LATENESS, AssetClass, Cause, Sign
from daihou.engine.classification.rules import ClassificationRules

_BAD = np.int8(AssetClass.SUBSTANDARD)
_HELD, _JUDGED = np.int32(Cause.HELD), np.int32(Cause.JUDGED)
_LATENESS = np.int32(LATENESS)


class Holding:
    """What does not depend on the debtor's other claims, worked out once."""

    def __init__(
        self, book: ClassBook, rules: ClassificationRules, *, as_of: date
    ) -> None:
        self.book = book
        self.past = book.previous_causes & ~_HELD
        self.was_bad = book.previous_class >= _BAD
        self.paid_up = (book.dpd == 0) & (book.arrears == 0)
        self.blocked_until = _takeover_ends(book, rules)
        self.earliest = _earliest(book, rules, self.paid_up, self.blocked_until)
        today = day(as_of)
        self.blocked = today < self.blocked_until
        self.approved = (
            (book.upgrade_to >= 0)
            & (book.upgrade_to < book.previous_class)
            & (book.previous_since < book.upgrade_on)
            & (book.upgrade_on <= today)
        )
        self.has_conditions = rules.leaving is not None
        wants_out = self.was_bad & (book.upgrade_to < _BAD)
        self.ready = self.approved & wants_out
        if self.has_conditions:
            self.ready &= (self.earliest <= book.upgrade_on) & book.has(
                Sign.ABLE_TO_PAY
            )

    def hold(self, floors: Floors, others_impaired: Array) -> tuple[Array, Array]:
        """Return the class and the causes of each claim under these floors."""
        before, floor = self.book.previous_class, floors.worst
        better = floor < before
        kept = np.where(before > 0, self.past, 0)
        causes = floors.causes | np.where(better, 0, kept)
        result = floor.copy()
        if not better.any():
            return result, causes
        only_late = (self.past != 0) & ((self.past & ~_LATENESS) == 0)
        may = better & ~self.blocked
        restored = may & (before == 1) & self.paid_up & only_late
        to = np.maximum(self.book.upgrade_to, floor)
        raised = may & ~restored & self.approved
        if self.has_conditions:
            out = self.was_bad & (to < _BAD)
            raised &= ~out | (self.ready & ~others_impaired)
        stays = better & ~restored & ~raised
        result = np.where(raised, to, result)
        result = np.where(stays, before, result)
        causes |= np.where(raised & (to > floor), _JUDGED, 0)
        causes |= np.where(stays, self.past | _HELD, 0)
        return result, causes


def _takeover_ends(book: ClassBook, rules: ClassificationRules) -> Array:
    limit = rules.leaving.takeover_months if rules.leaving is not None else None
    if limit is None or np.isnat(book.acquired_on).all():
        return np.full(len(book), NO_DAY)
    return plus_months(book.acquired_on, limit.value)


def _earliest(
    book: ClassBook, rules: ClassificationRules, paid_up: Array, blocked: Array
) -> Array:
    """Return the first day each claim may leave 不良; NaT where not known."""
    found = np.full(len(book), NO_DAY)
    leaving = rules.leaving
    missed = book.missed_on > book.cleared_on
    known = np.flatnonzero(paid_up & ~np.isnat(book.cleared_on) & ~missed)
    if leaving is None or not len(known):
        return found
    since = book.cleared_on[known]
    months = plus_months(since, leaving.months.value)
    periods = plus_periods(
        since,
        book.period_months[known],
        book.period_days[known],
        leaving.periods.value,
    )
    pick = np.fmax if leaving.longer.value else np.fmin
    found[known] = later(pick(months, periods), blocked[known])
    return found
