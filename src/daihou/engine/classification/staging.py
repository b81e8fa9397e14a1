"""Stages of expected loss beside the class: CAS 22, IFRS 9."""

from daihou.engine.classification.codes import AssetClass, Sign, Stage
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.decision import Step


def stage_of(
    facts: ClassFacts, rules: ClassificationRules
) -> tuple[Stage | None, Step | None]:
    """Return the stage of a claim and what put it there; None without the standard.

    Three when credit-impaired or presumed in default by days; two when risk has
    increased significantly, or is presumed to by days. Both presumptions may be
    rebutted with evidence (IFRS 9 5.5.11, B5.5.37).
    """
    second, third = rules.stage_2_over, rules.default_over
    if second is None or third is None:
        return None, None
    if facts.has(Sign.CREDIT_IMPAIRED):
        return Stage.THREE, third.step("stage_3_impaired")
    if facts.dpd > third.value and not facts.has(Sign.DEFAULT_REBUTTED):
        return Stage.THREE, third.step("stage_3", dpd=facts.dpd, over=third.value)
    if facts.has(Sign.RISK_INCREASED):
        return Stage.TWO, second.step("stage_2_risk")
    if facts.dpd > second.value and not facts.has(Sign.STAGE_2_REBUTTED):
        return Stage.TWO, second.step("stage_2", dpd=facts.dpd, over=second.value)
    return Stage.ONE, second.step("stage_1", dpd=facts.dpd, over=second.value)


def reconciles(stage: Stage | None, asset_class: AssetClass) -> bool:
    """Tell whether class and stage agree: what is in stage 3 is 不良."""
    return stage is not Stage.THREE or asset_class.is_bad
