"""Default and its probations (CRR 178, EBA): two thresholds, a counter that resets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from daihou.engine.basics.dates import add_period
from daihou.engine.classification.codes import NO_SIGN, Sign, Standing
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.floors import exceeds
from daihou.engine.rulebook.cited import Cited, cited, in_force
from daihou.engine.rulebook.decision import Step
from daihou.engine.rulebook.law import Lawbook

CURRENCY = "EUR"
STANDINGS = tuple(Standing)


@dataclass(frozen=True, slots=True)
class EuRules:
    """Thresholds and days of default, and the probations after it.

    `signs`: facts that are default whatever is late. `npv_share`: forbearance that
    loses more than this share of the present value is default. `other_months`: the
    probation of a default without forbearance; None: no rule is known that day.
    """

    over_days: Cited[int]
    retail_over: Cited[int]
    other_over: Cited[int]
    exposure_share: Cited[Decimal]
    signs: Cited[tuple[str, ...]] | None
    npv_share: Cited[Decimal] | None
    other_months: Cited[int] | None
    cure_years: Cited[int] | None
    probation_years: Cited[int] | None
    back_over_days: Cited[int] | None

    @classmethod
    def of(cls, law: Lawbook, licence: str, on: date) -> "EuRules":
        """Return the rules of a day; raises ClassError where none holds."""

        def one(rule: str, name: str) -> Any:
            found = in_force(law, rule, licence=licence, on=on)
            return None if found is None else cited(found, name)

        if in_force(law, "EU-01", licence=licence, on=on) is None:
            raise ClassError("no_rules", licence=licence, on=on, known="lender")
        return cls(
            over_days=one("EU-01", "over_days"),
            retail_over=one("EU-01", "retail_over"),
            other_over=one("EU-01", "other_over"),
            exposure_share=one("EU-01", "exposure_share_over"),
            signs=one("EU-01", "signs"),
            npv_share=one("EU-02", "npv_share"),
            other_months=one("EU-02", "other_probation_months"),
            cure_years=one("EU-03", "cure_years"),
            probation_years=one("EU-03", "probation_years"),
            back_over_days=one("EU-03", "back_over_days"),
        )


@dataclass(frozen=True, slots=True)
class Exposure:
    """An exposure as of a day; amounts in minor units of EUR.

    `material_since`: what the day before's run gave back. `ceased_on`: the day
    everything that made it a default was over. `forborne_on`: the last concession.
    `left_default_on`: when it left default the last time. `npv_before`, `npv_after`
    the concession; 0, 0: none was measured. `approved_on`: people approved that it
    is better than `previous`.
    """

    loan: str
    exposure: int
    arrears: int = 0
    dpd: int = 0
    is_retail: bool = True
    currency: str = CURRENCY
    signs: Sign = NO_SIGN
    material_since: date | None = None
    previous: Standing | None = None
    ceased_on: date | None = None
    forborne_on: date | None = None
    left_default_on: date | None = None
    npv_before: int = 0
    npv_after: int = 0
    approved_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse another currency: thresholds are in EUR."""
        if self.currency != CURRENCY:
            raise ClassError("currency", needed=CURRENCY, currency=self.currency)


@dataclass(frozen=True, slots=True)
class Stood:
    """What a run finds: feed `material_since` back the next day."""

    standing: Standing
    material_since: date | None
    until: date | None
    steps: tuple[Step, ...]


def counter(exposure: Exposure, rules: EuRules, *, as_of: date) -> date | None:
    """Return the day since which arrears exceed both thresholds; None if they do not.

    Below either of them the counter starts again from nothing.
    """
    limit = rules.retail_over if exposure.is_retail else rules.other_over
    share = rules.exposure_share.value
    if exposure.arrears <= limit.value:
        return None
    if not exceeds(exposure.arrears, share, whole=exposure.exposure):
        return None
    return exposure.material_since or as_of


def stand(exposure: Exposure, rules: EuRules, *, as_of: date) -> Stood:
    """Return the standing of an exposure at the end of a day.

    The machine puts into default and into probation; it takes neither back: that
    takes the time of the probation, nothing late, and people's approval.
    """
    since = counter(exposure, rules, as_of=as_of)
    triggers = tuple(_triggers(exposure, rules, since, as_of))
    if triggers:
        return Stood(Standing.DEFAULT, since, None, triggers)
    if exposure.previous in (Standing.DEFAULT, Standing.PROBATION):
        return _after_default(exposure, rules, since, as_of)
    if exposure.previous is Standing.FORBORNE or exposure.forborne_on is not None:
        return _forborne(exposure, rules, since, as_of)
    return Stood(Standing.PERFORMING, since, None, (_counted(rules, since, as_of),))


def _days(since: date | None, as_of: date) -> int:
    return 0 if since is None else (as_of - since).days + 1


def _counted(rules: EuRules, since: date | None, as_of: date) -> Step:
    days, over = _days(since, as_of), rules.over_days
    outcome = "material" if days else "not_material"
    return over.step(outcome, days=days, over=over.value, since=since)


def _triggers(
    exposure: Exposure, rules: EuRules, since: date | None, as_of: date
) -> Iterator[Step]:
    days = _days(since, as_of)
    if days > rules.over_days.value:
        yield rules.over_days.step(
            "default_by_days", days=days, over=rules.over_days.value, since=since
        )
    for sign in rules.signs.value if rules.signs is not None else ():
        if sign.upper() in Sign.__members__ and Sign[sign.upper()] in exposure.signs:
            assert rules.signs is not None
            yield rules.signs.step("default_by_sign", sign=sign)
    lost = exposure.npv_before - exposure.npv_after
    share = rules.npv_share
    if share is not None and exceeds(lost, share.value, whole=exposure.npv_before):
        yield share.step("default_by_npv", share=share.value)
    left, back = exposure.left_default_on, rules.back_over_days
    in_probation = exposure.previous is Standing.FORBORNE and left is not None
    if back is None or not in_probation or left is None:
        return
    if exposure.dpd > back.value:
        yield back.step("default_again_by_days", dpd=exposure.dpd, over=back.value)
    if exposure.forborne_on is not None and exposure.forborne_on > left:
        yield back.step("default_again_forborne", on=exposure.forborne_on)


def _after_default(
    exposure: Exposure, rules: EuRules, since: date | None, as_of: date
) -> Stood:
    ceased = exposure.ceased_on
    if ceased is None or since is not None:
        ceased = as_of  # arrears above the thresholds begin it anew
    forborne = exposure.forborne_on
    rule = rules.cure_years if forborne is not None else rules.other_months
    until = ceased
    if rule is not None and forborne is not None:
        until = add_period(max(ceased, forborne), 12 * rule.value, "months")
    elif rule is not None:
        until = add_period(ceased, rule.value, "months")
    step = Step("", None, "probation_unruled", {"until": until})
    if rule is not None:
        step = rule.step("probation_runs", since=ceased, until=until)
    if not _may_rise(exposure, until, as_of):
        return Stood(Standing.PROBATION, since, until, (step, _why(until, as_of)))
    better = Standing.PERFORMING if forborne is None else Standing.FORBORNE
    approved = Step(
        "", None, "approved", {"to": better.value, "on": exposure.approved_on}
    )
    return Stood(better, since, None, (step, approved))


def _forborne(
    exposure: Exposure, rules: EuRules, since: date | None, as_of: date
) -> Stood:
    began = exposure.left_default_on or exposure.forborne_on or as_of
    rule = rules.probation_years
    until = began
    step = Step("", None, "probation_unruled", {"until": until})
    if rule is not None:
        until = add_period(began, 12 * rule.value, "months")
        step = rule.step("forborne_runs", since=began, until=until)
    if _may_rise(exposure, until, as_of):
        to = Standing.PERFORMING
        on = exposure.approved_on
        step = Step("", None, "approved", {"to": to.value, "on": on})
        return Stood(to, since, None, (step,))
    return Stood(Standing.FORBORNE, since, until, (step, _why(until, as_of)))


def _may_rise(exposure: Exposure, until: date, as_of: date) -> bool:
    on = exposure.approved_on
    return exposure.arrears == 0 and on is not None and until <= on <= as_of


def _why(until: date, as_of: date) -> Step:
    waits = "probation_waits" if as_of < until else "probation_unapproved"
    return Step("", None, waits, {"until": until})


def default_day(since: date, rules: EuRules) -> date:
    """Return the first day-end in default if arrears stay material since `since`."""
    return since + timedelta(days=rules.over_days.value)
