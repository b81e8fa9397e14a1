"""The floors under a claim: every rule that says it is at least this bad."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from daihou.engine.basics.money import Money
from daihou.engine.classification.codes import (
    AssetClass,
    Cause,
    Event,
    Sign,
)
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.observation import Watch
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.decision import Step


@dataclass(frozen=True, slots=True)
class Floor:
    """A rule that speaks: at least this class, for this cause, said by this step."""

    asset_class: AssetClass
    cause: Cause
    step: Step


def exceeds(part: int, share: Decimal, *, whole: int) -> bool:
    """Tell whether `part` is strictly more than a share of `whole`, exactly."""
    numerator, denominator = share.as_integer_ratio()
    return part * denominator > numerator * whole


def is_tainted_by_others(facts: ClassFacts, rules: ClassificationRules) -> bool:
    """Tell whether the debtor's other debts speak to this claim (办法 art. 7, 8)."""
    return rules.for_retail or not facts.is_retail


def is_technical(facts: ClassFacts, rules: ClassificationRules) -> bool:
    """Tell whether lateness is an evidenced technical overdue of a few days."""
    limit = rules.technical
    both = Sign.TECHNICAL_OVERDUE | Sign.TECHNICAL_EVIDENCE
    return limit is not None and both in facts.signs and facts.dpd <= limit.value


def own_floors(
    facts: ClassFacts, rules: ClassificationRules, watch: Watch | None
) -> list[Floor]:
    """Return the floors of a claim by itself, in order of the rules."""
    return [
        *_late(facts, rules),
        *_matrix(facts, rules),
        *_signs(facts, rules),
        *_lost(facts, rules),
        *_market(facts, rules),
        *_watched(facts, rules, watch),
        *_judged(facts),
    ]


def _late(facts: ClassFacts, rules: ClassificationRules) -> Iterator[Floor]:
    technical = rules.technical if is_technical(facts, rules) else None
    for asset_class, limit in rules.late:
        if facts.dpd <= limit.value:
            continue
        if technical is not None and limit.rule == technical.rule:
            continue
        step = limit.step("late", dpd=facts.dpd, over=limit.value, to=asset_class.code)
        yield Floor(asset_class, Cause.OVERDUE, step)


def _matrix(facts: ClassFacts, rules: ClassificationRules) -> Iterator[Floor]:
    if not (rules.matrix_for_all or facts.has(Sign.SMALL_BUSINESS)):
        return
    for guarantee, table in rules.matrix:
        if guarantee is not facts.guarantee:
            continue
        row = max(row for row in table.value if row[0] <= facts.dpd)
        if row[1] > AssetClass.NORMAL:
            step = table.step(
                "matrix", dpd=facts.dpd, guarantee=guarantee.code, to=row[1].code
            )
            yield Floor(row[1], Cause.MATRIX, step)


def _signs(facts: ClassFacts, rules: ClassificationRules) -> Iterator[Floor]:
    for asset_class, cause, rule in rules.signs:
        if cause is Cause.BAD_HERE or not facts.has(Sign[cause.name or ""]):
            continue
        if cause is Cause.BAD_ELSEWHERE and not is_tainted_by_others(facts, rules):
            continue
        if cause is Cause.REFINANCED and facts.has(Sign.REFINANCING_EXCEPTED):
            continue
        step = rule.step("sign", sign=cause.code, to=asset_class.code)
        yield Floor(asset_class, cause, step)


def _lost(facts: ClassFacts, rules: ClassificationRules) -> Iterator[Floor]:
    loss = facts.expected_loss
    if loss is None or not facts.balance or not facts.has(Sign.CREDIT_IMPAIRED):
        return
    for asset_class, share in rules.loss_shares:
        numerator, denominator = share.value.as_integer_ratio()
        if loss * denominator >= numerator * facts.balance:
            step = share.step(
                "loss_share",
                loss=Money(facts.currency, loss),
                balance=Money(facts.currency, facts.balance),
                share=share.value,
                to=asset_class.code,
            )
            yield Floor(asset_class, Cause.LOSS_SHARE, step)


def _market(facts: ClassFacts, rules: ClassificationRules) -> Iterator[Floor]:
    share = rules.market_share
    if share is None or not is_tainted_by_others(facts, rules):
        return
    if exceeds(facts.market_late, share.value, whole=facts.market_total):
        step = share.step(
            "market",
            late=Money(facts.currency, facts.market_late),
            total=Money(facts.currency, facts.market_total),
            share=share.value,
            to=AssetClass.SUBSTANDARD.code,
        )
        yield Floor(AssetClass.SUBSTANDARD, Cause.MARKET, step)


def _watched(
    facts: ClassFacts, rules: ClassificationRules, watch: Watch | None
) -> Iterator[Floor]:
    observing = rules.observing
    if watch is None or observing is None:
        return
    began = "observed" if watch.began_with is Event.RESTRUCTURED else "observed_again"
    floor = observing.floor
    step = floor.step(
        began,
        since=watch.since,
        until=watch.until,
        because=watch.began_with.code,
        to=floor.value.code,
    )
    yield Floor(floor.value, Cause.OBSERVED, step)
    late = observing.overdue_floor
    if late is not None and facts.dpd > 0:
        step = late.step("observed_late", dpd=facts.dpd, to=late.value.code)
        yield Floor(late.value, Cause.OBSERVED, step)
    second = observing.second_floor
    if second is not None and watch.times > 1:
        step = second.step(
            "restructured_again", times=watch.times, to=second.value.code
        )
        yield Floor(second.value, Cause.RESTRUCTURED_AGAIN, step)


def _judged(facts: ClassFacts) -> Iterator[Floor]:
    judged = facts.judged_class
    if judged is not None and judged > AssetClass.NORMAL:
        step = Step("", None, "judged", {"to": judged.code})
        yield Floor(judged, Cause.JUDGED, step)


def from_others(
    facts: ClassFacts,
    rules: ClassificationRules,
    *,
    bad: int,
    total: int,
    others_bad: int,
) -> list[Floor]:
    """Return the floors that the debtor's other claims here put under this one.

    `bad` of `total` is the balance of all its claims in the currency of this one that
    count for contagion, this one among them; `others_bad` how many of the others, in
    any currency, are bad.
    """
    if not others_bad or not is_tainted_by_others(facts, rules):
        return []
    found = []
    for asset_class, cause, rule in rules.signs:
        if cause is Cause.BAD_HERE:
            step = rule.step("sign", sign=cause.code, to=asset_class.code)
            found.append(Floor(asset_class, cause, step))
    share = rules.own_share
    if share is None or facts.has(Sign.ACCEPTED_ENHANCEMENT):
        return found
    if exceeds(bad, share.value, whole=total):
        step = share.step(
            "contagion",
            bad=Money(facts.currency, bad),
            total=Money(facts.currency, total),
            share=share.value,
            to=AssetClass.SUBSTANDARD.code,
        )
        found.append(Floor(AssetClass.SUBSTANDARD, Cause.CONTAGION, step))
    return found
