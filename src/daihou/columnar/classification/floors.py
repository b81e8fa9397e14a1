"""The floors under every claim of a book at once."""

from typing import Any

import numpy as np

from daihou.columnar.classification.book import Array, ClassBook
from daihou.columnar.classification.coins import MOST
from daihou.columnar.classification.observing import Watched
from daihou.columnar.classification.shares import Groups, exceeds, reaches
from daihou.engine.classification.codes import AssetClass, Cause, Guarantee, Sign
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.cited import Cited

_BAD = np.int8(AssetClass.SUBSTANDARD)


class Floors:
    """The worst floor of each claim, the worst that is law, and every cause."""

    def __init__(self, size: int) -> None:
        self.worst = np.zeros(size, np.int8)
        self.asserted = np.zeros(size, np.int8)
        self.causes = np.zeros(size, np.int32)

    def put(
        self, where: Array, to: AssetClass, cause: Cause, rule: Cited[Any] | None
    ) -> None:
        """Put a floor under the claims `where` it speaks."""
        floor = where * np.int8(to)
        np.maximum(self.worst, floor, out=self.worst)
        if rule is None or not rule.unverified:
            np.maximum(self.asserted, floor, out=self.asserted)
        self.causes |= where * np.int32(cause)


def own_floors(book: ClassBook, rules: ClassificationRules, watch: Watched) -> Floors:
    """Return the floors of each claim by itself."""
    found = Floors(len(book))
    _late(book, rules, found)
    _matrix(book, rules, found)
    _signs(book, rules, found)
    _lost(book, rules, found)
    if rules.market_share is not None:
        share = rules.market_share
        late = exceeds(book.market_late, share.value, whole=book.market_total)
        where = late & counts(book, rules)
        found.put(where, AssetClass.SUBSTANDARD, Cause.MARKET, share)
    _watched(book, rules, watch, found)
    for judged in AssetClass:
        if judged > AssetClass.NORMAL:
            where = book.judged_class == judged
            found.put(where, judged, Cause.JUDGED, None)
    return found


def counts(book: ClassBook, rules: ClassificationRules) -> Array:
    """Return for each claim whether the debtor's other debts speak to it."""
    if rules.for_retail:
        return np.ones(len(book), np.bool_)
    return ~book.is_retail


def _late(book: ClassBook, rules: ClassificationRules, found: Floors) -> None:
    excused = np.zeros(len(book), np.bool_)
    technical = rules.technical
    if technical is not None:
        both = Sign.TECHNICAL_OVERDUE | Sign.TECHNICAL_EVIDENCE
        excused = book.has(both) & (book.dpd <= technical.value)
    for asset_class, limit in rules.late:
        where = book.dpd > limit.value
        if technical is not None and limit.rule == technical.rule:
            where &= ~excused
        found.put(where, asset_class, Cause.OVERDUE, limit)


def _matrix(book: ClassBook, rules: ClassificationRules, found: Floors) -> None:
    if not rules.matrix:
        return
    asked = np.ones(len(book), np.bool_)
    if not rules.matrix_for_all:
        asked = book.has(Sign.SMALL_BUSINESS)
    for guarantee, table in rules.matrix:
        mine = asked & (book.guarantee == np.int8(Guarantee(guarantee)))
        if not mine.any():
            continue
        firsts = np.array([first for first, _ in table.value], np.int64)
        classes = np.array([int(each) for _, each in table.value], np.int8)
        row = classes[np.searchsorted(firsts, book.dpd, side="right") - 1]
        for each in AssetClass:
            if each > AssetClass.NORMAL:
                found.put(mine & (row == each), each, Cause.MATRIX, table)


def _signs(book: ClassBook, rules: ClassificationRules, found: Floors) -> None:
    for asset_class, cause, rule in rules.signs:
        if cause is Cause.BAD_HERE:
            continue
        where = book.has(Sign[cause.name or ""])
        if cause is Cause.BAD_ELSEWHERE:
            where &= counts(book, rules)
        if cause is Cause.REFINANCED:
            where &= ~book.has(Sign.REFINANCING_EXCEPTED)
        found.put(where, asset_class, cause, rule)


def _lost(book: ClassBook, rules: ClassificationRules, found: Floors) -> None:
    asked = book.has(Sign.CREDIT_IMPAIRED) & (book.expected_loss >= 0)
    asked &= book.balance > 0
    if not asked.any():
        return
    for asset_class, share in rules.loss_shares:
        enough = reaches(book.expected_loss, share.value, whole=book.balance)
        found.put(asked & enough, asset_class, Cause.LOSS_SHARE, share)


def _watched(
    book: ClassBook, rules: ClassificationRules, watch: Watched, found: Floors
) -> None:
    observing = rules.observing
    if observing is None:
        return
    inside = watch.times > 0
    found.put(inside, observing.floor.value, Cause.OBSERVED, observing.floor)
    late, second = observing.overdue_floor, observing.second_floor
    if late is not None:
        found.put(inside & (book.dpd > 0), late.value, Cause.OBSERVED, late)
    if second is not None:
        again = watch.times > 1
        found.put(again, second.value, Cause.RESTRUCTURED_AGAIN, second)


def from_others(
    book: ClassBook,
    rules: ClassificationRules,
    own_class: Array,
    groups: Groups,
    found: Floors,
) -> None:
    """Add the floors that a debtor's other claims put under each, given their own.

    Amounts are added in each currency by itself.
    """
    counted = counts(book, rules)
    bad = counted & (own_class >= _BAD)
    if not bad.any():
        return
    others_bad = counted & (groups.total(bad.astype(np.int64)) - bad > 0)
    for asset_class, cause, rule in rules.signs:
        if cause is Cause.BAD_HERE:
            found.put(others_bad, asset_class, cause, rule)
    share = rules.own_share
    if share is None:
        return
    alike = groups
    if len(book) and (book.currency != book.currency[0]).any():
        alike = Groups(book.customer_id * MOST + book.currency)
    bad_balance = alike.total(np.where(bad, book.balance, 0))
    total = alike.total(np.where(counted, book.balance, 0))
    taints = others_bad & exceeds(bad_balance, share.value, whole=total)
    taints &= ~book.has(Sign.ACCEPTED_ENHANCEMENT)
    found.put(taints, AssetClass.SUBSTANDARD, Cause.CONTAGION, share)
