"""A run over the book: floors, the debtor's other claims, and what was before."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from daihou.columnar.classification.book import NO_DAY, Array, ClassBook
from daihou.columnar.classification.floors import from_others, own_floors
from daihou.columnar.classification.holding import Holding
from daihou.columnar.classification.observing import observe
from daihou.columnar.classification.shares import Groups
from daihou.engine.classification.codes import AssetClass, Sign, Stage
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.grading import LICENCES
from daihou.engine.classification.rules import ClassificationRules

_BAD = np.int8(AssetClass.SUBSTANDARD)


@dataclass(frozen=True, slots=True)
class Classes:
    """What a run finds, place by place as in the book; see `Graded` for the words.

    `stage` 0: no standard in force. Days are NaT where there is none.
    """

    asset_class: Array
    machine_class: Array
    asserted_class: Array
    causes: Array
    stage: Array
    observed_until: Array
    upgrade_from: Array

    @property
    def disagrees(self) -> Array:
        """Where stage and class disagree: stage 3, but not 不良."""
        return np.asarray((self.stage == Stage.THREE) & (self.asset_class < _BAD))


def classify_book(
    book: ClassBook, rules: ClassificationRules, *, as_of: date
) -> Classes:
    """Return the class of every claim at the end of a day.

    All open claims on a customer stand in the book (see `touched`). Equal to
    `grading.grade_debtor` claim by claim. Raises ClassError without rules.
    """
    if rules.is_empty:
        known = ", ".join(LICENCES)
        raise ClassError("no_rules", licence=rules.licence, on=rules.on, known=known)
    watch = observe(book.events, len(book), rules.observing, as_of=as_of)
    floors = own_floors(book, rules, watch)
    holding = Holding(book, rules, as_of=as_of)
    impaired = book.has(Sign.CREDIT_IMPAIRED) | (floors.worst >= _BAD)
    impaired |= holding.was_bad & ~holding.ready
    groups = Groups(book.customer_id)
    others = groups.total(impaired.astype(np.int64)) - impaired > 0
    own_class, _ = holding.hold(floors, others)
    from_others(book, rules, own_class, groups, floors)
    asset_class, causes = holding.hold(floors, others)
    return Classes(
        asset_class=asset_class,
        machine_class=floors.worst,
        asserted_class=floors.asserted,
        causes=causes,
        stage=_stages(book, rules),
        observed_until=watch.until,
        upgrade_from=np.where(asset_class >= _BAD, holding.earliest, NO_DAY),
    )


def _stages(book: ClassBook, rules: ClassificationRules) -> Array:
    second, third = rules.stage_2_over, rules.default_over
    if second is None or third is None:
        return np.zeros(len(book), np.int8)
    late = (book.dpd > second.value) & ~book.has(Sign.STAGE_2_REBUTTED)
    two = late | book.has(Sign.RISK_INCREASED)
    in_default = (book.dpd > third.value) & ~book.has(Sign.DEFAULT_REBUTTED)
    three = in_default | book.has(Sign.CREDIT_IMPAIRED)
    return np.where(three, 3, np.where(two, 2, 1)).astype(np.int8)
