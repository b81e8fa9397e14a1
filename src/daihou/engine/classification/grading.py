"""Classes of all claims on a debtor: the slow, obvious text that others must equal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.classification.codes import NO_CAUSE, AssetClass, Cause, Sign, Stage
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.floors import (
    Floor,
    from_others,
    is_tainted_by_others,
    is_technical,
    own_floors,
)
from daihou.engine.classification.leaving import Held, earliest, hold, is_ready
from daihou.engine.classification.observation import Watch, observe
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.classification.staging import reconciles, stage_of
from daihou.engine.rulebook.decision import Step


@dataclass(frozen=True, slots=True)
class Graded:
    """What a run finds of one claim.

    `machine_class`: the worst floor alone; `asserted_class`: the worst floor that
    rests on verified rules alone, so where it is better than `machine_class` the
    rest is the lender's policy. `causes`: every cause, kept until it is normal.
    `upgrade_from`: the first day it may leave 不良, once everything is paid.
    """

    asset_class: AssetClass
    machine_class: AssetClass
    asserted_class: AssetClass
    causes: Cause
    stage: Stage | None
    observed_until: date | None
    upgrade_from: date | None
    steps: tuple[Step, ...] = ()

    @property
    def reconciles(self) -> bool:
        """Tell whether stage and class agree."""
        return reconciles(self.stage, self.asset_class)


@dataclass(frozen=True, slots=True)
class _Alone:
    """A claim as it is without the debtor's others."""

    facts: ClassFacts
    watch: Watch | None
    floors: tuple[Floor, ...]
    is_impaired: bool


def grade_debtor(
    claims: Sequence[ClassFacts], rules: ClassificationRules, *, as_of: date
) -> Mapping[str, Graded]:
    """Return the class of every claim on one debtor, by loan, at the end of a day.

    The claims are all that are open here. Amounts of two currencies are never added:
    the share that is bad is looked at in each by itself. Raises ClassError without
    rules.
    """
    if rules.is_empty:
        known = ", ".join(LICENCES)
        raise ClassError("no_rules", licence=rules.licence, on=rules.on, known=known)
    assert len({each.customer for each in claims}) <= 1, "claims of one debtor"
    assert len({each.loan for each in claims}) == len(claims), "each claim once"
    alone = [_alone(each, rules, as_of) for each in claims]
    impaired = [each.is_impaired for each in alone]
    held = [
        _held(
            each,
            rules,
            list(each.floors),
            others_impaired=_others(impaired, place),
            as_of=as_of,
        )
        for place, each in enumerate(alone)
    ]
    counts = [is_tainted_by_others(each, rules) for each in claims]
    bad = [
        each.asset_class.is_bad and counted
        for each, counted in zip(held, counts, strict=True)
    ]
    bad_balance, total = _in_currency(claims, bad), _in_currency(claims, counts)
    found = {}
    for place, each in enumerate(alone):
        floors = [
            *each.floors,
            *from_others(
                each.facts,
                rules,
                bad=bad_balance.get(each.facts.currency, 0),
                total=total.get(each.facts.currency, 0),
                others_bad=sum(bad) - bad[place],
            ),
        ]
        found[each.facts.loan] = _graded(
            each,
            rules,
            floors,
            others_impaired=_others(impaired, place),
            as_of=as_of,
        )
    return found


LICENCES = ("bank", "consumer_finance", "microloan")


def grade_book(
    claims: Iterable[ClassFacts], rules: ClassificationRules, *, as_of: date
) -> dict[str, Graded]:
    """Return the class of every claim of a book, debtor by debtor."""
    debtors: dict[str, list[ClassFacts]] = {}
    for each in claims:
        debtors.setdefault(each.customer, []).append(each)
    found: dict[str, Graded] = {}
    for each_debtor in debtors.values():
        found |= grade_debtor(each_debtor, rules, as_of=as_of)
    return found


def _in_currency(claims: Sequence[ClassFacts], which: Sequence[bool]) -> dict[str, int]:
    """Return the balance of the claims that are meant, by currency."""
    found: dict[str, int] = {}
    for each, meant in zip(claims, which, strict=True):
        if meant:
            found[each.currency] = found.get(each.currency, 0) + each.balance
    return found


def _others(impaired: list[bool], place: int) -> bool:
    return sum(impaired) - impaired[place] > 0


def _alone(facts: ClassFacts, rules: ClassificationRules, as_of: date) -> _Alone:
    watch = observe(facts.events, rules.observing, as_of=as_of)
    floors = tuple(own_floors(facts, rules, watch))
    worst = _worst(floors)
    before = facts.previous_class
    stays = before is not None and before.is_bad
    stays = stays and not is_ready(facts, rules, as_of=as_of)
    impaired = facts.has(Sign.CREDIT_IMPAIRED) or worst.is_bad or stays
    return _Alone(facts, watch, floors, impaired)


def _worst(floors: Iterable[Floor]) -> AssetClass:
    return max((each.asset_class for each in floors), default=AssetClass.NORMAL)


def _causes(floors: Iterable[Floor]) -> Cause:
    found = NO_CAUSE
    for each in floors:
        found |= each.cause
    return found


def _held(
    alone: _Alone,
    rules: ClassificationRules,
    floors: list[Floor],
    *,
    others_impaired: bool,
    as_of: date,
) -> Held:
    return hold(
        alone.facts,
        rules,
        floor=_worst(floors),
        causes=_causes(floors),
        others_impaired=others_impaired,
        as_of=as_of,
    )


def _graded(
    alone: _Alone,
    rules: ClassificationRules,
    floors: list[Floor],
    *,
    others_impaired: bool,
    as_of: date,
) -> Graded:
    facts = alone.facts
    held = _held(alone, rules, floors, others_impaired=others_impaired, as_of=as_of)
    stage, staged = stage_of(facts, rules)
    steps = [*_before(facts, rules, floors), *(each.step for each in floors)]
    steps += held.steps
    return Graded(
        asset_class=held.asset_class,
        machine_class=_worst(floors),
        asserted_class=_worst(each for each in floors if not each.step.unverified),
        causes=held.causes,
        stage=stage,
        observed_until=None if alone.watch is None else alone.watch.until,
        upgrade_from=earliest(facts, rules) if held.asset_class.is_bad else None,
        steps=(*steps, staged) if staged is not None else tuple(steps),
    )


def _before(
    facts: ClassFacts, rules: ClassificationRules, floors: list[Floor]
) -> list[Step]:
    """Return what was asked and said no floor: a technical overdue, no lateness."""
    if facts.dpd and is_technical(facts, rules):
        limit = rules.technical
        assert limit is not None
        return [limit.step("technical", dpd=facts.dpd, limit=limit.value)]
    if facts.has(Sign.TECHNICAL_OVERDUE) and facts.dpd and rules.technical is not None:
        limit = rules.technical
        why = "technical_late" if facts.dpd > limit.value else "technical_unproven"
        return [limit.step(why, dpd=facts.dpd, limit=limit.value)]
    if floors:
        return []
    return [Step("", None, "no_floor", {"dpd": facts.dpd})]
