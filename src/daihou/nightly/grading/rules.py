"""Which rule a class is put down to: the one whose floor it stands on."""

from collections.abc import Iterator

import numpy as np

from daihou.columnar.classification import Classes
from daihou.columnar.classification.book import Array
from daihou.engine.classification.codes import AssetClass, Cause
from daihou.engine.classification.rules import ClassificationRules


def rules_of(classes: Classes, rules: ClassificationRules) -> Array:
    """The id of the rule behind each class; empty where no rule says it."""
    worst, machine = classes.asset_class.astype(np.int64), classes.machine_class
    keys = classes.causes.astype(np.int64) << 6 | machine.astype(np.int64) << 3 | worst
    kinds, where = np.unique(keys, return_inverse=True)
    known = [
        rule_of(
            AssetClass(int(key) & 7),
            AssetClass(int(key) >> 3 & 7),
            Cause(int(key) >> 6),
            rules,
        )
        for key in kinds
    ]
    return np.array(known or [""], object)[where]


def rule_of(
    asset_class: AssetClass,
    machine: AssetClass,
    causes: Cause,
    rules: ClassificationRules,
) -> str:
    """The id of the rule behind a class, of several the first in order of the law."""
    if asset_class is AssetClass.NORMAL:
        return ""
    if asset_class > machine:
        leaving = rules.leaving if asset_class.is_bad else None
        return leaving.months.rule if leaving is not None else ""
    for to, cause, rule in _speaking(rules):
        if to is asset_class and cause in causes:
            return rule
    if Cause.MATRIX in causes and rules.matrix:
        return rules.matrix[0][1].rule
    return ""


def _speaking(rules: ClassificationRules) -> Iterator[tuple[AssetClass, Cause, str]]:
    """Each floor: to which class, for which cause, by which rule."""
    for to, limit in rules.late:
        yield to, Cause.OVERDUE, limit.rule
    for to, cause, sign in rules.signs:
        yield to, cause, sign.rule
    for to, share in rules.loss_shares:
        yield to, Cause.LOSS_SHARE, share.rule
    if rules.market_share is not None:
        yield AssetClass.SUBSTANDARD, Cause.MARKET, rules.market_share.rule
    if rules.own_share is not None:
        yield AssetClass.SUBSTANDARD, Cause.CONTAGION, rules.own_share.rule
    watched = rules.observing
    if watched is None:
        return
    yield watched.floor.value, Cause.OBSERVED, watched.floor.rule
    if watched.second_floor is not None:
        second = watched.second_floor
        yield second.value, Cause.RESTRUCTURED_AGAIN, second.rule
    if watched.overdue_floor is not None:
        late = watched.overdue_floor
        yield late.value, Cause.OBSERVED, late.rule
